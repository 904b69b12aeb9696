package projection

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// projectionOf reads a PROJ string of one projection, whose ellipsoid is given by +R, or +a with +rf or +b.
func projectionOf(t testing.TB, text string) Projection {
	t.Helper()
	p, err := parseProjString(t, text)
	require.NoError(t, err, text)
	return p
}

func parseProjString(t testing.TB, text string) (Projection, error) {
	name, e, args := sampleArguments(t, text)
	return Parse(name, e, args)
}

func makeProjection(id string, e Ellipsoid, parameters Parameters) Projection {
	for _, d := range All {
		if d.ID() == id {
			return Projection{Descriptor: d, Ellipsoid: e, Parameters: parameters}
		}
	}
	panic("no projection " + id)
}

func withAxes(p Projection, a Axes) Projection {
	p.Axes = a
	return p
}

// kernelRow is a line of kernels.tsv.
type kernelRow struct {
	definition     string
	lon, lat, x, y float64
}

func kernelRows(t testing.TB, name string) []kernelRow {
	f, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer f.Close()
	var rows []kernelRow
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		field := strings.Split(s.Text(), "\t")
		require.Len(t, field, 5, s.Text())
		r := kernelRow{definition: field[0]}
		for i, to := range []*float64{&r.lon, &r.lat, &r.x, &r.y} {
			*to, err = strconv.ParseFloat(field[i+1], 64)
			require.NoError(t, err)
		}
		rows = append(rows, r)
	}
	require.NotEmpty(t, rows)
	return rows
}

// apart is the distance of two points of the sphere in degrees.
func apart(lon1, lat1, lon2, lat2 float64) float64 {
	return math.Hypot(math.Remainder(lon1-lon2, 360)*math.Cos(lat1*degree), lat1-lat2)
}

// Forward to 1 mm and inverse to 3e-10 degrees, 0.03 mm: PROJ's answers, and for what it lacks those of formulas.py.
func TestKernelsAgainstTables(t *testing.T) {
	for _, r := range append(kernelRows(t, "kernels.tsv"), kernelRows(t, "formulas.tsv")...) {
		p := projectionOf(t, r.definition)
		k := kernelOf(t, p)
		x, y := []float64{math.Remainder(r.lon-p.CentralMeridian, 360) * degree}, []float64{r.lat * degree}
		k.Forward(x, y)
		scale := p.Ellipsoid.A
		assert.InDelta(t, r.x, x[0]*scale+p.FalseEasting, 1e-3, "x: %+v", r)
		assert.InDelta(t, r.y, y[0]*scale+p.FalseNorthing, 1e-3, "y: %+v", r)
		x[0], y[0] = (r.x-p.FalseEasting)/scale, (r.y-p.FalseNorthing)/scale
		k.Inverse(x, y)
		if off := apart(r.lon, r.lat, x[0]/degree+p.CentralMeridian, y[0]/degree); !(off < 3e-10) {
			t.Errorf("inverse is %v, %v, %.3g off: %+v", x[0]/degree+p.CentralMeridian, y[0]/degree, off, r)
		}
	}
}
