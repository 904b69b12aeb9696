package srs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// TestCodeBesideParts: the code of a file's system counts, whatever other keys say. GDAL 3.6.2 takes the other keys'
// numbers for these, under the name of the code, where there is a geographic code, too. Each contradiction has a note.
func TestCodeBesideParts(t *testing.T) {
	utm := func(more ...srs.GeoKey) []srs.GeoKey {
		return append([]srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 4326}, {ID: 3072, Code: 32633}}, more...)
	}
	number := func(id srs.GeoKeyID, v ...float64) srs.GeoKey { return srs.GeoKey{ID: id, Numbers: v} }
	for _, c := range []struct {
		name  string
		keys  []srs.GeoKey
		notes []string
	}{
		{"its own parts", utm(srs.GeoKey{ID: 2050, Code: 6326}, srs.GeoKey{ID: 2051, Code: 8901}, srs.GeoKey{ID: 2054, Code: 9102},
			srs.GeoKey{ID: 2056, Code: 7030}, number(2057, 6378137), number(2058, 6356752.314245179), number(2059, 298.257223563),
			number(2061, 0), srs.GeoKey{ID: 3074, Code: 16033}, srs.GeoKey{ID: 3076, Code: 9001}), nil},
		{"rounded parts", utm(number(2057, 6378137), number(2059, 298.257), number(2061, 0)), nil},
		{"parts that were cut off", utm(number(2058, 6356752.3142), number(2059, 298.2572)), nil},
		{"noise", utm(number(2059, 298.256999999996)), nil},
		{"the ellipsoid of GRS 1980, 0.1 mm away", utm(srs.GeoKey{ID: 2056, Code: 7019}), nil},
		{"its method alone", utm(srs.GeoKey{ID: 3075, Code: 1}), nil},
		{"another ellipsoid", utm(number(2057, 6378388), number(2059, 297)), []string{"6378388 is set aside"}},
		{"an ellipsoid nearby", utm(number(2059, 298.25)), []string{"298.25 is set aside"}},
		{"another base", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 4267}, {ID: 3072, Code: 32633}}, []string{"4267 is set aside"}},
		{"a base that is not geographic", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 32634}, {ID: 3072, Code: 32633}},
			[]string{"32634 is set aside"}},
		{"a base that is not known", []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 9999}, {ID: 3072, Code: 32633}},
			[]string{"9999 is set aside"}},
		{"an ellipsoid that is not known", utm(srs.GeoKey{ID: 2056, Code: 7999}), []string{"7999 is set aside"}},
		{"another meridian", utm(srs.GeoKey{ID: 2051, Code: 8903}), []string{"8903 is set aside"}},
		{"another longitude", utm(number(2061, 2.5)), []string{"2.5 is set aside"}},
		{"another method", utm(srs.GeoKey{ID: 3075, Code: 7}), []string{"the projection that keys define is set aside"}},
		{"another parameter of its method", utm(srs.GeoKey{ID: 3075, Code: 1}, number(3080, 21), number(3081, 0), number(3082, 5e5),
			number(3083, 0), number(3092, 0.9996)), []string{"the projection that keys define is set aside"}},
		{"parameters without a method", utm(number(3080, 21), number(3081, 0), number(3092, 1)),
			[]string{"ProjNatOriginLongGeoKey (3080) 21 is set aside", "ProjScaleAtNatOriginGeoKey (3092) 1 is set aside"}},
		{"a method that is not known", utm(srs.GeoKey{ID: 3075, Code: 99}, number(3080, 15)),
			[]string{"the projection that keys define is set aside"}},
		{"a unit of angles that is not known", utm(srs.GeoKey{ID: 2054, Code: 9199}), []string{"9199 is set aside"}},
		{"numbers that are none", utm(srs.GeoKey{ID: 2057, Numbers: []float64{}}), []string{"(2057) [] is set aside"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			crs, notes, err := srs.FromGeoKeys(c.keys)
			require.NoError(t, err)
			code, _ := crs.WKID()
			assert.Equal(t, 32633, code)
			if assert.Len(t, notes, len(c.notes), "%q", notes) {
				for i, words := range c.notes {
					assert.Contains(t, notes[i], words)
				}
			}
		})
	}
}

// TestPartsOfBase: keys beside the code of a projection's base keep its datum, with its operations, if they say the
// same but for rounding.
func TestPartsOfBase(t *testing.T) {
	crs, notes, err := srs.FromGeoKeys([]srs.GeoKey{
		{ID: 1024, Code: 1}, {ID: 2048, Code: 4267}, {ID: 2057, Numbers: []float64{6378206.4}}, {ID: 2059, Numbers: []float64{294.98}},
		{ID: 3072, Code: 32767}, {ID: 3074, Code: 16010}, {ID: 3076, Code: 9001},
	})
	require.NoError(t, err)
	assert.Empty(t, notes)
	want, err := srs.FromWKID(26710)
	require.NoError(t, err)
	wantLon, wantLat := lonLat(t, want, [2]float64{5e5, 4e6})
	lon, lat := lonLat(t, crs, [2]float64{5e5, 4e6})
	assert.InDelta(t, wantLon, lon, 1e-12)
	assert.InDelta(t, wantLat, lat, 1e-12)
}

// TestFormerDatum: EPSG's datum 6747 became an ensemble with another code, and files have it still.
func TestFormerDatum(t *testing.T) {
	keys := func(datum uint16) []srs.GeoKey {
		return []srs.GeoKey{{ID: 1024, Code: 1}, {ID: 2048, Code: 32767}, {ID: 2050, Code: datum}, {ID: 3072, Code: 32767},
			{ID: 3074, Code: 16024}, {ID: 3076, Code: 9001}}
	}
	crs, notes, err := srs.FromGeoKeys(keys(6747))
	require.NoError(t, err)
	assert.Equal(t, []string{"GeogGeodeticDatumGeoKey (2050) 6747 is read as the datum of EPSG:4747"}, notes)
	want, err := srs.FromWKID(3184) // GR96 / UTM zone 24N
	require.NoError(t, err)
	wantLon, wantLat := lonLat(t, want, [2]float64{5e5, 8e6})
	lon, lat := lonLat(t, crs, [2]float64{5e5, 8e6})
	assert.InDelta(t, wantLon, lon, 1e-12)
	assert.InDelta(t, wantLat, lat, 1e-12)
	_, _, err = srs.FromGeoKeys(keys(6998))
	assert.ErrorContains(t, err, "GeogGeodeticDatumGeoKey (2050) 6998: a datum that is not known")
}

// TestWithdrawnCode: what replaced 4234 and 4291 has another ellipsoid, and GDAL writes the code's own beside the code.
func TestWithdrawnCode(t *testing.T) {
	for _, c := range []struct {
		code    uint16
		a, rf   float64
		ellipse string
	}{
		{4234, 6378249.2, 293.4660212936269, "own"}, {4234, 6378249.145, 293.465, "newer"},
		{4291, 6378160, 298.247167427, "own"}, {4291, 6378160, 298.25, "newer"},
		{6987, 6378137, 298.257222101, "own"},
	} {
		crs, _, err := srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: c.code},
			{ID: 2057, Numbers: []float64{c.a}}, {ID: 2059, Numbers: []float64{c.rf}}})
		require.NoError(t, err)
		a, rf := srs.Ellipsoid(crs)
		assert.InDelta(t, c.a, a, 1e-3, "%d %s", c.code, c.ellipse)
		assert.InDelta(t, c.rf, rf, 1e-6, "%d %s", c.code, c.ellipse)
	}
	bare, _, err := srs.FromGeoKeys([]srs.GeoKey{{ID: 1024, Code: 2}, {ID: 2048, Code: 4234}})
	require.NoError(t, err)
	_, latest := bare.WKID()
	assert.Equal(t, 4197, latest)
}

// TestRoundedParameters: the parallels of California's zone 1 are thirds of a degree.
func TestRoundedParameters(t *testing.T) {
	for latitude, notes := range map[float64]int{39.33333333: 0, 39.33333: 0, 39.3: 1} {
		_, got, err := srs.FromGeoKeys([]srs.GeoKey{
			{ID: 1024, Code: 1}, {ID: 3072, Code: 26941}, {ID: 3075, Code: 8}, {ID: 3078, Numbers: []float64{41.66666667}},
			{ID: 3079, Numbers: []float64{40}}, {ID: 3084, Numbers: []float64{-122}}, {ID: 3085, Numbers: []float64{latitude}},
			{ID: 3086, Numbers: []float64{2e6}}, {ID: 3087, Numbers: []float64{5e5}},
		})
		require.NoError(t, err)
		assert.Len(t, got, notes, "%v: %q", latitude, got)
	}
}
