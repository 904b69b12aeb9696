package exportimage

import (
	"context"
	"encoding/json"
	"sync"
)

// sharing makes one export of requests that are equal and come at the same time, as they do when a popular map opens. The
// zero value is ready.
type sharing struct {
	mu    sync.Mutex
	calls map[string]*call
}

// A call is one export that several callers may wait for. It goes on as long as one of them does: a caller who goes away
// takes only itself along.
type call struct {
	done    chan struct{} // closed when the following are set
	result  Result
	err     error
	callers int
	cancel  context.CancelFunc
}

// export is s.Export, shared. The result must not be written to. No goroutine outlives the last of its callers.
func (h *sharing) export(ctx context.Context, s *Service, req Request) (Result, error) {
	key, err := json.Marshal(req)
	if err != nil {
		return s.Export(ctx, req) // a rule with a value that JSON does not have: nothing to compare it by
	}
	c := h.join(ctx, s, string(key), req)
	select {
	case <-c.done:
		h.leave(string(key), c)
		return c.result, c.err
	case <-ctx.Done():
		if last := h.leave(string(key), c); last {
			<-c.done // which its end has just been told
		}
		return Result{}, asError(ctx.Err())
	}
}

func (h *sharing) join(ctx context.Context, s *Service, key string, req Request) *call {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c := h.calls[key]; c != nil {
		c.callers++
		return c
	}
	if h.calls == nil {
		h.calls = map[string]*call{}
	}
	// The values of the first caller's context, but not its end.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &call{done: make(chan struct{}), callers: 1, cancel: cancel}
	h.calls[key] = c
	go func() {
		defer close(c.done)
		c.result, c.err = s.Export(ctx, req)
		// A failure is for those who waited, not for who comes next.
		h.mu.Lock()
		defer h.mu.Unlock()
		h.forget(key, c)
	}()
	return c
}

// leave takes one caller off, and reports whether it was the last.
func (h *sharing) leave(key string, c *call) (last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.callers--; c.callers > 0 {
		return false
	}
	c.cancel()
	h.forget(key, c)
	return true
}

// forget lets the next caller start anew. The lock is held.
func (h *sharing) forget(key string, c *call) {
	if h.calls[key] == c {
		delete(h.calls, key)
	}
}
