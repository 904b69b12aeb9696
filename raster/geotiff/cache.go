package geotiff

import (
	"context"

	"github.com/geoexport/geoexport/raster"
)

// DefaultCacheBytes is the size of the cache that a file gets if it is not given one. A file keeps decoded strips and
// tiles there, and pieces of the arrays of their offsets, for the next read. Blocks that are being decoded are not
// counted: see Limits. Large reads, of more than a quarter of the cache, may leave it as it is and decode for
// themselves.
const DefaultCacheBytes = 64 << 20

// A cacheKey names something that was made from a file.
type cacheKey struct {
	file  *File
	image int // which directory
	kind  int // a plane's number, or one of the following
	index uint64
}

const (
	kindValidity = -1 - iota // of one place, in files whose bands are stored apart
	kindOffsets              // a page of the array of offsets
	kindCounts               // a page of the array of sizes
	kindTouched              // minus a plane's number: that a part of the block was read
)

// cached calls raster.Cached for values that are made from files.
func cached[T any](ctx context.Context, c *raster.Cache, key cacheKey, load func(context.Context) (T, int64, error)) (T, error) {
	return raster.Cached(ctx, c, key, load)
}

// forget removes all that was made from f, which nobody reads any more.
func forget(c *raster.Cache, f *File) {
	if c == nil {
		return // f is the zero value
	}
	c.Forget(func(key any) bool {
		k, ok := key.(cacheKey)
		return ok && k.file == f
	})
}
