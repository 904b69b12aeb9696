package resample_test

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/resample"
)

// weightAt returns the weight of a sample at distance d from the point, by the textbook.
func weightAt(i resample.Interpolation, d float64) float64 {
	d = math.Abs(d)
	if i == resample.Bilinear {
		return max(0, 1-d)
	}
	switch { // Keys 1981, equation 15
	case d < 1:
		return 1.5*d*d*d - 2.5*d*d + 1
	case d < 2:
		return -0.5*d*d*d + 2.5*d*d - 4*d + 2
	}
	return 0
}

// byTheLaw is the slow reference of the weighting law that Warp documents. It makes the pixel whose centre shows the
// point x, y of a source of one band, with a kernel widened by scaleX and scaleY.
func byTheLaw(src *raster.Block, x, y, scaleX, scaleY float64, i resample.Interpolation) (value float64, valid uint8) {
	r := src.Bounds()
	near := image.Pt(int(math.Floor(x)), int(math.Floor(y)))
	nearValid := float64(src.Valid.AlphaAt(near.X, near.Y).A)
	if nearValid == 0 {
		return 0, 0
	}
	weight := func(from, scale float64, n int) float64 { return weightAt(i, (float64(n)+0.5-from)/scale) }
	wholeOf := func(from, scale float64) (sum float64) { // all weights along an axis, of samples there or not
		for n := int(math.Floor(from)) - 200; n < int(from)+200; n++ {
			sum += weight(from, scale, n)
		}
		return sum
	}
	wholeX, wholeY := wholeOf(x, scaleX), wholeOf(y, scaleY)
	nearest := real(rastertest.At(src.Bands[0], near.X, near.Y))
	lo, hi := nearest, nearest
	var samples, sum, sizes, alphas, alphaSum, alphaSizes float64
	for sy := r.Min.Y; sy < r.Max.Y; sy++ {
		for sx := r.Min.X; sx < r.Max.X; sx++ {
			a := float64(src.Valid.AlphaAt(sx, sy).A)
			w := weight(x, scaleX, sx) / wholeX * weight(y, scaleY, sy) / wholeY
			if a == 0 || w == 0 {
				continue
			}
			v := real(rastertest.At(src.Bands[0], sx, sy))
			lo, hi = min(lo, v), max(hi, v)
			alphas, alphaSum, alphaSizes = alphas+w*(a-nearValid), alphaSum+w, alphaSizes+math.Abs(w)
			w *= a / 255
			samples, sum, sizes = samples+w*(v-nearest), sum+w, sizes+math.Abs(w)
		}
	}
	value = min(max(nearest+samples/max(sum, sizes/2), lo), hi)
	if math.IsNaN(value) { // of infinite samples
		value = nearest
	}
	return value, uint8(min(max(nearValid+alphas/max(alphaSum, alphaSizes/2), 1), 255) + 0.5)
}

// Values and validity follow the weighting law for every pattern of missing samples: about half of them are missing,
// and the others hold data in part or fully.
func TestWeightingLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := noise[float64](image.Rect(0, 0, 12, 12), 1, 1000)
		src.Valid = image.NewAlpha(src.Bounds())
		for i := range src.Valid.Pix {
			src.Valid.Pix[i] = rapid.SampledFrom([]uint8{0, 0, 0, 0, 20, 255, 255}).Draw(t, "alpha")
		}
		// Quarters and eighths, so that nothing is snapped.
		at := func(lo, hi int, name string) float64 { return float64(rapid.IntRange(lo, hi).Draw(t, name)) / 8 }
		scales := rapid.SampledFrom([]float64{1, 1, 1.25, 2, 3})
		scaleX, scaleY := scales.Draw(t, "scale x"), scales.Draw(t, "scale y")
		x, y := at(32, 64, "x"), at(32, 64, "y") // of the centre; with the smaller scales all taps are in the source
		m := affine(raster.Affine{A: scaleX, C: x - scaleX/2, E: scaleY, F: y - scaleY/2})
		if rapid.Bool().Draw(t, "general") {
			m = unseparated{m}
		}
		for _, i := range weighting {
			got := warpWith(t, src, image.Rect(0, 0, 1, 1), m, resample.Options{Interpolation: i, Antialias: true})
			value, valid := byTheLaw(src, x, y, scaleX, scaleY, i)
			require.Equal(t, valid, got.Valid.Pix[0], "%v: validity", i)
			require.InDelta(t, value, samples[float64](got, 0)[0], 1e-9, "%v at %v, %v", i, x, y)
		}
	})
}

// Weights of both signs, half of the samples missing, and the rest next to nothing in sum: the differences to the
// nearest sample are divided by half the sum of the weights' sizes.
//
// Between four pixels Cubic's weights are those of -1/16, 9/16, 9/16 and -1/16 by themselves. The nearest sample weighs
// 81/256, the seven others -9/256 each: 18/256 in sum, and their sizes 144/256. The differences from 100 are 4, -4, 8,
// -8, 0, 0 and -4, so that the value is 100 + 9·4/72.
func TestCubicOverHoles(t *testing.T) {
	src := rastertest.FillBlock(image.Rect(0, 0, 4, 4), 1, func(_, x, y int) float64 {
		return [4][4]float64{
			{-9999, 104, 96, -9999},
			{108, -9999, -9999, 92},
			{100, -9999, 100, 100},
			{-9999, -9999, 96, -9999},
		}[y][x]
	})
	src.Valid = image.NewAlpha(src.Bounds())
	for i, v := range samples[float64](src, 0) {
		if v > 0 {
			src.Valid.Pix[i] = 255
		}
	}
	for _, m := range []resample.Mapping{shift(1.5, 1.5), unseparated{shift(1.5, 1.5)}} {
		got := warp(t, src, image.Rect(0, 0, 1, 1), m, resample.Cubic)
		assert.Equal(t, []uint8{255}, got.Valid.Pix)
		assert.InDelta(t, 100.5, samples[float64](got, 0)[0], 1e-12)
	}
}
