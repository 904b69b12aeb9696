package exportimage

import (
	"image"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// Bytes made in one pass are those that conversion to F64, the formula and conversion to bytes make one after another.
func TestStretchedAgreesWithSteps(t *testing.T) {
	r := image.Rect(3, -2, 103, 6)
	wide := raster.NewBlock(raster.F64, 2, r)
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0.49999999999999994, 254.5, math.MaxFloat64}
	for band, p := range wide.Bands {
		for i := range p.(*raster.PlaneOf[float64]).Pix {
			v := math.Sin(float64(i*(band+1)))*300 + 100
			if i%7 == 0 {
				v = math.Round(v) + 0.5
			}
			if i%50 < len(special) {
				v = special[i%50]
			}
			p.(*raster.PlaneOf[float64]).Pix[i] = v
			wide.Valid.Pix[i] = []uint8{255, 0, 17}[i%3]
		}
	}
	for typ := raster.U8; typ <= raster.F64; typ++ {
		b, err := raster.Convert(wide, typ)
		require.NoError(t, err)
		for _, ranges := range [][]Range{
			{{0, 255}, {-50, 100.5}}, {{10, 10}, {7, 3}}, {{math.Inf(-1), 5}, {0, math.NaN()}}, {{-1e308, 1e308}, {0, 1e-308}},
		} {
			want := stretchedInSteps(t, b, ranges)
			got := stretched(b, ranges)
			valid := want.CopyValid().Pix
			require.Equal(t, valid, got.CopyValid().Pix, "%v %v", typ, ranges)
			for i := range want.Bands {
				require.Equal(t, validSamples(want, i, valid), validSamples(got, i, valid), "%v %v band %d", typ, ranges, i)
			}
		}
	}
}

// stretchedInSteps returns what stretched does, slowly.
func stretchedInSteps(t *testing.T, b *raster.Block, ranges []Range) *raster.Block {
	double, err := raster.Convert(b, raster.F64)
	require.NoError(t, err)
	steps := &raster.Block{Type: raster.F64, Valid: double.Valid}
	for i, p := range double.Bands {
		factor := 255 / (ranges[i].Max - ranges[i].Min)
		if !(factor > 0) || math.IsInf(factor, 0) {
			factor = 0
		}
		to := raster.NewPlane[float64](b.Bounds())
		for x, v := range p.(*raster.PlaneOf[float64]).Pix {
			to.Pix[x] = (v - ranges[i].Min) * factor
		}
		steps.Bands = append(steps.Bands, to)
	}
	out, err := raster.Convert(steps, raster.U8)
	require.NoError(t, err)
	return out
}

// validSamples returns a band's samples, 0 where there is no data.
func validSamples(b *raster.Block, band int, valid []uint8) []uint8 {
	out := slices.Clone(b.Bands[band].(*raster.PlaneOf[uint8]).Pix)
	for x, v := range valid {
		if v == 0 {
			out[x] = 0
		}
	}
	return out
}
