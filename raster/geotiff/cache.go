package geotiff

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// A Cache keeps decoded strips and tiles, and pieces of the arrays of their offsets, for the next read. It forgets what was
// not used for longest when they grow beyond a number of bytes. Several files can share one. Blocks that are being
// decoded are not counted: see Limits.
//
// A Cache is safe for concurrent use, and of several reads that want a block at the same time one decodes it. Large reads, of
// more than a quarter of the cache, may leave it as it is and decode for themselves. The zero value remembers nothing.
type Cache struct {
	max int64

	mu      sync.Mutex
	used    int64
	entries map[cacheKey]*cacheEntry
	recent  list.List // of *cacheEntry, last used in front; entries still being made are not in it
}

// DefaultCacheBytes is the size of the cache that a file gets if it is not given one.
const DefaultCacheBytes = 64 << 20

// NewCache is a cache that keeps up to bytes of samples.
func NewCache(bytes int64) *Cache { return &Cache{max: bytes} }

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
)

type cacheEntry struct {
	key   cacheKey
	ready chan struct{} // closed when the following are set
	value any
	cost  int64
	err   error
	place *list.Element
}

var errAbandoned = errors.New("geotiff: making a cache entry panicked")

// cached finds what key names, or has it made. Errors are not remembered. If another caller is making the same thing, it
// waits; if that caller gives up because its own context is done, the thing is made anew under this one.
func cached[T any](ctx context.Context, c *Cache, key cacheKey, load func(context.Context) (T, int64, error)) (T, error) {
	var none T
	for {
		e, mine := c.entry(key)
		if mine {
			return fillEntry(ctx, c, e, load)
		}
		select {
		case <-e.ready:
		case <-ctx.Done():
			return none, ctx.Err()
		}
		switch {
		case e.err == nil:
			return e.value.(T), nil
		case ctx.Err() != nil:
			return none, ctx.Err()
		case !errors.Is(e.err, context.Canceled) && !errors.Is(e.err, context.DeadlineExceeded) && e.err != errAbandoned:
			return none, e.err
		}
	}
}

func fillEntry[T any](ctx context.Context, c *Cache, e *cacheEntry, load func(context.Context) (T, int64, error)) (T, error) {
	e.err = errAbandoned // unless the following returns
	defer c.finish(e)
	value, cost, err := load(ctx)
	e.value, e.cost, e.err = value, cost, err
	return value, err
}

// entry finds or adds the entry for key. mine says that it was added and is the caller's to finish.
func (c *Cache) entry(key cacheKey) (e *cacheEntry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		if e.place != nil {
			c.recent.MoveToFront(e.place)
		}
		return e, false
	}
	if c.entries == nil {
		c.entries = map[cacheKey]*cacheEntry{}
	}
	e = &cacheEntry{key: key, ready: make(chan struct{})}
	c.entries[key] = e
	return e, true
}

// has says whether there is an entry for key, or will be soon.
func (c *Cache) has(key cacheKey) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entries[key] != nil
}

func (c *Cache) finish(e *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(e.ready)
	if e.err != nil || e.cost > c.max {
		delete(c.entries, e.key)
		return
	}
	e.place = c.recent.PushFront(e)
	c.used += e.cost
	for c.used > c.max {
		c.remove(c.recent.Back().Value.(*cacheEntry))
	}
}

func (c *Cache) remove(e *cacheEntry) {
	c.recent.Remove(e.place)
	delete(c.entries, e.key)
	c.used -= e.cost
}

// forget removes all that was made from f, which nobody reads any more.
func (c *Cache) forget(f *File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.entries {
		if e.key.file == f {
			c.remove(e)
		}
	}
}
