package resample_test

import (
	"image"
	"math"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// blanked is a source of 150 by 150 pixels with large holes, and with squares that hold data only in part.
func blanked(t *rapid.T) *raster.Block {
	r := image.Rect(-10, 5, 140, 155)
	var b *raster.Block
	switch rapid.IntRange(0, 3).Draw(t, "type") {
	case 0:
		b = noise[uint8](r, 2, 256)
	case 1:
		b = noise[int32](r, 2, math.MinInt32)
	case 2:
		b = noise[float64](r, 1, 1e300)
	default: // with what needs care
		b = noise[float32](r, 2, 100)
		odd := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.MaxFloat32}
		for _, p := range b.Bands {
			for i, v := range p.(*raster.PlaneOf[float32]).Pix {
				if v < 3*float32(len(odd)) && i%50 < 25 {
					p.(*raster.PlaneOf[float32]).Pix[i] = odd[int(v/3)]
				}
			}
		}
	}
	if b.Valid = nil; rapid.Bool().Draw(t, "opaque") {
		return b
	}
	b.Valid = image.NewAlpha(r)
	for i := range b.Valid.Pix {
		b.Valid.Pix[i] = 255
	}
	for range rapid.IntRange(0, 4).Draw(t, "holes") {
		hole := drawRect(t, 90).Add(image.Pt(60, 60)).Intersect(r)
		alpha := rapid.SampledFrom([]uint8{0, 0, 0, 100}).Draw(t, "alpha")
		for y := hole.Min.Y; y < hole.Max.Y; y++ {
			for x := hole.Min.X; x < hole.Max.X; x++ {
				b.Valid.Pix[b.Valid.PixOffset(x, y)] = alpha
			}
		}
	}
	return b
}

// What spans give is what points give that were mapped, snapped and placed one by one.
func TestSpansMatchPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(lo, hi float64, name string) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		a := raster.Affine{A: f(-2, 2, "A"), B: f(-0.5, 0.5, "B"), C: f(-50, 150, "C"), D: f(-0.5, 0.5, "D"), E: f(-2, 2, "E"), F: f(-50, 150, "F")}
		m := resample.Approximate(resample.Through(a, func(xs, ys []float64) {
			for i, x := range xs {
				xs[i], ys[i] = x+math.Sin(ys[i]/50), ys[i]+math.Cos(x/70)
			}
		}, raster.Affine{A: 1, E: 1}), f(0.001, 0.2, "tol"))
		src, r, o := blanked(t), drawRect(t, 150), drawOptions(t)
		require.Equal(t, o.SourceWindow(unseparated{m}, r, src.Bounds()), o.SourceWindow(m, r, src.Bounds()))
		same(t, warpWith(t, src, r, unseparated{m}, o), warpWith(t, src, r, m, o))
	})
}

// Where cells have to be quartered but follow a surface of second order, no further points are mapped.
func TestQuartersAreFrugal(t *testing.T) {
	r := image.Rect(10, 20, 1034, 1044)
	points := func(tol float64) int64 {
		var n atomic.Int64
		resample.SourceWindow(resample.Approximate(counted{bend(4000), &n}, tol), r, r, resample.Bilinear)
		return n.Load()
	}
	assert.Equal(t, points(0.125), points(0.05))
	assert.Less(t, points(0.05), points(0.001))
}
