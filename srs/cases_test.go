package srs

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func transformer(t *testing.T, from, to int) *Transformer {
	tr, err := NewTransformer(mustCRS(t, from), mustCRS(t, to))
	require.NoError(t, err)
	return tr
}

func nearEnvelope(t *testing.T, want, got Envelope, tolerance float64) {
	assert.InDeltaSlice(t, []float64{want.XMin, want.YMin, want.XMax, want.YMax},
		[]float64{got.XMin, got.YMin, got.XMax, got.YMax}, tolerance)
}

// T18: x is longitude, whatever the authority's axes are. The numbers are the sphere's formulas.
func TestT18(t *testing.T) {
	e, err := transformer(t, 4326, 3857).Envelope(Envelope{-117, 34, -116, 35})
	require.NoError(t, err)
	nearEnvelope(t, Envelope{-13024380.4228, 4028802.0261, -12913060.9320, 4163881.1441}, e, 1e-4)
}

// T28: the bulge of a side counts; corners alone give a ymin of −2877941.22.
//
//	pyproj.Transformer.from_crs(4326, 3413, always_xy=True).transform_bounds(-75, 60, -15, 70), with PROJ 9.1.1
func TestT28(t *testing.T) {
	e, err := transformer(t, 4326, 3413).Envelope(Envelope{-75, 60, -15, 70})
	require.NoError(t, err)
	assert.InDelta(t, -3323160.27, e.YMin, 1)
}

// T29: a box over the pole has all longitudes and the pole itself.
func TestT29(t *testing.T) {
	e, err := transformer(t, 3413, 4326).Envelope(Envelope{-1e6, -1e6, 1e6, 1e6})
	require.NoError(t, err)
	assert.Equal(t, []float64{-180, 180, 90}, []float64{e.XMin, e.XMax, e.YMax})
	assert.InDelta(t, 77, e.YMin, 1)
}

// T31: the datum step is taken, and undone.
func TestT31(t *testing.T) {
	tr := transformer(t, 27700, 4326)
	xs, ys := []float64{408701.56}, []float64{277900}
	require.Zero(t, tr.Transform(xs, ys))
	// on Airy's ellipsoid alone it would be some 100 m off
	plain := transformer(t, 27700, 4277)
	us, vs := []float64{408701.56}, []float64{277900}
	plain.Transform(us, vs)
	assert.Greater(t, math.Hypot((xs[0]-us[0])*math.Cos(ys[0]*degree), ys[0]-vs[0])*degree*6378137, 50.0)
	require.Zero(t, tr.Inverse().Transform(xs, ys))
	assert.InDelta(t, 408701.56, xs[0], 0.01)
	assert.InDelta(t, 277900, ys[0], 0.01)
}

// T32: without its grid, NAD27 is taken to WGS 84 by a step that is said to be metres off, not copied in silence.
func TestT32(t *testing.T) {
	tr := transformer(t, 4267, 4326)
	assert.GreaterOrEqual(t, tr.Accuracy(), 1.0)
	xs, ys := []float64{-100}, []float64{40}
	require.Zero(t, tr.Transform(xs, ys))
	assert.Greater(t, math.Hypot((xs[0]+100)*math.Cos(40*degree), ys[0]-40)*degree*6378137, 10.0)
}

// T33: the codes of web Mercator are one system; each is echoed with the newest one.
func TestT33(t *testing.T) {
	for _, wkid := range []int{102100, 102113, 900913, 3857} {
		c := mustCRS(t, wkid)
		assert.True(t, transformer(t, wkid, 3857).Identity())
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var object map[string]int
		require.NoError(t, json.Unmarshal(text, &object))
		assert.Equal(t, map[string]int{"wkid": wkid, "latestWkid": 3857}, object)
	}
}

// T34: the forms of a spatial reference, and the error that names what is not known.
func TestT34(t *testing.T) {
	_, err := Parse("999999")
	assert.ErrorContains(t, err, "999999")
	c, err := Parse(`{"wkid":4326}`)
	require.NoError(t, err)
	assert.Equal(t, mustCRS(t, 4326), c)
	_, err = Parse("")
	assert.ErrorContains(t, err, "it is empty")

	// As the ArcGIS API for JavaScript sends it where the map shows the dateline: x counts from 180°.
	object, err := json.Marshal(map[string]string{"wkt": strings.Replace(esriMercator150, `"Central_Meridian",150`, `"Central_Meridian",180`, 1)})
	require.NoError(t, err)
	c, err = Parse(string(object))
	require.NoError(t, err)
	tr, err := NewTransformer(mustCRS(t, 3857), c)
	require.NoError(t, err)
	half := c.Period() / 2
	xs, ys := []float64{half - 1000, -half + 1000}, []float64{5e6, 5e6}
	require.Zero(t, tr.Transform(xs, ys))
	assert.InDelta(t, -1000, math.Remainder(xs[0], c.Period()), 1e-6)
	assert.InDelta(t, 1000, math.Remainder(xs[1], c.Period()), 1e-6)
	assert.InDeltaSlice(t, []float64{5e6, 5e6}, ys, 1e-6)
}

// What is no number, infinite or outside a projection's domain has no image, and is counted.
func TestPointsWithoutImage(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for wkid, points := range map[int][][2]float64{
		4326: {{nan, 0}, {0, nan}, {inf, 0}, {0, -inf}},
		3857: {{nan, 0}, {0, nan}, {inf, 0}, {0, 90}, {0, 100}},
		3413: {{nan, nan}, {0, inf}, {0, -90}},
	} {
		tr, err := NewTransformer(mustCRS(t, 4258), mustCRS(t, wkid))
		require.NoError(t, err)
		for _, p := range points {
			xs, ys := []float64{p[0], 10}, []float64{p[1], 50}
			assert.Equal(t, 1, tr.Transform(xs, ys), "%d %v", wkid, p)
			assert.True(t, math.IsNaN(xs[0]) && math.IsNaN(ys[0]), "%d %v: %v %v", wkid, p, xs[0], ys[0])
			assert.False(t, math.IsNaN(xs[1]) || math.IsNaN(ys[1]))
		}
	}
}

// An orthographic projection is Esri's spherical one in Esri's dialect of WKT 1, and an ellipsoid's, EPSG method 9840, in
// the OGC's, as PROJ has it:
//
//	echo "20 45" | cs2cs -f %.4f +proj=longlat +datum=WGS84 +to +proj=ortho +lat_0=40 +lon_0=10 +datum=WGS84 [+f=0]
func TestOrthographicDialects(t *testing.T) {
	const parameters = `PARAMETER["latitude_of_origin",40],PARAMETER["central_meridian",10],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["Meter",1]]`
	ogc := strings.NewReplacer("GCS_WGS_1984", "WGS 84", "D_WGS_1984", "WGS_1984").Replace(esriGeographic)
	for _, c := range []struct {
		wkt    string
		sphere bool
	}{
		{`PROJCS["x",` + esriGeographic + `,PROJECTION["Orthographic"],` + parameters, true},
		{`PROJCS["x",` + ogc + `,PROJECTION["Orthographic"],` + parameters, false},
		{`PROJCS["x",` + strings.ToLower(esriGeographic) + `,PROJECTION["Orthographic"],` + parameters, true},
		{`PROJCS["x",` + esriGeographic + `,PROJECTION["Local"],` + parameters, false}, // Esri's for an ellipsoid
	} {
		got, err := FromWKT(c.wkt)
		require.NoError(t, err)
		x, y := 784471.4236, 598826.5352
		if c.sphere {
			x, y = 783157.4356, 599933.4017
		}
		tr, err := NewTransformer(mustCRS(t, 4326), got)
		require.NoError(t, err)
		xs, ys := []float64{20}, []float64{45}
		require.Zero(t, tr.Transform(xs, ys))
		assert.InDeltaSlice(t, []float64{x, y}, []float64{xs[0], ys[0]}, 1e-3, c.wkt)
	}
}
