package srs_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// geoKeysOf returns keys by number as testdata/geokeys.jsonl has them: codes, lists of numbers, and texts.
func geoKeysOf(t *testing.T, values map[srs.GeoKeyID]any) []srs.GeoKey {
	t.Helper()
	var keys []srs.GeoKey
	for id, value := range values {
		k := srs.GeoKey{ID: id}
		switch v := value.(type) {
		case float64:
			k.Code = uint16(v)
		case string:
			k.Text = v
		case []any:
			for _, number := range v {
				k.Numbers = append(k.Numbers, number.(float64))
			}
		default:
			t.Fatalf("%v is %T", id, value)
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b srs.GeoKey) int { return int(a.ID) - int(b.ID) })
	return keys
}

// TestStatements: keys as many writers put them into files mean what GDAL makes of them, within 1e-8°, which is a
// millimetre, and notes state what was set aside. testdata/geokeys.py made the values.
func TestStatements(t *testing.T) {
	f, err := os.Open("testdata/geokeys.jsonl")
	require.NoError(t, err)
	defer f.Close()
	count := 0
	for lines := bufio.NewScanner(f); lines.Scan(); count++ {
		var c struct {
			Name       string
			Keys       map[srs.GeoKeyID]any
			XY, LonLat [2]float64
			Notes      []string
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		t.Run(c.Name, func(t *testing.T) {
			crs, notes, err := srs.FromGeoKeys(geoKeysOf(t, c.Keys))
			require.NoError(t, err)
			tr, err := srs.NewTransformer(crs, srs.OwnBase(crs))
			require.NoError(t, err)
			x, y := []float64{c.XY[0]}, []float64{c.XY[1]}
			tr.Transform(x, y)
			assert.InDelta(t, c.LonLat[0], x[0], 1e-8)
			assert.InDelta(t, c.LonLat[1], y[0], 1e-8)
			if assert.Len(t, notes, len(c.Notes), "%q", notes) {
				for i, words := range c.Notes {
					assert.Contains(t, notes[i], words)
				}
			}
			sameInJSON(t, crs, c.XY)
		})
	}
	assert.Greater(t, count, 30)
}

// TestParisInGrads: GDAL writes a prime meridian's longitude in a unit of its own, degrees times the size of the
// system's unit in radians; the name says what it is. The keys are those of EPSG:27572 without its code.
func TestParisInGrads(t *testing.T) {
	crs, _, err := srs.FromGeoKeys([]srs.GeoKey{
		{ID: 1024, Code: 1}, {ID: 2048, Code: 32767}, {ID: 2050, Code: 6807}, {ID: 2054, Code: 9105},
		{ID: 2049, Text: "GCS Name = NTF (Paris)|Ellipsoid = Clarke 1880 (IGN)|Primem = Paris|AUnits = grad||"},
		{ID: 2057, Numbers: []float64{6378249.2}}, {ID: 2059, Numbers: []float64{293.466021293627}},
		{ID: 2061, Numbers: []float64{0.03671310995113854}}, {ID: 3072, Code: 32767}, {ID: 3075, Code: 9},
		{ID: 3076, Code: 9001}, {ID: 3080, Numbers: []float64{0}}, {ID: 3081, Numbers: []float64{46.8}},
		{ID: 3082, Numbers: []float64{6e5}}, {ID: 3083, Numbers: []float64{2.2e6}}, {ID: 3092, Numbers: []float64{0.99987742}},
	})
	require.NoError(t, err)
	code, err := srs.FromWKID(27572)
	require.NoError(t, err)
	wantLon, wantLat := lonLat(t, code, [2]float64{7e5, 2.3e6})
	lon, lat := lonLat(t, crs, [2]float64{7e5, 2.3e6})
	assert.InDelta(t, wantLon, lon, 1e-11)
	assert.InDelta(t, wantLat, lat, 1e-11)
}

// TestNamed: a name in a citation counts where no key defines a system, and a note says so.
func TestNamed(t *testing.T) {
	const erdas = "IMAGINE GeoTIFF Support\nCopyright 1991 - 2001 by ERDAS, Inc. All Rights Reserved\n@(#)$RCSfile$ $Revision: 1 $\n"
	projected := func(more ...srs.GeoKey) []srs.GeoKey {
		return append([]srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32767}}, more...)
	}
	mercator := func(citation string, more ...srs.GeoKey) []srs.GeoKey {
		return projected(append(more, srs.GeoKey{ID: 1026, Text: citation}, srs.GeoKey{ID: 2048, Code: 4326}, srs.GeoKey{ID: 3075, Code: 7})...)
	}
	for _, c := range []struct {
		name string
		keys []srs.GeoKey
		want int
		xy   [2]float64
		note string
	}{
		{"EPSG's name", projected(srs.GeoKey{ID: 1026, Text: "WGS 84 / UTM zone 33N|"}), 32633, [2]float64{6e5, 6e6}, "EPSG:32633"},
		{"Esri's name", projected(srs.GeoKey{ID: 3073, Text: "PCS Name = NAD_1983_StatePlane_Georgia_East_FIPS_1001_Feet|"}), 2239, [2]float64{7e5, 5e5}, "by the name"},
		{"a model that is user-defined", []srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326}, {ID: 1026, Text: "WGS 84 / UTM zone 33N"}}, 32633, [2]float64{6e5, 6e6}, "EPSG:32633"},
		{"a zone of UTM", projected(srs.GeoKey{ID: 2048, Code: 4267}, srs.GeoKey{ID: 3076, Code: 9001},
			srs.GeoKey{ID: 3073, Text: erdas + "UTM Zone 10N\nEllipsoid = Clarke 1866\nDatum = NAD27 (CONUS)"}), 26710, [2]float64{6e5, 4e6}, "conversion 16010"},
		{"a southern zone", projected(srs.GeoKey{ID: 2048, Code: 4326}, srs.GeoKey{ID: 3076, Code: 9001},
			srs.GeoKey{ID: 3073, Text: "UTM Zone 33, Southern Hemisphere"}), 32733, [2]float64{6e5, 4e6}, "conversion 16133"},
		{"a zone in small letters", []srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326}, {ID: 3076, Code: 9001},
			{ID: 1026, Text: "utm zone 33 N, from a drone"}}, 32633, [2]float64{6e5, 6e6}, "conversion 16033"},
		{"a state plane of NAD27", projected(srs.GeoKey{ID: 3076, Code: 9003},
			srs.GeoKey{ID: 3073, Text: erdas + "State Plane Zone 4204\nNAD = 27"}), 32040, [2]float64{2e6, 5e5}, "conversion 14204"},
		{"web Mercator", mercator("WGS 84 / Pseudo-Mercator"), 3857, [2]float64{1e6, 6e6}, ""},
		{"Popular Visualisation", mercator("Popular Visualisation CRS / Mercator"), 3857, [2]float64{1e6, 6e6}, ""},
		{"Web Mercator alone", mercator("Web Mercator"), 3857, [2]float64{1e6, 6e6}, ""},
		{"a name that the keys contradict", mercator("WGS 84 / Pseudo-Mercator", srs.GeoKey{ID: 3080, Numbers: []float64{100}}), 0, [2]float64{}, "set aside"},
		{"another Mercator", mercator("WGS 84 / World Mercator"), 3395, [2]float64{1e6, 6e6}, ""},
		{"a geographic system", []srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: 32767}, {ID: 2049, Text: "GCS Name = NAD83|"}}, 4269, [2]float64{-90, 40}, "by the name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			crs, notes, err := srs.FromGeoKeys(c.keys)
			require.NoError(t, err)
			if c.note == "" {
				assert.Empty(t, notes)
			} else if assert.Len(t, notes, 1) {
				assert.Contains(t, notes[0], c.note)
			}
			if c.want == 0 { // the origin of the system that the keys define
				lon, lat := lonLat(t, crs, [2]float64{0, 0})
				assert.InDelta(t, 100, lon, 1e-9)
				assert.InDelta(t, 0, lat, 1e-9)
				return
			}
			code, err := srs.FromWKID(c.want)
			require.NoError(t, err)
			wantLon, wantLat := lonLat(t, code, c.xy)
			lon, lat := lonLat(t, crs, c.xy)
			assert.InDelta(t, wantLon, lon, 1e-10)
			assert.InDelta(t, wantLat, lat, 1e-10)
		})
	}
}

// TestLocal: a system of its own on no datum, as GDAL writes LOCAL_CS, is none.
func TestLocal(t *testing.T) {
	crs, notes, err := srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 1026, Text: "site plan|"}, {ID: 3076, Code: 9001}})
	require.NoError(t, err)
	assert.True(t, crs.IsZero())
	assert.Equal(t, []string{"no spatial reference is stated"}, notes)
}

// TestTextWithoutBlanks: Esri's text is found however its mark is written, and without it.
func TestTextWithoutBlanks(t *testing.T) {
	want, err := srs.FromWKID(54009)
	require.NoError(t, err)
	wkt, err := want.WKT()
	require.NoError(t, err)
	for _, mark := range []string{"ESRI PE String = ", "ESRI PE String=", ""} {
		crs, notes, err := srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326}, {ID: 3073, Text: mark + wkt + "|"}})
		require.NoError(t, err, mark)
		assert.Empty(t, notes, mark)
		srs.SameCoordinates(t, want, crs, mark)
	}
}

// TestStatementsRefused: what decides where pixels lie and is not understood is an error that names it.
func TestStatementsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []srs.GeoKey
		err  string
	}{
		{"a model that nothing defines", []srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326}, {ID: 1026, Text: "meter"}}, "GTModelTypeGeoKey (1024) 32767"},
		{"a projected model with a geographic code", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 4326}}, "ProjectedCSTypeGeoKey (3072)"},
		{"a name that is not known", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32767}, {ID: 1026, Text: "Utopia Grid"}}, "Utopia Grid"},
		{"a text cut short beside a geographic code", []srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326},
			{ID: 3073, Text: `ESRI PE String = PROJCS["x",GEOGCS[`}}, "PCSCitationGeoKey (3073)"},
		{"a text's projection that is not known", []srs.GeoKey{{ID: 1024, Code: 32767}, {ID: 2048, Code: 4326},
			{ID: 3073, Text: `ESRI PE String = PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Berghaus_Star"],UNIT["Meter",1.0]]`}},
			"Berghaus_Star"},
		{"a unit of ERDAS that is not known", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 26966},
			{ID: 1026, Text: "IMAGINE GeoTIFF Support\nUnits = cubits"}}, "cubits"},
		{"a state plane without its datum", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32767}, {ID: 3076, Code: 9003},
			{ID: 3073, Text: "State Plane Zone 4204"}}, "NAD27 or NAD83"},
		{"a state plane without a unit", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32767},
			{ID: 3073, Text: "State Plane Zone 4204, NAD83"}}, "without a unit"},
		{"a zone that is not there", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32767}, {ID: 3076, Code: 9003},
			{ID: 3073, Text: "State Plane Zone 9876, NAD83"}}, "9876"},
		{"a unit that is no length", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 3072, Code: 32633}, {ID: 3076, Code: 9102}}, "ProjLinearUnitsGeoKey (3076) 9102"},
	} {
		t.Run(c.name, func(t *testing.T) {
			crs, _, err := srs.FromGeoKeys(c.keys)
			require.ErrorContains(t, err, c.err)
			assert.True(t, crs.IsZero())
			_, ok := errors.AsType[*srs.GeoKeyError](err)
			assert.True(t, ok, "%T", err)
		})
	}
}
