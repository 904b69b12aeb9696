package source

import (
	"context"
	"sync/atomic"

	"github.com/geoexport/geoexport/internal/caller"
)

// A Counter adds up what sources that are far away have sent and received for those who carry it in their context. The
// zero value counts from 0. It is safe for concurrent use, and so is the nil Counter, which counts nothing.
type Counter struct{ requests, bytes, repeated atomic.Int64 }

// Add counts requests, the bytes that were received in their answers, and how many of the requests repeat a failed one.
func (c *Counter) Add(requests, bytes, repeated int64) {
	if c == nil {
		return
	}
	c.requests.Add(requests)
	c.bytes.Add(bytes)
	c.repeated.Add(repeated)
}

// Requests returns the number of requests that were sent.
func (c *Counter) Requests() int64 {
	if c == nil {
		return 0
	}
	return c.requests.Load()
}

// Bytes returns the number of bytes that were received, headers aside.
func (c *Counter) Bytes() int64 {
	if c == nil {
		return 0
	}
	return c.bytes.Load()
}

// Repeated returns the number of requests that repeated a failed one.
func (c *Counter) Repeated() int64 {
	if c == nil {
		return 0
	}
	return c.repeated.Load()
}

type counterKey struct{ caller.Neutral }

// WithCounter returns a context in which sources count with c, and no longer with a counter that ctx carries.
func WithCounter(ctx context.Context, c *Counter) context.Context {
	return context.WithValue(ctx, counterKey{}, c)
}

// CounterOf returns the counter that a context carries, nil if there is none.
func CounterOf(ctx context.Context) *Counter {
	c, _ := ctx.Value(counterKey{}).(*Counter)
	return c
}
