package geotiff

import (
	"context"

	"github.com/geoexport/geoexport/raster"
)

// DefaultCacheBytes is the size of a file's own cache, which it has if Options.Cache is nil. The cache keeps decoded
// strips and tiles, and pages of the arrays of their offsets and sizes, for later reads. Blocks that are being decoded
// do not count towards it: see Limits. Reads of more than a quarter of the cache may bypass it, and then neither fill
// it nor evict anything.
const DefaultCacheBytes = 64 << 20

// A cacheKey identifies a value that was made from a file.
type cacheKey struct {
	file  *File
	image int // number of the directory
	kind  int // a plane's number, or one of the kinds below
	index uint64
}

const (
	kindValidity = -1 - iota // the validity of one place, in files whose bands are stored apart
	kindOffsets              // a page of the array of offsets
	kindCounts               // a page of the array of sizes
	kindTouched              // minus a plane's number: the mark that a part of the block was read
)

// cached calls raster.Cached for a value that is made from a file.
func cached[T any](ctx context.Context, c *raster.Cache, key cacheKey, load func(context.Context) (T, int64, error)) (T, error) {
	return raster.Cached(ctx, c, key, load)
}

// forget removes from c all values that were made from f, which is closed.
func forget(c *raster.Cache, f *File) {
	if c == nil {
		return // f is the zero value
	}
	c.Forget(func(key any) bool {
		k, ok := key.(cacheKey)
		return ok && k.file == f
	})
}
