package guard

import (
	"context"
	"fmt"
	"sync"
)

// Go runs f in a goroutine of its own and then calls report there, once, with the error of f: a *PanicError if f panicked, one
// that is ErrExited if f ended its goroutine. So whoever waits for report waits no longer than f takes. wg counts the goroutine
// until report has returned; it may be nil.
func Go(wg *sync.WaitGroup, place string, f func() error, report func(error)) {
	run := func() {
		err := fmt.Errorf("%s: %w", place, ErrExited) // unless Call returns
		defer func() { report(err) }()
		err = Call(place, f)
	}
	if wg == nil {
		go run()
		return
	}
	wg.Go(run)
}

// A Group runs functions side by side and keeps the first error. It is errgroup.Group of golang.org/x/sync for functions that
// may panic or end their goroutine: those are errors, too. The zero Group is ready, has no limit and cancels nothing.
type Group struct {
	cancel context.CancelCauseFunc
	slots  chan struct{}
	wg     sync.WaitGroup
	once   sync.Once
	err    error
}

// WithContext returns a group and a context that is cancelled when a function of the group fails, or when Wait returns.
func WithContext(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

// SetLimit lets n functions, at least one, run at the same time. It is called before Go.
func (g *Group) SetLimit(n int) { g.slots = make(chan struct{}, max(n, 1)) }

// Go runs f in a goroutine of its own. It waits while as many functions run as SetLimit allows.
func (g *Group) Go(place string, f func() error) {
	if g.slots != nil {
		g.slots <- struct{}{}
	}
	Go(&g.wg, place, f, func(err error) {
		if err != nil {
			g.once.Do(func() {
				g.err = err
				if g.cancel != nil {
					g.cancel(err)
				}
			})
		}
		if g.slots != nil {
			<-g.slots
		}
	})
}

// Wait waits for all functions and returns the first error.
func (g *Group) Wait() error {
	g.wg.Wait()
	if g.cancel != nil {
		g.cancel(g.err)
	}
	return g.err
}
