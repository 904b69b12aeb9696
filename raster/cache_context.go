package raster

import (
	"context"

	"github.com/geoexport/geoexport/internal/caller"
)

type cacheContextKey struct{ caller.Neutral }

// WithCache returns a context for calls of datasets that have no cache of their own.
func WithCache(ctx context.Context, c *Cache) context.Context {
	return context.WithValue(ctx, cacheContextKey{}, c)
}

// CacheOf returns the cache that a dataset without one of its own uses for a call under a context, such as that of a
// service; nil if nobody has set one.
func CacheOf(ctx context.Context) *Cache {
	c, _ := ctx.Value(cacheContextKey{}).(*Cache)
	return c
}
