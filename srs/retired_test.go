package srs

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Codes that Esri has retired, or corrected, mean what ArcGIS makes of them; with an authority they mean what that says.
// Parameters are those of the npm package @esri/proj-codes 3.7.0, and
//
//	echo "36 -86" | cs2cs -f %.2f EPSG:4267 EPSG:2204   # 1999989.57 from WGS 84
func TestRetiredCodes(t *testing.T) {
	for wkid, latest := range map[int]int{
		32036: 2204, 5388: 5839, 2934: 5329, 6141: 6391, 2155: 3102, 26747: 26799, 31278: 31279, 102100: 3857, 2036: 2953,
	} {
		c := mustCRS(t, wkid)
		own, got := c.WKID()
		assert.Equal(t, []int{wkid, latest}, []int{own, got})
		assert.Empty(t, c.definition().differs(mustCRS(t, latest).definition().system, mustCRS(t, latest).definition().area), wkid)
		object, err := Parse(fmt.Sprintf(`{"wkid":%d,"latestWkid":%d}`, wkid, latest))
		require.NoError(t, err)
		assert.Equal(t, c, object)
	}
	for wkid, same := range map[int]int{26591: 3003, 26592: 3004, 30800: 3027} {
		assert.True(t, mustTransformer(t, wkid, same).Identity(), wkid)
	}
	x, y := []float64{-86}, []float64{36}
	mustTransformer(t, 4326, 32036).Transform(x, y)
	assert.InDelta(t, 1999989.57, x[0], 0.01)
	a, err := Parse("EPSG:32036")
	require.NoError(t, err)
	assert.NotEqual(t, a, mustCRS(t, 32036))
}

// retired.tsv has all pairs of a retired code and its newer one that differ by more than rounding: registry/points_retired.py.
// The code means what ArcGIS makes of it, the newer system.
func TestRetiredPairsThatDiffer(t *testing.T) {
	data, err := os.ReadFile("testdata/retired.tsv")
	require.NoError(t, err)
	n := 0
	for line := range strings.Lines(string(data)) {
		if line[0] == '#' {
			continue
		}
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var v [6]float64
		for i := range v {
			v[i], err = strconv.ParseFloat(field[i], 64)
			require.NoError(t, err)
		}
		c, err := FromWKID(int(v[0]))
		if u, ok := errors.AsType[*UnsupportedError](err); ok {
			t.Log(u)
			continue
		}
		require.NoError(t, err, line)
		_, latest := c.WKID()
		newest, err := FromWKID(int(v[1]))
		require.NoError(t, err)
		_, want := newest.WKID()
		assert.Contains(t, []int{int(v[1]), want}, latest, line)
		x, y := []float64{v[2]}, []float64{v[3]}
		mustTransformer(t, 4326, int(v[0])).Transform(x, y)
		metres := c.Unit()
		if c.Geographic() {
			metres *= 6378137
		}
		if v[0] == 104992 { // near the border of two operations' areas, of which PROJ takes the other, for 3906 as well
			u, w := []float64{v[2]}, []float64{v[3]}
			mustTransformer(t, 4326, int(v[1])).Transform(u, w)
			v[4], v[5] = u[0], w[0]
		}
		assert.InDelta(t, 0, math.Hypot(x[0]-v[4], y[0]-v[5])*metres, 2e-3, line)
		n++
	}
	assert.Greater(t, n, 90)
}

// Datums with operations of their own are connected by these, and not by WGS 84. PROJ 9.9.0 without grids:
//
//	echo "-25 135" | cs2cs -f %.9f EPSG:4283 EPSG:7844
func TestDirectOperations(t *testing.T) {
	tr := mustTransformer(t, 4283, 7844)
	x, y := []float64{135}, []float64{-25}
	require.Zero(t, tr.Transform(x, y))
	assert.InDelta(t, 135.000008167, x[0], 1e-9)
	assert.InDelta(t, -24.999986280, y[0], 1e-9)
	assert.InDelta(t, 0.01, tr.Accuracy(), 0.05) // 1 cm, and not the metres of the way by WGS 84
	require.Zero(t, tr.Inverse().Transform(x, y))
	assert.InDelta(t, 135, x[0], 1e-10)
	assert.InDelta(t, -25, y[0], 1e-10)
}
