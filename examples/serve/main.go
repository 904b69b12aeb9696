// Command serve is a server of image services:
//
//	go run ./examples/serve [-addr HOST:PORT] [-demo=false] [[NAME=]PATH...]
//
// It serves the rasters of package testdata, which are embedded in it, and every PATH besides: a GeoTIFF file, a folder of
// them, or a pattern such as "tiles/*.tif". A folder or pattern is one service, a mosaic of what it holds, whose
// attributes are those of the folder's catalog.csv (see mosaic.Folder). A service is called NAME, or else like the file,
// without its extension, or the folder. -demo=false leaves out what is embedded.
//
// The services are found under http://HOST:PORT/arcgis/rest/services/, where ArcGIS clients look for them; the address
// is 127.0.0.1:8080 unless -addr says otherwise, and a port of 0 lets the system choose a free one. Once it serves, the
// program prints where everything is. What goes wrong later is logged on the standard error.
//
// On an interrupt or SIGTERM it takes no further requests, answers those that it has, and ends with status 0; those
// that are not answered after ten seconds are cut off, and the status is 1. A wrong command line ends with status 2.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/geoexport/geoexport/examples/internal/sources"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "serve:", err)
	if _, ok := errors.AsType[*usageError](err); ok {
		os.Exit(2)
	}
	os.Exit(1)
}

// grace is how long requests have to be answered once the server is told to end.
const grace = 10 * time.Second

// run is the program: it serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return printUsage(stdout)
	}
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, nil))

	var rasters sources.Set
	defer rasters.Close() // they were only read
	services, err := openServices(ctx, &rasters, c, logger)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return err
	}
	// The system holds connections until serve takes them.
	if err := announce(ctx, stdout, baseURL(listener.Addr()), services, logger); err != nil {
		listener.Close()
		return err
	}
	return serve(ctx, listener, newHandler(services), logger, grace)
}

// A command is what the command line asks for.
type command struct {
	addr  string
	demo  bool
	paths []string // each with or without a name
}

// A usageError is a fault of the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() + " (-h tells the usage)" }
func (e *usageError) Unwrap() error { return e.err }

func flags(c *command) *flag.FlagSet {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // what is wrong is said once, by main
	fs.StringVar(&c.addr, "addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is a free one")
	fs.BoolVar(&c.demo, "demo", true, "serve the embedded rasters")
	return fs
}

func parseArgs(args []string) (c command, err error) {
	fs := flags(&c)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return command{}, err
	} else if err != nil {
		return command{}, &usageError{err}
	}
	c.paths = fs.Args()
	if !c.demo && len(c.paths) == 0 {
		return command{}, &usageError{errors.New("there is nothing to serve")}
	}
	return c, nil
}

func printUsage(w io.Writer) error {
	if _, err := fmt.Fprint(w, "usage: serve [flags] [[NAME=]PATH...]\n\n"+
		"Serves the embedded demo, and each PATH (a GeoTIFF file, a folder of them, or a pattern such as\n"+
		"'tiles/*.tif') as one more image service.\n\n"); err != nil {
		return err
	}
	fs := flags(&command{})
	fs.SetOutput(w)
	fs.PrintDefaults()
	return nil
}
