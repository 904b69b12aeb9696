//go:build linux

// Command replicas shows that servers side by side need share nothing but a database and a bucket:
//
//	go run . [-for DURATION] [-replicas N] [-clients N] [-degrees N]
//
// It starts PostgreSQL with PostGIS, a server that speaks S3, a number of replicas of an image service over both, each
// a process of its own, and nginx in front of them. Then it
//
//   - compares what each replica answers with what a lone service answers, byte for byte, and opens links to pictures
//     at replicas that did not make them;
//   - measures what 1, 2, … replicas answer in a second, and what nginx answers that keeps pictures;
//   - asks for pictures while scenes are added, replaced and withdrawn, and while one replica is killed and started
//     again, and compares each answer with that of a lone service over the catalogue as it was at the time.
//
// It prints its figures as tables, and fails if an answer is wrong, or if a request failed that was not on its way when
// the replica was killed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/geoexport/geoexport/examples/internal/command"
)

func main() { command.Main("replicas", run) }

// options are read from the command line.
type options struct {
	lasts    time.Duration // of each load
	replicas int
	clients  int
	degrees  int // the side of a scene
}

// run is the program, as command.Main calls it. Its other verbs are the processes that it starts.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == bucketVerb {
		return serveBucket(ctx, stdout)
	}
	if len(args) > 0 && args[0] == replicaVerb {
		return serveReplica(ctx, args[1:], stdout)
	}
	fs, o := command.NewFlags("replicas"), options{}
	fs.DurationVar(&o.lasts, "for", 10*time.Second, "how long each load lasts")
	fs.IntVar(&o.replicas, "replicas", 3, "`number` of replicas, at least 2")
	fs.IntVar(&o.clients, "clients", 16, "`number` of requests on their way at the same time")
	fs.IntVar(&o.degrees, "degrees", 15, "side of a scene in degrees, which divides 30")
	err := command.Parse(fs, args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, "usage: replicas [flags]", fs)
	}
	if err != nil {
		return err
	}
	if fs.NArg() > 0 || o.replicas < 2 || o.clients < 1 || o.lasts < time.Second || o.degrees < 1 || 30%o.degrees != 0 {
		return &command.UsageError{Err: fmt.Errorf("%q: a flag is out of range, or there is too much", args)}
	}
	return show(ctx, &o, stdout, stderr)
}

// show does all that the program is for.
func show(ctx context.Context, o *options, stdout, stderr io.Writer) (err error) {
	fmt.Fprintln(stderr, "starting PostgreSQL, the bucket and the scenes")
	d, err := start(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	fmt.Fprintf(stdout, "%d scenes of %d² pixels, %d replicas of one core each, %d clients\n\n",
		len(d.scenes.rows), side, o.replicas, o.clients)
	for _, step := range []func(context.Context, *deployment, io.Writer) error{
		compareReplicas, compareLinks, measureReplicas, measureCache, bearChanges,
	} {
		if err := step(ctx, d, stdout); err != nil {
			return err
		}
	}
	return nil
}
