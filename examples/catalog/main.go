// Command catalog keeps a mosaic's catalogue in PostgreSQL with PostGIS, and serves the mosaic from there:
//
//	go run . [-db URL] load DIR
//	go run . [-db URL] serve [-addr HOST:PORT]
//
// load writes the rasters of a folder, with the attributes that its catalog.csv has (see mosaic.Folder), into the table
// of schema.sql, which it makes where it is missing. Rows of that folder from before are replaced.
//
// serve answers with the mosaic of all rows under http://HOST:PORT/ImageServer/. Every request queries the table by its
// spatial index, so rows may be added, changed and removed while it serves: each image is of one version of the table, and
// the service's description follows. It starts as fast over a million rows as over ten. It opens the files that the rows
// name: whoever writes the table decides which files it reads.
//
// The URL looks like postgres://user@host/database. Without one, PGHOST and the other variables that PostgreSQL's own
// programs know choose the database.
//
// The folder is a module of its own, so that importing the library does not bring a database driver along.
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
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/geoexport/geoexport/examples/catalog/postgis"
	"github.com/geoexport/geoexport/examples/internal/command"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

func main() { command.Main("catalog", run) }

const usage = `usage: catalog [-db URL] load DIR
       catalog [-db URL] serve [-addr HOST:PORT]

Keeps a mosaic's catalogue in PostgreSQL with PostGIS, and serves the mosaic from there.
`

// options are read from the command line.
type options struct {
	db   string
	dir  string // of load; empty: serve
	addr string
}

func flags(o *options) (global, serving *flag.FlagSet) {
	global, serving = command.NewFlags("catalog"), command.NewFlags("serve")
	global.StringVar(&o.db, "db", "", "the database's `URL`; default: what the environment says")
	serving.StringVar(&o.addr, "addr", "127.0.0.1:8080", "the `address` to listen at; port 0 is a free one")
	return global, serving
}

func parseArgs(args []string) (o options, err error) {
	global, serving := flags(&o)
	if err := command.Parse(global, args); err != nil {
		return options{}, err
	}
	verb, rest := global.Arg(0), global.Args()
	switch {
	case verb == "load" && len(rest) == 2:
		o.dir = rest[1]
		return o, nil
	case verb == "serve":
		err = command.Parse(serving, rest[1:])
		if err == nil && serving.NArg() > 0 {
			err = &command.UsageError{Err: fmt.Errorf("serve takes no %q", serving.Arg(0))}
		}
		return o, err
	}
	return options{}, &command.UsageError{Err: errors.New("load DIR or serve is wanted")}
}

// run is the program, as command.Main calls it.
func run(ctx context.Context, args []string, stdout, _ io.Writer) error {
	o, err := parseArgs(args)
	if errors.Is(err, flag.ErrHelp) {
		global, serving := flags(new(options))
		return errors.Join(command.PrintUsage(stdout, usage, global), command.PrintUsage(stdout, "", serving))
	}
	if err != nil {
		return err
	}
	db, err := pgxpool.New(ctx, o.db)
	if err != nil {
		return err
	}
	defer db.Close()
	files := newFiles()
	defer files.Close() // they were only read
	if o.dir != "" {
		n, err := postgis.Load(ctx, db, o.dir, files.Open)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, "%d rasters\n", n)
		return err
	}
	service := &exportimage.Service{Name: "rasters", Catalog: postgis.NewCatalog(db, files.Open)}
	return serve(ctx, o.addr, service, stdout)
}

// cacheBytes is how many bytes of decoded blocks all files keep together.
const cacheBytes = 256 << 20

// newFiles returns a pool that opens the files that rows name, a bounded number at a time.
func newFiles() *mosaic.Pool {
	cache := raster.NewCache(cacheBytes)
	return mosaic.NewPool(0, func(_ context.Context, path string) (raster.Dataset, error) {
		return geotiff.OpenFile(path, &geotiff.Options{Cache: cache})
	})
}

// mount is the path of the service.
const mount = "/ImageServer"

// serve answers requests until ctx is done, and then for ten seconds those that it has.
func serve(ctx context.Context, addr string, service *exportimage.Service, stdout io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	// Links begin with the address that the program prints, or with their paths if that is all addresses.
	var links rest.Options
	if at, ok := listener.Addr().(*net.TCPAddr); ok && !at.IP.IsUnspecified() {
		links.BaseURL = "http://" + at.String() + mount
	}
	mux.Handle(mount+"/", http.StripPrefix(mount, rest.NewHandler(service, &links)))
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second, // forms are small
		WriteTimeout:      5 * time.Minute,  // an export may take one, and lines are slow
		IdleTimeout:       2 * time.Minute,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(stdout, "http://%s%s/\n", listener.Addr(), mount); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	slog.Info("ending", "cause", context.Cause(ctx))
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = server.Shutdown(limit)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	<-ended
	return err
}
