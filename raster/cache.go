package raster

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/geoexport/geoexport/internal/caller"
)

// A Cache keeps values that were made from rasters, such as decoded blocks, for the next caller. When it grows beyond a
// number of bytes it forgets the value that was not used for longest. Datasets and services may share one. Values that
// are being made are not counted.
//
// Values are shared: nobody writes to them, and a value that is forgotten stays good for those who hold it. Its memory
// is left to the garbage collector, since nothing counts who still reads a block that was lent.
//
// A Cache is safe for concurrent use, and of several callers that want one value at the same time one makes it. The
// zero value keeps nothing.
type Cache struct {
	max int64

	mu      sync.Mutex
	used    int64
	entries map[any]*cacheEntry
	recent  list.List   // of *cacheEntry, last used in front; entries still being made, and large, are not in it
	large   *cacheEntry // see Keep.Last; nil if there is none
	owners  map[any]*ownership

	scratch  Scratch
	personal atomic.Bool // there has been a value for some callers alone
}

// NewCache returns a cache that keeps up to the given number of bytes.
func NewCache(bytes int64) *Cache { return &Cache{max: bytes} }

// Bytes returns the number of bytes that the cache may keep.
func (c *Cache) Bytes() int64 { return c.max }

// Has reports whether there is a value under key, or one is being made.
func (c *Cache) Has(key any) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entries[key] != nil
}

type cacheEntry struct {
	key   any
	ready chan struct{} // closed when the following are set
	value any
	cost  int64
	err   error
	place *list.Element
	loose bool // built beside another one, and not kept
	keep  Keep
	owned *list.Element // in its owner's list, if it has an owner and a place
}

var errAbandoned = errors.New("raster: making a cache entry panicked")

// errPersonal is for those who waited for a value that was built for somebody else.
var errPersonal = errors.New("raster: a cache entry is good for one caller")

// A personalKey stands for the value of those whom package caller knows to be alike.
type personalKey struct{ key, alike any }

// Cached returns what c keeps under key, or calls build for it, which returns its size in bytes, too. Keys must be
// comparable, of a type of the caller's own, and stand for one type of value. Errors are not kept. If another caller is
// building the same value, Cached waits for it; if that caller gives up because its own context is done, or panics, the
// value is built anew under ctx.
//
// A value for which build looks at a value of its context, such as a tenant's name, is not for others: it is kept for
// those alone who share a key (see exportimage.WithShareKey).
func Cached[T any](ctx context.Context, c *Cache, key any, build func(context.Context) (T, int64, error)) (T, error) {
	return CachedAs(ctx, c, key, Keep{}, build)
}

// CachedAs is Cached for a value that is kept in a particular way.
func CachedAs[T any](
	ctx context.Context, c *Cache, key any, keep Keep, build func(context.Context) (T, int64, error),
) (T, error) {
	var none T
	for {
		if v, ok := c.personalValue(ctx, key); ok {
			return v.(T), nil
		}
		e, mine := c.entry(key)
		if mine {
			e.keep = keep
			return fillEntry(ctx, c, e, build)
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
		case e.err == errAbandoned, e.err == errPersonal:
			// Without waiting for yet another caller who may fare the same.
			if v, ok := c.personalValue(ctx, key); ok {
				return v.(T), nil
			}
			if e, mine = c.entry(key); !mine {
				e = &cacheEntry{key: key, ready: make(chan struct{}), loose: true}
			}
			return fillEntry(ctx, c, e, build)
		case !errors.Is(e.err, context.Canceled) && !errors.Is(e.err, context.DeadlineExceeded):
			return none, e.err
		}
	}
}

func fillEntry[T any](ctx context.Context, c *Cache, e *cacheEntry, build func(context.Context) (T, int64, error)) (T, error) {
	e.err = errAbandoned // unless the following returns
	defer c.finish(e)
	watching, watch, cancel := caller.Watching(ctx)
	defer cancel()
	value, cost, err := build(watching)
	e.value, e.cost, e.err = value, cost, err
	if watch.HasLooked() {
		if e.err = errPersonal; err == nil {
			c.keepPersonal(ctx, e)
		}
	}
	return value, err
}

// personalValue returns what c keeps under key for those like the caller.
func (c *Cache) personalValue(ctx context.Context, key any) (any, bool) {
	if !c.personal.Load() {
		return nil, false
	}
	alike := caller.KeyOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[personalKey{key, alike}]
	if alike == nil || e == nil || e.place == nil && e != c.large {
		return nil, false
	}
	c.use(e)
	caller.Touch(ctx) // what is built of it is as personal
	return e.value, true
}

// keepPersonal keeps the value of e for those like the caller.
func (c *Cache) keepPersonal(ctx context.Context, e *cacheEntry) {
	alike := caller.KeyOf(ctx)
	if alike == nil {
		return
	}
	c.personal.Store(true)
	if own, mine := c.entry(personalKey{e.key, alike}); mine {
		own.value, own.cost, own.keep = e.value, e.cost, e.keep
		c.finish(own)
	}
}

// entry finds or adds the entry for key. mine reports that it was added and is the caller's to finish.
func (c *Cache) entry(key any) (e *cacheEntry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		c.use(e)
		return e, false
	}
	if c.entries == nil {
		c.entries = map[any]*cacheEntry{}
	}
	e = &cacheEntry{key: key, ready: make(chan struct{})}
	c.entries[key] = e
	return e, true
}

func (c *Cache) finish(e *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(e.ready)
	switch {
	case e.loose:
		return
	case e.err == nil && e.cost <= c.most(e):
		c.add(e)
	case e.err == nil && e.keep.Last && c.max > 0:
		if c.large != nil {
			delete(c.entries, c.large.key)
		}
		c.large = e
	default:
		delete(c.entries, e.key)
	}
}

// Forget removes the values under keys for which drop returns true, such as those of a file that was closed. drop is
// called under the cache's lock. Values that are being made stay.
func (c *Cache) Forget(drop func(key any) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.entries {
		if p, ok := key.(personalKey); ok {
			key = p.key
		}
		switch {
		case e == c.large && drop(key):
			delete(c.entries, e.key)
			c.large = nil
		case e.place != nil && drop(key):
			c.remove(e)
		}
	}
}
