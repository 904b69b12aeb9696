package raster

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// A Cache keeps what was made from rasters, such as decoded blocks, for whoever wants it next. It forgets what was not used
// for longest when it grows beyond a number of bytes. Datasets and services may share one. What is being made at the time
// is not counted.
//
// A Cache is safe for concurrent use, and of several callers that want a thing at the same time one makes it. The zero
// value remembers nothing.
type Cache struct {
	max int64

	mu      sync.Mutex
	used    int64
	entries map[any]*cacheEntry
	recent  list.List // of *cacheEntry, last used in front; entries still being made are not in it
}

// NewCache is a cache that keeps up to the given number of bytes.
func NewCache(bytes int64) *Cache { return &Cache{max: bytes} }

// Bytes is how much the cache may keep.
func (c *Cache) Bytes() int64 { return c.max }

// Has says whether there is something under key, or will be soon.
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
}

var errAbandoned = errors.New("raster: making a cache entry panicked")

// Cached finds what key names in c, or has it made; make tells its size in bytes, too. Keys must be comparable and of a
// type of the caller's own, and name one type of thing. Errors are not remembered. If another caller is making the same
// thing, Cached waits for it; if that caller gives up because its own context is done, the thing is made anew under ctx.
func Cached[T any](ctx context.Context, c *Cache, key any, make func(context.Context) (T, int64, error)) (T, error) {
	var none T
	for {
		e, mine := c.entry(key)
		if mine {
			return fillEntry(ctx, c, e, make)
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

func fillEntry[T any](ctx context.Context, c *Cache, e *cacheEntry, make func(context.Context) (T, int64, error)) (T, error) {
	e.err = errAbandoned // unless the following returns
	defer c.finish(e)
	value, cost, err := make(ctx)
	e.value, e.cost, e.err = value, cost, err
	return value, err
}

// entry finds or adds the entry for key. mine says that it was added and is the caller's to finish.
func (c *Cache) entry(key any) (e *cacheEntry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		if e.place != nil {
			c.recent.MoveToFront(e.place)
		}
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

// Forget removes what is kept under keys of which drop is true, such as those of a file that was closed. Drop is called
// under the cache's lock. What is being made at the time stays.
func (c *Cache) Forget(drop func(key any) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.entries {
		if e.place != nil && drop(key) {
			c.remove(e)
		}
	}
}
