package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/geoexport/geoexport/examples/bucket/buckets"
	"github.com/geoexport/geoexport/examples/bucket/s3"
	"github.com/geoexport/geoexport/raster/source"
)

// A place takes files, each of which is there as a whole or not. Names have slashes. It is safe for concurrent use.
type place interface {
	put(ctx context.Context, name string, data []byte) error
	get(ctx context.Context, name string) ([]byte, error)
}

// inBucket reports whether results go into a bucket.
func (o *options) inBucket() bool { return strings.Contains(o.out, "://") }

// openPlace opens the place of results: a folder, or a prefix of a bucket such as s3://tiles/world/.
func openPlace(ctx context.Context, o *options) (place, func() error, error) {
	if !o.inBucket() {
		return folderPlace(o.out), func() error { return nil }, nil
	}
	set := &buckets.Set{Version: s3.Version}
	store, err := set.Store(ctx, o.out, "", 0)
	if err != nil {
		return nil, nil, err
	}
	return bucketPlace{store}, set.Close, nil
}

// needFolder refuses a bucket for files that are moved and read again while they are made.
func (o *options) needFolder() error {
	if o.inBucket() {
		return fmt.Errorf("%s are made in a folder, and not in %s", o.task, source.Redacted(o.out))
	}
	return nil
}

type folderPlace string

func (p folderPlace) put(_ context.Context, name string, data []byte) error {
	return write(filepath.Join(string(p), filepath.FromSlash(name)), func(w io.Writer) (bool, error) {
		_, err := w.Write(data)
		return true, err
	})
}

func (p folderPlace) get(_ context.Context, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(p), filepath.FromSlash(name)))
}

type bucketPlace struct{ *buckets.Store }

func (p bucketPlace) put(ctx context.Context, name string, data []byte) error {
	return p.Put(ctx, path.Clean(name), data)
}

func (p bucketPlace) get(ctx context.Context, name string) (data []byte, err error) {
	r, err := p.Open(ctx, path.Clean(name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	return io.ReadAll(r)
}
