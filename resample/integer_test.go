package resample_test

import (
	"image"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// exactly is the slow twin of Bilinear and Cubic for samples of 8 and 16 bits: rational numbers without rounding until
// the end, half away from zero, then the range. For Cubic the weights are multiples of 2^-22; that of the second sample
// is what the others leave of one.
func exactly(i resample.Interpolation, fx, fy int64, sample func(x, y int) int64, lo, hi int64) int64 {
	weights := func(f int64) []*big.Rat {
		t := big.NewRat(f, 1<<20)
		one := big.NewRat(1, 1)
		sub := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
		if i == resample.Bilinear {
			return []*big.Rat{sub(one, t), t}
		}
		// Keys 1981, equation 15, at distances 1+t, t, 1-t and 2-t.
		poly := func(d *big.Rat, a, b, c, e int64) *big.Rat { // (a·d³ + b·d² + c·d + e)/2, rounded half up to 2^-22
			sum := new(big.Rat)
			for _, k := range []int64{a, b, c, e} {
				sum.Add(sum.Mul(sum, d), big.NewRat(k, 2))
			}
			sum.Mul(sum, big.NewRat(1<<22, 1)).Add(sum, big.NewRat(1, 2))
			n := new(big.Int).Div(sum.Num(), sum.Denom()) // Euclidean: down, since the denominator is positive
			return big.NewRat(n.Int64(), 1<<22)
		}
		w0 := poly(new(big.Rat).Add(one, t), -1, 5, -8, 4)
		w2 := poly(sub(one, t), 3, -5, 0, 2)
		w3 := poly(sub(big.NewRat(2, 1), t), -1, 5, -8, 4)
		return []*big.Rat{w0, sub(sub(sub(one, w0), w2), w3), w2, w3}
	}
	sum := new(big.Rat)
	for y, wy := range weights(fy) {
		for x, wx := range weights(fx) {
			w := new(big.Rat).Mul(wx, wy)
			sum.Add(sum, w.Mul(w, big.NewRat(sample(x, y), 1)))
		}
	}
	half := big.NewRat(int64(sum.Sign()), 2)
	sum.Add(sum, half)
	n := new(big.Int).Quo(sum.Num(), sum.Denom()) // to zero
	return min(max(n.Int64(), lo), hi)
}

func TestIntegersAreExact(t *testing.T) {
	t.Run("U8", func(t *testing.T) { rapid.Check(t, integersAreExact[uint8](raster.U8, 0, math.MaxUint8)) })
	t.Run("S8", func(t *testing.T) { rapid.Check(t, integersAreExact[int8](raster.S8, math.MinInt8, math.MaxInt8)) })
	t.Run("U16", func(t *testing.T) { rapid.Check(t, integersAreExact[uint16](raster.U16, 0, math.MaxUint16)) })
	t.Run("S16", func(t *testing.T) { rapid.Check(t, integersAreExact[int16](raster.S16, math.MinInt16, math.MaxInt16)) })
}

func integersAreExact[T raster.Real](typ raster.PixelType, lo, hi int64) func(t *rapid.T) {
	return func(t *rapid.T) {
		src := raster.NewBlock(typ, 1, image.Rect(0, 0, 4, 4))
		src.Valid = nil
		p := src.Bands[0].(*raster.PlaneOf[T])
		values := rapid.OneOf(rapid.Int64Range(lo, hi), rapid.SampledFrom([]int64{lo, hi, 0, 1}))
		for i := range p.Pix {
			p.Pix[i] = T(values.Draw(t, "sample"))
		}
		fractions := rapid.OneOf(rapid.Int64Range(0, 1<<20-1), rapid.SampledFrom([]int64{0, 1, 1 << 19, 1<<20 - 1}))
		fx, fy := fractions.Draw(t, "fx"), fractions.Draw(t, "fy")
		m := shift(1+float64(fx)/(1<<20), 1+float64(fy)/(1<<20))
		for _, i := range weighting {
			want := exactly(i, fx, fy, func(x, y int) int64 {
				if i == resample.Bilinear {
					x, y = x+1, y+1
				}
				return int64(p.Row(y)[x])
			}, lo, hi)
			for _, m := range []resample.Mapping{m, unseparated{m}} {
				require.Equal(t, want, int64(samples[T](warp(t, src, image.Rect(0, 0, 1, 1), m, i), 0)[0]), i)
			}
		}
	}
}
