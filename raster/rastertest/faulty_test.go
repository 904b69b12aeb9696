package rastertest_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

var faultyGrid = raster.NorthUp(srs.CRS{}, srs.Envelope{XMax: 20, YMax: 20}, image.Pt(20, 20))

// outcomeOf reads a window and reports in which way the result is wrong, "" if it is right.
func outcomeOf(ctx context.Context, ds raster.Dataset, want *raster.Block, win image.Rectangle) (what string) {
	defer func() {
		if v := recover(); v != nil {
			what = "panic"
		}
	}()
	b, err := ds.Read(ctx, nil, 0, win, nil)
	switch {
	case err != nil:
		return err.Error()
	case b == nil:
		return "nil"
	case b.Type != want.Type, len(b.Bands) != len(want.Bands):
		return "type or bands"
	case b.Valid != nil && !win.In(b.Valid.Rect):
		return "validity"
	}
	for _, p := range b.Bands {
		u, ok := p.(*raster.PlaneOf[uint8])
		if !ok || u == nil || u.Rect != win || len(u.Pix) < 19*u.Stride+20 || u.Stride < 20 {
			return "plane"
		}
	}
	return rastertest.Diff(want, b)
}

// Each kind of fault is injected where it is switched on, and seen; without it, or paused, the dataset is right.
func TestFaultyInjectsEachKind(t *testing.T) {
	memory := rastertest.FromFunc(faultyGrid, 2, func(b, x, y int) uint8 { return uint8(b + x + y) })
	win := faultyGrid.Bounds()
	want, err := memory.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	for kind := rastertest.Fail; kind <= rastertest.WrongValid; kind++ {
		f := &rastertest.Faults{Seed: 1, Rate: 1, Kinds: []rastertest.Fault{kind}, Delay: time.Second}
		ds := rastertest.Faulty(memory, f)
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			for range 40 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				what := outcomeOf(ctx, ds, want, win)
				cancel()
				assert.Equal(t, kind == rastertest.Delay, what == "", "%v: %s", kind, what)
			}
			waited := map[rastertest.Fault]time.Duration{rastertest.Delay: 40 * time.Second, rastertest.Stall: 40 * time.Minute}
			assert.Equal(t, waited[kind], time.Since(start), "%v", kind)
		})
		assert.Equal(t, 40, f.Count(kind), "%v", kind)
		assert.Contains(t, f.String(), kind.String())
		assert.Equal(t, kind != rastertest.Delay, f.Total() == 40)
		f.Pause(true)
		assert.Empty(t, outcomeOf(t.Context(), ds, want, win))
		assert.Equal(t, memory.Info(), ds.Info())
		f.Pause(false)
		assert.Equal(t, memory.Info(), ds.Info(), "reads alone are at fault")
	}
	none := rastertest.Faulty(memory, nil)
	rastertest.Test(t, none)
}

// A seed says which calls go wrong, and how.
func TestFaultsRepeat(t *testing.T) {
	memory := rastertest.FromFunc(faultyGrid, 1, func(_, x, _ int) uint8 { return uint8(x) })
	run := func(seed uint64) (out []string) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // so that stalls end
		ds := rastertest.Faulty(memory, &rastertest.Faults{Seed: seed, Rate: .3})
		want := memory.Info()
		for range 100 {
			out = append(out, outcomeOf(ctx, ds, rastertest.FillBlock(faultyGrid.Bounds(), 1, func(_, x, _ int) uint8 { return uint8(x) }),
				faultyGrid.Bounds()))
		}
		assert.Equal(t, want, memory.Info(), "the dataset itself is never changed")
		return out
	}
	assert.Equal(t, run(1), run(1))
	assert.NotEqual(t, run(1), run(2))
}

func TestFaultyInfo(t *testing.T) {
	memory := rastertest.FromFunc(faultyGrid, 1, func(_, x, _ int) uint8 { return uint8(x) })
	f := &rastertest.Faults{Seed: 3, Rate: 1, Kinds: []rastertest.Fault{rastertest.WrongInfo}}
	ds := rastertest.Faulty(memory, f)
	for range 40 {
		assert.NotEqual(t, memory.Info(), ds.Info())
	}
	f.Kinds = []rastertest.Fault{rastertest.InfoPanic}
	assert.Panics(t, func() { ds.Info() })
}

func TestFaultySource(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 10)
	src := source.FromReaderAt(bytes.NewReader(data), int64(len(data)))
	for _, kind := range []rastertest.Fault{rastertest.Fail, rastertest.Cancelled, rastertest.ShortRead} {
		f := &rastertest.Faults{Seed: 5, Rate: 1, Kinds: []rastertest.Fault{kind}}
		faulty := rastertest.FaultySource(src, f)
		for range 40 {
			assert.Error(t, source.ReadFull(t.Context(), faulty, make([]byte, 7), 13), "%v", kind)
		}
		f.Pause(true)
		p := make([]byte, 7)
		require.NoError(t, source.ReadFull(t.Context(), faulty, p, 13))
		assert.Equal(t, data[13:20], p)
		assert.EqualValues(t, len(data), faulty.Size())
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	stalled := rastertest.FaultySource(src, &rastertest.Faults{Rate: 1, Kinds: []rastertest.Fault{rastertest.Stall}})
	_, err := stalled.ReadAtContext(ctx, make([]byte, 1), 0)
	assert.True(t, errors.Is(err, context.DeadlineExceeded))
	angry := rastertest.FaultySource(src, &rastertest.Faults{Rate: 1, Kinds: []rastertest.Fault{rastertest.Panic}})
	assert.Panics(t, func() { _, _ = angry.ReadAtContext(ctx, make([]byte, 1), 0) })
}

// closing is a dataset with a version, which counts how often it is closed.
type closing struct {
	*rastertest.Memory
	version raster.Version
	closed  int
}

func (c *closing) Version() raster.Version { return c.version }
func (c *closing) Close() error            { c.closed++; return nil }

// aVersion is one that is always current.
type aVersion string

func (v aVersion) String() string                { return string(v) }
func (v aVersion) Current(context.Context) error { return nil }

// TestFaultyVersions: a faulty dataset has the version of the true one, and closes it.
func TestFaultyVersions(t *testing.T) {
	plain := rastertest.Faulty(&rastertest.Memory{}, &rastertest.Faults{})
	require.Nil(t, raster.VersionOf(plain))
	require.NoError(t, plain.(io.Closer).Close())
	ds := &closing{version: aVersion("1")}
	faulty := rastertest.Faulty(ds, &rastertest.Faults{})
	require.Equal(t, ds.version, raster.VersionOf(faulty))
	require.NoError(t, faulty.(io.Closer).Close())
	require.Equal(t, 1, ds.closed)
}
