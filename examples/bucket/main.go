// Command bucket serves image services whose rasters lie in buckets of S3, Google Cloud Storage or Azure:
//
//	go run . [-addr HOST:PORT] [-store URL [-public URL]] [NAME=]URL...
//
// A URL is that of a GeoTIFF, such as s3://scenes/2026/a.tif?region=eu-central-1, ends in "/" and is a mosaic of all
// GeoTIFFs below it, ends in a pattern such as "*.tif", or is that of a STAC document whose items lie in the
// same bucket. The query has the options of gocloud.dev/blob, such as endpoint for a server other than Amazon's;
// credentials come from where each provider's tools find them. A service is called NAME, or else like the file or folder.
//
// With -store, such as s3://pictures/out/, answers to f=json link to pictures that are kept there. The links are signed
// and hold for an hour, unless -public names the URL under which everybody may read what is kept.
//
// The services are found under http://HOST:PORT/arcgis/rest/services/. On an interrupt or SIGTERM the program ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/geoexport/geoexport/examples/bucket/buckets"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
)

const (
	root     = "/arcgis/rest/services/"
	linkLife = time.Hour
	grace    = 10 * time.Second

	cacheBytes = 256 << 20 // of decoded blocks
)

func main() { command.Main("bucket", run) }

// options are read from the command line.
type options struct {
	addr, store, public string
	services            []string // each with or without a name
}

func parseArgs(args []string) (o options, fs *flag.FlagSet, err error) {
	fs = command.NewFlags("bucket")
	fs.StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to serve at")
	fs.StringVar(&o.store, "store", "", "bucket, with a prefix, that keeps the pictures of f=json")
	fs.StringVar(&o.public, "public", "", "URL under which everybody reads what -store keeps")
	if err := command.Parse(fs, args); err != nil {
		return o, fs, err
	}
	if o.services = fs.Args(); len(o.services) == 0 {
		return o, fs, &command.UsageError{Err: errors.New("there is nothing to serve")}
	}
	return o, fs, nil
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, flags, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		return command.PrintUsage(stdout, "usage: bucket [-addr HOST:PORT] [-store URL [-public URL]] [NAME=]URL...", flags)
	}
	if err != nil {
		return err
	}
	files := newOpened()
	defer func() { err = errors.Join(err, files.Close()) }()
	handler, err := newHandler(ctx, o, files)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: grace, ErrorLog: slog.NewLogLogger(
		slog.NewTextHandler(stderr, nil), slog.LevelWarn)}
	ended := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		ended <- server.Shutdown(late)
	})
	if _, err := fmt.Fprintf(stdout, "directory: http://%s%s\n", listener.Addr(), root); err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

// opened are the rasters of buckets. They are safe for concurrent use.
type opened struct {
	buckets *buckets.Set
	rasters *exportimage.Opener
}

func newOpened() *opened {
	set := &buckets.Set{Version: providersVersion}
	return &opened{set, &exportimage.Opener{Schemes: set.Schemes(), Cache: raster.NewCache(cacheBytes)}}
}

// Close closes all of them.
func (o *opened) Close() error { return errors.Join(o.rasters.Close(), o.buckets.Close()) }

// newHandler opens all services. They share one cache of decoded blocks.
func newHandler(ctx context.Context, o options, files *opened) (http.Handler, error) {
	settings := &rest.Options{}
	if o.store != "" {
		store, err := files.buckets.Store(ctx, o.store, o.public, linkLife)
		if err != nil {
			return nil, err
		}
		settings.Output = store
	}
	var services []*exportimage.Service
	for _, text := range o.services {
		name, address, named := strings.Cut(text, "=")
		if !named || strings.Contains(name, "/") {
			name, address = "", text // the sign is in the URL's query
		}
		if err := buckets.CheckURL(address); err != nil {
			return nil, err
		}
		s, err := files.rasters.Open(ctx, address)
		if err != nil {
			return nil, err
		}
		if name != "" {
			s.Name = name
		}
		services = append(services, s)
	}
	mux := http.NewServeMux()
	mux.Handle(root, http.StripPrefix(root, rest.NewDirectory(services, settings)))
	mux.Handle("GET /{$}", http.RedirectHandler(root, http.StatusFound))
	return mux, nil
}
