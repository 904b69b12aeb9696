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

// A mapFunc maps a point at a time.
type mapFunc func(x, y float64) (float64, float64)

func (f mapFunc) Map(xs, ys []float64) {
	for i, x := range xs {
		xs[i], ys[i] = f(x, ys[i])
	}
}

// counted counts the points it maps.
type counted struct {
	resample.Mapping
	points *atomic.Int64
}

func (c counted) Map(xs, ys []float64) {
	c.points.Add(int64(len(xs)))
	c.Mapping.Map(xs, ys)
}

// bend returns a smooth mapping of a square of the given size onto about itself.
func bend(size float64) resample.Mapping {
	return mapFunc(func(x, y float64) (float64, float64) {
		return x + size/20*math.Sin(y/size*3), y + size/25*math.Cos(x/size*4)
	})
}

// The mappings that an approximation must follow. None has its special places on the lattice.
var nonlinear = []struct {
	name string
	m    resample.Mapping
}{
	{"bend", bend(1000)},
	{"tight bend", bend(100)},
	{"saddle", mapFunc(func(x, y float64) (float64, float64) { // no error at the centres of cells
		return x + (x*x-y*y)/4000, y + x*y/2000
	})},
	{"odd", mapFunc(func(x, y float64) (float64, float64) { // nor at the middles of cells, to third order
		return x + 0.3*math.Sin(x/64*2*math.Pi), y
	})},
	{"shrinking", mapFunc(func(x, y float64) (float64, float64) {
		return 30*x + 200*math.Sin(y/300), 30*y + 200*math.Sin(x/300)
	})},
	{"enlarging", mapFunc(func(x, y float64) (float64, float64) {
		return x/30 + 0.5*math.Sin(y/100), y/30 + 0.5*math.Sin(x/100)
	})},
	{"stretched", mapFunc(func(x, y float64) (float64, float64) { // one axis a hundred times finer
		return 10*x + 3*math.Sin(y/50), y/10 + math.Sin(x/70)
	})},
	{"stereographic", mapFunc(func(x, y float64) (float64, float64) { // a pole, where the source coordinate turns round
		return 300 * math.Atan2(x-33.3, 17.7-y), 90 - 114.6*math.Atan(math.Hypot(x-33.3, y-17.7)/400)
	})},
	{"horizon", mapFunc(func(x, y float64) (float64, float64) { // orthographic: nothing past a circle
		d := 1 - ((x-21)*(x-21)+(y-13)*(y-13))/(150*150)
		return x / math.Sqrt(d), y / math.Sqrt(d) // NaN where d < 0
	})},
	{"antimeridian", mapFunc(func(x, y float64) (float64, float64) {
		lon := x + 0.2*y + 5*math.Sin(y/40)
		if lon > 77.7 {
			lon -= 360
		}
		return lon, y
	})},
	{"strip", mapFunc(func(x, y float64) (float64, float64) { // nothing but a strip 40 pixels wide
		if math.Abs(x-y-10) > 20 {
			return math.NaN(), math.NaN()
		}
		return x, y
	})},
	{"nothing", mapFunc(func(_, _ float64) (float64, float64) { return math.NaN(), math.NaN() })},
	{"one point", mapFunc(func(_, _ float64) (float64, float64) { return 3, 4 })},
}

// The approximation is within its tolerance of the exact mapping, measured in destination pixels, at every pixel; and
// it is the same for any window, row by row or point by point.
func TestApproximate(t *testing.T) {
	r := image.Rect(-150, -140, 170, 160)
	type whole struct {
		m      resample.Mapping
		xs, ys []float64
	}
	wholes := make([]whole, len(nonlinear))
	for n, c := range nonlinear {
		for _, tol := range []float64{0.125, 0.01} {
			exactXs, exactYs := coordinates(c.m, r)
			m := resample.Approximate(c.m, tol)
			xs, ys := coordinates(m, r)
			worst := 0.0
			for i := range xs {
				require.Equal(t, math.IsNaN(exactXs[i]), math.IsNaN(xs[i]), c.name)
				if math.IsNaN(xs[i]) {
					continue
				}
				x, y := float64(r.Min.X+i%r.Dx())+0.5, float64(r.Min.Y+i/r.Dx())+0.5
				worst = max(worst, miss(c.m, x, y, xs[i]-exactXs[i], ys[i]-exactYs[i]))
			}
			require.LessOrEqual(t, worst, tol, "%s, %v", c.name, tol)
			if tol > 0.1 {
				wholes[n] = whole{m, xs, ys}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, s := rapid.IntRange(0, len(wholes)-1).Draw(t, "mapping"), drawRect(t, 40)
		want := wholes[n]
		gotXs, gotYs := coordinates(want.m, s)
		for i := range gotXs {
			o := (s.Min.Y+i/s.Dx()-r.Min.Y)*r.Dx() + s.Min.X + i%s.Dx() - r.Min.X
			if bits(gotXs[i]) != bits(want.xs[o]) || bits(gotYs[i]) != bits(want.ys[o]) {
				require.Failf(t, "differs", "%s at %d of %v", nonlinear[n].name, i, s)
			}
		}
	})
}

// bits distinguishes numbers, but no kinds of NaN.
func bits(v float64) uint64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Float64bits(v)
}

// coordinates returns the images of the centres of all pixels of r.
func coordinates(m resample.Mapping, r image.Rectangle) (xs, ys []float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			xs, ys = append(xs, float64(x)+0.5), append(ys, float64(y)+0.5)
		}
		m.Map(xs[len(xs)-r.Dx():], ys[len(ys)-r.Dx():])
	}
	return xs, ys
}

// miss returns how many destination pixels dx, dy source pixels are at x, y: by the mapping's derivatives there.
func miss(m resample.Mapping, x, y, dx, dy float64) float64 {
	if dx == 0 && dy == 0 {
		return 0
	}
	const h = 1e-4
	x0, x1 := []float64{x - h, x + h, x, x}, []float64{y, y, y - h, y + h}
	for i := range x0 {
		m.Map(x0[i:i+1], x1[i:i+1])
	}
	xu, xv, yu, yv := (x0[1]-x0[0])/(2*h), (x0[3]-x0[2])/(2*h), (x1[1]-x1[0])/(2*h), (x1[3]-x1[2])/(2*h)
	det := xu*yv - xv*yu
	return math.Hypot((yv*dx-xv*dy)/det, (xu*dy-yu*dx)/det)
}

// Map may be asked for any points, not only for centres in their order.
func TestApproximateScattered(t *testing.T) {
	m := resample.Approximate(bend(1000), 0.05)
	xs := []float64{5.25, -3.75, 1e7 + 0.125, 700.5, 6, 64, -64, 63.999, 1e300, math.NaN(), math.Inf(1), 2}
	ys := make([]float64, len(xs))
	for i := range ys {
		ys[i] = 77.25
	}
	gotXs, gotYs := append([]float64(nil), xs...), append([]float64(nil), ys...)
	m.Map(gotXs, gotYs)
	for i := range xs {
		x, y := []float64{xs[i]}, []float64{ys[i]}
		m.Map(x, y)
		assert.Equal(t, bits(x[0]), bits(gotXs[i]))
		assert.Equal(t, bits(y[0]), bits(gotYs[i]))
		x, y = []float64{xs[i]}, []float64{ys[i]}
		bend(1000).Map(x, y)
		if !math.IsNaN(x[0]) && math.Abs(x[0]) < 1e9 {
			assert.InDelta(t, x[0], gotXs[i], 0.05)
			assert.InDelta(t, y[0], gotYs[i], 0.05)
		}
	}
	m.Map(nil, nil)
}

// What an approximation is for: it maps few points.
func TestApproximateIsFrugal(t *testing.T) {
	var n atomic.Int64
	m := resample.Approximate(counted{bend(4000), &n}, 0.125)
	r := image.Rect(10, 20, 1034, 1044)
	resample.Options{Interpolation: resample.Bilinear}.SourceWindow(m, r, r)
	assert.Less(t, n.Load(), int64(r.Dx()*r.Dy()/400))

	// Warp takes what SourceWindow found, once.
	before := n.Load()
	src := raster.NewBlock(raster.U8, 1, r)
	require.NoError(t, resample.Warp(raster.NewBlock(raster.U8, 1, r), src, m, resample.Bilinear))
	assert.Equal(t, before, n.Load())
	require.NoError(t, resample.Warp(raster.NewBlock(raster.U8, 1, r), src, m, resample.Bilinear))
	assert.Equal(t, 2*before, n.Load())

	// Where nothing has an image every point is asked for, and little more.
	n.Store(0)
	m = resample.Approximate(counted{nonlinear[11].m, &n}, 0.125)
	resample.Options{Interpolation: resample.Bilinear}.SourceWindow(m, r, r)
	assert.Less(t, n.Load(), int64(r.Dx()*r.Dy()*3/2))
}

// What costs next to nothing is left alone, and so is everything if no tolerance is given.
func TestApproximateLeavesAlone(t *testing.T) {
	a := raster.Affine{A: 1, E: 1}
	for _, m := range []resample.Mapping{
		shift(1, 2),
		resample.Placement{DstToMap: a, MapToSrc: a}.Through(nil),
		resample.Placement{DstToMap: raster.Affine{A: 1, B: 1, E: 1}, MapToSrc: a}.Through(nil),
	} {
		assert.Equal(t, m, resample.Approximate(m, 0.1))
	}
	var n atomic.Int64
	c := &counted{bend(9), &n}
	for _, tol := range []float64{0, -1, math.NaN()} {
		assert.Same(t, c, resample.Approximate(c, tol))
	}
}
