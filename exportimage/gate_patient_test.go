package exportimage

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Calls without WithShedding wait their turn, however many there are and however long it takes; they push nobody out of the
// queue, and nobody pushes them.
func TestGatePatientAreNeverRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := NewGate(Limits{Exports: 1, Queue: 2}), &Service{Limits: Limits{Queue: 2, Wait: 10 * time.Second}}
		waits := patient(t.Context())
		var calls sync.WaitGroup
		start := time.Now()
		for range 100 {
			calls.Go(func() {
				_, err := run(waits, g, s, largePixels)
				assert.NoError(t, err)
			})
		}
		synctest.Wait()
		assert.Equal(t, Load{Running: 1, Waiting: 99}, g.Load())
		assert.False(t, g.refuses(s, s.limits(), smallImage), "the queue is empty")
		for range 2 {
			calls.Go(func() {
				_, err := run(WithShedding(t.Context()), g, s, largePixels)
				assert.NoError(t, err, "a line of its own gets every second place")
			})
		}
		synctest.Wait()
		_, err := run(t.Context(), g, s, largePixels)
		e, ok := limitOf(err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, "Queue", e.Limit)
		calls.Wait()
		assert.Equal(t, 102*time.Second, time.Since(start), "one after the other")

		ctx, cancel := context.WithTimeout(waits, time.Minute)
		defer cancel()
		busy, err := g.enter(t.Context(), s, smallImage)
		require.NoError(t, err)
		waited, err := run(ctx, g, s, smallImage)
		assert.Equal(t, Timeout, kindOf(err))
		assert.Equal(t, time.Minute, waited)
		busy.leave()
		requireIdle(t, g)
	})
}

// A call that waits its turn has its whole time when it gets a place, and one that is refused at a busy time has not.
func TestWaitingCountsForShedding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			ctx  context.Context
			left time.Duration
		}{{t.Context(), 10 * time.Second}, {WithShedding(t.Context()), 3 * time.Second}} {
			s := &Service{Limits: Limits{Exports: 1, Time: 10 * time.Second, Wait: 8 * time.Second}}
			busy, err := s.gate().enter(t.Context(), s, 1)
			require.NoError(t, err)
			time.AfterFunc(7*time.Second, busy.leave)
			ctx, _, leave, err := s.enter(c.ctx, 1)
			require.NoError(t, err)
			deadline, ok := ctx.Deadline()
			assert.True(t, ok)
			assert.Equal(t, c.left, time.Until(deadline))
			leave()
		}
	})
}
