//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/geoexport/geoexport/examples/bucket/buckets"
	"github.com/geoexport/geoexport/examples/bucket/s3"
	"github.com/geoexport/geoexport/examples/catalog/postgis"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

const (
	replicaVerb = "replica"
	mount       = "/ImageServer"

	cacheBytes   = 128 << 20 // of decoded blocks, each replica its own
	cacheSeconds = 10        // how long a cache in front may keep answers
)

// A replica is all that one server has: a view of the database, the bucket, and a cache of its own.
type replica struct {
	db      *pgxpool.Pool
	buckets *buckets.Set
	files   *mosaic.Pool
	handler http.Handler
}

// newReplica connects to a database and a bucket. Rows name objects of the bucket by their URLs.
func newReplica(ctx context.Context, db, bucketQuery string) (r *replica, err error) {
	r = &replica{buckets: &buckets.Set{Version: s3.Version}}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	if r.db, err = pgxpool.New(ctx, db); err != nil {
		return nil, err
	}
	cache, open := raster.NewCache(cacheBytes), r.buckets.Schemes()["s3"].Open
	r.files = mosaic.NewPool(0, func(ctx context.Context, url string) (raster.Dataset, error) {
		src, err := open(ctx, url)
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, src, &geotiff.Options{Cache: cache})
	})
	store, err := r.buckets.Store(ctx, "s3://"+outputName+"/"+bucketQuery, "", time.Hour)
	if err != nil {
		return nil, err
	}
	service := &exportimage.Service{
		Name: "scenes", Catalog: postgis.NewCatalog(r.db, r.files.Open), Refresh: time.Second, Cache: cache,
	}
	mux := http.NewServeMux()
	mux.Handle(mount+"/", http.StripPrefix(mount, rest.NewHandler(service, &rest.Options{
		// Pictures are linked to by the handler's own URLs, so that any replica serves what another has made.
		Output:       struct{ rest.Store }{store},
		CacheControl: fmt.Sprintf("public, max-age=%d", cacheSeconds),
	})))
	health := &rest.Health{Services: []*exportimage.Service{service}}
	mux.Handle("/healthz", health)
	mux.Handle("/readyz", health)
	r.handler = mux
	return r, nil
}

func (r *replica) close() (err error) {
	if r.files != nil {
		err = r.files.Close()
	}
	if r.db != nil {
		r.db.Close()
	}
	return errors.Join(err, r.buckets.Close())
}

// serveReplica serves a replica at a socket until ctx is done. Its arguments are the socket, the database's URL and the
// options of the bucket's URLs. It prints a line when it is ready.
func serveReplica(ctx context.Context, args []string, stdout io.Writer) (err error) {
	if len(args) != 3 {
		return errors.New("a socket, a database and a bucket are wanted")
	}
	r, err := newReplica(ctx, args[1], args[2])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := os.RemoveAll(args[0]); err != nil { // which a replica that was killed left
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", args[0])
	if err != nil {
		return err
	}
	server := &http.Server{Handler: r.handler, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Fprintln(stdout, "ready")
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
