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
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob"

	"github.com/geoexport/geoexport/examples/catalog/postgis"
	"github.com/geoexport/geoexport/examples/catalog/postgres"
)

// A deployment is everything that this program starts. Its sockets lie in a temporary folder.
type deployment struct {
	options  *options
	dir      string
	log      io.Writer
	database *postgres.Server
	s3       *process
	s3Query  string
	bucket   *blob.Bucket
	scenes   *scenes
	db       *pgxpool.Pool
	replicas []*process
	proxy    *process
	lone     *replica // of this process, whose answers count as right
}

func start(ctx context.Context, o *options, log io.Writer) (d *deployment, err error) {
	d = &deployment{options: o, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.dir, err = os.MkdirTemp("", "replicas"); err != nil {
		return nil, err
	}
	if d.database, err = postgres.Start(ctx); err != nil {
		return nil, err
	}
	var address string
	if d.s3, address, err = beginSelf(ctx, log, nil, bucketVerb); err != nil {
		return nil, err
	}
	d.s3Query = bucketQuery(address)
	for _, key := range bucketKeys {
		name, value, _ := strings.Cut(key, "=")
		if err := os.Setenv(name, value); err != nil {
			return nil, err
		}
	}
	if d.bucket, err = blob.OpenBucket(ctx, "s3://"+scenesName+d.s3Query); err != nil {
		return nil, err
	}
	if d.scenes, err = newScenes(ctx, o.degrees, d.bucket, d.s3Query); err != nil {
		return nil, err
	}
	if d.db, err = pgxpool.New(ctx, d.database.URL()); err != nil {
		return nil, err
	}
	if err := postgis.Replace(ctx, d.db, nil, d.scenes.rows); err != nil {
		return nil, err
	}
	if d.lone, err = newReplica(ctx, d.database.URL(), d.s3Query); err != nil {
		return nil, err
	}
	d.replicas = make([]*process, o.replicas)
	for i := range d.replicas {
		if err := d.startReplica(ctx, i); err != nil {
			return nil, err
		}
	}
	d.proxy, err = startProxy(ctx, d)
	return d, err
}

// replicaSocket returns the socket of a replica.
func (d *deployment) replicaSocket(i int) string {
	return filepath.Join(d.dir, fmt.Sprintf("replica%d", i))
}

// startReplica starts a replica that has one core.
func (d *deployment) startReplica(ctx context.Context, i int) (err error) {
	d.replicas[i], _, err = beginSelf(ctx, d.log, append([]string{"GOMAXPROCS=1"}, bucketKeys...),
		replicaVerb, d.replicaSocket(i), d.database.URL(), d.s3Query)
	return err
}

// at returns a client of a socket.
func at(socket string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
		MaxIdleConnsPerHost: 64,
	}}
}

// close ends all that was started.
func (d *deployment) close() (err error) {
	for _, p := range append([]*process{d.proxy}, d.replicas...) {
		p.stop()
	}
	if d.lone != nil {
		err = d.lone.close()
	}
	if d.db != nil {
		d.db.Close()
	}
	if d.bucket != nil {
		err = errors.Join(err, d.bucket.Close())
	}
	d.s3.stop()
	if d.database != nil {
		d.database.Stop()
	}
	return errors.Join(err, os.RemoveAll(d.dir))
}
