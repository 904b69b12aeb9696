package srs

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNearEllipsoid: the closest ellipsoids of the registry are two, and the rounding of texts makes none of one.
func TestNearEllipsoid(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b ellipsoid
		near bool
	}{
		{"WGS 84 and GRS 1980", ellipsoid{A: 6378137, RF: 298.257223563}, ellipsoid{A: 6378137, RF: 298.257222101}, false},
		{"GRS 1967, and modified", ellipsoid{A: 6378160, RF: 298.247167427}, ellipsoid{A: 6378160, RF: 298.25}, false},
		{"a sphere and an ellipsoid", ellipsoid{A: 6378137}, ellipsoid{A: 6378137, RF: 298.257223563}, false},
		{"Clarke 1866, feet of 1953 rounded", ellipsoid{A: 6378206.4, RF: 294.9786982138982}, ellipsoid{A: 6378206.4, RF: 294.9786982}, true},
		{"half a millimetre", ellipsoid{A: 6377563.396, RF: 299.3249646}, ellipsoid{A: 6377563.3965, RF: 299.3249646}, true},
	} {
		assert.Equal(t, c.near, nearEllipsoid(c.a, c.b), c.name)
		assert.Equal(t, c.near, nearEllipsoid(c.b, c.a), c.name)
	}
}

// TestNearMeridian: EPSG's Paris (8903) and Paris RGS (8914), 0.075″ apart, are two, in texts as well.
func TestNearMeridian(t *testing.T) {
	for _, c := range []struct {
		a, b float64
		near bool
	}{
		{2.33722917, 2.33720833333, false},
		{2.33722917, 2.3372291699999996, true},
		{2.33722917, 2.3372292, true}, // Esri's seven decimals
		{0, 0, true},
		{-17.6666666667, -17.66666666666667, true},
	} {
		assert.Equal(t, c.near, nearMeridian(c.a, c.b), "%v %v", c.a, c.b)
		assert.Equal(t, c.near, nearMeridian(c.b, c.a), "%v %v", c.a, c.b)
	}
	// Their systems, NTF (Paris) and ATF (Paris), come back from texts without codes as they were.
	for _, wkid := range []int{4807, 4901} {
		want := mustCRS(t, wkid)
		text, err := want.WKT()
		require.NoError(t, err)
		got, err := FromWKT(text)
		require.NoError(t, err)
		assert.Equal(t, want.definition().datum.meridian, got.definition().datum.meridian, text)
	}
	assert.InDelta(t, 0.075/3600, mustCRS(t, 4807).definition().datum.meridian-mustCRS(t, 4901).definition().datum.meridian, 1e-4/3600)
}
