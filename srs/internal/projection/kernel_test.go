package projection

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/go-spatial/proj/core"
	_ "github.com/go-spatial/proj/operations" // the oracles
	"github.com/go-spatial/proj/support"
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

func kernelOf(t testing.TB, p Projection) Kernel {
	k, err := NewKernel(p)
	require.NoError(t, err)
	return k
}

func TestTransverseMercatorIsExactToAMillimetre(t *testing.T) {
	k := kernelOf(t, makeProjection("tmerc", grs80, Parameters{ScaleFactor: 1}))
	for _, row := range readTable(t, "tmerc_exact.tsv") {
		lon, lat, a := row[0], row[1], grs80.A
		x, y := []float64{lon * degree}, []float64{lat * degree}
		k.Forward(x, y)
		assert.InDelta(t, row[2], x[0]*a, 1e-3, "x of %v", row)
		assert.InDelta(t, row[3], y[0]*a, 1e-3, "y of %v", row)
		if math.Hypot(row[2], row[3]-1e7) < 5e6 || math.Abs(lon) <= 40 {
			assert.InDelta(t, row[2], x[0]*a, 2e-8, "x of %v", row)
			assert.InDelta(t, row[3], y[0]*a, 2e-8, "y of %v", row)
		}
		x[0], y[0] = row[2]/a, row[3]/a
		k.Inverse(x, y)
		assert.InDelta(t, lat, y[0]/degree, 1e-8, "latitude of %v", row)
		assert.InDelta(t, 0, math.Remainder(lon-x[0]/degree, 360)*math.Cos(lat*degree), 1e-8, "longitude of %v", row)
	}
}

// On the sphere all series vanish, and the closed formulas are Snyder's 8-1 and 8-3.
func TestTransverseMercatorOnTheSphere(t *testing.T) {
	k := kernelOf(t, makeProjection("tmerc", Ellipsoid{A: 6371000}, Parameters{ScaleFactor: 1}))
	for _, p := range [][2]float64{{10, 20}, {-50, 70}, {60, -5}, {0, 90}} {
		lam, phi := p[0]*degree, p[1]*degree
		b := math.Cos(phi) * math.Sin(lam)
		x, y := []float64{lam}, []float64{phi}
		k.Forward(x, y)
		assert.InDelta(t, math.Atanh(b), x[0], 1e-14)
		assert.InDelta(t, math.Atan2(math.Tan(phi), math.Cos(lam)), y[0], 1e-14)
	}
}

func TestTransverseMercatorRefusesWhatIsFar(t *testing.T) {
	k := kernelOf(t, makeProjection("tmerc", grs80, Parameters{ScaleFactor: 0.9996}))
	for _, p := range [][2]float64{{67.5, 0}, {80, 0}, {90, 0}, {-90, 1}, {100, 0}, {90, 22}, {180, 0}, {180, 44.5}, {-170, -40}, {120, 20}} {
		x, y := []float64{p[0] * degree}, []float64{p[1] * degree}
		k.Forward(x, y)
		assert.True(t, math.IsNaN(x[0]) && math.IsNaN(y[0]), "%v", p)
	}
	for _, p := range [][2]float64{{180, 46}, {-170, -60}, {66.5, 0}, {90, 24}, {0, 90}} {
		x, y := []float64{p[0] * degree}, []float64{p[1] * degree}
		k.Forward(x, y)
		k.Inverse(x, y)
		assert.InDelta(t, p[1], y[0]/degree, 1e-8, "%v", p)
		assert.InDelta(t, 0, math.Remainder(p[0]-x[0]/degree, 360)*math.Cos(y[0]), 1e-8, "%v", p)
	}
	for _, p := range [][2]float64{{1.7, 0}, {-1e6, 0}, {1e300, 1}, {0, 2.4}, {0, -2.4}, {0, 3.2}, {0, -1e17}, {math.Inf(1), 0}, {0, math.Inf(-1)}} {
		x, y := []float64{p[0]}, []float64{p[1]}
		k.Inverse(x, y)
		assert.True(t, math.IsNaN(x[0]) && math.IsNaN(y[0]), "%v", p)
	}
}

// go-spatial's own kernels are oracles where they are right: see the package comment.
func TestAgainstGoSpatial(t *testing.T) {
	for _, c := range []struct {
		name, oracle string
		p            Projection
		maxLon       float64
	}{
		{"tmerc", "+proj=etmerc +lat_0=31 +k_0=0.9996 +a=6378137 +rf=298.257222101",
			makeProjection("tmerc", grs80, Parameters{LatitudeOfOrigin: 31, ScaleFactor: 0.9996}), 60},
		{"tmerc, bessel", "+proj=etmerc +lat_0=-9 +k_0=1.1 +a=6377397.155 +rf=299.1528128",
			makeProjection("tmerc", Ellipsoid{A: 6377397.155, RF: 299.1528128}, Parameters{LatitudeOfOrigin: -9, ScaleFactor: 1.1}), 60},
		{"merc", "+proj=merc +k_0=0.997 +a=6378137 +rf=298.257222101",
			makeProjection("merc", grs80, Parameters{ScaleFactor: 0.997}), 180},
		{"merc, true scale", "+proj=merc +lat_ts=-41 +a=6378137 +rf=298.257222101",
			makeProjection("merc", grs80, Parameters{ScaleFactor: 1, StandardParallel1: 41}), 180},
		{"merc, sphere", "+proj=merc +lat_ts=56 +R=6378137",
			makeProjection("merc", Ellipsoid{A: 6378137}, Parameters{ScaleFactor: 1, StandardParallel1: 56}), 180},
		{"aea", "+proj=aea +lat_0=23 +lat_1=29.5 +lat_2=45.5 +a=6378137 +rf=298.257222101",
			makeProjection("aea", grs80, Parameters{LatitudeOfOrigin: 23, StandardParallel1: 29.5, StandardParallel2: 45.5, ScaleFactor: 1}), 180},
		{"aea, south", "+proj=aea +lat_0=-32 +lat_1=-5 +lat_2=-42 +a=6378160 +rf=298.25",
			makeProjection("aea", Ellipsoid{A: 6378160, RF: 298.25}, Parameters{LatitudeOfOrigin: -32, StandardParallel1: -5, StandardParallel2: -42, ScaleFactor: 1}), 180},
		{"aea, one parallel, sphere", "+proj=aea +lat_0=0 +lat_1=40 +lat_2=40 +R=6370997",
			makeProjection("aea", Ellipsoid{A: 6370997}, Parameters{StandardParallel1: 40, StandardParallel2: 40, ScaleFactor: 1}), 180},
	} {
		t.Run(c.name, func(t *testing.T) {
			ps, err := support.NewProjString(c.oracle)
			require.NoError(t, err)
			_, op, err := core.NewSystem(ps)
			require.NoError(t, err)
			oracle := op.(*core.ConvertLPToXY).Algorithm
			k := kernelOf(t, c.p)
			rapid.Check(t, func(t *rapid.T) {
				lam := rapid.Float64Range(-c.maxLon, c.maxLon).Draw(t, "lon") * degree
				phi := rapid.Float64Range(-89, 89).Draw(t, "lat") * degree
				want, err := oracle.Forward(&core.CoordLP{Lam: lam, Phi: phi})
				require.NoError(t, err)
				x, y := []float64{lam}, []float64{phi}
				k.Forward(x, y)
				require.InDelta(t, want.X, x[0], 1e-13) // of the radius: 0.6 µm
				require.InDelta(t, want.Y, y[0], 1e-13)

				back, err := oracle.Inverse(&core.CoordXY{X: want.X, Y: want.Y})
				require.NoError(t, err)
				x, y = []float64{want.X}, []float64{want.Y}
				k.Inverse(x, y)
				require.InDelta(t, back.Lam, x[0], 2e-11)
				require.InDelta(t, back.Phi, y[0], 2e-11)
			})
		})
	}
}

// The inverse series must undo the closed forward formulas on any ellipsoid that is in use; 1/150 is twice as flat as
// the earth.
func TestInverseSeries(t *testing.T) {
	for _, rf := range []float64{0, 150, 293.4663, 298.257223563} {
		for _, p := range []Projection{
			makeProjection("merc", Ellipsoid{}, Parameters{ScaleFactor: 1}),
			makeProjection("aea", Ellipsoid{}, Parameters{StandardParallel1: 10, StandardParallel2: 50, ScaleFactor: 1}),
			makeProjection("aea", Ellipsoid{}, Parameters{StandardParallel1: -60, StandardParallel2: -10, LatitudeOfOrigin: -90, ScaleFactor: 1}),
			makeProjection("tmerc", Ellipsoid{}, Parameters{ScaleFactor: 1}),
		} {
			p.Ellipsoid = Ellipsoid{A: 6378137, RF: rf}
			k := kernelOf(t, p)
			for lat := -89.0; lat <= 89; lat++ {
				x, y := []float64{0.3}, []float64{lat * degree}
				k.Forward(x, y)
				k.Inverse(x, y)
				assert.InDelta(t, 0.3, x[0], 1e-13, "%s 1/%g %g°", p.ID(), rf, lat)
				assert.InDelta(t, lat*degree, y[0], 5e-14, "%s 1/%g %g°", p.ID(), rf, lat)
			}
		}
	}
}

func TestAlbersDomain(t *testing.T) {
	k := kernelOf(t, makeProjection("aea", grs80, Parameters{LatitudeOfOrigin: 23, StandardParallel1: 29.5, StandardParallel2: 45.5, ScaleFactor: 1}))
	x, y := []float64{0, 0, 3, 0}, []float64{2, -30, 3, math.NaN()} // behind the pole, too far south, in the gap
	k.Inverse(x, y)
	for i := range x {
		assert.True(t, math.IsNaN(x[i]) && math.IsNaN(y[i]), "%d", i)
	}
	// Both ends of the cut and both poles belong to the domain.
	x, y = []float64{math.Pi, -math.Pi, 1, 1}, []float64{0.2, 0.2, math.Pi / 2, -math.Pi / 2}
	k.Forward(x, y)
	k.Inverse(x, y)
	assert.InDeltaSlice(t, []float64{math.Pi, -math.Pi, 1, 1}, x, 1e-12)
	assert.InDeltaSlice(t, []float64{0.2, 0.2, math.Pi / 2, -math.Pi / 2}, y, 1e-7)

	_, err := NewKernel(makeProjection("aea", grs80, Parameters{StandardParallel1: 30, StandardParallel2: -30, ScaleFactor: 1}))
	assert.ErrorContains(t, err, "aea: standard parallels are opposite each other")
}
