package srs

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// readTable reads the tab-separated numbers of a file in testdata.
func readTable(t testing.TB, name string) [][]float64 {
	f, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	var rows [][]float64
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		var row []float64
		for field := range strings.SplitSeq(s.Text(), "\t") {
			v, err := strconv.ParseFloat(field, 64)
			require.NoError(t, err)
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows)
	return rows
}

func mustCRS(t testing.TB, wkid int) CRS {
	c, err := FromWKID(wkid)
	require.NoError(t, err)
	return c
}

func mustTransformer(t testing.TB, from, to int) *Transformer {
	tr, err := NewTransformer(mustCRS(t, from), mustCRS(t, to))
	require.NoError(t, err)
	return tr
}

func TestPoints(t *testing.T) {
	seen := map[int]bool{}
	for _, row := range readTable(t, "points.tsv") {
		from, to := int(row[0]), int(row[1])
		seen[to] = true
		tr := mustTransformer(t, from, to)
		x, y := row[2:3:3], row[3:4:4]
		xs, ys := []float64{x[0]}, []float64{y[0]}
		require.Zero(t, tr.Transform(xs, ys), "%v", row)
		assert.InDelta(t, row[4], xs[0], 1.1e-6, "x of %v", row)
		assert.InDelta(t, row[5], ys[0], 1.1e-6, "y of %v", row)

		xs, ys = []float64{row[4]}, []float64{row[5]}
		require.Zero(t, tr.Inverse().Transform(xs, ys), "%v", row)
		tolerance := 1e-10
		if math.Abs(y[0]) > 88 && mustCRS(t, to).Period() == 0 {
			tolerance = 2e-8 // Albers flattens the poles: half a digit of the table is that much there
		}
		assert.InDelta(t, 0, math.Remainder(x[0]-xs[0], 360), tolerance/math.Cos(y[0]*degree), "longitude of %v", row)
		assert.InDelta(t, y[0], ys[0], tolerance, "latitude of %v", row)
	}
	assert.Greater(t, len(seen), 25)
}

// pairs are one pair of CRSs for every way through a Transformer, with a box of the source that has an image.
var pairs = []struct {
	from, to int
	box      Envelope
}{
	{4326, 3857, Envelope{-200, -85, 200, 85}},
	{4326, 3395, Envelope{-180, -85, 180, 85}},
	{4326, 4269, Envelope{-180, -90, 180, 90}},
	{3857, 102100, Envelope{-2e7, -2e7, 2e7, 2e7}},
	{3857, 3395, Envelope{-2e7, -2e7, 4e7, 2e7}},
	{4326, 32633, Envelope{-25, -80, 55, 84}},
	{4674, 31985, Envelope{-93, -80, 27, 84}},
	{4326, 5070, Envelope{-270, -80, 84, 89}},
	{3857, 32760, Envelope{18e6, -2e7, 20e6, 1e7}},
	{3857, 102003, Envelope{-3e7, -1e7, 9e6, 2e7}},
	{32633, 32634, Envelope{-1e6, -9e6, 2e6, 9e6}},
	{26910, 5070, Envelope{0, 0, 5e6, 9e6}},
	{32601, 32660, Envelope{-1e6, -9e6, 1e6, 9e6}},
}

func TestThereAndBack(t *testing.T) {
	for _, p := range pairs {
		t.Run(fmt.Sprintf("%d-%d", p.from, p.to), func(t *testing.T) {
			tr := mustTransformer(t, p.from, p.to)
			period := mustCRS(t, p.from).Period()
			tolerance := 1e-5 // metres
			if mustCRS(t, p.from).Geographic() {
				tolerance = 1e-10
			}
			rapid.Check(t, func(t *rapid.T) {
				x := rapid.Float64Range(p.box.XMin, p.box.XMax).Draw(t, "x")
				y := rapid.Float64Range(p.box.YMin, p.box.YMax).Draw(t, "y")
				xs, ys := []float64{x}, []float64{y}
				require.Zero(t, tr.Transform(xs, ys))
				require.Zero(t, tr.Inverse().Transform(xs, ys))
				dx := xs[0] - x
				if period > 0 {
					dx = math.Remainder(dx, period)
				}
				require.InDelta(t, 0, dx, tolerance)
				require.InDelta(t, y, ys[0], tolerance)
			})
		})
	}
}

// Where a point stands in its slice, and how long that is, makes no difference, to the bit.
func TestTransformIsPointwise(t *testing.T) {
	for _, p := range pairs {
		tr := mustTransformer(t, p.from, p.to)
		for _, n := range []int{0, 1, block - 1, block, block + 1, 3*block + 7} {
			xs, ys := make([]float64, n), make([]float64, n)
			for i := range n {
				f := float64(i) / float64(n)
				xs[i] = p.box.XMin + p.box.Width()*math.Mod(f*97, 1.1)
				ys[i] = p.box.YMin + p.box.Height()*f
			}
			wantX, wantY, lost := make([]float64, n), make([]float64, n), 0
			for i := range n {
				x, y := []float64{xs[i]}, []float64{ys[i]}
				lost += tr.Transform(x, y)
				wantX[i], wantY[i] = x[0], y[0]
			}
			assert.Equal(t, lost, tr.Transform(xs, ys))
			for i := range n {
				require.Equal(t, math.Float64bits(wantX[i]), math.Float64bits(xs[i]))
				require.Equal(t, math.Float64bits(wantY[i]), math.Float64bits(ys[i]))
			}
		}
	}
}

func TestTransformNeverPanics(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	values := []float64{0, math.Copysign(0, -1), 1, -1, 90, 180, 1e7, -1e7, 1e17, 1e300, -1e300, math.MaxFloat64, 5e-324, nan, inf, -inf}
	for _, p := range pairs {
		for _, tr := range []*Transformer{mustTransformer(t, p.from, p.to), mustTransformer(t, p.to, p.from)} {
			var xs, ys []float64
			for _, x := range values {
				for _, y := range values {
					xs, ys = append(xs, x), append(ys, y)
				}
			}
			inX, inY := append([]float64(nil), xs...), append([]float64(nil), ys...)
			lost := tr.Transform(xs, ys)
			n := 0
			for i := range xs {
				assert.Equal(t, math.IsNaN(xs[i]), math.IsNaN(ys[i]))
				assert.False(t, math.IsInf(xs[i], 0) || math.IsInf(ys[i], 0), "%v", p)
				if math.IsNaN(xs[i]) {
					n++
				} else {
					require.False(t, math.IsNaN(inX[i]+inY[i]) || math.IsInf(inX[i], 0) || math.IsInf(inY[i], 0), "%v %v %v", p, inX[i], inY[i])
				}
			}
			assert.Equal(t, n, lost)
		}
	}
	assert.Zero(t, new(Transformer).Transform(nil, nil))
}

func TestTransformOfUnequalLengths(t *testing.T) {
	tr := mustTransformer(t, 4326, 3857)
	xs, ys := []float64{1, 1}, []float64{1, 1, 1}
	assert.Zero(t, tr.Transform(xs, ys))
	assert.Equal(t, 1.0, ys[2])
	assert.NotEqual(t, 1.0, ys[1])
}

func TestLostPoints(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to int
		x, y     float64
		lost     bool
	}{
		{"pole in Mercator", 4326, 3857, 0, 90, true},
		{"south pole in Mercator", 4326, 3395, 0, -90, true},
		{"near the pole in Mercator", 4326, 3857, 0, 89.9999, false},
		{"beyond the pole", 4326, 3857, 0, 90.1, true},
		{"beyond the pole, geographic", 4326, 32633, 0, -91, true},
		{"a pole but for rounding", 4326, 32633, 0, 90.0000000001, false},
		{"pole in UTM", 4326, 32633, 77, 90, false},
		{"far from the zone", 4326, 32633, 100, 0, true},
		{"a turn away", 4326, 32633, 375, 40, false},
		{"many turns away", 4326, 32633, 15 - 3600, 40, false},
		{"a turn away in Mercator", 3857, 32633, 40075016.685578488 + 1.6e6, 4e6, false},
		{"beyond web Mercator's square", 3857, 4326, 0, 3e7, false},
		{"far above web Mercator", 3857, 4326, 0, 1e12, false},
		{"the same in UTM", 3857, 32633, 0, 1e12, false},
		{"latitude and longitude swapped", 4326, 3857, 34, -117, true},
	} {
		xs, ys := []float64{c.x}, []float64{c.y}
		lost := mustTransformer(t, c.from, c.to).Transform(xs, ys)
		assert.Equal(t, c.lost, lost == 1, "%s: %v %v", c.name, xs, ys)
	}
}

func TestLongitudesAreNotWrappedNeedlessly(t *testing.T) {
	xs, ys := []float64{170, 190, -190, 720}, []float64{0, 0, 0, 0}
	tr := mustTransformer(t, 4326, 3857)
	tr.Transform(xs, ys)
	for i, lon := range []float64{170, 190, -190, 720} {
		assert.InDelta(t, lon/180*20037508.342789244, xs[i], 1e-7)
	}
	tr.Inverse().Transform(xs, ys)
	assert.InDeltaSlice(t, []float64{170, 190, -190, 720}, xs, 1e-12)

	// Zone 60 goes on beyond the antimeridian, and zone 1 begins before it.
	xs, ys = []float64{900000, 100000}, []float64{5e6, 5e6}
	mustTransformer(t, 32660, 4326).Transform(xs[:1], ys[:1])
	mustTransformer(t, 32601, 4326).Transform(xs[1:], ys[1:])
	assert.InDelta(t, 182.0787339, xs[0], 1e-6)
	assert.InDelta(t, -182.0787339, xs[1], 1e-6)
}

func TestIdentity(t *testing.T) {
	for _, c := range []struct {
		from, to            int
		identity, separable bool
		accuracy            float64
	}{
		{4326, 4326, true, true, 0},
		{4326, 4258, true, true, 1},
		{4258, 4674, true, true, 2},
		{3857, 102100, true, true, 0},
		{102113, 900913, true, true, 0},
		{3785, 3857, true, true, 0},
		{5070, 102039, true, true, 0},
		{32633, 32633, true, true, 0},
		{4326, 3857, false, true, 0},
		{3395, 3857, false, true, 0},
		{5070, 102003, false, false, 0},
		{31985, 32725, false, false, 1},
		{4326, 32633, false, false, 0},
		{32633, 3857, false, false, 0},
	} {
		for _, tr := range []*Transformer{mustTransformer(t, c.from, c.to), mustTransformer(t, c.from, c.to).Inverse()} {
			assert.Equal(t, c.identity, tr.Identity(), "%v", c)
			assert.Equal(t, c.separable, tr.Separable(), "%v", c)
			assert.Equal(t, c.accuracy, tr.Accuracy(), "%v", c)
		}
		if c.identity {
			xs, ys := []float64{1e300, 12, math.NaN()}, []float64{-1e300, 91, 1}
			assert.Equal(t, 1, mustTransformer(t, c.from, c.to).Transform(xs, ys))
			assert.Equal(t, []float64{1e300, 12}, xs[:2])
			assert.Equal(t, []float64{-1e300, 91}, ys[:2])
			assert.True(t, math.IsNaN(ys[2]))
		}
	}
	var zero Transformer
	assert.True(t, zero.Identity() && zero.Inverse().Identity())
}

func TestSeparable(t *testing.T) {
	for _, p := range pairs {
		tr := mustTransformer(t, p.from, p.to)
		if !tr.Separable() {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			x := rapid.Float64Range(p.box.XMin, p.box.XMax).Draw(t, "x")
			y1 := rapid.Float64Range(p.box.YMin, p.box.YMax).Draw(t, "y1")
			y2 := rapid.Float64Range(p.box.YMin, p.box.YMax).Draw(t, "y2")
			xs, ys := []float64{x, x, p.box.XMin}, []float64{y1, y2, y1}
			tr.Transform(xs, ys)
			require.Equal(t, xs[0], xs[1])
			require.Equal(t, ys[0], ys[2])
		})
	}
}

func TestNotStated(t *testing.T) {
	c := mustCRS(t, 4326)
	for _, pair := range [][2]CRS{{}, {c, {}}, {{}, c}} {
		_, err := NewTransformer(pair[0], pair[1])
		assert.ErrorIs(t, err, ErrNotStated)
	}
}

func TestConcurrentUse(t *testing.T) {
	for _, p := range pairs {
		tr := mustTransformer(t, p.from, p.to)
		lattice := func() ([]float64, []float64) {
			var xs, ys []float64
			for i := range 400 {
				xs = append(xs, p.box.XMin+p.box.Width()*float64(i%20)/19)
				ys = append(ys, p.box.YMin+p.box.Height()*float64(i/20)/19)
			}
			return xs, ys
		}
		wantX, wantY := lattice()
		tr.Transform(wantX, wantY)
		wantBox, wantErr := tr.Envelope(p.box)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 5 {
					xs, ys := lattice()
					tr.Transform(xs, ys)
					assert.Equal(t, wantX, xs)
					assert.Equal(t, wantY, ys)
				}
				box, err := tr.Envelope(p.box)
				assert.Equal(t, wantBox, box)
				assert.Equal(t, wantErr, err)
			})
		}
		wg.Wait()
	}
}

func TestTransformDoesNotAllocate(t *testing.T) {
	for _, p := range pairs {
		tr := mustTransformer(t, p.from, p.to)
		xs, ys := make([]float64, 1000), make([]float64, 1000)
		assert.Zero(t, testing.AllocsPerRun(10, func() { tr.Transform(xs, ys) }), "%v", p)
	}
}

func BenchmarkTransform(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to int
		box      Envelope
	}{
		{"4326-3857", 4326, 3857, Envelope{-180, -85, 180, 85}},
		{"3857-4326", 3857, 4326, Envelope{-2e7, -2e7, 2e7, 2e7}},
		{"4326-3395", 4326, 3395, Envelope{-180, -85, 180, 85}},
		{"3395-4326", 3395, 4326, Envelope{-2e7, -2e7, 2e7, 2e7}},
		{"4326-32633", 4326, 32633, Envelope{9, 0, 21, 84}},
		{"32633-4326", 32633, 4326, Envelope{1e5, 0, 9e5, 9e6}},
		{"4326-5070", 4326, 5070, Envelope{-125, 24, -66, 50}},
		{"5070-4326", 5070, 4326, Envelope{-2.3e6, 2.6e5, 2.2e6, 3.1e6}},
		{"3857-32633", 3857, 32633, Envelope{1e6, 1e6, 2e6, 8e6}},
	} {
		b.Run(c.name, func(b *testing.B) {
			tr := mustTransformer(b, c.from, c.to)
			const n = 4096
			x0, y0 := make([]float64, n), make([]float64, n)
			for i := range n {
				x0[i] = c.box.XMin + c.box.Width()*float64(i*37%n)/n
				y0[i] = c.box.YMin + c.box.Height()*float64(i)/n
			}
			xs, ys := make([]float64, n), make([]float64, n)
			for b.Loop() {
				copy(xs, x0)
				copy(ys, y0)
				if tr.Transform(xs, ys) > 0 {
					b.Fatal("lost points")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/point")
		})
	}
}

func BenchmarkNewTransformer(b *testing.B) {
	from, to := mustCRS(b, 4326), mustCRS(b, 32633)
	for b.Loop() {
		if _, err := NewTransformer(from, to); err != nil {
			b.Fatal(err)
		}
	}
}

// Between systems whose x repeats about different meridians, points come to lie where PROJ puts them, boxes are one piece,
// and Unwrapped has no jump. The numbers are PROJ 9.1.1's:
//
//	for p in "18 -160" "18 150" "18 -31" "18 -29"; do echo $p | cs2cs -f %.4f EPSG:4326 EPSG:3832; done
func TestTurns(t *testing.T) {
	tr := mustTransformer(t, 4326, 3832)
	xs, ys := []float64{-160, 150, -31, -29, 190, 370}, []float64{18, 18, 18, 18, 18, 18}
	require.Zero(t, tr.Transform(xs, ys))
	const turn = 40075016.6855785
	assert.InDeltaSlice(t, []float64{5565974.5397, 0, 19926188.8520, -19926188.8520, 40. / 360 * turn}, xs[:5], 1e-3)
	assert.InDelta(t, 220./360*turn, xs[5], 1e-3) // beyond both worlds' edges
	require.Zero(t, tr.Inverse().Transform(xs[:5], ys[:5]))
	assert.InDeltaSlice(t, []float64{-160, 150, -31, -29, -170}, xs[:5], 1e-9)

	for _, c := range []struct {
		from, to   int
		xmin, xmax float64
		want       [2]float64
	}{
		{4326, 3832, -160, -154, [2]float64{5565974.5397, 6233891.4845}},
		{4326, 3832, -60, 0, [2]float64{150. / 360 * turn, 210. / 360 * turn}},
		{3832, 4326, 5565974.5397, 6233891.4845, [2]float64{-160, -154}},
		{3832, 4326, 0, 5565974.5397, [2]float64{150, 200}},
		{3857, 3832, -160. / 360 * turn, -154. / 360 * turn, [2]float64{50. / 360 * turn, 56. / 360 * turn}},
	} {
		e, err := mustTransformer(t, c.from, c.to).Envelope(Envelope{c.xmin, 0, c.xmax, 20})
		require.NoError(t, err)
		assert.InDelta(t, c.want[0], e.XMin, 1e-3, "%v", c)
		assert.InDelta(t, c.want[1], e.XMax, 1e-3, "%v", c)
	}
	for _, pair := range [][2]int{{4326, 3832}, {3832, 3857}, {3994, 4326}} {
		u := mustTransformer(t, pair[0], pair[1]).Unwrapped()
		period := mustCRS(t, pair[0]).Period()
		var xs []float64
		for i := range 1001 {
			xs = append(xs, (float64(i)/500-1)*period)
		}
		require.Zero(t, u.Transform(xs, make([]float64, len(xs))))
		for i := 2; i < len(xs); i++ {
			require.InEpsilon(t, xs[1]-xs[0], xs[i]-xs[i-1], 1e-6, "%v", pair)
		}
		assert.Same(t, u, u.Unwrapped())
	}
}
