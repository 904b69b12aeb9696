package srs

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Esri's squares lie where PROJ 9.9 has them, to what its elliptic integral is worth:
//
//	echo "10 50" | cs2cs -f %.3f EPSG:4326 ESRI:54099   # latitude first
func TestSquaresOfEsri(t *testing.T) {
	const text = `PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],` +
		`UNIT["Degree",0.0174532925199433]],PROJECTION["Adams_Square_II"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],` +
		`PARAMETER["Scale_Factor",1.0],PARAMETER["Azimuth",40.17823482],PARAMETER["Longitude_Of_Center",66.94970198],` +
		`PARAMETER["Latitude_Of_Center",-49.56371678],PARAMETER["XY_Plane_Rotation",45.0],UNIT["Meter",1.0]]`
	for _, c := range []struct {
		text     string
		lon, lat float64
		x, y     float64
	}{
		{"54098", 50, 10, 3991996.968, 824865.512},
		{"54099", 50, 10, -1580368.717, 4826099.793},
		{text, 50, 10, -1580368.717, 4826099.793},
	} {
		to, err := Parse(c.text)
		require.NoError(t, err, c.text)
		tr, err := NewTransformer(mustCRS(t, 4326), to)
		require.NoError(t, err)
		xs, ys := []float64{c.lon}, []float64{c.lat}
		tr.Transform(xs, ys)
		assert.InDelta(t, c.x, xs[0], 1, c.text)
		assert.InDelta(t, c.y, ys[0], 1, c.text)
	}
}

// The false origin of EPSG's variants C lies on a parallel.
func TestFalseOriginsOnParallels(t *testing.T) {
	const base = `PROJCRS["x",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]],CONVERSION["y",`
	const units = `],CS[Cartesian,2],AXIS["(E)",east],AXIS["(N)",north],LENGTHUNIT["metre",1]]`
	for _, c := range []struct {
		text     string
		lon, lat float64
	}{
		{base + `METHOD["Mercator (variant C)"],PARAMETER["Latitude of 1st standard parallel",42],PARAMETER["Longitude of natural origin",51],` +
			`PARAMETER["Latitude of false origin",42],PARAMETER["Easting at false origin",300000],PARAMETER["Northing at false origin",200000]` + units, 51, 42},
		{base + `METHOD["Polar Stereographic (variant C)"],PARAMETER["Latitude of standard parallel",-67],PARAMETER["Longitude of origin",140],` +
			`PARAMETER["Easting at false origin",300000],PARAMETER["Northing at false origin",200000]` + units, 140, -67},
		{`PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],` +
			`UNIT["Degree",0.0174532925199433]],PROJECTION["Polar_Stereographic_Variant_C"],PARAMETER["False_Easting",300000.0],` +
			`PARAMETER["False_Northing",200000.0],PARAMETER["Longitude_Of_Origin",140.0],PARAMETER["Standard_Parallel_1",-67.0],UNIT["Meter",1.0]]`, 140, -67},
	} {
		to, err := FromWKT(c.text)
		require.NoError(t, err, c.text)
		tr, err := NewTransformer(mustCRS(t, 4326), to)
		require.NoError(t, err)
		xs, ys := []float64{c.lon}, []float64{c.lat}
		tr.Transform(xs, ys)
		assert.InDelta(t, 0, math.Hypot(xs[0]-300000, ys[0]-200000), 1e-6, c.text)

		text, err := to.WKT2()
		require.NoError(t, err)
		back, err := FromWKT(text)
		require.NoError(t, err, text)
		tr, err = NewTransformer(to, back)
		require.NoError(t, err)
		xs, ys = []float64{c.lon * 1e4}, []float64{c.lat * 1e4}
		tr.Transform(xs, ys)
		assert.InDelta(t, 0, math.Hypot(xs[0]-c.lon*1e4, ys[0]-c.lat*1e4), 1e-4, text)
	}
}

// PROJ has changed what two of its operations mean on an ellipsoid, and lets longitudes go on, which a note states.
func TestFormsAreNoted(t *testing.T) {
	for text, want := range map[string]string{
		"+proj=eqc +datum=WGS84 +lat_ts=30":           "+proj=eqc is the form of the sphere, as in PROJ before 9.8",
		"+proj=gnom +lat_0=40 +ellps=GRS80 +colour=1": "set aside, as +proj=gnom does not have them: +colour; +proj=gnom is the form of the sphere, as in PROJ before 9.5",
		"+proj=eqc +R=6371000":                        "",
		"+proj=eqc +R=6371000 +over=f":                "",
		"+proj=merc +ellps=GRS80 +over":               "set aside: +over, for longitudes more than half a turn from the central meridian count as those a turn away",
		"+proj=eqc_ellipsoid +datum=WGS84":            "",
	} {
		c, err := Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, c.Note())
	}
}
