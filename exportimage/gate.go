package exportimage

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// A gate lets a number of exports run at once, lets some more wait for a short time, and turns the rest away at once:
// under more load than there is room for, those that are let in are as quick as ever.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newGate(l Limits) *gate { return &gate{slots: make(chan struct{}, l.Exports)} }

// enter waits for a place; leave gives it back.
func (g *gate) enter(ctx context.Context, l Limits) (leave func(), err error) {
	leave = func() { <-g.slots }
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	default:
	}
	if g.waiting.Add(1) > int64(l.Queue) {
		g.waiting.Add(-1)
		return nil, &Error{Kind: Unavailable, Err: fmt.Errorf("%d exports run and %d wait (limits Exports, Queue)", l.Exports, l.Queue)}
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(l.Wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, &Error{Kind: Unavailable, Err: fmt.Errorf("%d exports ran for %v (limits Exports, Wait)", l.Exports, l.Wait)}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
