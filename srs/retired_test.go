package srs

import (
	"fmt"
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
