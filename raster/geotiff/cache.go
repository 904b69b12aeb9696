package geotiff

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/geoexport/geoexport/raster"
)

// DefaultCacheBytes is the size of a file's own cache, which it has if neither Options.Cache nor the context of a read
// gives one (see raster.WithCache): a service gives its own. A program that reads from many files gives them one, so that
// they do not take that much each. A cache keeps decoded strips and tiles, and pages of the arrays of their offsets and
// sizes, for later reads. Blocks that are being decoded do not count towards it: see Limits. Reads of more than a quarter
// of the cache may bypass it, and then neither fill it nor evict anything.
const DefaultCacheBytes = 16 << 20

// caches are those that a file keeps its blocks in.
type caches struct {
	given *raster.Cache // by the options; nil if none was

	own  atomic.Pointer[raster.Cache] // nil until it is needed
	last atomic.Pointer[raster.Cache] // that of the last context
	mu   sync.Mutex
	used []*raster.Cache // own, and those of contexts
}

// of returns the cache for a read under a context.
func (c *caches) of(ctx context.Context) *raster.Cache {
	if c.given != nil {
		return c.given
	}
	from, known := raster.CacheOf(ctx), &c.last
	if from == nil {
		known = &c.own
	}
	if k := known.Load(); k != nil && (from == nil || k == from) {
		return k
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := known.Load(); from == nil && k != nil {
		return k
	}
	if from == nil {
		from = raster.NewCache(DefaultCacheBytes)
	}
	if !slices.Contains(c.used, from) {
		c.used = append(c.used, from)
	}
	known.Store(from)
	return from
}

// forget removes all values that were made from f, which is closed.
func (c *caches) forget(f *File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.used
	if c.given != nil {
		all = []*raster.Cache{c.given}
	}
	for _, cache := range all {
		cache.Forget(func(key any) bool {
			k, ok := key.(cacheKey)
			return ok && k.file == f
		})
	}
}

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
	kindStrip                // the decoders of the strip at an offset
	kindTouched              // minus a plane's number: the mark that a part of the block was read
)

// cached calls raster.CachedAs for a value that is made from a file.
func cached[T any](ctx context.Context, f *File, key cacheKey, load func(context.Context) (T, int64, error)) (T, error) {
	return raster.CachedAs(ctx, f.caches.of(ctx), key, raster.Keep{Owner: f, Share: f.info.CacheShare()}, load)
}

// has reports whether a value is in the cache for reads under ctx, or is being made.
func (f *File) has(ctx context.Context, key cacheKey) bool { return f.caches.of(ctx).Has(key) }
