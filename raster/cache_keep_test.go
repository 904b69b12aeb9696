package raster

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keepAs has the cache make an entry, and says whether it had to be made.
func keepAs(t *testing.T, c *Cache, index uint64, cost int64, keep Keep) (made bool) {
	t.Helper()
	v, err := CachedAs(t.Context(), c, testKey{index: index}, keep, func(context.Context) (uint64, int64, error) {
		made = true
		return index, cost, nil
	})
	require.NoError(t, err)
	require.Equal(t, index, v)
	return made
}

// TestKeepLast checks that of values larger than the cache, or than the owner's share, the last one is kept.
func TestKeepLast(t *testing.T) {
	c := NewCache(100)
	last := Keep{Last: true}
	assert.True(t, keepAs(t, c, 2, 40, last))
	assert.True(t, keepAs(t, c, 9, 101, last), "larger than the cache")
	assert.False(t, keepAs(t, c, 9, 101, last), "is kept, as the last one")
	assert.True(t, keepAs(t, c, 8, 102, last), "until there is another one")
	assert.True(t, keepAs(t, c, 9, 101, last))
	assert.True(t, keepAs(t, c, 7, 60, Keep{Owner: "a", Share: 50, Last: true}), "larger than the share")
	assert.False(t, keepAs(t, c, 7, 60, last))
	assert.True(t, keepAs(t, c, 9, 101, last))
	assert.False(t, keepAs(t, c, 2, 40, last), "and pushes nothing out")
	assert.EqualValues(t, 40, c.used)
	assert.Len(t, c.entries, 2)
	c.Forget(func(key any) bool { return key.(testKey).index == 9 })
	assert.Len(t, c.entries, 1)
	assert.True(t, keepAs(t, c, 9, 101, last), "was forgotten")
	assert.True(t, keepAs(t, c, 5, 60, Keep{Owner: "a", Share: 50}))
	assert.True(t, keepAs(t, c, 5, 60, Keep{Owner: "a", Share: 50}), "is never kept without Last")

	c = &Cache{}
	assert.True(t, keepAs(t, c, 1, 1, last))
	assert.True(t, keepAs(t, c, 1, 1, last), "the zero value keeps nothing")
}

// TestShares checks that an owner keeps no more than its share, and pushes nothing of others out for it.
func TestShares(t *testing.T) {
	c := NewCache(100)
	small, large := Keep{Owner: "small", Share: 30}, Keep{Owner: "large", Share: 1000}
	for i := range uint64(7) {
		assert.True(t, keepAs(t, c, i, 10, large))
	}
	for i := range uint64(5) {
		assert.True(t, keepAs(t, c, 100+i, 10, small))
	}
	for i := range uint64(7) {
		assert.False(t, keepAs(t, c, i, 10, large), "what is of others stays")
	}
	assert.EqualValues(t, 100, c.used)
	assert.False(t, keepAs(t, c, 102, 10, small))
	assert.True(t, keepAs(t, c, 105, 10, small))
	assert.False(t, keepAs(t, c, 102, 10, small), "of an owner's, the one that was not used for longest goes")
	assert.True(t, keepAs(t, c, 103, 10, small))
	assert.True(t, keepAs(t, c, 7, 10, large), "the whole cache has a bound, too")
	assert.EqualValues(t, 100, c.used)

	c.Forget(func(any) bool { return true })
	assert.Empty(t, c.entries)
	assert.Empty(t, c.owners)
	assert.Zero(t, c.used)
}

func TestCacheShare(t *testing.T) {
	for bytes, want := range map[int64]int64{
		0: 0, -1: 0, 1: 8 << 20, 1 << 17: 8 << 20, 1 << 20: 64 << 20, math.MaxInt64 / 2: math.MaxInt64,
	} {
		assert.Equal(t, want, Info{Bytes: bytes}.CacheShare(), "%d", bytes)
	}
}
