package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// madeUp is the grid of testdata/ntv2.py as one for the British datum: from 4° W to 4° E and from 49° N to 53° N.
func madeUp(t testing.TB) ShiftGrid {
	return ShiftGrid{NTv2: mustNTv2(t, gridFile(t, "ntv2_le.gsb")), From: mustCRS(t, 4277), To: mustCRS(t, 4258)}
}

func withGrids(t testing.TB, from, to int, grids ...ShiftGrid) *Transformer {
	t.Helper()
	tr, err := Options{ShiftGrids: grids}.NewTransformer(mustCRS(t, from), mustCRS(t, to))
	require.NoError(t, err)
	return tr
}

// The numbers are PROJ's:
//
//	T="+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +nadgrids=./ntv2_le.gsb +type=crs"
//	echo "400000 233553.7" | cs2cs -f %.11f $T +to +proj=longlat +datum=WGS84 +type=crs
//	echo "-2 52" | cs2cs -f %.5f +proj=longlat +datum=WGS84 +type=crs +to $T
func TestGridsAgainstPROJ(t *testing.T) {
	out := withGrids(t, 27700, 4258, madeUp(t))
	for _, p := range [][4]float64{
		{400000, 233553.7, -2.00133257054, 52.00040950494},
		{480000, 180000, -0.84801916227, 51.51321678422},
		{434567.8, 256789.1, -1.49525620232, 52.20822174035},
		{600000, 150000, 0.86267997383, 51.21402356192},
	} {
		x, y := []float64{p[0]}, []float64{p[1]}
		require.Zero(t, out.Transform(x, y))
		assert.InDelta(t, p[2], x[0], 1e-10)
		assert.InDelta(t, p[3], y[0], 1e-10)
	}
	in := withGrids(t, 4258, 27700, madeUp(t))
	for _, p := range [][4]float64{
		{-2, 52, 400091.44031, 233508.16333},
		{-0.8, 51.2, 483904.45161, 145220.08653},
		{-1.2, 51.3, 455836.45385, 155956.28116},
		{1.5, 50.5, 648249.39746, 72564.19884},
	} {
		for _, tr := range []*Transformer{in, out.Inverse()} {
			x, y := []float64{p[0]}, []float64{p[1]}
			require.Zero(t, tr.Transform(x, y))
			assert.InDelta(t, p[2], x[0], 2e-5)
			assert.InDelta(t, p[3], y[0], 2e-5)
		}
	}
}

// A grid holds what it holds, and all else goes as it would without it, point by point.
func TestOutsideOfGrids(t *testing.T) {
	grid := madeUp(t)
	for _, pair := range [][2]int{{4277, 4326}, {4326, 4277}, {4277, 4258}, {4258, 4277}, {4277, 4314}, {4314, 4277}} {
		with, without := withGrids(t, pair[0], pair[1], grid), mustTransformer(t, pair[0], pair[1])
		// Two points in the grid, two outside, and so on, in blocks that begin anywhere.
		var xs, ys []float64
		for i := range 1000 {
			xs, ys = append(xs, -3+0.004*float64(i)), append(ys, 49.2+5*float64(i/2%2))
		}
		us, vs := append([]float64(nil), xs...), append([]float64(nil), ys...)
		require.Zero(t, with.Transform(us, vs))
		for i := range xs {
			x, y := []float64{xs[i]}, []float64{ys[i]}
			require.Zero(t, without.Transform(x, y))
			if i/2%2 == 1 {
				// The way to a grid's system is planned as the way from it, turned round, and each way between two datums
				// drops heights of its own: 1 mm.
				assert.InDelta(t, x[0], us[i], 2e-8)
				assert.InDelta(t, y[0], vs[i], 1e-8)
			} else {
				assert.Greater(t, math.Hypot(x[0]-us[i], y[0]-vs[i]), 1e-6)
			}
			x[0], y[0] = xs[i], ys[i]
			with.Transform(x, y)
			assert.Equal(t, us[i], x[0])
			assert.Equal(t, vs[i], y[0])
		}
	}
	empty := withGrids(t, 4277, 4326, ShiftGrid{NTv2: &NTv2{}, From: grid.From, To: grid.To}, ShiftGrid{From: grid.From, To: grid.To})
	x, y, u, v := []float64{-2}, []float64{51}, []float64{-2}, []float64{51}
	empty.Transform(x, y)
	mustTransformer(t, 4277, 4326).Transform(u, v)
	assert.Equal(t, u, x)
	assert.Equal(t, v, y)
}

// There and back returns with grids at either end, and does not allocate.
func TestGridsThereAndBack(t *testing.T) {
	british := madeUp(t)
	german := british
	german.From, german.To = mustCRS(t, 4314), mustCRS(t, 4258)
	for _, pair := range [][2]int{{4277, 3857}, {27700, 32631}, {4277, 4314}, {3857, 4277}} {
		tr := withGrids(t, pair[0], pair[1], british, german)
		lonLat := mustTransformer(t, 4277, pair[0])
		back := tr.Inverse()
		rapid.Check(t, func(t *rapid.T) {
			// within one cell of ALPHA, of which no other grid holds a part
			x := []float64{rapid.Float64Range(0.1, 0.9).Draw(t, "lon")}
			y := []float64{rapid.Float64Range(49.1, 52.9).Draw(t, "lat")}
			lonLat.Transform(x, y)
			u, v := []float64{x[0]}, []float64{y[0]}
			require.Zero(t, tr.Transform(u, v))
			require.Zero(t, back.Transform(u, v))
			require.InDelta(t, x[0], u[0], 2e-5)
			require.InDelta(t, y[0], v[0], 2e-5)
		})
		xs, ys := []float64{1, 2, 3e5}, []float64{50, 70, 5e6}
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			tr.Transform(xs, ys)
			back.Transform(xs, ys)
		}))
	}
}

// The way from one grid's end to another's leads over both, without WGS 84.
func TestGridsInARow(t *testing.T) {
	first, second := madeUp(t), madeUp(t)
	second.From, second.To = first.To, mustCRS(t, 4314)
	one, other := withGrids(t, 4277, 4258, first), withGrids(t, 4258, 4314, second)
	for _, grids := range [][]ShiftGrid{{first, second}, {second, first}} {
		both := withGrids(t, 4277, 4314, grids...)
		x, y, u, v := []float64{-3}, []float64{50.5}, []float64{-3}, []float64{50.5}
		both.Transform(x, y)
		one.Transform(u, v)
		other.Transform(u, v)
		assert.Equal(t, u, x)
		assert.Equal(t, v, y)
	}
	// ShiftGrids that lead round in circles are no way.
	second.To = first.From
	x, y := []float64{-3}, []float64{50.5}
	assert.Zero(t, withGrids(t, 4277, 3857, first, second).Transform(x, y))
}

// Longitudes in a file count from Greenwich, and serve systems that count from Paris.
func TestGridsAndMeridians(t *testing.T) {
	const paris, grads = 2.33722917, 0.9
	grid := madeUp(t)
	for _, from := range []int{4275, 4807} {
		grid.From = mustCRS(t, from)
		tr := withGrids(t, 4807, 4258, grid)
		x, y := []float64{(-1.2 - paris) / grads}, []float64{51.3 / grads}
		require.Zero(t, tr.Transform(x, y))
		u, v, ok := grid.NTv2.forward(-1.2*degree, 51.3*degree)
		require.True(t, ok)
		assert.InDelta(t, u/degree, x[0], 1e-12)
		assert.InDelta(t, v/degree, y[0], 1e-12)
		require.Zero(t, tr.Inverse().Transform(x, y))
		assert.InDelta(t, (-1.2-paris)/grads, x[0], 1e-11)
		assert.InDelta(t, 51.3/grads, y[0], 1e-11)
	}
}

func TestAccuracyWithGrids(t *testing.T) {
	grid := madeUp(t)
	figure := grid.NTv2.accuracy
	without := mustTransformer(t, 4277, 4258).Accuracy()
	assert.Greater(t, without, 1.0)

	// Outside of the grid nothing has become better: it does not hold all of Great Britain.
	assert.Equal(t, without, withGrids(t, 4277, 4258, grid).Accuracy())
	assert.Equal(t, without, withGrids(t, 4258, 4277, grid).Accuracy())

	local := func(area Envelope, grids ...ShiftGrid) float64 {
		tr, err := Options{Area: &area, ShiftGrids: grids}.NewTransformer(grid.From, grid.To)
		require.NoError(t, err)
		back, err := Options{Area: &area, ShiftGrids: grids}.NewTransformer(grid.To, grid.From)
		require.NoError(t, err)
		assert.Equal(t, math.Float64bits(tr.Accuracy()), math.Float64bits(back.Accuracy()))
		return tr.Accuracy()
	}
	here, there := Envelope{-2, 50, -1, 51}, Envelope{-4, 56, -3, 57}
	assert.Equal(t, figure, local(here, grid))
	assert.Equal(t, local(there), local(there, grid))
	grid.Accuracy = 0.25
	assert.Equal(t, 0.25, local(here, grid))
	grid.NTv2 = mustNTv2(t, withoutAccuracy(gridFile(t, "ntv2_le.gsb")))
	assert.Equal(t, 0.25, local(here, grid))
	grid.Accuracy = 0
	assert.True(t, math.IsNaN(local(here, grid)))

	// A grid that holds all of the country leaves nothing else to be told.
	large := grid
	large.NTv2 = mustNTv2(t, stretched(gridFile(t, "ntv2_le.gsb")))
	large.Accuracy = 0.1
	assert.Equal(t, 0.1, withGrids(t, 4277, 4258, large).Accuracy())
	assert.Equal(t, 0.1+mustTransformer(t, 4258, 4326).Accuracy(), withGrids(t, 4277, 4326, large).Accuracy())
}

// withoutAccuracy sets ALPHA's and all others' accuracies to -1, as many agencies do.
func withoutAccuracy(b []byte) []byte {
	eachNode(b, func(node []byte) {
		for i := range 2 {
			putFloat32(node[8+4*i:], -1)
		}
	})
	return b
}

// A picture has no seam but the grid's own edge, and none where the grid does not hold its centre.
func TestOneGridForAPicture(t *testing.T) {
	grid := madeUp(t)
	for _, c := range []struct {
		area Envelope
		held bool
	}{{Envelope{-3, 50, -2, 51}, true}, {Envelope{-3, 52.5, -2, 55}, false}, {Envelope{math.NaN(), 0, 0, 0}, false}} {
		tr, err := Options{Area: &c.area, ShiftGrids: []ShiftGrid{grid}}.NewTransformer(grid.From, mustCRS(t, 3857))
		require.NoError(t, err)
		plain, err := Options{Area: &c.area}.NewTransformer(grid.From, mustCRS(t, 3857))
		require.NoError(t, err)
		x, y, u, v := []float64{-3}, []float64{50.5}, []float64{-3}, []float64{50.5}
		tr.Transform(x, y)
		plain.Transform(u, v)
		assert.Equal(t, c.held, x[0] != u[0])
	}
}

func TestGridsThatMakeNoSense(t *testing.T) {
	grid := madeUp(t)
	world, grids := mustCRS(t, 4326), []ShiftGrid{{NTv2: grid.NTv2, From: grid.From}}
	_, err := Options{ShiftGrids: grids}.NewTransformer(world, world)
	require.ErrorIs(t, err, ErrNotStated)
	grids[0].To = mustCRS(t, 3857)
	_, err = Options{ShiftGrids: grids}.NewTransformer(world, world)
	require.ErrorContains(t, err, "3857")
}
