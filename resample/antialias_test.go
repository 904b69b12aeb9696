package resample_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// antialiased lists the options that widen kernels.
var antialiased = []resample.Options{
	{Interpolation: resample.Bilinear, Antialias: true},
	{Interpolation: resample.Cubic, Antialias: true},
}

// The textbook: each sample weighs by its distance, measured in pixels of the image, along x and along y.
func TestAntialias(t *testing.T) {
	src := noise[float64](image.Rect(0, 0, 64, 64), 1, 1000)
	src.Valid = nil
	at := func(x, y int) float64 { return src.Bands[0].(*raster.PlaneOf[float64]).Row(y)[x] }
	for _, a := range []raster.Affine{
		{A: 3, C: 5, E: 2.5, F: 7},
		{A: 1, C: 5, E: 3.25, F: 7},
		{A: 0.3, C: 15, E: 3.25, F: 7},
		{A: -2, C: 55, E: 2, F: 7},
		{A: 2, B: 1.5, C: 12, D: -1.5, E: 2, F: 25}, // turned: 2.5 along both
		{A: 2, B: 1, C: 12, D: 0, E: 3, F: 10},      // sheared: √5 along x, 3 along y
	} {
		sx, sy := max(1, math.Hypot(a.A, a.B)), max(1, math.Hypot(a.D, a.E))
		for _, o := range antialiased {
			r := image.Rect(1, 1, 8, 8)
			got := warpWith(t, src, r, affine(a), o)
			for n, v := range samples[float64](got, 0) {
				x, y := a.Apply(float64(r.Min.X+n%r.Dx())+0.5, float64(r.Min.Y+n/r.Dx())+0.5)
				if got.Valid.Pix[n] == 0 || min(x, y) < 8 || max(x, y) > 56 {
					continue // incomplete kernels are another test's
				}
				var sum, weights float64
				for j := range 64 {
					for i := range 64 {
						w := weightAt(o.Interpolation, (float64(i)+0.5-x)/sx) * weightAt(o.Interpolation, (float64(j)+0.5-y)/sy)
						sum, weights = sum+w*at(i, j), weights+w
					}
				}
				require.InDelta(t, sum/weights, v, 0.01, "%v %+v", o, a) // coordinates and scales are snapped
			}
		}
	}
}

// Where the image is as fine as the source or finer, nothing changes, to the bit.
func TestAntialiasChangesNothingElse(t *testing.T) {
	r := image.Rect(0, 0, 50, 50)
	for _, src := range []*raster.Block{noise[uint8](r, 2, 256), noise[float32](r, 1, 9)} {
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			src.Valid.Pix[i] = uint8(min(1, i%333) * 255)
		}
		for _, m := range []resample.Mapping{
			shift(0, 0), shift(0.3, 0.4),
			affine(raster.Affine{A: 0.5, C: 3, E: 0.7, F: 2}),
			affine(raster.Affine{A: 0.6, B: 0.8, C: 3, D: -0.8, E: 0.6, F: 20}), // turned
			affine(raster.Affine{B: 1, D: 1}),
		} {
			for _, i := range kernels {
				o := resample.Options{Interpolation: i, Antialias: true}
				same(t, warp(t, src, src.Bounds(), m, i), warpWith(t, src, src.Bounds(), m, o), i)
			}
		}
		for _, i := range []resample.Interpolation{resample.Nearest, resample.Majority} {
			m, o := affine(raster.Affine{A: 3, E: 3}), resample.Options{Interpolation: i, Antialias: true}
			same(t, warp(t, src, image.Rect(0, 0, 20, 20), m, i), warpWith(t, src, image.Rect(0, 0, 20, 20), m, o), i)
		}
	}
}

// A fine pattern becomes grey instead of a false pattern; without Antialias it does not.
func TestAntialiasRemovesMoire(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 400, 400), 1, func(_, x, y int) uint8 { return uint8((x + y) % 2 * 200) })
	a := affine(raster.Affine{A: 8.05, E: 8.05})
	spread := func(o resample.Options) (lo, hi uint8) {
		lo = math.MaxUint8
		for n, v := range samples[uint8](warpWith(t, src, image.Rect(0, 0, 49, 49), a, o), 0) {
			if x, y := n%49, n/49; x > 2 && y > 2 && x < 46 && y < 46 {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
		return lo, hi
	}
	lo, hi := spread(antialiased[0])
	assert.InDelta(t, 100, lo, 2)
	assert.InDelta(t, 100, hi, 2)
	lo, hi = spread(resample.Options{})
	assert.Greater(t, hi-lo, uint8(150))
}

// Holes reach no further than without: samples in them have no weight, and the result stays in the range of the others.
func TestAntialiasHoles(t *testing.T) {
	src := hole()
	for _, m := range []resample.Mapping{
		affine(raster.Affine{A: 3.1, C: 0.3, E: 2.7, F: 0.1}),
		affine(raster.Affine{A: 2, B: 1, C: 0.3, D: -1, E: 2, F: 20}),
	} {
		r := image.Rect(-3, -3, 30, 30)
		nearest := warp(t, src, r, m, resample.Nearest)
		for _, o := range antialiased {
			got := warpWith(t, src, r, m, o)
			require.Equal(t, nearest.Valid, got.Valid)
			for n, v := range samples[float32](got, 0) {
				require.GreaterOrEqual(t, v, float32(-0.01), n)
				require.LessOrEqual(t, v, float32(63064), n) // cubic overshoots a ramp by nothing, but for rounding
			}
		}
	}
}

// Infinite samples make infinite results, but where they leave no number: there the nearest sample is taken.
func TestAntialiasInfinity(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 40, 40), 1, func(_, x, y int) float64 {
		return []float64{3, math.Inf(1), 3, 3, math.Inf(-1)}[x%5*(y%2)]
	})
	src.Valid = image.NewAlpha(src.Bounds())
	for i := range src.Valid.Pix {
		src.Valid.Pix[i] = 255
	}
	for _, o := range antialiased {
		got := samples[float64](warpWith(t, src, image.Rect(0, 0, 13, 13), affine(raster.Affine{A: 3, E: 3}), o), 0)
		for n, v := range got {
			x, y := 3*float64(n%13)+1.5, 3*float64(n/13)+1.5
			want, _ := byTheLaw(src, x, y, 3, 3, o.Interpolation)
			require.Equal(t, want, v, "%v at %v, %v", o, x, y)
		}
		assert.Contains(t, got, math.Inf(1))
		assert.Contains(t, got, 3.0)
	}
}

// A kernel is widened by 64 at most, for any reduction.
func TestAntialiasIsBounded(t *testing.T) {
	m := affine(raster.Affine{A: 1000, C: 500, E: 1000, F: 500})
	for n, reach := range []int{64, 128} {
		win := antialiased[n].SourceWindow(m, image.Rect(0, 0, 1, 1), image.Rect(0, 0, 2000, 2000))
		assert.Equal(t, image.Rect(1000-reach, 1000-reach, 1000+reach, 1000+reach), win)
	}
}
