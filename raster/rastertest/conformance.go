package rastertest

import (
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// maxWhole bounds the number of pixels of a level that Test reads in one go, so that large rasters can be tested too.
const maxWhole = 1 << 20

// Test checks that ds keeps what raster.Dataset promises. It reads up to a million pixels of each level a few times, in
// places from several goroutines side by side, so it is worth running with the race detector. See TestInterrupted for
// datasets that read their pixels from somewhere.
func Test(t *testing.T, ds raster.Dataset) {
	t.Helper()
	if !t.Run("info", func(t *testing.T) { testInfo(t, ds) }) {
		return // nothing else can be relied upon
	}
	t.Run("refusals", func(t *testing.T) { testRefusals(t, ds) })
	t.Run("windows", func(t *testing.T) { testWindows(t, ds) })
	t.Run("bands", func(t *testing.T) { testBands(t, ds) })
	t.Run("destinations", func(t *testing.T) { testDestinations(t, ds) })
	t.Run("concurrency", func(t *testing.T) { testConcurrency(t, ds) })
	t.Run("cancellation", func(t *testing.T) { testCancellation(t, ds) })
}

func testInfo(t testing.TB, ds raster.Dataset) {
	info := ds.Info()
	if info.Type.Size() == 0 {
		t.Errorf("type %v", info.Type)
	}
	if len(info.Bands) == 0 {
		t.Error("no bands")
	}
	if n := len(info.DataBands()); info.Palette != nil && n != 1 {
		t.Errorf("a palette for %d bands", n)
	}
	if len(info.Levels) == 0 {
		t.Fatal("no levels")
	}
	if info.Levels[0] != info.Grid.Size {
		t.Errorf("level 0 is %v, the grid %v", info.Levels[0], info.Grid.Size)
	}
	for i, s := range info.Levels {
		if s.X < 1 || s.Y < 1 {
			t.Errorf("level %d is %v", i, s)
		}
		if i > 0 {
			if p := info.Levels[i-1]; s.X > p.X || s.Y > p.Y || s == p {
				t.Errorf("level %d is %v after %v", i, s, p)
			}
		}
	}
	for i, b := range info.Bands {
		testBandInfo(t, i, b, info.Palette != nil)
	}
	if again := ds.Info(); !reflect.DeepEqual(again, info) && !hasNaN(info) {
		t.Errorf("Info differs from one call to the next:\n%+v\n%+v", info, again)
	}
}

func testBandInfo(t testing.TB, i int, b raster.Band, palette bool) {
	finite := func(v float64) bool { return v-v == 0 }
	if !finite(b.Scale) || !finite(b.Offset) {
		t.Errorf("band %d: scale %v, offset %v", i, b.Scale, b.Offset)
	}
	if s := b.Stats; s != nil && !(finite(s.Min) && finite(s.Max) && finite(s.Mean) && finite(s.StdDev) && s.Min <= s.Max) {
		t.Errorf("band %d: statistics %+v", i, *s)
	}
	if (b.Color == raster.ColorAlpha) != b.Alpha && b.Color != raster.ColorUndefined {
		t.Errorf("band %d: colour %v, but alpha is %v", i, b.Color, b.Alpha)
	}
	if b.Color == raster.ColorPalette && !palette {
		t.Errorf("band %d: colour %v, but there is no palette", i, b.Color)
	}
}

// hasNaN reports whether reflect.DeepEqual is of no use on info.
func hasNaN(info raster.Info) bool {
	for _, b := range info.Bands {
		if b.NoData != nil && *b.NoData != *b.NoData {
			return true
		}
	}
	return false
}

// whole returns the part of a level that the tests read, from the far corner, where partly filled blocks are.
func whole(s image.Point) image.Rectangle {
	w := min(s.X, maxWhole)
	h := min(s.Y, max(1, maxWhole/w))
	return image.Rect(s.X-w, s.Y-h, s.X, s.Y)
}

func testRefusals(t testing.TB, ds raster.Dataset) {
	info := ds.Info()
	n, levels := len(info.Bands), len(info.Levels)
	one := image.Rect(0, 0, 1, 1)
	last := info.Levels[levels-1]
	for _, c := range []struct {
		name  string
		level int
		win   image.Rectangle
		bands []int
	}{
		{"level -1", -1, one, nil},
		{"level too high", levels, one, nil},
		{"empty window", 0, image.Rectangle{}, nil},
		{"window without rows", 0, image.Rect(0, 0, 1, 0), nil},
		{"inverted window", 0, image.Rectangle{Min: image.Pt(1, 1)}, nil},
		{"window left of the raster", 0, image.Rect(-1, 0, 1, 1), nil},
		{"window above the raster", 0, image.Rect(0, -1, 1, 1), nil},
		{"window right of the raster", 0, image.Rect(0, 0, info.Levels[0].X+1, 1), nil},
		{"window below the raster", 0, image.Rect(0, 0, 1, info.Levels[0].Y+1), nil},
		{"window outside", 0, one.Add(info.Levels[0]), nil},
		{"window outside the last level", levels - 1, one.Add(last), nil},
		{"huge window", 0, image.Rect(0, 0, 1<<31-1, 1<<31-1).Add(image.Pt(0, 1)), nil},
		{"band -1", 0, one, []int{-1}},
		{"band too high", 0, one, []int{0, n}},
	} {
		if blk, err := ds.Read(t.Context(), nil, c.level, c.win, c.bands); err == nil {
			t.Errorf("%s: read %v, want an error", c.name, blk.Bounds())
		}
	}
}

// read reads and checks the shape of what comes.
func read(t testing.TB, ds raster.Dataset, level int, win image.Rectangle, bands []int) *raster.Block {
	t.Helper()
	blk, err := checkedRead(t.Context(), ds, level, win, bands)
	if err != nil {
		t.Fatal(err)
	}
	return blk
}

func checkedRead(ctx context.Context, ds raster.Dataset, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	return checkedReadInto(ctx, nil, ds, level, win, bands)
}

func checkedReadInto(ctx context.Context, dst *raster.Block, ds raster.Dataset, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	info := ds.Info()
	blk, err := ds.Read(ctx, dst, level, win, bands)
	if err != nil {
		return nil, fmt.Errorf("level %d, window %v, bands %v: %w", level, win, bands, err)
	}
	n := len(bands)
	if bands == nil {
		n = len(info.Bands)
	}
	if blk.Type != info.Type || len(blk.Bands) != n {
		return nil, fmt.Errorf("level %d, window %v, bands %v: %d bands of %v, want %d of %v",
			level, win, bands, len(blk.Bands), blk.Type, n, info.Type)
	}
	like := raster.NewPlanes(info.Type, 1, image.Rectangle{})[0]
	for i, p := range blk.Bands {
		if p.Bounds() != win {
			return nil, fmt.Errorf("plane %d is %v, want %v", i, p.Bounds(), win)
		}
		if reflect.TypeOf(p) != reflect.TypeOf(like) {
			return nil, fmt.Errorf("plane %d is a %T, want a %T", i, p, like)
		}
	}
	if blk.Valid != nil && !win.In(blk.Valid.Rect) {
		return nil, fmt.Errorf("the validity plane is %v, want %v", blk.Valid.Rect, win)
	}
	return blk, nil
}

// windows returns some of the windows inside r: corners, single pixels, single rows and columns, and random ones.
func windows(r image.Rectangle, seed uint64) []image.Rectangle {
	w := []image.Rectangle{
		r,
		image.Rect(r.Min.X, r.Min.Y, r.Min.X+1, r.Min.Y+1),
		image.Rect(r.Max.X-1, r.Max.Y-1, r.Max.X, r.Max.Y),
		image.Rect(r.Max.X-1, r.Min.Y, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Max.Y-1, r.Max.X, r.Max.Y),
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 20 {
		x, y := r.Min.X+rnd.IntN(r.Dx()), r.Min.Y+rnd.IntN(r.Dy())
		w = append(w, image.Rect(x, y, x+1+rnd.IntN(r.Max.X-x), y+1+rnd.IntN(r.Max.Y-y)))
	}
	return w
}

func testWindows(t testing.TB, ds raster.Dataset) {
	for l, size := range ds.Info().Levels {
		r := whole(size)
		all := read(t, ds, l, r, nil)
		for _, win := range windows(r, uint64(l)) {
			if d := Diff(all.Sub(win), read(t, ds, l, win, nil)); d != "" {
				t.Errorf("level %d: window %v differs from the same part of %v: %s", l, win, r, d)
			}
		}
	}
}

func testBands(t testing.TB, ds raster.Dataset) {
	info := ds.Info()
	for l, size := range info.Levels {
		r := whole(size)
		all := read(t, ds, l, r, nil)
		var backwards []int
		for b := range info.Bands {
			backwards = append([]int{b}, backwards...)
		}
		for _, bands := range [][]int{backwards, {0}, {len(info.Bands) - 1}, {0, 0}} {
			want := &raster.Block{Type: all.Type, Valid: all.Valid}
			for _, b := range bands {
				want.Bands = append(want.Bands, all.Bands[b])
			}
			if d := Diff(want, read(t, ds, l, r, bands)); d != "" {
				t.Errorf("level %d: bands %v differ from the same ones of all: %s", l, bands, d)
			}
		}
	}
}

func testConcurrency(t testing.TB, ds raster.Dataset) {
	levels := ds.Info().Levels
	want := make([]*raster.Block, len(levels))
	for l, size := range levels {
		want[l] = read(t, ds, l, whole(size), nil)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		guard.Go(&wg, "reading beside others", func() error {
			l := g % len(levels)
			for _, win := range windows(whole(levels[l]), uint64(100+g))[5:15] {
				got, err := checkedRead(t.Context(), ds, l, win, nil)
				if err != nil {
					return err
				}
				if d := Diff(want[l].Sub(win), got); d != "" {
					t.Errorf("level %d: window %v read beside others: %s", l, win, d)
				}
			}
			return nil
		}, func(err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
