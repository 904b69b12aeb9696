// Soak serves image services to itself for a while, sends them requests of every kind at a steady rate while one of
// their folders changes, and watches what the process takes:
//
//	go run ./internal/soak -for 10m
//
// It fails if a known request gets other bytes, an answer mixes versions of a file or is not what its kind must be, if
// memory, open files or goroutines grow, or if answers become slower. It prints a table in the end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"time"
)

// options are those of the command line.
type options struct {
	length time.Duration
	rate   float64 // requests a second
	seed   uint64
	every  time.Duration // between changes of the folder
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		stop()
		os.Exit(1)
	}
}

// errViolated is returned if what was watched is not as it must be.
var errViolated = errors.New("not all is as it must be: see above")

// run soaks and writes the table to out.
func run(ctx context.Context, out io.Writer, args []string) error {
	var o options
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.DurationVar(&o.length, "for", time.Minute, "how long to send requests")
	flags.Float64Var(&o.rate, "rate", 25, "requests a second")
	flags.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "seed of requests and changes")
	flags.DurationVar(&o.every, "change", 100*time.Millisecond, "time between changes of the folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.length <= 0 || o.rate <= 0 || o.every <= 0 {
		return errors.New("-for, -rate and -change must be positive")
	}
	dir, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Spooled answers and the like go to a folder that is looked into at the end.
	temp := dir + "/temp"
	if err := errors.Join(os.Mkdir(temp, 0o700), os.Setenv("TMPDIR", temp)); err != nil {
		return err
	}

	w, err := newWorld(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	s := &soak{options: o, world: w, temp: temp}
	err = s.run(ctx)
	err = errors.Join(err, w.Close())
	if err != nil {
		return err
	}
	s.report(out)
	if len(s.violations()) > 0 {
		return errViolated
	}
	return nil
}
