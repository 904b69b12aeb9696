package srs

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The numbers are PROJ's:
//
//	echo "53.8 -1.5 0" | cct -d 12 +proj=pipeline +step +proj=axisswap +order=2,1 +step +proj=unitconvert +xy_in=deg +xy_out=rad \
//	  +step +proj=cart +ellps=WGS84 +step <the transformation> +step +inv +proj=cart +ellps=airy +step +proj=unitconvert +xy_in=rad +xy_out=deg
func TestShifts(t *testing.T) {
	const wgs, airy = "c6378137,298.257223563 ", " g6377563.396,299.3249646"
	for _, c := range []struct {
		text     string
		lon, lat float64
	}{
		// +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector
		{wgs + "-t446.448,-125.157,542.06,0.15,0.247,0.842,-20.489" + airy, -1.498458113296, 53.799778506134},
		// +proj=helmert +x=-375 +y=111 +z=-431
		{wgs + "t-375,111,-431" + airy, -1.498464771613, 53.799781526739},
		// +proj=molobadekas +x=-375 +y=111 +z=-431 +rx=1 +ry=-2 +rz=3 +s=4 +px=3980000 +py=-100000 +pz=4960000 +convention=position_vector
		{wgs + "b-375,111,-431,1,-2,3,4,3980000,-100000,4960000" + airy, -1.498523182512, 53.799791307292},
	} {
		for _, inverse := range []bool{false, true} {
			s, err := parseShift(c.text, inverse)
			require.NoError(t, err)
			lon, lat := []float64{-1.5 * degree}, []float64{53.8 * degree}
			if inverse {
				lon, lat = []float64{c.lon * degree}, []float64{c.lat * degree}
				s.apply(lon, lat)
				// The way back forgets the height: PROJ is off by as much.
				assert.InDelta(t, -1.5, lon[0]/degree, 1e-6, c.text)
				assert.InDelta(t, 53.8, lat[0]/degree, 1e-6, c.text)
				continue
			}
			s.apply(lon, lat)
			assert.InDelta(t, c.lon, lon[0]/degree, 2e-12, c.text)
			assert.InDelta(t, c.lat, lat[0]/degree, 2e-12, c.text)
		}
	}
	for _, text := range []string{"x", "t", "t1,2", "c1,2,3", "o1", "tx,y,z", "b1,2,3", "-"} {
		_, err := parseShift(text, false)
		assert.EqualError(t, err, fmt.Sprintf("srs: shift %q", text))
	}
}

// shifting are pairs with datum steps of all kinds, and boxes of the source inside the areas of both.
var shifting = []struct {
	from, to int
	box      Envelope
}{
	{4326, 27700, Envelope{-6, 50, 1.5, 58}},
	{4326, 23032, Envelope{6, 37, 12, 80}},
	{27700, 3857, Envelope{1e5, 1e5, 6e5, 9e5}},
	{4267, 4326, Envelope{-130, 20, -70, 60}},
	{4807, 27700, Envelope{-5, 47, 8, 56}},
	{28992, 31467, Envelope{1e4, 3.1e5, 2.7e5, 6e5}},
	{4120, 4326, Envelope{20, 35, 28, 41}},
	{4326, 2039, Envelope{34.3, 29.6, 35.6, 33.2}},
	{4326, 31252, Envelope{10, 46.5, 16, 48.5}},
}

// There and back returns, wherever operations change.
func TestShiftsThereAndBack(t *testing.T) {
	for _, p := range shifting {
		tr := mustTransformer(t, p.from, p.to)
		assert.False(t, tr.Identity())
		assert.False(t, tr.Separable())
		tolerance, other := 2e-5, 1e-3 // by how much another operation differs at least
		if mustCRS(t, p.from).Geographic() {
			tolerance, other = 2e-10, 1e-8
		}
		rapid.Check(t, func(t *rapid.T) {
			x := rapid.Float64Range(p.box.XMin, p.box.XMax).Draw(t, "x")
			y := rapid.Float64Range(p.box.YMin, p.box.YMax).Draw(t, "y")
			xs, ys := []float64{x}, []float64{y}
			require.Zero(t, tr.Transform(xs, ys))
			require.Zero(t, tr.Inverse().Transform(xs, ys))
			// From a datum to the hub, areas are looked up where the point comes out; the pairs that start elsewhere
			// may take another operation back within a hundred metres of an area's edge.
			if p.from == 4326 || math.Abs(xs[0]-x) < other {
				require.InDelta(t, x, xs[0], tolerance)
				require.InDelta(t, y, ys[0], tolerance)
			}
		})
	}
}

// A Transformer for a picture takes one operation everywhere: neighbours stay neighbours. By point there are jumps.
func TestOneOperationForAPicture(t *testing.T) {
	world, ed50 := mustCRS(t, 4326), mustCRS(t, 23032)
	jump := func(tr *Transformer) (most float64) {
		const n = 4000
		xs, ys := make([]float64, n), make([]float64, n)
		for i := range n {
			xs[i], ys[i] = 10, 40+30*float64(i)/n
		}
		require.Zero(t, tr.Transform(xs, ys))
		for i := 2; i < n; i++ {
			most = max(most, math.Abs(ys[i]-2*ys[i-1]+ys[i-2]))
		}
		return most
	}
	byPoint, err := NewTransformer(world, ed50)
	require.NoError(t, err)
	assert.Greater(t, jump(byPoint), 1.0)
	one, err := Options{Area: &Envelope{6, 40, 12, 50}}.NewTransformer(world, ed50)
	require.NoError(t, err)
	assert.Less(t, jump(one), 0.01)

	// At the centre it is the operation that a point there gets, in either direction.
	for _, box := range []Envelope{{6, 40, 12, 50}, {6, 60, 12, 64}, {7, 77, 9, 79}, {7.4, 30, 13, 38}} {
		one, err := Options{Area: &box}.NewTransformer(world, ed50)
		require.NoError(t, err)
		x, y := box.Center()
		xs, ys, wantX, wantY := []float64{x}, []float64{y}, []float64{x}, []float64{y}
		one.Transform(xs, ys)
		byPoint.Transform(wantX, wantY)
		assert.Equal(t, wantX, xs)
		assert.Equal(t, wantY, ys)
		back, err := Options{Area: &Envelope{xs[0] - 1, ys[0] - 1, xs[0] + 1, ys[0] + 1}}.NewTransformer(ed50, world)
		require.NoError(t, err)
		back.Transform(xs, ys)
		assert.InDelta(t, x, xs[0], 1e-10)
		assert.InDelta(t, y, ys[0], 1e-10)
	}

	// NAD83 has operations of its own for Hawaii and the Aleutians, and copies elsewhere.
	nad83 := mustCRS(t, 4269)
	here, err := Options{Area: &Envelope{-100, 30, -90, 40}}.NewTransformer(world, nad83)
	require.NoError(t, err)
	assert.True(t, here.Identity())
	assert.True(t, here.Separable())
	assert.Equal(t, 4.0, here.Accuracy())
	there, err := Options{Area: &Envelope{-156, 19, -155, 20}}.NewTransformer(world, nad83)
	require.NoError(t, err)
	assert.False(t, there.Identity())

	_, err = Options{Area: &Envelope{math.NaN(), 0, 0, 0}}.NewTransformer(world, ed50)
	require.NoError(t, err)
	_, err = Options{Area: &Envelope{}}.NewTransformer(CRS{}, ed50)
	require.ErrorIs(t, err, ErrNotStated)
}

func TestAccuracyOfSteps(t *testing.T) {
	for _, c := range []struct {
		from, to int
		want     float64
	}{
		{27700, 4277, 0}, // the same datum
		{4326, 32633, 0}, {4326, 28992, 1}, {4326, 4267, 20}, {31985, 4326, 1},
	} {
		got := mustTransformer(t, c.from, c.to).Accuracy()
		assert.GreaterOrEqual(t, got, c.want)
		assert.Equal(t, c.want == 0, got == 0)
	}
	assert.True(t, math.IsNaN(mustTransformer(t, 4326, 4901).Accuracy()), "coordinates are copied")
}

func TestOtherBodies(t *testing.T) {
	moon, err := Parse("ESRI:104903")
	require.NoError(t, err)
	_, err = NewTransformer(mustCRS(t, 4326), moon)
	u, ok := errors.AsType[*UnsupportedError](err)
	require.True(t, ok)
	assert.Contains(t, u.Error(), "Moon")
	tr, err := NewTransformer(moon, moon)
	require.NoError(t, err)
	assert.True(t, tr.Identity())
}

// One Transformer may be used by any number of goroutines, does not allocate, and gives the same answers in any block.
func TestShiftsAreConcurrent(t *testing.T) {
	tr := mustTransformer(t, 4326, 23032)
	fill := func() (xs, ys []float64) {
		for i := range 1000 {
			xs, ys = append(xs, 6+6*float64(i%31)/31), append(ys, 36+48*float64(i)/1000)
		}
		return xs, ys
	}
	wantX, wantY := fill()
	for i := range wantX {
		tr.Transform(wantX[i:i+1], wantY[i:i+1])
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			xs, ys := fill()
			tr.Transform(xs, ys)
			assert.Equal(t, wantX, xs)
			assert.Equal(t, wantY, ys)
		})
	}
	group.Wait()
	xs, ys := fill()
	inverse := tr.Inverse()
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		tr.Transform(xs, ys)
		inverse.Transform(xs, ys)
	}))
}

// A box between datums is that of its points.
func TestEnvelopesBetweenDatums(t *testing.T) {
	for _, p := range []struct {
		from, to int
		box      Envelope
	}{
		{4326, 4277, Envelope{-7, 50, 1, 60}},
		{4326, 4267, Envelope{-180, -90, 180, 90}},
		{4267, 3857, Envelope{170, 40, 190, 60}},
		{3857, 4267, Envelope{-2.003e7, -2e7, 2.003e7, 2e7}},
	} {
		tr := mustTransformer(t, p.from, p.to)
		out, err := tr.Envelope(p.box)
		require.NoError(t, err)
		xs, ys := []float64{p.box.XMin, p.box.XMax}, []float64{0.5*p.box.YMin + 0.5*p.box.YMax, 0.5*p.box.YMin + 0.5*p.box.YMax}
		tr.Transform(xs, ys)
		near := 1e-3 * out.Width()
		assert.InDelta(t, xs[0], out.XMin, near, "%v %v", p, out)
		assert.InDelta(t, xs[1], out.XMax, near, "%v %v", p, out)
		assert.False(t, out.Empty())
	}
}

func BenchmarkShift(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to int
	}{{"helmert", 4326, 4277}, {"inverse", 4277, 4326}, {"byPoint", 4326, 4230}} {
		b.Run(c.name, func(b *testing.B) {
			tr := mustTransformer(b, c.from, c.to)
			xs, ys := make([]float64, 1000), make([]float64, 1000)
			b.ReportAllocs()
			for b.Loop() {
				for i := range xs {
					xs[i], ys[i] = -5+float64(i)/200, 50+float64(i)/200
				}
				tr.Transform(xs, ys)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/point")
		})
	}
}
