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

// blanked returns a source of 150 by 150 pixels with large holes, and with squares that hold data only in part.
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
		inf := float32(math.Inf(1))
		odd := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()), math.MaxFloat32}
		for _, p := range b.Bands {
			for i, v := range p.(*raster.PlaneOf[float32]).Pix {
				if v < 3*float32(len(odd)) && i%50 < 25 {
					p.(*raster.PlaneOf[float32]).Pix[i] = odd[int(v/3)]
				}
			}
		}
	}
	part := r
	if rapid.Bool().Draw(t, "part") { // a piece of a larger block, perhaps a single pixel
		part = drawRect(t, 150).Add(r.Min).Intersect(r)
	}
	if b.Valid = nil; rapid.Bool().Draw(t, "opaque") {
		return b.Sub(part)
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
	return b.Sub(part)
}

// Spans yield the same positions as points that are mapped, snapped and placed one by one.
func TestSpansMatchPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(lo, hi float64, name string) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		a := raster.Affine{
			A: f(-2, 2, "A"), B: f(-0.5, 0.5, "B"), C: f(-50, 150, "C"),
			D: f(-0.5, 0.5, "D"), E: f(-2, 2, "E"), F: f(-50, 150, "F"),
		}
		if zoom := rapid.SampledFrom([]float64{1, 1, 1, 10}).Draw(t, "zoom"); zoom > 1 {
			// Few pixels meet the source, far apart.
			a.A, a.B, a.D, a.E = a.A*zoom, a.B*zoom, a.D*zoom, a.E*zoom
		}
		limit := rapid.SampledFrom([]float64{math.Inf(1), math.Inf(1), 100, 20}).Draw(t, "limit")
		p := resample.Placement{DstToMap: a, MapToSrc: raster.Affine{A: 1, E: 1}}
		m := resample.Approximate(p.Through(func(xs, ys []float64) {
			for i, x := range xs {
				xs[i], ys[i] = x+math.Sin(ys[i]/50), ys[i]+math.Cos(x/70)
				if x > limit { // as beyond the edge of a projection's domain
					xs[i], ys[i] = math.NaN(), math.NaN()
				}
			}
		}), f(0.001, 0.2, "tol"))
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
		resample.Options{}.SourceWindow(resample.Approximate(counted{bend(4000), &n}, tol), r, r)
		return n.Load()
	}
	assert.Equal(t, points(0.125), points(0.05))
	assert.Less(t, points(0.05), points(0.001))
}

// throughNothing returns an affine mapping that looks as if it had a transformation, so that Approximate works on it.
func throughNothing(a raster.Affine) resample.Mapping {
	return resample.Placement{DstToMap: a, MapToSrc: raster.Affine{A: 1, E: 1}}.Through(func(_, _ []float64) {})
}

// Pixels far from zero equal those near it, up to the limits of snapping and of a 32-bit int.
func TestFarAway(t *testing.T) {
	near := noise[float32](image.Rect(0, 0, 50, 50), 1, 100)
	for _, at := range []int{-1 << 31, -1<<31 + 5, -1<<30 - 20, -1 << 30, 1<<30 - 40, 1 << 30, 1<<31 - 100} {
		r := near.Bounds().Add(image.Pt(at, at))
		far := raster.NewBlock(near.Type, 1, r)
		copy(far.Bands[0].(*raster.PlaneOf[float32]).Pix, near.Bands[0].(*raster.PlaneOf[float32]).Pix)
		far.Valid = nil
		m := resample.Approximate(throughNothing(raster.Affine{A: 1, E: 1}), 0.1)
		for _, o := range []resample.Options{
			{},
			{Interpolation: resample.Nearest},
			{Interpolation: resample.Cubic, Antialias: true},
			{Interpolation: resample.Majority},
		} {
			require.Equal(t, r, o.SourceWindow(m, r, r), "%v %d", o, at)
			got := warpWith(t, far, r, m, o)
			require.Equal(t, samples[float32](near, 0), samples[float32](got, 0), "%v %d", o, at)
			require.True(t, got.Opaque())
		}
	}
}

// Points that no cell can hold are mapped one by one, also where an int has 32 bits.
func TestMapFarAway(t *testing.T) {
	down := throughNothing(raster.Affine{A: 0x1p-20, E: 0x1p-20})
	m := resample.Approximate(down, 0.1)
	for _, x := range []float64{1<<31 - 100, 1<<31 - 1, 1 << 31, -1<<31 - 1, 1 << 33, -1 << 39, 1 << 41, 1e300} {
		for _, y := range []float64{0.5, x} {
			xs, ys := []float64{x, x + 1}, []float64{y, y}
			m.Map(xs, ys)
			require.InDelta(t, x*0x1p-20, xs[0], math.Abs(x)*1e-15+1e-6)
			require.InDelta(t, (x+1)*0x1p-20, xs[1], math.Abs(x)*1e-15+1e-6)
			require.InDelta(t, y*0x1p-20, ys[0], math.Abs(y)*1e-15+1e-6)
		}
	}
	xs, ys := []float64{math.NaN(), 64}, []float64{0.5, 0.5}
	m.Map(xs, ys)
	require.True(t, math.IsNaN(xs[0]) && xs[1] == 0x1p-14)
}
