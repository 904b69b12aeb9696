package srs

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The parsers have a target each: Parse tells them apart by the text's first characters, which a fuzzer would have to
// find out again and again. The seeds are what PROJ writes of real systems, and what the tests beside each parser read.

func FuzzCode(f *testing.F) {
	for _, s := range []string{"4326", " EPSG:3857", "ESRI:102100", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG:8.9:4326", "OGC:CRS84", "EPSG:5703"} {
		f.Add(s)
	}
	fuzzText(f, 256, Parse)
}

func FuzzWKT(f *testing.F) {
	addTexts(f, "WKT1_GDAL", "WKT1_ESRI", "WKT2:2015", "WKT2:2019")
	for _, s := range []string{
		esriGeographic, esriMercator150, esriPlateCarree, esriUTM33, esriOldWebMerc, gdalAlbers, gdalWebMerc,
		`BOUNDCRS[SOURCECRS[GEOGCRS["x",DATUM["d",ELLIPSOID["e",6378137,298]],CS[ellipsoidal,2],ANGLEUNIT["degree",0.0174532925199433]]],TARGETCRS[GEOGCRS["WGS 84"]],ABRIDGEDTRANSFORMATION["t",METHOD["Geocentric translations"],PARAMETER["X-axis translation",1]]]`,
		`PROJCRS["x",ID["EPSG",32633]]`, `COMPD_CS["x",GEOGCS["y"]]`, `A["""",B(1,C[2]),"é"]`,
	} {
		f.Add(s)
	}
	fuzzText(f, 4096, FromWKT)
}

func FuzzPROJJSON(f *testing.F) {
	addTexts(f, "PROJJSON")
	for _, s := range []string{
		`{"type":"GeographicCRS","name":"x","datum":{"name":"y","ellipsoid":{"semi_major_axis":6378137,"inverse_flattening":298}}}`,
		`{"type":"ProjectedCRS","name":"x","base_crs":{"type":"GeographicCRS","datum":{"ellipsoid":{"radius":6371000}}},"conversion":{"method":{"name":"Transverse Mercator"},"parameters":[{"name":"Longitude of natural origin","value":9,"unit":"degree"}]},"coordinate_system":{"axis":[{"direction":"east","unit":"metre"}]}}`,
		`{"type":"CompoundCRS","components":[null,{"type":"GeographicCRS","id":{"authority":"EPSG","code":"4326"}}]}`,
	} {
		f.Add(s)
	}
	fuzzText(f, 4096, parsePROJJSON)
}

func FuzzPROJ(f *testing.F) {
	addTexts(f, "PROJ")
	for _, s := range []string{
		"+proj=utm +zone=33 +datum=WGS84", "+init=epsg:4326", "proj=longlat datum=NAD27",
		"+proj=lcc +lat_1=49 +lat_2=44 +lon_0=2d20'E +pm=paris +towgs84=1,2,3,4,5,6,7 +a=6378249.2 +b=6356515 +to_meter=1/3",
		"+proj=omerc +lonc=700 +alpha=90", "+proj=tpeqd +lon_1=360 +lon_2=170",
		"+proj=omerc +lat_0=4 +lonc=102.25 +alpha=323.0257905 +gamma=323.130102 +k=0.99984 +no_uoff +ellps=evrstSS",
	} {
		f.Add(s)
	}
	fuzzText(f, 1024, parsePROJ)
}

// FuzzReference is ArcGIS's object, with the texts that it may hold.
func FuzzReference(f *testing.F) {
	for _, s := range []string{
		`{"wkid":102100,"latestWkid":3857}`, `{"wkt":"GEOGCS[\"x\"]"}`, `{"wkid":4326,"wkid":1}`, `{"wkid":null,"wkt":null,"latestWkid":4326}`,
		`{"wkid":102100,"latestWkid":3857,"vcsWkid":105702,"latestVcsWkid":5702,"xyTolerance":0.001,"a":[{}]}`,
		`{"wkid":999999,"wkt":"+proj=utm +zone=33"}`, `{"wkid":0,"latestWkid":3857}`,
	} {
		f.Add(s)
	}
	for _, wkt := range []string{esriMercator150, esriPlateCarree} {
		object, err := json.Marshal(map[string]any{"wkid": 999199, "wkt": wkt})
		require.NoError(f, err)
		f.Add(string(object))
	}
	fuzzText(f, 4096, parseJSON)
}

// addTexts adds the systems of texts.tsv.gz in some of its forms.
func addTexts(f *testing.F, forms ...string) {
	file, err := os.Open("testdata/texts.tsv.gz")
	require.NoError(f, err)
	defer file.Close()
	z, err := gzip.NewReader(file)
	require.NoError(f, err)
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<20)
	n := 0
	for s.Scan() {
		field := strings.Split(s.Text(), "\t")
		for _, form := range forms {
			if field[1] == form {
				f.Add(field[6])
				n++
			}
		}
	}
	require.NoError(f, s.Err())
	require.NotZero(f, n)
}

// fuzzText holds a parser to what Parse promises of all: a usable CRS or a typed error, the same each time, and output
// that reads as a CRS again.
func fuzzText(f *testing.F, longest int, parse func(string) (CRS, error)) {
	world, err := FromWKID(4326)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > longest {
			t.Skip("long texts only take long")
		}
		c, err := parse(s)
		if err != nil {
			_, syntax := errors.AsType[*SyntaxError](err)
			_, unknown := errors.AsType[*UnknownError](err)
			_, unsupported := errors.AsType[*UnsupportedError](err)
			require.True(t, syntax || unknown || unsupported, "%T", err)
			require.True(t, c.IsZero())
			return
		}
		require.False(t, c.IsZero())
		require.Greater(t, c.Unit(), 0.0)
		require.False(t, math.IsNaN(c.Period()) || c.Period() < 0)
		again, err := parse(s)
		require.NoError(t, err)
		require.Equal(t, c, again)
		tr, err := NewTransformer(world, c)
		if _, elsewhere := errors.AsType[*UnsupportedError](err); elsewhere {
			return // on another celestial body
		}
		require.NoError(t, err)
		xs, ys := []float64{0, 12, 180, -180}, []float64{0, 45, 90, -90}
		tr.Transform(xs, ys)
		tr.Inverse().Transform(xs, ys)
		_, _ = tr.Envelope(Envelope{-180, -90, 180, 90})
		_, _ = tr.Inverse().Envelope(Envelope{-1e6, -1e6, 1e6, 1e6})
		object, err := json.Marshal(c)
		require.NoError(t, err)
		if wkid, _ := c.WKID(); wkid == 0 { // an unknown code is echoed as it came
			_, err = Parse(string(object))
			require.NoError(t, err, string(object))
		}
		for _, write := range []func() (string, error){c.WKT, c.WKT2} {
			if text, err := write(); err == nil {
				_, err = FromWKT(text)
				require.NoError(t, err, text)
			}
		}
		_, err = c.GeoKeys()
		if _, unsupported := errors.AsType[*UnsupportedError](err); !unsupported {
			require.NoError(t, err)
		}
	})
}
