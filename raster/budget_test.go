package raster_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestBudgetHoldsNoMore: whatever sizes are taken and in which order, the sum of those held is never over the budget,
// and all who wait get their turn.
func TestBudgetHoldsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 100
		b := raster.NewBudget("Limits.Bytes", most)
		var held, peak atomic.Int64
		var users sync.WaitGroup
		for i := range 300 {
			users.Go(func() {
				n := int64(i*37%most + 1)
				if !assert.NoError(t, b.Acquire(t.Context(), n)) {
					return
				}
				if now := held.Add(n); now > peak.Load() {
					peak.Store(now)
				}
				time.Sleep(time.Duration(i%7) * time.Millisecond)
				held.Add(-n)
				b.Release(n)
			})
		}
		users.Wait()
		assert.LessOrEqual(t, peak.Load(), int64(most))
		assert.True(t, b.TryAcquire(most), "all of it is free again")
	})
}

// TestBudgetServesInOrder: a large need is not overtaken for ever by small ones.
func TestBudgetServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := raster.NewBudget("Limits.Bytes", 10)
		require.NoError(t, b.Acquire(t.Context(), 4))
		large := make(chan error, 1)
		go func() { large <- b.Acquire(t.Context(), 10) }()
		synctest.Wait()
		assert.False(t, b.TryAcquire(1), "though 6 are free: somebody waits")
		b.Release(4)
		require.NoError(t, <-large)
		b.Release(6) // in parts
		assert.True(t, b.TryAcquire(6))
		assert.False(t, b.TryAcquire(1))
	})
}

func TestBudgetErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := raster.NewBudget("Limits.Bytes", 10)
		for _, n := range []int64{11, 1 << 62, -1} {
			err := b.Acquire(t.Context(), n)
			assert.Equal(t, &raster.BudgetError{Limit: "Limits.Bytes", Bytes: n, Most: 10}, err)
			assert.ErrorContains(t, err, "Limits.Bytes")
			assert.False(t, b.TryAcquire(n))
		}
		require.NoError(t, b.Acquire(t.Context(), 10))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.ErrorIs(t, b.Acquire(ctx, 1), context.DeadlineExceeded)
		b.Release(10)
		assert.True(t, b.TryAcquire(10), "who gave up holds nothing")
	})
}

func TestBudgetOf(t *testing.T) {
	assert.Nil(t, raster.BudgetOf(t.Context()))
	require.NoError(t, raster.BudgetOf(t.Context()).Acquire(t.Context(), 1<<60), "without a bound")
	raster.BudgetOf(t.Context()).Release(1 << 60)

	b := raster.NewBudget("Limits.Bytes", 10)
	assert.Same(t, b, raster.BudgetOf(raster.WithBudget(t.Context(), b)))
}
