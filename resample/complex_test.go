package resample_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// Complex samples are weighted part by part: warping them is warping their parts.
func TestComplexPartByPart(t *testing.T) {
	r := image.Rect(0, 0, 12, 9)
	re := func(_, x, y int) float32 { return float32(x*x - 3*y) }
	im := func(_, x, y int) float32 { return float32(7*y - x) }
	hole := func(b *raster.Block) *raster.Block {
		b.Valid = image.NewAlpha(r)
		for i := range b.Valid.Pix {
			b.Valid.Pix[i] = 255
		}
		b.Valid.Pix[40] = 0
		return b
	}
	narrow := hole(rastertest.FillBlock(r, 1, func(_, x, y int) complex64 { return complex(re(0, x, y), im(0, x, y)) }))
	wide := hole(rastertest.FillBlock(r, 2, func(b, x, y int) complex128 {
		return complex(float64(re(0, x, y)), float64(im(0, x, y)))
	}))
	out := image.Rect(-1, -1, 13, 10)
	for _, i := range []resample.Interpolation{resample.Default, resample.Bilinear, resample.Cubic, resample.Nearest} {
		for _, m := range []resample.Mapping{shift(0.3, -0.6), unseparated{shift(0.3, -0.6)}} {
			x := warp(t, hole(rastertest.FillBlock(r, 1, re)), out, m, i)
			y := warp(t, hole(rastertest.FillBlock(r, 1, im)), out, m, i)
			got := warp(t, narrow, out, m, i)
			both := warp(t, wide, out, m, i)
			assert.Equal(t, x.Valid, got.Valid, i)
			assert.Equal(t, x.Valid, both.Valid, i)
			for n, v := range samples[complex64](got, 0) {
				assert.Equal(t, complex(samples[float32](x, 0)[n], samples[float32](y, 0)[n]), v, "%v, sample %d", i, n)
				w := samples[complex128](both, 1)[n]
				assert.InDelta(t, real(v), real(w), 1e-4)
				assert.InDelta(t, imag(v), imag(w), 1e-4)
			}
		}
	}
}
