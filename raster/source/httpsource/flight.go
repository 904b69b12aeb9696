package httpsource

import (
	"context"
	"slices"
	"sync"
)

// flights are the parts of a file that are on their way, so that those who want the same bytes at the same time wait for
// one request.
type flights struct {
	mu   sync.Mutex
	list []*flight
}

type flight struct {
	from, to int64
	done     chan struct{} // closed when the fields below are final
	data     []byte
	err      error
	left     bool // whether whoever had asked gave up, which is no failure of the source
}

// join returns the flight that holds the bytes [from, to), and whether it is a new one, which the caller must land.
func (f *flights) join(from, to int64) (_ *flight, fresh bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x := f.holding(from, to); x != nil {
		return x, false
	}
	x := &flight{from: from, to: to, done: make(chan struct{}), left: true}
	f.list = append(f.list, x)
	return x, true
}

// with returns the flight that holds the bytes [from, to), nil if there is none.
func (f *flights) with(from, to int64) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.holding(from, to)
}

// holding is with under the lock.
func (f *flights) holding(from, to int64) *flight {
	for _, x := range f.list {
		if x.from <= from && to <= x.to {
			return x
		}
	}
	return nil
}

// wait returns the bytes [from, to) of a flight when it lands. It reports left if those who had asked gave up.
func (x *flight) wait(ctx context.Context, from, to int64) (b []byte, left bool, err error) {
	select {
	case <-x.done:
	case <-ctx.Done():
		return nil, false, context.Cause(ctx)
	}
	if x.left || x.err != nil {
		return nil, x.left, x.err
	}
	return x.data[from-x.from : to-x.from], false, nil
}

// land ends a flight. Nobody joins it from then on.
func (f *flights) land(x *flight) {
	f.mu.Lock()
	i := slices.Index(f.list, x)
	f.list = slices.Delete(f.list, i, i+1)
	f.mu.Unlock()
	close(x.done)
}

// fetch returns the bytes [from, to), which nobody may write to.
func (s *Source) fetch(ctx context.Context, from, to int64) ([]byte, error) {
	for {
		x, fresh := s.flights.join(from, to)
		if fresh {
			return s.lead(ctx, x)
		}
		if b, left, err := x.wait(ctx, from, to); !left {
			return b, err
		}
	}
}

// lead downloads the bytes of a flight.
func (s *Source) lead(ctx context.Context, x *flight) ([]byte, error) {
	defer s.flights.land(x)
	b := make([]byte, x.to-x.from)
	err := s.download(ctx, b, x.from)
	if ctx.Err() == nil {
		x.left, x.data, x.err = false, b, err
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}
