package raster

import "container/list"

// Keep says how a Cache keeps a value. The zero value says nothing in particular.
type Keep struct {
	// Owner, if not nil, is comparable and stands for those of whose values the cache keeps no more than Share bytes
	// together, such as a raster: see Info.CacheShare. A Share of 0 is without a bound.
	Owner any
	Share int64
	// Last keeps a value that is larger than the cache, or than the share, besides all others until there is another one
	// like it. It is for values of which many parts are read, and that would be made again for each: one such as a large
	// block. The zero Cache keeps none.
	Last bool
}

// An ownership is what a cache keeps of an owner.
type ownership struct {
	used   int64
	recent list.List // of *cacheEntry, last used in front
}

// most returns how large an entry may be.
func (c *Cache) most(e *cacheEntry) int64 {
	if e.keep.Owner != nil && e.keep.Share > 0 {
		return min(c.max, e.keep.Share)
	}
	return c.max
}

// use makes an entry the one that was used last. The lock is held, as for the following.
func (c *Cache) use(e *cacheEntry) {
	if e.place == nil {
		return
	}
	c.recent.MoveToFront(e.place)
	if e.owned != nil {
		c.owners[e.keep.Owner].recent.MoveToFront(e.owned)
	}
}

// add keeps an entry, and removes what there is too much of then.
func (c *Cache) add(e *cacheEntry) {
	e.place = c.recent.PushFront(e)
	c.used += e.cost
	if owner := e.keep.Owner; owner != nil {
		o := c.owners[owner]
		if o == nil {
			if c.owners == nil {
				c.owners = map[any]*ownership{}
			}
			o = &ownership{}
			c.owners[owner] = o
		}
		e.owned = o.recent.PushFront(e)
		for o.used += e.cost; o.used > c.most(e); {
			c.remove(o.recent.Back().Value.(*cacheEntry))
		}
	}
	for c.used > c.max {
		c.remove(c.recent.Back().Value.(*cacheEntry))
	}
}

// remove forgets an entry that has a place.
func (c *Cache) remove(e *cacheEntry) {
	c.recent.Remove(e.place)
	delete(c.entries, e.key)
	c.used -= e.cost
	if e.owned == nil {
		return
	}
	o := c.owners[e.keep.Owner]
	o.recent.Remove(e.owned)
	if o.used -= e.cost; o.recent.Len() == 0 {
		delete(c.owners, e.keep.Owner)
	}
}
