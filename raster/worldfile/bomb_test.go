package worldfile_test

import (
	"context"
	"errors"
	"image"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/worldfile"
)

// TestBombs checks that a small file whose header states a large image is refused before the image is allocated, and
// that smaller images of the same kinds are read.
func TestBombs(t *testing.T) {
	of := map[string]func(side int) []byte{
		"grey PNG":          func(n int) []byte { return tiffmake.PNGOfSize(n, n, 8, 0) },
		"bilevel PNG":       func(n int) []byte { return tiffmake.PNGOfSize(n, n, 1, 0) },
		"palette PNG":       func(n int) []byte { return tiffmake.PNGOfSize(n, n, 8, 3) },
		"RGBA PNG, 16 bits": func(n int) []byte { return tiffmake.PNGOfSize(n, n, 16, 6) },
		"grey PNG, 16 bits": func(n int) []byte { return tiffmake.PNGOfSize(n, n, 16, 0) },
		"grey JPEG":         func(n int) []byte { return tiffmake.JPEGOfSize(n, n, 1, true) },
		"JPEG":              func(n int) []byte { return tiffmake.JPEGOfSize(n, n, 3, false) },
		"progressive JPEG":  func(n int) []byte { return tiffmake.JPEGOfSize(n, n, 3, true) },
		"CMYK JPEG":         func(n int) []byte { return tiffmake.JPEGOfSize(n, n, 4, true) },
		"GIF":               func(n int) []byte { return tiffmake.GIFOfSize(n, n, 2) },
		"BMP":               func(n int) []byte { return tiffmake.BMPHeader(n, n) },
	}
	for name, of := range of {
		t.Run(name, func(t *testing.T) {
			open := func(ctx context.Context, side int, o *worldfile.Options) (*worldfile.Image, error) {
				fsys := fstest.MapFS{"a": file(string(of(side))), "a.wld": file(world)}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				p, err := worldfile.Open(ctx, fsys, "a", o)
				runtime.ReadMemStats(&after)
				if side > 4000 {
					assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
				}
				return p, err
			}
			_, err := open(t.Context(), 8192, nil)
			limit, ok := errors.AsType[*worldfile.LimitError](err)
			require.True(t, ok, "%v", err)
			assert.Positive(t, limit.Bytes)
			assert.ErrorContains(t, err, "Expansion")

			if name == "BMP" || name == "CMYK JPEG" {
				return // one has no pixels, the other lacks the segment that marks CMYK
			}
			p, err := open(t.Context(), 700, nil)
			require.NoError(t, err)
			assert.Equal(t, image.Pt(700, 700), p.Info().Grid.Size)

			_, err = open(raster.WithBudget(t.Context(), raster.NewBudget("small", 1<<10)), 700, nil)
			_, ok = errors.AsType[*raster.BudgetError](err)
			require.True(t, ok, "%v", err)
			_, err = open(t.Context(), 700, &worldfile.Options{MaxPixels: 700*700 - 1})
			require.Error(t, err)
		})
	}
}
