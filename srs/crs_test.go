package srs

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestZeroCRS(t *testing.T) {
	var c CRS
	assert.True(t, c.IsZero())
	wkid, latest := c.WKID()
	assert.Zero(t, wkid)
	assert.Zero(t, latest)
	assert.Zero(t, c.Unit())
	assert.Zero(t, c.Period())
	assert.Empty(t, c.Name())
	assert.False(t, c.Geographic())
	assert.Equal(t, "not stated", c.String())
	text, err := json.Marshal(c)
	require.NoError(t, err)
	assert.Equal(t, "null", string(text))
}

func TestFromWKID(t *testing.T) {
	for _, c := range []struct {
		wkid, latest int
		name, text   string
		geographic   bool
		unit, period float64
	}{
		{4326, 4326, "WGS 84", "EPSG:4326", true, math.Pi / 180, 360},
		{4674, 4674, "SIRGAS 2000", "EPSG:4674", true, math.Pi / 180, 360},
		{3857, 3857, "WGS 84 / Pseudo-Mercator", "EPSG:3857", false, 1, 40075016.685578488},
		{102100, 3857, "WGS_1984_Web_Mercator_Auxiliary_Sphere", "ESRI:102100", false, 1, 40075016.685578488},
		{102113, 3857, "WGS_1984_Web_Mercator", "ESRI:102113", false, 1, 40075016.685578488},
		{3785, 3857, "Popular Visualisation CRS / Mercator", "EPSG:3785", false, 1, 40075016.685578488},
		{900913, 3857, "Google Maps Global Mercator", "EPSG:900913", false, 1, 40075016.685578488},
		{3395, 3395, "WGS 84 / World Mercator", "EPSG:3395", false, 1, 40075016.685578488},
		{32760, 32760, "WGS 84 / UTM zone 60S", "EPSG:32760", false, 1, 0},
		{26923, 26923, "NAD83 / UTM zone 23N", "EPSG:26923", false, 1, 0},
		{25832, 25832, "ETRS89 / UTM zone 32N", "EPSG:25832", false, 1, 0},
		{31965, 31965, "SIRGAS 2000 / UTM zone 11N", "EPSG:31965", false, 1, 0},
		{31985, 31985, "SIRGAS 2000 / UTM zone 25S", "EPSG:31985", false, 1, 0},
		{102003, 102003, "USA_Contiguous_Albers_Equal_Area_Conic", "ESRI:102003", false, 1, 0},
	} {
		crs := mustCRS(t, c.wkid)
		wkid, latest := crs.WKID()
		assert.Equal(t, c.wkid, wkid)
		assert.Equal(t, c.latest, latest)
		assert.Equal(t, c.name, crs.Name())
		assert.Equal(t, c.text, crs.String())
		assert.Equal(t, c.geographic, crs.Geographic())
		assert.Equal(t, c.unit, crs.Unit())
		assert.Equal(t, c.period, crs.Period())

		again, err := Parse(crs.String())
		require.NoError(t, err)
		assert.Equal(t, crs, again)
		object, err := json.Marshal(crs)
		require.NoError(t, err)
		again, err = Parse(string(object))
		require.NoError(t, err)
		assert.Equal(t, crs, again)
	}
	text, err := json.Marshal(mustCRS(t, 102100))
	require.NoError(t, err)
	assert.Equal(t, `{"wkid":102100,"latestWkid":3857}`, string(text))
}

func TestUnknownCodes(t *testing.T) {
	for _, wkid := range []int{0, -1, 1, 999999, 26900, 26924, 31964, 102000, math.MinInt, math.MaxInt} {
		_, err := FromWKID(wkid)
		var unknown *UnknownError
		require.ErrorAs(t, err, &unknown)
		assert.Equal(t, wkid, unknown.WKID)
	}
}

// TestUnsupportedCodes: a code that is known, but of a system that is not supported, is an error of its own kind.
func TestUnsupportedCodes(t *testing.T) {
	for wkid, want := range map[int]UnsupportedError{
		5703:   {"kind of spatial reference", "vertical 5703"},
		4978:   {"kind of spatial reference", "geocentric 4978"},
		4979:   {"kind of spatial reference", "geographic 3D 4979"},
		7415:   {"kind of spatial reference", "compound 7415"},
		102299: {"projection", "Berghaus_Star"},
	} {
		c, err := FromWKID(wkid)
		var got *UnsupportedError
		require.ErrorAs(t, err, &got, "%d", wkid)
		assert.Equal(t, want, *got)
		assert.True(t, c.IsZero())
	}
}

func TestCRSIsAMapKey(t *testing.T) {
	m := map[CRS]int{mustCRS(t, 3857): 1, mustCRS(t, 102100): 2, {}: 3}
	assert.Len(t, m, 3)
	assert.Equal(t, 2, m[mustCRS(t, 102100)])
}

func TestAreaOfUse(t *testing.T) {
	for _, c := range []struct {
		wkid int
		want Envelope
	}{
		{27700, Envelope{-9.01, 49.75, 2.01, 61.01}},
		{3832, Envelope{98.69, -60, 292, 66.67}}, // across the antimeridian
		{4326, Envelope{-180, -90, 180, 90}},
	} {
		got, ok := mustCRS(t, c.wkid).AreaOfUse()
		assert.True(t, ok)
		assert.InDeltaSlice(t, []float64{c.want.XMin, c.want.YMin, c.want.XMax, c.want.YMax},
			[]float64{got.XMin, got.YMin, got.XMax, got.YMax}, 1e-9, "%d", c.wkid)
	}
	_, ok := CRS{}.AreaOfUse()
	assert.False(t, ok)
}
