package rastertest

import (
	"context"
	"errors"
	"image"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/geoexport/geoexport/raster"
)

// testCancellation cancels the context before a read, and each time that a read looks at it.
func testCancellation(t testing.TB, ds raster.Dataset) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the test is over"))
	_, err := ds.Read(ctx, nil, 0, image.Rect(0, 0, 1, 1), nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("with a cancelled context: %v, want %v", err, context.Canceled)
	}
	// A read that was given up leaves nothing behind.
	read(t, ds, 0, image.Rect(0, 0, 1, 1), nil)

	const most = 20
	for l, size := range ds.Info().Levels {
		win := whole(size)
		want := read(t, ds, l, win, nil)
		all := newLateContext(t.Context(), 1<<30)
		if _, err := ds.Read(all, nil, l, win, nil); err != nil {
			t.Fatal(err)
		}
		for look := range min(most, int(all.looks.Load())) {
			late := newLateContext(t.Context(), int64(look+1))
			_, err := ds.Read(late, nil, l, win, nil)
			if late.Context.Err() != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("level %d, cancelled when the read looks for time %d: %v, want %v", l, look+1, err, context.Canceled)
			}
			late.cancel()
		}
		if d := Diff(want, read(t, ds, l, win, nil)); d != "" {
			t.Errorf("level %d after reads that were cancelled: %s", l, d)
		}
	}
}

// A lateContext is cancelled when Err is called for a given time.
type lateContext struct {
	context.Context
	cancel context.CancelFunc
	last   int64
	looks  atomic.Int64
}

func newLateContext(parent context.Context, last int64) *lateContext {
	ctx, cancel := context.WithCancel(parent)
	return &lateContext{Context: ctx, cancel: cancel, last: last}
}

func (c *lateContext) Err() error {
	if c.looks.Add(1) == c.last {
		c.cancel()
	}
	return c.Context.Err()
}

// TestInterrupted checks that reads of a dataset end when their context is cancelled in the middle of them. open
// returns the dataset, new and with empty caches, on top of something that calls reading for every piece that it is
// read in, such as a source or another dataset.
//
// A read must then fail with the context's error, and ask for no more pieces but those that its workers are at: one for
// each of GOMAXPROCS.
func TestInterrupted(t *testing.T, open func(t *testing.T, reading func()) raster.Dataset) {
	t.Helper()
	levels := open(t, func() {}).Info().Levels
	for l, size := range levels {
		win := whole(size)
		pieces := interruptedRead(t, open, l, win, 1<<30)
		if pieces == 0 {
			t.Errorf("level %d is read in no pieces", l)
		}
		for at := 1; at <= min(pieces, 8); at++ {
			if n := interruptedRead(t, open, l, win, at); n > at+runtime.GOMAXPROCS(0) {
				t.Errorf("level %d, cancelled at piece %d: %d pieces were read", l, at, n)
			}
		}
	}
}

// interruptedRead cancels a read when it comes to a piece, and returns the number of pieces that were read.
func interruptedRead(t *testing.T, open func(t *testing.T, reading func()) raster.Dataset, level int, win image.Rectangle, at int) int {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// The lock makes counting the last piece and cancelling one step: no other worker comes to a piece in between.
	var mu sync.Mutex
	armed, n := false, 0
	arm := func(on bool) {
		mu.Lock()
		defer mu.Unlock()
		armed = on
	}
	ds := open(t, func() {
		mu.Lock()
		defer mu.Unlock()
		if !armed {
			return
		}
		if n++; n == at {
			cancel()
		}
	})
	arm(true)
	_, err := ds.Read(ctx, nil, level, win, nil)
	arm(false)
	switch {
	case n < at && err != nil:
		t.Errorf("level %d: %v", level, err)
	case n >= at && !errors.Is(err, context.Canceled):
		t.Errorf("level %d, cancelled at piece %d of %d: %v, want %v", level, at, n, err, context.Canceled)
	}
	return n
}
