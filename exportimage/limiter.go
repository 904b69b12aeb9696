package exportimage

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// A limiter lets a number of exports run side by side, lets some more wait for a short time, and refuses the rest
// without waiting: under overload, the exports that are admitted take as long as ever. A semaphore alone
// (golang.org/x/sync has one) would bound neither how many wait nor for how long.
type limiter struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newLimiter(l Limits) *limiter { return &limiter{slots: make(chan struct{}, l.Exports)} }

// enter waits for a place among the exports that run. leave returns the place.
func (m *limiter) enter(ctx context.Context, l Limits) (leave func(), err error) {
	leave = func() { <-m.slots }
	select {
	case m.slots <- struct{}{}:
		return leave, nil
	default:
	}
	if m.waiting.Add(1) > int64(l.Queue) {
		m.waiting.Add(-1)
		return nil, unavailable("%d exports run and %d wait (limits Exports, Queue)", l.Exports, l.Queue)
	}
	defer m.waiting.Add(-1)
	timer := time.NewTimer(l.Wait)
	defer timer.Stop()
	select {
	case m.slots <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, unavailable("%d exports ran for %v (limits Exports, Wait)", l.Exports, l.Wait)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func unavailable(format string, args ...any) error {
	return &Error{Kind: Unavailable, Err: fmt.Errorf(format, args...)}
}
