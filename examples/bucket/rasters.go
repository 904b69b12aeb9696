package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"gocloud.dev/blob"
	"golang.org/x/sync/errgroup"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	"github.com/geoexport/geoexport/srs"
)

const (
	cacheBytes = 256 << 20 // of decoded blocks
	mostOpen   = 256       // files
	mostKeys   = 100_000   // of a prefix
	sideBySide = 16        // files that are opened when the program starts
)

// A location is an object of a bucket, or with a key that ends in "/" all objects below it.
type location struct {
	bucket string // its URL without a key, as gocloud.dev/blob opens it, with the options in its query
	key    string
}

// parseLocation reads scheme://bucket/key?options.
func parseLocation(text string) (location, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return location{}, errors.New("not a URL") // the error of url.Parse holds all of it, and perhaps a secret
	case u.Scheme == "" || u.Host == "":
		return location{}, fmt.Errorf("%s: neither a scheme nor a bucket", u.Redacted())
	}
	key := strings.TrimPrefix(u.Path, "/")
	u.Path, u.RawPath = "", ""
	return location{u.String(), key}, nil
}

// rasters opens GeoTIFFs of one bucket.
type rasters struct {
	bucket *blob.Bucket
	client httpsource.Client
	name   string // of the bucket, for errors
	pool   *mosaic.Pool
}

func newRasters(bucket *blob.Bucket, name string, cache *raster.Cache) *rasters {
	r := &rasters{bucket: bucket, name: name, client: httpsource.Client{HTTP: &http.Client{Transport: transport{bucket}}}}
	r.pool = mosaic.NewPool(mostOpen, func(ctx context.Context, key string) (raster.Dataset, error) {
		file, err := r.client.Open(ctx, (&url.URL{Scheme: "https", Host: r.name, Path: "/" + key}).String())
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, file, &geotiff.Options{Cache: cache})
	})
	return r
}

// service returns the image service of a GeoTIFF, or of all GeoTIFFs below a prefix.
func (r *rasters) service(ctx context.Context, name, key string) (*exportimage.Service, error) {
	keys, err := r.keys(ctx, key)
	if err != nil {
		return nil, err
	}
	items := make(mosaic.Slice, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for i, key := range keys {
		group.Go(func() (err error) {
			items[i], err = r.item(ctx, key)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, it := range items {
		it.ID = int64(i + 1)
	}
	return &exportimage.Service{Name: name, Catalog: items}, nil
}

// keys returns those of a location's objects that are GeoTIFFs by their names.
func (r *rasters) keys(ctx context.Context, key string) (keys []string, err error) {
	if key != "" && !strings.HasSuffix(key, "/") {
		return []string{key}, nil
	}
	list := r.bucket.List(&blob.ListOptions{Prefix: key})
	for {
		object, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("listing %s/%s: %w", r.name, key, err)
		}
		if ext := strings.ToLower(path.Ext(object.Key)); ext == ".tif" || ext == ".tiff" {
			keys = append(keys, object.Key)
		}
		if len(keys) > mostKeys {
			return nil, fmt.Errorf("%s/%s has more than %d GeoTIFFs; serve a prefix of fewer", r.name, key, mostKeys)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("there is no GeoTIFF below %s/%s", r.name, key)
	}
	return keys, nil
}

// item opens an object to see where it lies.
func (r *rasters) item(ctx context.Context, key string) (*mosaic.Item, error) {
	ds, err := r.pool.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	grid := ds.Info().Grid
	if grid.CRS.IsZero() {
		return nil, fmt.Errorf("%s/%s: %w", r.name, key, srs.ErrNotStated)
	}
	return &mosaic.Item{
		Name:      strings.TrimSuffix(path.Base(key), path.Ext(key)),
		Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
		Open:      func(ctx context.Context) (raster.Dataset, error) { return r.pool.Open(ctx, key) },
	}, nil
}
