package srs

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	esriGeographic = `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`

	// As the ArcGIS API for JavaScript sends them across the antimeridian, here about 150° east.
	esriMercator150   = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + esriGeographic + `,PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",150],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
	esriPlateCarree   = `PROJCS["WGS_1984_Plate_Carree",` + esriGeographic + `,PROJECTION["Plate_Carree"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",180],UNIT["Degrees",111319.491]]`
	esriUTM33         = `PROJCS["WGS_1984_UTM_Zone_33N",` + esriGeographic + `,PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",15.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	esriOldWebMerc    = `PROJCS["WGS_1984_Web_Mercator",GEOGCS["GCS_WGS_1984_Major_Auxiliary_Sphere",DATUM["D_WGS_1984_Major_Auxiliary_Sphere",SPHEROID["WGS_1984_Major_Auxiliary_Sphere",6378137.0,0.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mercator"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],UNIT["Meter",1.0]]`
	esriWorldMercator = `PROJCS["WGS_1984_World_Mercator",` + esriGeographic + `,PROJECTION["Mercator"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],UNIT["Meter",1.0]]`

	// gdalsrsinfo -o wkt1 EPSG:5070 and EPSG:3857 (GDAL 3.6), the latter without its AUTHORITY.
	gdalAlbers  = `PROJCS["NAD83 / Conus Albers",GEOGCS["NAD83",DATUM["North_American_Datum_1983",SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4269"]],PROJECTION["Albers_Conic_Equal_Area"],PARAMETER["latitude_of_center",23],PARAMETER["longitude_of_center",-96],PARAMETER["standard_parallel_1",29.5],PARAMETER["standard_parallel_2",45.5],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]`
	gdalWebMerc = `PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"]]`
)

func TestParseCodes(t *testing.T) {
	for _, c := range []struct {
		text         string
		wkid, latest int
	}{
		{"4326", 4326, 4326},
		{" 4326 ", 4326, 4326},
		{"\t32633\n", 32633, 32633},
		{"EPSG:4326", 4326, 4326},
		{"epsg:3857", 3857, 3857},
		{"ESRI:102100", 102100, 3857},
		{"EPSG:102100", 102100, 3857},
		{"102113", 102113, 3857},
		{"900913", 900913, 3857},
		{"102003", 102003, 102003},
		{`{"wkid":4326}`, 4326, 4326},
		{`{"wkid":102100,"latestWkid":3857}`, 102100, 3857},
		{` { "latestWkid" : 3857 , "wkid" : 102100 } `, 102100, 3857},
		{`{"wkid":102113,"latestWkid":3857}`, 102113, 3857},
		{`{"wkid":999998,"latestWkid":32633}`, 999998, 32633},
		{`{"wkid":4326,"latestWkid":999999}`, 4326, 4326},
		{`{"latestWkid":3857}`, 3857, 3857},
		{`{"wkid":0,"latestWkid":3857}`, 3857, 3857},
		{`{"wkid":-1,"latestWkid":102100}`, 102100, 3857},
		{`{"wkid":102100,"latestWkid":3857,"vcsWkid":105702,"latestVcsWkid":5702}`, 102100, 3857},
		{`{"wkid":4326,"wkt":"nonsense"}`, 4326, 4326},
		{`{"wkid":null,"latestWkid":4326,"extra":[{"a":[1,2,{}]}]}`, 4326, 4326},
		{`PROJCS["x",AUTHORITY["EPSG","31985"]]`, 31985, 31985},
		{`PROJCRS["WGS 84 / UTM zone 33N",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],ID["EPSG",32633]]`, 32633, 32633},
		{`GEOGCRS["WGS 84",ID["EPSG",4326]]`, 4326, 4326},
		{`COMPD_CS["both",PROJCS["x",AUTHORITY["EPSG","32633"]],VERT_CS["z",AUTHORITY["EPSG","5703"]]]`, 32633, 32633},
	} {
		got, err := Parse(c.text)
		require.NoError(t, err, c.text)
		wkid, latest := got.WKID()
		assert.Equal(t, c.wkid, wkid, c.text)
		assert.Equal(t, c.latest, latest, c.text)
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 20000) + strings.Repeat("}", 20000)
	for _, c := range []struct {
		text string
		kind error
		says string
	}{
		{"", &SyntaxError{}, "empty"},
		{"  ", &SyntaxError{}, "empty"},
		{"1e3", &SyntaxError{}, "1e3"},
		{"0x10e6", &SyntaxError{}, ""},
		{"4_326", &SyntaxError{}, ""},
		{"-1", &SyntaxError{}, ""},
		{"+4326", &SyntaxError{}, ""},
		{"4326.0", &SyntaxError{}, ""},
		{"4326,4326", &SyntaxError{}, ""},
		{"٤٣٢٦", &SyntaxError{}, ""},
		{"EPSG:", &SyntaxError{}, ""},
		{"EPSG: 4326", &SyntaxError{}, ""},
		{"FOO:4326", &SyntaxError{}, ""},
		{"99999999999999999999", &SyntaxError{}, ""},
		{"null", &SyntaxError{}, ""},
		{"0", &UnknownError{}, "0"},
		{"999999", &UnknownError{}, "999999"},
		{"EPSG:32799", &UnknownError{}, "32799"},
		{"EPSG:5703", &UnsupportedError{}, "vertical 5703"},
		{`{"wkid":5703}`, &UnsupportedError{}, "vertical 5703"},
		{"+proj=utm", &UnsupportedError{}, "without zone"},
		{"+proj=nonsense +datum=WGS84", &UnsupportedError{}, "nonsense"},
		{"+proj=longlat +geoc +datum=WGS84", &UnsupportedError{}, "geocentric, by +geoc"},
		{"+proj=omerc +alpha=30 +lat_0=40 +no_rot", &UnsupportedError{}, "no_rot"},
		{"+proj=merc +ellps=GRS80 +e=-0.5", &SyntaxError{}, "e is negative"},
		{"+proj=longlat +datum=Mars", &UnsupportedError{}, "Mars"},
		{"+proj=longlat +ellps=bessel +nadgrids=", &SyntaxError{}, "names no file"},
		{"+proj=geocent +datum=WGS84", &UnsupportedError{}, "geocentric"},
		{"+proj=longlat +a=nan +b=1", &SyntaxError{}, "a is"},
		{"+proj=longlat +towgs84=1,2", &SyntaxError{}, "towgs84"},
		{"+init=epsg:999999", &UnknownError{}, "999999"},
		{"+init=IGNF:LAMB93", &UnsupportedError{}, "IGNF"},
		{`{"type":"VerticalCRS"}`, &UnsupportedError{}, "vertical"},
		{`{"type":"ProjectedCRS"}`, &SyntaxError{}, "base_crs"},
		{`{"type":"GeographicCRS","name":"x"}`, &SyntaxError{}, "datum"},
		{`VERTCRS["x",VDATUM["y"]]`, &UnsupportedError{}, "vertical"},
		{`GEOCCS["x"]`, &UnsupportedError{}, "geocentric"},
		{`GEOGCRS["x",DATUM["d",ELLIPSOID["e",6378137,298]],CS[ellipsoidal,3]]`, &UnsupportedError{}, "geographic 3D"},
		{"{", &SyntaxError{}, ""},
		{"{}", &SyntaxError{}, "neither"},
		{`{"WKID":4326}`, &SyntaxError{}, "neither"},
		{`{"wkid":"4326"}`, &SyntaxError{}, "wkid"},
		{`{"wkid":4326.0}`, &SyntaxError{}, "wkid"},
		{`{"wkid":1e3}`, &SyntaxError{}, "wkid"},
		{`{"wkid":99999999999999999999}`, &SyntaxError{}, "wkid"},
		{`{"wkid":4326,"wkid":3857}`, &SyntaxError{}, "twice"},
		{`{"wkid":4326}{"wkid":3857}`, &SyntaxError{}, "follows"},
		{`{"wkid":4326,}`, &SyntaxError{}, ""},
		{`{"wkt":4326}`, &SyntaxError{}, "wkt"},
		{`{"wkt":""}`, &SyntaxError{}, ""},
		{`{"wkid":-1}`, &UnknownError{}, "-1"},
		{`{"wkid":0,"latestWkid":-2}`, &UnknownError{}, "-2"},
		{"+proj=longlat +towgs84=nan,0,0", &SyntaxError{}, "shift"},
		{"+proj=longlat +towgs84=0,-inf,0", &SyntaxError{}, "shift"},
		{"+proj=longlat +towgs84=0,0,1e300", &SyntaxError{}, "shift"},
		{`BOUNDCRS[SOURCECRS[GEOGCRS["x",ID["EPSG",4267]]],TARGETCRS[GEOGCRS["WGS 84"]],ABRIDGEDTRANSFORMATION["t",METHOD["Geocentric translations"],PARAMETER["X-axis translation",1e300]]]`, &SyntaxError{}, "shift"},
		{`{"wkid":999999,"latestWkid":999998}`, &UnknownError{}, "999999"},
		{deep, &SyntaxError{}, ""},
		{`{"a":"` + strings.Repeat("x", maxText) + `"}`, &SyntaxError{}, "longer"},
		{strings.Repeat("9", maxText+1), &SyntaxError{}, "longer"},
		{"PROJCS", &SyntaxError{}, ""},
		{"PROJCS[", &SyntaxError{}, ""},
		{"PROJCS[]", &SyntaxError{}, ""},
		{`PROJCS["x]`, &SyntaxError{}, "no end"},
		{`PROJCS["x")`, &SyntaxError{}, ""},
		{`PROJCS["x"]`, &SyntaxError{}, "GEOGCS"},
		{`GEOGCS["x"]`, &SyntaxError{}, "DATUM"},
		{esriUTM33 + "x", &SyntaxError{}, "follows"},
		{esriUTM33 + "," + esriUTM33, &SyntaxError{}, "follows"},
		{strings.Repeat("A[", 1000) + "1" + strings.Repeat("]", 1000), &SyntaxError{}, "levels"},
		{`LOCAL_CS["x",UNIT["Meter",1]]`, &UnsupportedError{}, "LOCAL_CS"},
		{strings.Replace(esriUTM33, "Transverse_Mercator", "Berghaus_Star", 1), &UnsupportedError{}, `projection "Berghaus_Star"`},
		{strings.Replace(esriUTM33, `"Latitude_Of_Origin",0`, `"Azimuth",5`, 1), &UnsupportedError{}, "Azimuth"},
		{strings.Replace(esriUTM33, "0.9996", "0x1p3", 1), &SyntaxError{}, "number"},
		{strings.Replace(esriUTM33, "0.9996", "NaN", 1), &SyntaxError{}, "number"},
		{strings.Replace(esriUTM33, "0.9996", "1e999", 1), &SyntaxError{}, "number"},
		{strings.Replace(esriUTM33, "0.9996", "0", 1), &UnsupportedError{}, "scale factor"},
		{strings.Replace(esriUTM33, `15.0]`, `15000]`, 1), &SyntaxError{}, "degrees"},
		{strings.Replace(esriUTM33, `UNIT["Meter",1.0]`, `UNIT["Meter",0]`, 1), &SyntaxError{}, "UNIT"},
		{strings.Replace(esriUTM33, "Scale_Factor", "Central_Meridian", 1), &SyntaxError{}, "twice"},
		{strings.Replace(esriMercator150, `Type",0.0`, `Type",1.0`, 1), &UnsupportedError{}, "sphere 1"},
		{strings.Replace(gdalAlbers, "45.5", "-29.5", 1), &UnsupportedError{}, "parallels"},
		{strings.Replace(gdalAlbers, "NORTH]", "SOUTH]", 1), &UnsupportedError{}, "axis direction"},
		{strings.Replace(gdalWebMerc, "+proj=merc", "+proj=isea", 1), &UnsupportedError{}, "extension"},
	} {
		name := fmt.Sprintf("%.60s", c.text)
		got, err := Parse(c.text)
		require.Error(t, err, name)
		assert.True(t, got.IsZero(), name)
		assert.IsType(t, c.kind, err, "%s: %v", name, err)
		assert.Contains(t, err.Error(), c.says, name)
		assert.Less(t, len(err.Error()), 400, name)
	}
}

// Texts that mean a system with a code must be that system.
func TestWKTMeansACode(t *testing.T) {
	for _, c := range []struct {
		wkt  string
		wkid int
	}{
		{esriGeographic, 4326},
		{esriUTM33, 32633},
		{strings.NewReplacer("[", " ( ", "]", " ) ", ",", " ,\r\n").Replace(esriUTM33), 32633},
		{strings.ToLower(esriUTM33), 32633},
		{esriUTM33 + `,VERTCS["EGM96",VDATUM["EGM96"],UNIT["Meter",1.0]]`, 32633},
		{strings.Replace(esriUTM33, "Transverse_Mercator", "Gauss_Kruger", 1), 32633},
		{esriOldWebMerc, 102113},
		{esriWorldMercator, 3395},
		{strings.Replace(esriMercator150, "150", "0", 1), 3857},
		{gdalAlbers, 5070},
		{gdalWebMerc, 3857},
	} {
		got, err := FromWKT(c.wkt)
		require.NoError(t, err, c.wkt)
		wkid, _ := got.WKID()
		assert.Zero(t, wkid)
		tr, err := NewTransformer(got, mustCRS(t, c.wkid))
		require.NoError(t, err)
		assert.True(t, tr.Identity(), c.wkt)
	}
}

func TestWKTParameters(t *testing.T) {
	for _, c := range []struct {
		name, wkt  string
		lon, lat   float64
		x, y       float64
		unit, turn float64
	}{
		{"web Mercator about 150° E", esriMercator150, 160, 34, 1113194.9079, 4028802.0261, 1, 40075016.685578488},
		{"plate carrée about 180°", esriPlateCarree, 190, -20, 10 / 1.00000000185676, -20 / 1.00000000185676, 111319.491, 360 / 1.00000000185676},
		// echo "12.1 47.25" | cs2cs -f %.5f +proj=longlat +datum=WGS84 +to +proj=utm +zone=33 +datum=WGS84 +units=us-ft
		{"UTM in US feet", strings.NewReplacer("500000.0", "1640416.666666667", `"Meter",1.0`, `"Foot_US",0.3048006096012192`).Replace(esriUTM33),
			12.1, 47.25, 920482.38357, 17181809.25681, 0.3048006096012192, 0},
		{"radians", strings.Replace(esriGeographic, `"Degree",0.0174532925199433`, `"Radian",1`, 1), 180, -90, math.Pi, -math.Pi / 2, 1, 2 * math.Pi},
	} {
		crs, err := FromWKT(c.wkt)
		require.NoError(t, err, c.name)
		assert.InDelta(t, c.unit, crs.Unit(), 1e-12, c.name)
		assert.InDelta(t, c.turn, crs.Period(), 1e-7, c.name)
		tr, err := NewTransformer(mustCRS(t, 4326), crs)
		require.NoError(t, err)
		xs, ys := []float64{c.lon}, []float64{c.lat}
		require.Zero(t, tr.Transform(xs, ys))
		assert.InDelta(t, c.x, xs[0], 1e-4, c.name)
		assert.InDelta(t, c.y, ys[0], 1e-4, c.name)
		require.Zero(t, tr.Inverse().Transform(xs, ys))
		assert.InDelta(t, 0, math.Remainder(c.lon-xs[0], mustCRS(t, 4326).Period()), 1e-9, c.name)
		assert.InDelta(t, c.lat, ys[0], 1e-9, c.name)
	}
}

func TestWKTInAnObject(t *testing.T) {
	object, err := json.Marshal(map[string]string{"wkt": esriMercator150})
	require.NoError(t, err)
	a, err := Parse(string(object))
	require.NoError(t, err)
	b, err := FromWKT(esriMercator150)
	require.NoError(t, err)
	assert.Equal(t, b, a)
	again, err := json.Marshal(a)
	require.NoError(t, err)
	assert.JSONEq(t, string(object), string(again))

	c, err := Parse(strings.Replace(string(object), "{", `{"wkid":999199,`, 1))
	require.NoError(t, err)
	wkid, latest := c.WKID()
	assert.Equal(t, []int{999199, 999199}, []int{wkid, latest})
	assert.Equal(t, "999199", c.String())

	// An unknown code in the text is kept, too.
	d, err := FromWKT(strings.TrimSuffix(esriMercator150, "]") + `,AUTHORITY["ESRI","999199"]]`)
	require.NoError(t, err)
	assert.Equal(t, "ESRI:999199", d.String())
}
