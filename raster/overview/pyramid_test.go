package overview_test

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
	"github.com/geoexport/geoexport/raster/rastertest"
)

var reductions = map[string]overview.Reduction{
	"average": overview.Average, "mode": overview.Mode, "nearest": overview.Nearest,
}

func TestHalve(t *testing.T) {
	for _, c := range []struct {
		name     string
		d        overview.Reduction
		src, out string
	}{
		{"mean, half away from zero", overview.Average, "1234\n1234", "24"},
		{"odd edges count what is there", overview.Average, "123\n123\n777", "23\n77"},
		{"holes have no weight", overview.Average, "9.5.\n.9..", "9."},
		{"half is enough, less is not", overview.Average, "1.11\n1...", "11"},
		{"a lone pixel in a full quad", overview.Average, "1...\n....", ".."},
		{"classes are never mixed", overview.Mode, "1355\n3359", "35"},
		{"ties go to the smallest", overview.Mode, "2194\n1249", "14"},
		{"holes do not vote", overview.Mode, "3.\n.3", "3"},
		{"every second sample", overview.Nearest, "123\n456\n789", "13\n79"},
		{"valid or not", overview.Nearest, ".123\n4567", ".2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := rastertest.Parse(c.src)
			size := src.Bounds().Size()
			got := c.d.Halve(src, image.Rect(0, 0, (size.X+1)/2, (size.Y+1)/2))
			assert.Equal(t, c.out, rastertest.Text(got))
		})
	}
}

func TestHalveSoftAlphaIsItsMean(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 2, 2), 1, func(_, x, y int) float32 { return float32(10 * x) })
	src.Valid = image.NewAlpha(src.Bounds())
	copy(src.Valid.Pix, []uint8{100, 50, 0, 0})
	got := overview.Average.Halve(src, image.Rect(0, 0, 1, 1))
	assert.Equal(t, []uint8{38}, got.Valid.Pix)
	assert.InDelta(t, 10.0/3, got.Bands[0].(*raster.PlaneOf[float32]).Pix[0], 1e-6)
}

// noise is a dataset with holes whose pixels all differ.
func noise(size image.Point, holes bool) *rastertest.Memory {
	rng := rand.New(rand.NewPCG(1, 2))
	b := rastertest.FillBlock(image.Rectangle{Max: size}, 2, func(_, _, _ int) int16 { return int16(rng.Int()) })
	if holes {
		b.Valid = image.NewAlpha(b.Bounds())
		for i := range b.Valid.Pix {
			b.Valid.Pix[i] = []uint8{0, 255, 255}[rng.IntN(3)]
		}
	}
	return rastertest.New(raster.Grid{Affine: raster.Affine{A: 1, E: -1}, Size: size}, b)
}

// The slow twin: a level is the whole level above it, halved.
func TestPyramidIsHalvesOfHalves(t *testing.T) {
	for name, d := range reductions {
		ds := noise(image.Pt(1301, 700), true)
		p := overview.New(ds, overview.Options{Reduction: d, Cache: raster.NewCache(1 << 30)})
		whole, err := ds.Read(context.Background(), nil, 0, image.Rect(0, 0, 1301, 700), nil)
		require.NoError(t, err)
		for l, level := range p.Levels() {
			bounds := image.Rectangle{Max: level.Size}
			if l > 0 {
				whole = d.Halve(whole, bounds)
				assert.Equal(t, math.Exp2(float64(l)), level.ScaleX)
			}
			got, err := p.Read(context.Background(), nil, l, bounds, nil)
			require.NoError(t, err)
			require.Empty(t, rastertest.Diff(whole, got), "%s, level %d", name, l)
		}
		last := p.Levels()[len(p.Levels())-1]
		assert.Equal(t, image.Pt(1, 1), last.Size)
	}
}

// TestPyramidIsADataset: a pyramid keeps what raster.Dataset promises, for stored and for virtual levels.
func TestPyramidIsADataset(t *testing.T) {
	ds := noise(image.Pt(601, 300), true)
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 301, 150), 2, func(b, x, y int) int16 { return int16(b + x*y) }))
	rastertest.Test(t, overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 20)}))
}

// hooked calls a function before each read.
type hooked struct {
	raster.Dataset
	reading func()
}

func (h hooked) Read(ctx context.Context, dst *raster.Block, level int, win image.Rectangle, bands []int) (*raster.Block, error) {
	h.reading()
	return h.Dataset.Read(ctx, dst, level, win, bands)
}

func TestPyramidIsInterrupted(t *testing.T) {
	rastertest.TestInterrupted(t, func(_ *testing.T, reading func()) raster.Dataset {
		return overview.New(hooked{noise(image.Pt(1300, 700), true), reading}, overview.Options{Cache: raster.NewCache(1 << 30)})
	})
}

// A pixel does not depend on the window, the cache or who else reads.
func TestPyramidWindowsAgree(t *testing.T) {
	ds := noise(image.Pt(1025, 900), true)
	large := overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 30)})
	none := overview.New(ds, overview.Options{})
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.IntRange(1, len(large.Levels())-1).Draw(t, "level")
		size := large.Levels()[l].Size
		x0, y0 := rapid.IntRange(0, size.X-1).Draw(t, "x0"), rapid.IntRange(0, size.Y-1).Draw(t, "y0")
		win := image.Rect(x0, y0, rapid.IntRange(x0+1, size.X).Draw(t, "x1"), rapid.IntRange(y0+1, size.Y).Draw(t, "y1"))
		whole, err := large.Read(context.Background(), nil, l, image.Rectangle{Max: size}, []int{1})
		require.NoError(t, err)
		for _, p := range []*overview.Pyramid{large, none} {
			got, err := p.Read(context.Background(), nil, l, win, []int{1})
			require.NoError(t, err)
			if d := rastertest.Diff(whole.Sub(win), got); d != "" {
				t.Fatal(d)
			}
		}
	})
}

func TestPyramidStartsFromStoredOverviews(t *testing.T) {
	ds := noise(image.Pt(1000, 1000), false)
	ds.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 500, 500), 2, func(_, _, _ int) int16 { return 7 }))
	p := overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 30)})
	assert.False(t, p.Virtual(1))
	assert.True(t, p.Virtual(2))
	got, err := p.Read(context.Background(), nil, 2, image.Rect(3, 3, 5, 5), nil)
	require.NoError(t, err)
	assert.Equal(t, []int16{7, 7}, got.Bands[0].(*raster.PlaneOf[int16]).Row(3))

	skipping := overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 30), SkipStored: true})
	assert.True(t, skipping.Virtual(1))
}

func TestPyramidReadsOnceAndWithinItsBudget(t *testing.T) {
	ds := noise(image.Pt(2000, 1000), false)
	p := overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 30)})
	var pixels int64
	p = p.WithBudget(func(n int64) error { pixels += n; return nil })
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			_, err := p.Read(context.Background(), nil, 5, image.Rect(0, 0, 63, 32), nil)
			assert.NoError(t, err)
		})
	}
	group.Wait()
	assert.Equal(t, int64(2000*1000), pixels, "every pixel once")

	refused := errors.New("too many")
	p = overview.New(ds, overview.Options{Cache: raster.NewCache(1 << 30)})
	p = p.WithBudget(func(int64) error { return refused })
	_, err := p.Read(context.Background(), nil, 3, image.Rect(0, 0, 9, 9), nil)
	assert.ErrorIs(t, err, refused)
}

func TestPyramidRefusesWhatIsNotThere(t *testing.T) {
	p := overview.New(noise(image.Pt(64, 64), false), overview.Options{})
	for _, c := range []struct {
		level int
		win   image.Rectangle
	}{{-1, image.Rect(0, 0, 1, 1)}, {7, image.Rect(0, 0, 1, 1)}, {2, image.Rect(0, 0, 17, 1)}, {2, image.Rectangle{}}, {0, image.Rect(-1, 0, 1, 1)}} {
		_, err := p.Read(context.Background(), nil, c.level, c.win, nil)
		assert.Error(t, err, "%v", c)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := p.Read(ctx, nil, 3, image.Rect(0, 0, 1, 1), nil)
	assert.ErrorIs(t, err, context.Canceled)
}

func BenchmarkHalve(b *testing.B) {
	src := rastertest.FillBlock(image.Rect(0, 0, 512, 512), 3, func(band, x, y int) uint8 { return uint8(x*y + band) })
	b.SetBytes(3 * 512 * 512)
	for b.Loop() {
		overview.Average.Halve(src, image.Rect(0, 0, 256, 256))
	}
}
