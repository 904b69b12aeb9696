package rest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/guard"
)

// sharedExports makes one export of requests that are equal and come at the same time, as they do when a popular map
// opens. The zero value is ready.
//
// It differs from singleflight of golang.org/x/sync in cancellation: an export goes on as long as any of its callers
// waits, also if the first has gone away, is cancelled when the last one goes away, and has no goroutine that outlives
// that caller.
type sharedExports struct {
	mu    sync.Mutex
	calls map[shareKey]*call
}

// A shareKey stands for a request: equal requests have equal keys.
type shareKey = [sha256.Size]byte

// A call is one export for which several callers may wait. It goes on as long as any of them does.
type call struct {
	done    chan struct{} // closed when the following are set
	answer  *exportimage.Spooled
	err     error
	callers int // who wait for the answer or read it
	cancel  context.CancelFunc
}

// export is s.ExportSpooled, shared by callers with equal keys. Each of them calls leave when it has read the answer;
// the last one closes it.
func (h *sharedExports) export(
	ctx context.Context, s *exportimage.Service, key shareKey, req exportimage.Request,
) (answer *exportimage.Spooled, leave func(), err error) {
	c := h.join(ctx, s, key, req)
	select {
	case <-c.done:
		err = c.err
	case <-ctx.Done():
		err = exportimage.AsError(ctx.Err())
	}
	if err != nil {
		h.leave(key, c)
		return nil, nil, err
	}
	return c.answer, func() { h.leave(key, c) }, nil
}

func (h *sharedExports) join(ctx context.Context, s *exportimage.Service, key shareKey, req exportimage.Request) *call {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.calls[key]; c != nil {
		c.callers++
		return c
	}
	if h.calls == nil {
		h.calls = map[shareKey]*call{}
	}
	// The export has the values of the first caller's context, but does not end with it.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &call{done: make(chan struct{}), callers: 1, cancel: cancel}
	h.calls[key] = c
	guard.Go(nil, "exporting", func() error {
		var err error
		c.answer, err = s.ExportSpooled(ctx, req)
		if err == nil && c.answer.Size() == 0 {
			err = fmt.Errorf("format %s made an image of no bytes", c.answer.Format)
		}
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
	return c
}

// leave removes one caller. The last one ends the export, if it still goes on, and drops its answer.
func (h *sharedExports) leave(key shareKey, c *call) {
	h.mu.Lock()
	c.callers--
	last := c.callers == 0
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
	if h.calls[key] == c {
		delete(h.calls, key)
	}
}
