package guard_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/geoexport/geoexport/internal/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type angry struct{}

func (angry) String() string { panic("no text either") }

func outOfRange(list []error) error { return list[len(list)] }

func TestCall(t *testing.T) {
	assert.NoError(t, guard.Call("working", func() error { return nil }))
	fault := errors.New("a fault")
	assert.Same(t, fault, guard.Call("working", func() error { return fault }))

	for name, f := range map[string]func() error{
		"value":      func() error { panic("ouch") },
		"error":      func() error { panic(context.Canceled) },
		"runtime":    func() error { return outOfRange(nil) },
		"nil":        nil,
		"panic(nil)": func() error { panic(nil) },
		"angry":      func() error { panic(angry{}) },
	} {
		err := guard.Call("working", f)
		var p *guard.PanicError
		require.ErrorAs(t, err, &p, name)
		assert.NotErrorIs(t, err, context.Canceled, name)
		assert.Contains(t, err.Error(), "working panicked: ", name)
		assert.Contains(t, string(p.Stack), "guard_test", name)
		assert.Equal(t, p.Stack, guard.Stack(errors.Join(fault, err)), name)
		assert.NotContains(t, err.Error(), "goroutine", name)
	}
	assert.Nil(t, guard.Stack(fault))
}

func TestCatchKeepsOtherResults(t *testing.T) {
	f := func() (n int, err error) {
		defer guard.Catch("counting", &err)
		n = 3
		panic("ouch")
	}
	n, err := f()
	assert.Equal(t, 3, n)
	assert.EqualError(t, err, "counting panicked: ouch")
}

func TestGoReportsHoweverTheFunctionEnds(t *testing.T) {
	for name, c := range map[string]struct {
		f    func() error
		want string
	}{
		"returns": {func() error { return nil }, ""},
		"fails":   {func() error { return errors.New("a fault") }, "a fault"},
		"panics":  {func() error { panic("ouch") }, "working panicked: ouch"},
		"exits":   {func() error { runtime.Goexit(); return nil }, "working: its goroutine was ended by runtime.Goexit"},
	} {
		for _, wg := range []*sync.WaitGroup{nil, {}} {
			got := make(chan error, 2)
			guard.Go(wg, "working", c.f, func(err error) { got <- err })
			err := <-got
			if c.want == "" {
				assert.NoError(t, err, name)
			} else {
				assert.EqualError(t, err, c.want, name)
			}
			if wg != nil {
				wg.Wait()
			}
			assert.Empty(t, got, name)
		}
	}
}

func TestGroup(t *testing.T) {
	var zero guard.Group
	zero.Go("working", func() error { return nil })
	assert.NoError(t, zero.Wait())

	for name, f := range map[string]func() error{
		"panics": func() error { panic("ouch") },
		"exits":  func() error { runtime.Goexit(); return nil },
		"fails":  func() error { return errors.New("a fault") },
	} {
		g, ctx := guard.WithContext(t.Context())
		g.SetLimit(2)
		g.Go("waiting", func() error { <-ctx.Done(); return ctx.Err() })
		g.Go("working", f)
		err := g.Wait()
		assert.Error(t, err, name)
		assert.NotErrorIs(t, err, context.Canceled, name)
		assert.Equal(t, err, context.Cause(ctx), name)
	}
}

func TestGroupLimit(t *testing.T) {
	g, ctx := guard.WithContext(t.Context())
	g.SetLimit(3)
	var running, most atomic.Int64
	for range 50 {
		g.Go("working", func() error {
			n := running.Add(1)
			defer running.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			runtime.Gosched()
			return nil
		})
	}
	require.NoError(t, g.Wait())
	assert.LessOrEqual(t, most.Load(), int64(3))
	assert.ErrorIs(t, ctx.Err(), context.Canceled)
}

// TestAfter: a panic in what a timer calls is reported.
func TestAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed, called := make(chan error, 1), make(chan bool, 1)
		report := func(err error) { failed <- err }
		guard.After(time.Second, "waiting", func() { called <- true }, report)
		guard.After(time.Minute, "waiting", func() { panic("oh") }, report)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.True(t, <-called)
		require.Empty(t, failed)
		time.Sleep(time.Minute)
		require.EqualError(t, <-failed, "waiting panicked: oh")
	})
}
