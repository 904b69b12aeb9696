package srs_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// fromTags reads the CRS of a file with three tags.
func fromTags(directory []uint16, numbers []float64, text string) (srs.CRS, []string, error) {
	keys, err := srs.GeoKeyTags{Directory: directory, Doubles: numbers, ASCII: text}.Keys()
	if err != nil {
		return srs.CRS{}, nil, err
	}
	return srs.FromGeoKeys(keys)
}

// directory is a GeoKey directory of codes, and of numbers that stand one after the other.
func directory(codes [][2]uint16, numbers []uint16) []uint16 {
	d := []uint16{1, 1, 0, uint16(len(codes) + len(numbers))}
	for _, c := range codes {
		d = append(d, c[0], 0, 1, c[1])
	}
	for i, key := range numbers {
		d = append(d, key, 34736, 1, uint16(i))
	}
	return d
}

func mustFromTags(t *testing.T, directory []uint16, numbers []float64, text string) srs.CRS {
	t.Helper()
	c, notes, err := fromTags(directory, numbers, text)
	require.NoError(t, err)
	require.Empty(t, notes)
	require.False(t, c.IsZero())
	return c
}

func lonLat(t *testing.T, crs srs.CRS, xy [2]float64) (lon, lat float64) {
	t.Helper()
	wgs84, err := srs.FromWKID(4326)
	require.NoError(t, err)
	tr, err := srs.NewTransformer(crs, wgs84)
	require.NoError(t, err)
	x, y := []float64{xy[0]}, []float64{xy[1]}
	tr.Transform(x, y)
	return x[0], y[0]
}

// sameInJSON checks that what MarshalJSON writes of a CRS means the same.
func sameInJSON(t *testing.T, crs srs.CRS, xy [2]float64) {
	t.Helper()
	object, err := crs.MarshalJSON()
	require.NoError(t, err)
	again, err := srs.Parse(string(object))
	require.NoError(t, err, "%s", object)
	lon, lat := lonLat(t, crs, xy)
	lonAgain, latAgain := lonLat(t, again, xy)
	assert.InDelta(t, lon, lonAgain, 1e-11, "%s", object)
	assert.InDelta(t, lat, latAgain, 1e-11, "%s", object)
}

// TestWithoutSpelling: a polar projection with a latitude of true scale and a scale factor is in neither EPSG's nor
// Esri's words. Both count, as in PROJ's +proj=stere +lat_0=90 +lat_ts=71 +k=0.5, and JSON holds a text that says so.
func TestWithoutSpelling(t *testing.T) {
	crs := mustFromTags(t, directory([][2]uint16{{1024, 1}, {2048, 4267}, {3072, 32767}, {3075, 15}, {3076, 9003}},
		[]uint16{3081, 3095, 3092, 3082}), []float64{71, 10, 0.5, 1640416.667}, "")
	_, err := crs.WKT2()
	require.Error(t, err)
	want, err := srs.Parse("+proj=stere +lat_0=90 +lat_ts=71 +lon_0=10 +k=0.5 +x_0=500000.0001016002 +datum=NAD27 +units=us-ft")
	require.NoError(t, err)
	xy := [2]float64{2e6, -3e5}
	wantLon, wantLat := lonLat(t, want, xy)
	lon, lat := lonLat(t, crs, xy)
	assert.InDelta(t, wantLon, lon, 1e-9)
	assert.InDelta(t, wantLat, lat, 1e-9)
	sameInJSON(t, crs, xy)
}

// TestDefinedCRS: systems without a code put points where GDAL puts them, to 5e-8 degrees, which is 5 mm: its
// way back from a shift of datums is a step of an iteration.
func TestDefinedCRS(t *testing.T) {
	for _, c := range definedSystems {
		t.Run(c.name, func(t *testing.T) {
			crs := mustFromTags(t, c.keys, c.numbers, c.text)
			lon, lat := lonLat(t, crs, c.xy)
			assert.InDelta(t, c.lonLat[0], lon, 5e-8)
			assert.InDelta(t, c.lonLat[1], lat, 5e-8)
			sameInJSON(t, crs, c.xy)
		})
	}
}

// TestDefinedLikeCode: a definition by keys is the system of the code that means the same, its datum with it.
func TestDefinedLikeCode(t *testing.T) {
	utm := func(x ...[2]uint16) [][2]uint16 { return append([][2]uint16{{1024, 1}, {3072, 32767}}, x...) }
	for _, c := range []struct {
		name    string
		codes   [][2]uint16
		keys    []uint16
		numbers []float64
		text    string
		want    int
		xy      [2]float64
	}{
		{"UTM north by conversion", utm([2]uint16{2048, 4267}, [2]uint16{3074, 16018}), nil, nil, "", 26718, [2]float64{600000, 4500000}},
		{"UTM south by conversion", utm([2]uint16{2048, 4326}, [2]uint16{3074, 16133}), nil, nil, "", 32733, [2]float64{600000, 4500000}},
		{"UTM without a system's key", [][2]uint16{{1024, 1}, {2048, 4326}, {3074, 16133}}, nil, nil, "", 32733, [2]float64{600000, 4500000}},
		{"by a datum's code", utm([2]uint16{2048, 32767}, [2]uint16{2050, 6267}, [2]uint16{3074, 16018}), nil, nil, "", 26718, [2]float64{600000, 4500000}},
		{"geographic by a datum's code", [][2]uint16{{1024, 2}, {2048, 32767}, {2050, 6313}}, nil, nil, "", 4313, [2]float64{4, 50}},
		{"geographic by a datum's code alone", [][2]uint16{{1024, 2}, {2050, 6313}}, nil, nil, "", 4313, [2]float64{4, 50}},
		{"grads, and Paris", [][2]uint16{{1024, 2}, {2048, 32767}, {2050, 6807}, {2054, 9105}}, nil, nil, "", 4807, [2]float64{2, 52}},
		{"degrees on a base of grads", [][2]uint16{{1024, 1}, {2048, 4807}, {2054, 9102}, {3072, 32767}, {3075, 9}}, []uint16{3080, 3081, 3092, 3082, 3083},
			[]float64{0, 46.8, 0.99987742, 600000, 2200000}, "", 27572, [2]float64{700000, 2300000}},
		{"an ellipsoid and a meridian by code", [][2]uint16{{1024, 2}, {2048, 32767}, {2051, 8903}, {2054, 9105}, {2056, 7011}}, nil, nil,
			"", 0, [2]float64{2, 52}},
		{"south-orientated", [][2]uint16{{1024, 1}, {2048, 4148}, {3072, 32767}, {3075, 27}}, []uint16{3080, 3081, 3092, 3082, 3083},
			[]float64{19, 0, 1, 0, 0}, "", 2048, [2]float64{-50000, 3000000}},
		{"the size of a unit", utm([2]uint16{2048, 4269}, [2]uint16{3075, 1}, [2]uint16{3076, 32767}), []uint16{3077, 3080, 3081, 3092, 3082, 3083},
			[]float64{0.3048006096012192, -74.5, 38.8333333333333333, 0.9999, 492125, 0}, "", 3424, [2]float64{500000, 500000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			crs := mustFromTags(t, directory(c.codes, c.keys), c.numbers, c.text)
			lon, lat := lonLat(t, crs, c.xy)
			if c.want == 0 {
				assert.InDelta(t, 2*0.9+2.33722917, lon, 1e-6)
				assert.InDelta(t, 52*0.9, lat, 1e-9)
				return
			}
			code, err := srs.FromWKID(c.want)
			require.NoError(t, err)
			wantLon, wantLat := lonLat(t, code, c.xy)
			require.False(t, math.IsNaN(wantLon))
			assert.InDelta(t, wantLon, lon, 1e-11)
			assert.InDelta(t, wantLat, lat, 1e-11)
		})
	}
}

// TestDefinedRefused: what is missing, wrong or not known is an error that names the key.
func TestDefinedRefused(t *testing.T) {
	nan := math.NaN()
	base := [][2]uint16{{1024, 1}, {2048, 4326}, {3072, 32767}}
	with := func(more ...[2]uint16) [][2]uint16 { return append(base[:len(base):len(base)], more...) }
	own := func(more ...[2]uint16) [][2]uint16 { return append([][2]uint16{{1024, 2}, {2048, 32767}}, more...) }
	for _, c := range []struct {
		name    string
		codes   [][2]uint16
		keys    []uint16
		numbers []float64
		text    string // of GTCitationGeoKey
		err     string
		format  bool // wrong, rather than not supported
	}{
		{"method", with([2]uint16{3075, 6}), nil, nil, "", "ProjCoordTransGeoKey (3075) 6", false},
		{"conversion", with([2]uint16{3074, 10100}), nil, nil, "", "ProjectionGeoKey (3074) 10100", false},
		{"conversion that projects nothing", with([2]uint16{3074, 15592}), nil, nil, "", "ProjectionGeoKey (3074) 15592", false},
		{"unit", with([2]uint16{3075, 1}, [2]uint16{3076, 9999}), nil, nil, "", "ProjLinearUnitsGeoKey (3076) 9999", false},
		{"unit's size missing", with([2]uint16{3075, 1}, [2]uint16{3076, 32767}), nil, nil, "", "ProjLinearUnitSizeGeoKey (3077)", true},
		{"unit's size", with([2]uint16{3075, 1}, [2]uint16{3076, 32767}), []uint16{3077}, []float64{-1}, "", "ProjLinearUnitSizeGeoKey (3077) -1", true},
		{"unit's size, tiny", with([2]uint16{3075, 1}, [2]uint16{3076, 32767}), []uint16{3077}, []float64{1.4e-76}, "", "ProjLinearUnitSizeGeoKey (3077) 1.4e-76", true},
		{"unit of a code", [][2]uint16{{1024, 1}, {3072, 32618}, {3076, 9102}}, nil, nil, "", "ProjLinearUnitsGeoKey (3076) 9102", false},
		{"parallel missing", with([2]uint16{3075, 8}), []uint16{3079}, []float64{40}, "", "ProjStdParallel1GeoKey (3078)", true},
		{"azimuth missing", with([2]uint16{3075, 3}), nil, nil, "", "ProjAzimuthAngleGeoKey (3094)", true},
		{"NaN", with([2]uint16{3075, 1}), []uint16{3080}, []float64{nan}, "", "ProjNatOriginLongGeoKey (3080) NaN", true},
		{"infinite", with([2]uint16{3075, 1}), []uint16{3082}, []float64{math.Inf(-1)}, "", "ProjFalseEastingGeoKey (3082) -Inf", true},
		{"number outside", with([2]uint16{3075, 1}), []uint16{3080, 3081}, []float64{3}, "", "ProjNatOriginLatGeoKey (3081)", true},
		{"no numbers at all", with([2]uint16{3075, 1}), []uint16{3080}, nil, "", "ProjNatOriginLongGeoKey (3080)", true},
		{"angle too large", with([2]uint16{3075, 1}), []uint16{3080}, []float64{1e6}, "", "ProjectedCSTypeGeoKey (3072) 32767", true},
		{"base not known", [][2]uint16{{1024, 1}, {2048, 4998}, {3072, 32767}, {3075, 1}}, nil, nil, "", "GeographicTypeGeoKey (2048) 4998", false},
		{"base not geographic", [][2]uint16{{1024, 1}, {2048, 32618}, {3072, 32767}, {3075, 1}}, nil, nil, "", "GeographicTypeGeoKey (2048) 32618", true},
		{"nothing geographic", own(), nil, nil, "", "GeographicTypeGeoKey (2048) 32767", false},
		{"datum", own([2]uint16{2050, 5999}), nil, nil, "", "GeogGeodeticDatumGeoKey (2050) 5999", false},
		{"datum that never was", own([2]uint16{2050, 6999}), nil, nil, "", "GeogGeodeticDatumGeoKey (2050) 6999", false},
		{"ellipsoid", own([2]uint16{2056, 7999}), nil, nil, "", "GeogEllipsoidGeoKey (2056) 7999", false},
		{"meridian", own([2]uint16{2056, 7030}, [2]uint16{2051, 8999}), nil, nil, "", "GeogPrimeMeridianGeoKey (2051) 8999", false},
		{"angular unit", own([2]uint16{2056, 7030}, [2]uint16{2054, 9110}), nil, nil, "", "GeogAngularUnitsGeoKey (2054) 9110", false},
		{"axes in feet", own([2]uint16{2056, 32767}, [2]uint16{2052, 9002}), []uint16{2057, 2058}, []float64{2e7, 2e7}, "", "GeogLinearUnitsGeoKey (2052) 9002", false},
		{"prolate", own(), []uint16{2057, 2058}, []float64{6e6, 7e6}, "", "GeogSemiMinorAxisGeoKey (2058)", true},
		{"no size", own(), []uint16{2057, 2059}, []float64{0, 300}, "", "GeographicTypeGeoKey (2048) 32767", true},
		{"NaN axis", own(), []uint16{2057, 2059}, []float64{nan, 300}, "", "GeogSemiMajorAxisGeoKey (2057) NaN", true},
		{"Esri's projection", with(), nil, nil, "ESRI PE String = " + `PROJCS["x",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],` +
			`PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Berghaus_Star"],UNIT["Meter",1.0]]`, "Berghaus_Star", false},
		{"Esri's text cut short", with(), nil, nil, `ESRI PE String = PROJCS["x",GEOGCS[`, "GTCitationGeoKey (1026)", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := directory(c.codes, c.keys)
			if c.text != "" {
				keys[3]++
				keys = append(keys, 1026, 34737, uint16(len(c.text)), 0)
			}
			_, _, err := fromTags(keys, c.numbers, c.text)
			require.ErrorContains(t, err, c.err)
			e, ok := errors.AsType[*srs.GeoKeyError](err)
			require.True(t, ok, "%T", err)
			assert.Equal(t, c.format, !e.Unsupported)
		})
	}
	t.Run("two numbers where one belongs", func(t *testing.T) {
		keys := []uint16{1, 1, 0, 5, 1024, 0, 1, 1, 2048, 0, 1, 4326, 3072, 0, 1, 32767, 3075, 0, 1, 1, 3080, 34736, 2, 0}
		_, _, err := fromTags(keys, []float64{1, 2}, "")
		require.ErrorContains(t, err, "ProjNatOriginLongGeoKey (3080)")
		e, ok := errors.AsType[*srs.GeoKeyError](err)
		require.True(t, ok, "%T", err)
		assert.False(t, e.Unsupported)
	})
}

// TestEsriCitation: Esri's text in a citation goes before the keys, which Esri's software fills in by halves.
func TestEsriCitation(t *testing.T) {
	want, err := srs.FromWKID(102039)
	require.NoError(t, err)
	wkt, err := want.WKT()
	require.NoError(t, err)
	text := "ESRI PE String = " + wkt + "|"
	keys := append(directory([][2]uint16{{1024, 1}, {2048, 4269}, {3072, 32767}, {3075, 1}}, nil), 3073, 34737, uint16(len(text)), 0)
	keys[3]++
	c, notes, err := fromTags(keys, nil, text)
	require.NoError(t, err)
	assert.Equal(t, []string{"the projection that keys define is set aside: PCSCitationGeoKey (3073) has another"}, notes)
	lon, lat := lonLat(t, c, [2]float64{500000, 1500000})
	wantLon, wantLat := lonLat(t, want, [2]float64{500000, 1500000})
	assert.InDelta(t, wantLon, lon, 1e-11)
	assert.InDelta(t, wantLat, lat, 1e-11)
}
