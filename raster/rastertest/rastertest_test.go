package rastertest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

func grid(w, h int) raster.Grid {
	return raster.Grid{Affine: raster.Affine{A: 1, E: -1}, Size: image.Pt(w, h)}
}

func TestParse(t *testing.T) {
	b := Parse(`
		12.
		3az`)
	assert.Equal(t, image.Rect(0, 0, 3, 2), b.Bounds())
	assert.Equal(t, []uint8{1, 2, 0, 3, 10, 35}, b.Bands[0].(*raster.PlaneOf[uint8]).Pix)
	assert.Equal(t, []uint8{255, 255, 0, 255, 255, 255}, b.Valid.Pix)
	assert.Equal(t, "12.\n3az", Text(b))

	two := Parse("12\n34\n\n5.\n78")
	require.Len(t, two.Bands, 2)
	assert.Equal(t, "1.\n34\n\n5.\n78", Text(two), "a hole in one band is one in all")
	assert.Nil(t, Parse("1").Valid)
	for _, bad := range []string{"", "12\n3", "1-", "12\n\n1", "1\n\n1\n1"} {
		assert.Panics(t, func() { Parse(bad) }, "%q", bad)
	}
	assert.Equal(t, "?1.", Text(FillBlock(image.Rect(0, 0, 3, 1), 1, func(_, x, _ int) float64 {
		return []float64{0.5, 1, math.NaN()}[x]
	})))
}

func TestMemory(t *testing.T) {
	m := New(grid(3, 2), Parse("123\n45."))
	m.Bands[0].Name = "first"
	m.AddLevel(Parse("4."))
	Test(t, m)
	assert.Equal(t, []image.Point{{3, 2}, {2, 1}}, m.Info().Levels)
	before := m.Reads()
	b, err := m.Read(t.Context(), nil, 1, image.Rect(1, 0, 2, 1), nil)
	require.NoError(t, err)
	assert.Equal(t, ".", Text(b))
	assert.Equal(t, before+1, m.Reads())
	m.Err = errors.New("no")
	_, err = m.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.ErrorIs(t, err, m.Err)
	assert.Panics(t, func() { New(grid(2, 2), Parse("123")) })
	assert.Panics(t, func() { m.AddLevel(Parse("12")) }, "not smaller")
	assert.Panics(t, func() { m.AddLevel(Parse("1\n\n1")) }, "more bands")
}

func TestFromFunc(t *testing.T) {
	Test(t, FromFunc(grid(20, 30), 3, func(b, x, y int) float32 {
		if x == y {
			return float32(math.NaN())
		}
		return float32(b*1000 + y*30 + x)
	}))
	Test(t, FromFunc(grid(5, 5), 1, func(b, x, y int) complex64 { return complex(float32(x), float32(y)) }))
	Test(t, FromFunc(grid(2000, 1000), 1, func(b, x, y int) uint8 { return uint8(x ^ y) }))
}

func TestDiff(t *testing.T) {
	a := Parse("12\n.4")
	for _, c := range []struct {
		b    *raster.Block
		want string
	}{
		{Parse("12\n.4"), ""},
		{Parse("12\n34"), "validity"},
		{Parse("13\n.4"), "(1,0)"},
		{Parse("12."), "bounds"},
		{Parse("12\n.4\n\n12\n.4"), "bands"},
		{FillBlock(a.Bounds(), 1, func(_, x, y int) int8 { return 1 }), "type"},
	} {
		if d := Diff(a, c.b); c.want == "" {
			assert.Empty(t, d)
		} else {
			assert.Contains(t, d, c.want)
		}
	}
	nan := func(_, x, y int) float64 { return math.NaN() }
	n, m := FillBlock(image.Rect(0, 0, 1, 1), 1, nan), FillBlock(image.Rect(0, 0, 1, 1), 1, nan)
	n.Valid, m.Valid = nil, nil
	assert.Empty(t, Diff(n, m), "NaN equals NaN")
}

// liar is a dataset that breaks one promise.
type liar struct {
	*Memory
	info func(raster.Info) raster.Info
	read func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error)
}

func (l liar) Info() raster.Info {
	if l.info != nil {
		return l.info(l.Memory.Info())
	}
	return l.Memory.Info()
}

func (l liar) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	if l.read != nil {
		return l.read(l.Memory, ctx, dst, level, win, bands)
	}
	return l.Memory.Read(ctx, dst, level, win, bands)
}

// recorder is a testing.TB that remembers whether it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Error(...any)          { r.failed = true }
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatal(...any)          { r.failed = true; runtime.Goexit() }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; runtime.Goexit() }

// caught says whether a check finds fault with a dataset.
func caught(t *testing.T, check func(testing.TB, raster.Dataset), ds raster.Dataset) bool {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		check(r, ds)
	}()
	<-done
	return r.failed
}

// TestTest: the conformance test finds those who break what it checks.
func TestTest(t *testing.T) {
	type reader = func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error)
	m := func() *Memory {
		return FromFunc(grid(9, 7), 2, func(b, x, y int) uint8 { return uint8(50*b + 10*y + x) }).
			AddLevel(FillBlock(image.Rect(0, 0, 4, 3), 2, func(b, x, y int) uint8 { return uint8(x + y) }))
	}
	for name, c := range map[string]struct {
		check func(testing.TB, raster.Dataset)
		info  func(raster.Info) raster.Info
		read  reader
	}{
		"no type":          {check: testInfo, info: func(i raster.Info) raster.Info { i.Type = 0; return i }},
		"no bands":         {check: testInfo, info: func(i raster.Info) raster.Info { i.Bands = nil; return i }},
		"no levels":        {check: testInfo, info: func(i raster.Info) raster.Info { i.Levels = nil; return i }},
		"other first size": {check: testInfo, info: func(i raster.Info) raster.Info { i.Grid.Size.X++; return i }},
		"levels that grow": {check: testInfo, info: func(i raster.Info) raster.Info {
			i.Levels = append(i.Levels, image.Pt(5, 2))
			return i
		}},
		"a smaller block at the edge": {check: testRefusals, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			return m.Read(ctx, dst, level, win.Intersect(m.levels[max(0, min(level, 1))].Bounds()), bands)
		}},
		"any band": {check: testRefusals, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			return m.Read(ctx, dst, level, win, nil)
		}},
		"blocks at the origin": {check: testWindows, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			if err == nil && win.Min != (image.Point{}) {
				b = FillBlock(win.Sub(win.Min), 2, func(b, x, y int) uint8 { return 0 })
			}
			return b, err
		}},
		"samples that depend on the window": {check: testWindows, read: func(_ *Memory, _ context.Context, _ *raster.Block, _ int, win image.Rectangle, _ []int) (*raster.Block, error) {
			return FillBlock(win, 2, func(b, x, y int) uint8 { return uint8(x - win.Min.X) }), nil
		}},
		"validity that depends on the bands": {check: testBands, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			if len(bands) == 1 {
				b.Valid = image.NewAlpha(win)
			}
			return b, err
		}},
		"bands in the file's order": {check: testBands, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			if len(bands) == 2 && bands[0] > bands[1] {
				bands = []int{bands[1], bands[0]}
			}
			return m.Read(ctx, dst, level, win, bands)
		}},
		"looks at its context for nothing": {check: testCancellation, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			_ = ctx.Err()
			return b, err
		}},
		"any destination": {check: testDestinations, read: func(m *Memory, ctx context.Context, _ *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			return m.Read(ctx, nil, level, win, bands)
		}},
		"a destination that is not filled": {check: testDestinations, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			if dst != nil && err == nil {
				return dst, nil
			}
			return b, err
		}},
		"a block that shares the destination's memory": {check: testDestinations, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			if dst != nil && err == nil {
				for i, p := range b.Bands {
					raster.Copy(dst.Bands[i], p, win)
				}
				return &raster.Block{Type: dst.Type, Bands: dst.Bands, Valid: b.Valid}, nil
			}
			return b, err
		}},
		"validity of the destination": {check: testDestinations, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			b, err := m.Read(ctx, dst, level, win, bands)
			if dst != nil && err == nil {
				return &raster.Block{Type: b.Type, Bands: b.Bands, Valid: dst.Valid}, nil
			}
			return b, err
		}},
		"deaf to its context": {check: testCancellation, read: func(m *Memory, ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
			return m.Read(context.WithoutCancel(ctx), dst, level, win, bands)
		}},
	} {
		assert.True(t, caught(t, c.check, liar{m(), c.info, c.read}), name)
		assert.False(t, caught(t, c.check, m()), name)
	}
}

func ExampleParse() {
	fmt.Println(Text(Parse("123\n45.").Sub(image.Rect(1, 0, 3, 2))))
	// Output:
	// 23
	// 5.
}
