package geotiff_test

import (
	"context"
	"image"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
)

// TestConcurrentReads checks that 64 goroutines read the same as one, from files that share a cache which is too small
// for them (T79).
func TestConcurrentReads(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, planar := range []bool{false, true} {
		cache := raster.NewCache(40 << 10)
		f := &tiffmake.File{
			Size: image.Pt(200, 150), Tile: image.Pt(32, 32), Bands: 3, Planar: planar, Compression: tiffmake.Deflate, Predictor: 2,
			NoData: "1", Levels: []image.Point{{100, 75}},
			Sample: func(level, b, x, y int) float64 { return float64((level + x/5 + y/3 + b) % 7) },
		}
		b := f.NorthUp(0, 0, 1).Bytes()
		var files []*geotiff.File
		for range 2 {
			g, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Cache: cache})
			require.NoError(t, err)
			files = append(files, g)
		}
		first, second := whole(t, files[0], 0), whole(t, files[0], 1)
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(i), 1))
				for range 20 {
					level, want := 0, first
					if rnd.IntN(2) == 1 {
						level, want = 1, second
					}
					r := want.Bounds()
					x, y := rnd.IntN(r.Dx()), rnd.IntN(r.Dy())
					win := image.Rect(x, y, x+1+rnd.IntN(r.Dx()-x), y+1+rnd.IntN(r.Dy()-y))
					got, err := files[i%2].Read(t.Context(), nil, level, win, nil)
					if !assert.NoError(t, err) || !assert.Empty(t, rastertest.Diff(want.Sub(win), got)) {
						return
					}
				}
			})
		}
		wg.Wait()
	}
}

// hooked is a source that calls a function before each read.
type hooked struct {
	source.Source
	reading func()
}

func (h hooked) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	h.reading()
	return h.Source.ReadAtContext(ctx, p, off)
}

// hookedRanges is a source that calls a function before each read of one or several ranges.
type hookedRanges struct{ hooked }

func (h hookedRanges) ReadRanges(ctx context.Context, ranges []source.Range) error {
	h.reading()
	for _, r := range ranges {
		if err := source.ReadFull(ctx, h.Source, r.Buffer, r.Offset); err != nil {
			return err
		}
	}
	return nil
}

// TestInterrupted checks that a read which is cancelled at any of its blocks returns the context's error and leaves no
// goroutine.
func TestInterrupted(t *testing.T) {
	defer goleak.VerifyNone(t)
	f := (&tiffmake.File{Size: image.Pt(200, 200), Tile: image.Pt(32, 32), Bands: 2, Planar: true, NoData: "3",
		Sample: func(_, _, x, y int) float64 { return float64(x + y) }}).NorthUp(0, 0, 1)
	b := f.Bytes()
	for name, wrap := range map[string]func(h hooked) source.Source{
		"single reads": func(h hooked) source.Source { return h },
		"ranges":       func(h hooked) source.Source { return hookedRanges{h} },
	} {
		t.Run(name, func(t *testing.T) {
			rastertest.TestInterrupted(t, func(t *testing.T, reading func()) raster.Dataset {
				g, err := geotiff.Open(t.Context(), wrap(hooked{sourceOf(b), reading}), &geotiff.Options{Cache: raster.NewCache(0)})
				require.NoError(t, err)
				return g
			})
		})
	}
}
