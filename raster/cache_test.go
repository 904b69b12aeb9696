package raster

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A testKey names what the tests keep.
type testKey struct {
	owner *int
	index uint64
}

// keep has the cache make an entry of the given cost, and says whether it had to be made.
func keep(t *testing.T, c *Cache, index uint64, cost int64) (made bool) {
	t.Helper()
	v, err := Cached(t.Context(), c, testKey{index: index}, func(context.Context) (uint64, int64, error) {
		made = true
		return index, cost, nil
	})
	require.NoError(t, err)
	require.Equal(t, index, v)
	return made
}

func TestCacheBudget(t *testing.T) {
	c := NewCache(100)
	for i := range uint64(3) {
		assert.True(t, keep(t, c, i, 40)) // the third one pushes the first out
	}
	assert.True(t, keep(t, c, 0, 40), "was forgotten, and pushes out 1")
	assert.False(t, keep(t, c, 2, 40))
	assert.True(t, keep(t, c, 3, 40), "pushes out 0, which was used before 2")
	assert.False(t, keep(t, c, 2, 40))
	assert.True(t, keep(t, c, 9, 101), "larger than the budget")
	assert.True(t, keep(t, c, 9, 101), "is never kept")
	assert.False(t, keep(t, c, 2, 40), "and pushes nothing out")
	assert.EqualValues(t, 80, c.used)
	assert.Equal(t, c.recent.Len(), len(c.entries))

	var zero Cache
	assert.True(t, keep(t, &zero, 1, 1))
	assert.True(t, keep(t, &zero, 1, 1))
}

func TestCacheForget(t *testing.T) {
	c, a, b := NewCache(100), new(int), new(int)
	for _, f := range []*int{a, b} {
		_, err := Cached(t.Context(), c, testKey{owner: f}, func(context.Context) (int, int64, error) { return 1, 10, nil })
		require.NoError(t, err)
	}
	c.Forget(func(key any) bool { return key.(testKey).owner == a })
	assert.False(t, c.Has(testKey{owner: a}))
	assert.True(t, c.Has(testKey{owner: b}))
	assert.EqualValues(t, 10, c.used)
	assert.Len(t, c.entries, 1)
}

// TestCacheOnce: of callers who want the same thing at once, one makes it.
func TestCacheOnce(t *testing.T) {
	c := NewCache(100)
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			v, err := Cached(t.Context(), c, testKey{}, func(context.Context) (int, int64, error) {
				made.Add(1)
				time.Sleep(5 * time.Millisecond)
				return 7, 1, nil
			})
			assert.NoError(t, err)
			assert.Equal(t, 7, v)
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, made.Load())
}

// TestCacheCancelled: when the caller who makes something gives up, those who wait do not.
func TestCacheCancelled(t *testing.T) {
	c := NewCache(100)
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := Cached(ctx, c, testKey{}, func(ctx context.Context) (int, int64, error) {
			close(started)
			<-ctx.Done()
			return 0, 0, ctx.Err()
		})
		assert.ErrorIs(t, err, context.Canceled)
	})
	<-started
	for range 5 {
		wg.Go(func() {
			v, err := Cached(t.Context(), c, testKey{}, func(context.Context) (int, int64, error) { return 7, 1, nil })
			assert.NoError(t, err)
			assert.Equal(t, 7, v)
		})
	}
	// One who waits can give up, too.
	impatient, stop := context.WithCancel(t.Context())
	stop()
	_, err := Cached(impatient, c, testKey{}, func(context.Context) (int, int64, error) { return 8, 1, nil })
	if err != nil {
		assert.ErrorIs(t, err, context.Canceled)
	}
	cancel()
	wg.Wait()
}

// TestCacheErrors: failures are shared by those who wait, but not remembered; a panic leaves nobody waiting.
func TestCacheErrors(t *testing.T) {
	c, errBad := NewCache(100), errors.New("bad")
	_, err := Cached(t.Context(), c, testKey{}, func(context.Context) (int, int64, error) { return 0, 0, errBad })
	require.ErrorIs(t, err, errBad)
	assert.Empty(t, c.entries)
	assert.Panics(t, func() {
		_, _ = Cached(t.Context(), c, testKey{}, func(context.Context) (int, int64, error) { panic("oh") })
	})
	v, err := Cached(t.Context(), c, testKey{}, func(context.Context) (int, int64, error) { return 3, 1, nil })
	require.NoError(t, err)
	assert.Equal(t, 3, v)
}

func TestCacheForgetsTheOldestAndIsSharedByAskers(t *testing.T) {
	type key int
	c := NewCache(100)
	made := 0
	get := func(k key, cost int64) {
		_, err := Cached(context.Background(), c, k, func(context.Context) (int, int64, error) { made++; return int(k), cost, nil })
		require.NoError(t, err)
	}
	get(1, 50)
	get(2, 50)
	get(1, 50) // now 2 is the oldest
	get(3, 50)
	assert.Equal(t, 3, made)
	get(1, 50)
	assert.Equal(t, 3, made, "1 is still there")
	get(2, 50)
	assert.Equal(t, 4, made, "2 was forgotten")
	get(4, 101)
	get(4, 101)
	assert.Equal(t, 6, made, "what is larger than the cache is not kept")
	c.Forget(func(k any) bool { return k == key(2) })
	get(2, 50)
	assert.Equal(t, 7, made)

	failing := errors.New("no")
	for range 2 {
		_, err := Cached(context.Background(), c, key(9), func(context.Context) (int, int64, error) { made++; return 0, 0, failing })
		assert.ErrorIs(t, err, failing)
	}
	assert.Equal(t, 9, made, "errors are not kept")
}
