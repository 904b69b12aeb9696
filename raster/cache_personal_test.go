package raster

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/caller"
)

type tenantKey struct{}

// A value for which build looks at the context is kept for those alike alone, and so is what is built of it.
func TestCachePersonal(t *testing.T) {
	c := NewCache(100)
	built := 0
	var outer func(ctx context.Context) (int, int64, error)
	inner := func(ctx context.Context) (int, int64, error) {
		built++
		return ctx.Value(tenantKey{}).(int), 1, nil
	}
	outer = func(ctx context.Context) (int, int64, error) {
		v, err := Cached(ctx, c, "inner", inner)
		return 10 * v, 1, err
	}
	get := func(tenant int, alike any) int {
		ctx := context.WithValue(t.Context(), tenantKey{}, tenant)
		if alike != nil {
			ctx = caller.Alike(ctx, alike)
		}
		v, err := Cached(ctx, c, "inner", inner)
		require.NoError(t, err)
		require.Equal(t, tenant, v)
		v, err = Cached(ctx, c, "outer", outer)
		require.NoError(t, err)
		return v
	}
	for range 2 {
		for tenant := 1; tenant <= 3; tenant++ {
			assert.Equal(t, 10*tenant, get(tenant, tenant))
		}
	}
	assert.Equal(t, 3, built, "those alike share")
	assert.Equal(t, 50, get(5, nil))
	assert.Equal(t, 60, get(6, nil))
	assert.EqualValues(t, 6, c.used)
	c.Forget(func(key any) bool { return key == "inner" })
	assert.EqualValues(t, 3, c.used)
}

// Of many who wait for one who panics, none waits for another who does, and all end at the same time.
func TestCachePanicsDoNotQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(100)
		var built, panics atomic.Int64
		var running sync.WaitGroup
		began := time.Now()
		for range 50 {
			running.Go(func() {
				defer func() {
					if recover() != nil {
						panics.Add(1)
					}
				}()
				_, _ = Cached(t.Context(), c, "key", func(context.Context) (int, int64, error) {
					built.Add(1)
					time.Sleep(time.Second)
					panic("ouch")
				})
			})
		}
		running.Wait()
		assert.EqualValues(t, 50, built.Load())
		assert.EqualValues(t, 50, panics.Load())
		assert.Equal(t, 2*time.Second, time.Since(began))
		assert.Empty(t, c.entries)
	})
}
