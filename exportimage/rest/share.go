package rest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/caller"
	"github.com/geoexport/geoexport/internal/guard"
)

// sharedExports makes one export of requests that are equal and come at the same time, as they do when a popular map
// opens. The zero value is ready.
//
// It differs from singleflight of golang.org/x/sync in cancellation: an export goes on as long as any of its callers
// waits, also if the first has gone away, is cancelled when the last one goes away, and has no goroutine that outlives
// that caller.
//
// An export is shared only as long as nothing of its first caller can matter: as soon as a catalogue, a raster or
// another hook looks at a value of its context, all others make their own. With Options.ShareKey, those share who have
// the same key.
type sharedExports struct {
	mu    sync.Mutex
	calls map[shareKey]*call
	raw   map[string]int // how many of the calls have a raw query
}

// knowCaller finds out with whom the request may share its answer.
func (r *responder) knowCaller() {
	ask := r.settings.ShareKey
	if ask == nil {
		return
	}
	key, ok := ask(r.request)
	if r.alone = !ok; ok {
		r.request = r.request.WithContext(exportimage.WithShareKey(r.request.Context(), key))
	}
}

// A shareKey stands for a request: equal requests have equal keys.
type shareKey = [sha256.Size]byte

// A call is one export for which several callers may wait. It goes on as long as any of them does.
type call struct {
	personal <-chan struct{} // closed when the export turns out to be good for its first caller alone; nil if it cannot

	done    chan struct{} // closed when the following are set
	answer  *exportimage.Spooled
	err     error
	callers map[*waiter]bool // who wait for the answer or read it
	cancel  context.CancelFunc
	raw     string // the query of the first of them, as it came
}

// A waiter is one caller of a shared export.
type waiter struct {
	deadline time.Time // zero if there is none
}

func newWaiter(ctx context.Context) *waiter {
	deadline, _ := ctx.Deadline()
	return &waiter{deadline}
}

// export is s.ExportSpooled, shared by callers with equal keys. Each of them calls leave when it has read the answer;
// the last one closes it. common reports that it may also be given to later callers with the same key.
func (h *sharedExports) export(
	ctx context.Context, s *exportimage.Service, key shareKey, raw string, req exportimage.Request,
) (answer *exportimage.Spooled, common bool, leave func(), err error) {
	me := newWaiter(ctx)
	c, first := h.join(ctx, me, s, key, raw, req)
	personal := c.personal
	if first {
		personal = nil
	}
	select {
	case <-personal:
		h.leave(key, c, me)
		answer, leave, err = exportAlone(ctx, s, req)
		return answer, false, leave, err
	case <-c.done:
		if !first && c.isPersonal() {
			h.leave(key, c, me)
			answer, leave, err = exportAlone(ctx, s, req)
			return answer, false, leave, err
		}
		err = c.err
	case <-ctx.Done():
		err = exportimage.AsError(ctx.Err())
	}
	if err != nil {
		h.leave(key, c, me)
		return nil, false, nil, err
	}
	return c.answer, !c.isPersonal(), func() { h.leave(key, c, me) }, nil
}

// isPersonal reports whether the export has turned out to be good for its first caller alone.
func (c *call) isPersonal() bool {
	select {
	case <-c.personal:
		return true
	default:
		return false
	}
}

// exportAlone is an export for one caller.
func exportAlone(
	ctx context.Context, s *exportimage.Service, req exportimage.Request,
) (answer *exportimage.Spooled, leave func(), err error) {
	if answer, err = exportWhole(ctx, s, req); err != nil {
		return nil, nil, err
	}
	return answer, func() { _ = answer.Close() }, nil
}

// exportWhole is s.ExportSpooled, for which an image of no bytes is an error.
func exportWhole(ctx context.Context, s *exportimage.Service, req exportimage.Request) (*exportimage.Spooled, error) {
	answer, err := s.ExportSpooled(ctx, req)
	if err == nil && answer.Size() == 0 {
		_ = answer.Close()
		return nil, fmt.Errorf("format %s made an image of no bytes", answer.Format)
	}
	return answer, err
}

// join returns the export for a key. first reports that it was begun for this caller.
func (h *sharedExports) join(
	ctx context.Context, me *waiter, s *exportimage.Service, key shareKey, raw string, req exportimage.Request,
) (c *call, first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.calls[key]; c != nil && !c.isPersonal() {
		c.callers[me] = true
		return c, false
	}
	if h.calls == nil {
		h.calls, h.raw = map[shareKey]*call{}, map[string]int{}
	}
	// The export has the values of the first caller's context, but does not end with it: it ends when the last caller goes
	// or runs out of time, and the gate knows the latest deadline.
	c = &call{done: make(chan struct{}), callers: map[*waiter]bool{me: true}, raw: raw}
	var watch *caller.Watch
	alike := caller.KeyOf(ctx) != nil
	if ctx, watch, c.cancel = caller.Watching(context.WithoutCancel(ctx)); !alike {
		c.personal = watch.Looked()
	}
	ctx = caller.WithDeadline(ctx, func() (time.Time, bool) { return h.latest(c) })
	h.calls[key] = c
	h.raw[raw]++
	guard.Go(nil, "exporting", func() error {
		var err error
		c.answer, err = exportWhole(ctx, s, req)
		return err
	}, func(err error) {
		defer close(c.done)
		if c.err = err; err != nil {
			c.err = exportimage.AsError(err)
		}
		// A failure is for the callers who waited, not for later ones.
		h.mu.Lock()
		defer h.mu.Unlock()
		h.forget(key, c)
	})
	return c, true
}

// leave removes one caller. The last one ends the export, if it still goes on, and drops its answer.
func (h *sharedExports) leave(key shareKey, c *call, me *waiter) {
	h.mu.Lock()
	delete(c.callers, me)
	last := len(c.callers) == 0
	if last {
		c.cancel()
		h.forget(key, c)
	}
	h.mu.Unlock()
	if !last {
		return
	}
	<-c.done // if it went on, it has just been cancelled
	if c.answer != nil {
		_ = c.answer.Close() // nothing depends on whether a temporary file could be removed
	}
}

// forget lets the next caller start anew. The lock is held.
func (h *sharedExports) forget(key shareKey, c *call) {
	if h.calls[key] != c {
		return
	}
	delete(h.calls, key)
	if h.raw[c.raw]--; h.raw[c.raw] == 0 {
		delete(h.raw, c.raw)
	}
}

// latest returns the last of the callers' deadlines, if all have one.
func (h *sharedExports) latest(c *call) (deadline time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range c.callers {
		if w.deadline.IsZero() {
			return time.Time{}, false
		}
		if w.deadline.After(deadline) {
			deadline = w.deadline
		}
	}
	return deadline, !deadline.IsZero()
}

// runs reports whether there is an export for a raw query already, which another request with it would share.
func (h *sharedExports) runs(raw string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.raw[raw] > 0
}
