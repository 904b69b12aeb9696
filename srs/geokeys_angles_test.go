package srs_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// gradKeys returns the keys of a Lambert conic of one parallel on a geographic system in grads, as GDAL spells it out.
func gradKeys(name string, datum []srs.GeoKey, lon, lat, scale, easting, northing float64) []srs.GeoKey {
	return append(datum[:len(datum):len(datum)], []srs.GeoKey{
		{ID: 1024, Code: 1}, {ID: 1026, Text: name}, {ID: 3072, Code: 32767}, {ID: 3074, Code: 32767}, {ID: 3075, Code: 9},
		{ID: 3076, Code: 9001}, {ID: 3080, Numbers: []float64{lon}}, {ID: 3081, Numbers: []float64{lat}},
		{ID: 3082, Numbers: []float64{easting}}, {ID: 3083, Numbers: []float64{northing}}, {ID: 3092, Numbers: []float64{scale}},
	}...)
}

var (
	ntfParis = []srs.GeoKey{
		{ID: 2048, Code: 32767}, {ID: 2049, Text: "GCS Name = NTF (Paris)|Ellipsoid = Clarke 1880 (IGN)|Primem = Paris|AUnits = grad||"},
		{ID: 2050, Code: 6807}, {ID: 2054, Code: 9105}, {ID: 2057, Numbers: []float64{6378249.2}},
		{ID: 2059, Numbers: []float64{293.466021293627}}, {ID: 2061, Numbers: []float64{0.03671310995113854}},
	}
	tananarive = []srs.GeoKey{
		{ID: 2048, Code: 32767}, {ID: 2049, Text: "GCS Name = Tananarive (Paris)|Ellipsoid = International 1924|Primem = Paris|AUnits = grad||"},
		{ID: 2050, Code: 6810}, {ID: 2054, Code: 9105}, {ID: 2057, Numbers: []float64{6378388}}, {ID: 2059, Numbers: []float64{297}},
		{ID: 2061, Numbers: []float64{0.03671310995113854}},
	}
	voirol = []srs.GeoKey{
		{ID: 2048, Code: 32767}, {ID: 2049, Text: "GCS Name = GCS_Voirol_Unifie_1960 (deprecated)|Datum = D_Voirol_Unifie_1960|Primem = Greenwich|AUnits = grad||"},
		{ID: 2050, Code: 32767}, {ID: 2054, Code: 9105}, {ID: 2056, Code: 7012}, {ID: 2057, Numbers: []float64{6378249.145}},
		{ID: 2059, Numbers: []float64{293.465}}, {ID: 2061, Numbers: []float64{0}},
	}
)

// placedLike reports where the code of a system and another one put a point on their own datum, in degrees.
func placedLike(t *testing.T, wkid int, got srs.CRS, xy [2]float64) (want, have [2]float64) {
	code, err := srs.FromWKID(wkid)
	require.NoError(t, err)
	for i, c := range []srs.CRS{code, got} {
		tr, err := srs.NewTransformer(c, srs.OwnBase(c))
		require.NoError(t, err)
		x, y := []float64{xy[0]}, []float64{xy[1]}
		require.Zero(t, tr.Transform(x, y))
		if i == 0 {
			want = [2]float64{x[0], y[0]}
		} else {
			have = [2]float64{x[0], y[0]}
		}
	}
	return want, have
}

// TestLambertInGrads: the zones of France and Algeria come out at the same place whether a file has their angles in
// grads, as GDAL 3.9.1 and later write them and the standard has it, or in degrees, as GDAL before wrote them under the
// same unit, and whether it names the zone or not. The numbers are those that GDAL 3.13.3 and 3.6.2 write. Only degrees
// are worth a note.
func TestLambertInGrads(t *testing.T) {
	count := 0
	for _, c := range []struct {
		wkid            int
		name            string
		datum           []srs.GeoKey
		lon, lat        [2]float64 // in grads, and in degrees
		k, east, north  float64
		offEast, offNor float64
	}{
		{27561, "NTF (Paris) / Lambert Nord France", ntfParis, [2]float64{}, [2]float64{54.99999999999999, 49.4999999999998}, 0.999877341, 6e5, 2e5, 1e4, 2e4},
		{27562, "NTF (Paris) / Lambert Centre France", ntfParis, [2]float64{}, [2]float64{51.99999999999999, 46.7999999999998}, 0.99987742, 6e5, 2e5, 1e4, 2e4},
		{27563, "NTF (Paris) / Lambert Sud France", ntfParis, [2]float64{}, [2]float64{49, 44.09999999999981}, 0.999877499, 6e5, 2e5, 1e4, 2e4},
		{27564, "NTF (Paris) / Lambert Corse", ntfParis, [2]float64{}, [2]float64{46.849999999999994, 42.16499999999983}, 0.99994471, 234.358, 185861.369, 5e5, 2e4},
		{27571, "NTF (Paris) / Lambert zone I", ntfParis, [2]float64{}, [2]float64{54.99999999999999, 49.4999999999998}, 0.999877341, 6e5, 1.2e6, 1e4, 2e4},
		{27572, "NTF (Paris) / Lambert zone II", ntfParis, [2]float64{}, [2]float64{51.99999999999999, 46.7999999999998}, 0.99987742, 6e5, 2.2e6, 1e4, 2e4},
		{27573, "NTF (Paris) / Lambert zone III", ntfParis, [2]float64{}, [2]float64{49, 44.09999999999981}, 0.999877499, 6e5, 3.2e6, 1e4, 2e4},
		{27574, "NTF (Paris) / Lambert zone IV", ntfParis, [2]float64{}, [2]float64{46.849999999999994, 42.16499999999983}, 0.99994471, 234.358, 4185861.369, 5e5, 2e4},
		{30591, "Nord_Algerie", voirol, [2]float64{2.9999999999999996, 2.7}, [2]float64{39.99999999999999, 36}, 0.999625544, 500135, 300090, 1e4, 2e4},
		{30592, "Sud_Algerie", voirol, [2]float64{2.9999999999999996, 2.7}, [2]float64{37, 33.3}, 0.999625769, 500135, 300090, 1e4, 2e4},
	} {
		for i, form := range []string{"in grads", "in degrees"} {
			for _, name := range []string{c.name, c.name + " + NGF-IGN69 height", c.name + " (deprecated)", "unnamed", ""} {
				t.Run(fmt.Sprint(c.wkid, " ", form, " ", name), func(t *testing.T) {
					got, notes, err := srs.FromGeoKeys(gradKeys(name, c.datum, c.lon[i], c.lat[i], c.k, c.east, c.north))
					require.NoError(t, err)
					want, have := placedLike(t, c.wkid, got, [2]float64{c.east + c.offEast, c.north + c.offNor})
					assert.InDelta(t, want[0], have[0], 1e-9)
					assert.InDelta(t, want[1], have[1], 1e-9)
					if i == 0 {
						assert.Empty(t, notes)
					} else if assert.Len(t, notes, 1) {
						assert.Contains(t, notes[0], "read as degrees")
						assert.Contains(t, notes[0], "and not as grads")
					}
					count++
				})
			}
		}
	}
	assert.Equal(t, 100, count)
}

// TestObliqueInGrads: GDAL 3.13.3 writes the azimuth of an oblique projection in degrees, beside other angles in grads;
// before 3.9.1 all of them were in degrees; and the standard has GeogAzimuthUnitsGeoKey for it. Madagascar's grids.
func TestObliqueInGrads(t *testing.T) {
	oblique := func(method uint16, lon, lat, azimuth, rectified float64, more ...srs.GeoKey) []srs.GeoKey {
		keys := append(tananarive[:len(tananarive):len(tananarive)], []srs.GeoKey{
			{ID: 1024, Code: 1}, {ID: 3072, Code: 32767}, {ID: 3074, Code: 32767}, {ID: 3075, Code: method}, {ID: 3076, Code: 9001},
			{ID: 3082, Numbers: []float64{4e5}}, {ID: 3083, Numbers: []float64{8e5}}, {ID: 3088, Numbers: []float64{lon}},
			{ID: 3089, Numbers: []float64{lat}}, {ID: 3093, Numbers: []float64{0.9995}}, {ID: 3094, Numbers: []float64{azimuth}},
		}...)
		if method == 9815 {
			keys = append(keys, srs.GeoKey{ID: 3096, Numbers: []float64{rectified}})
		}
		return append(keys, more...)
	}
	const hotine, laborde = 9815, 4
	for _, c := range []struct {
		name  string
		keys  []srs.GeoKey
		wkid  int
		notes int
	}{
		{"all in degrees", oblique(hotine, 44.09999999999981, -18.89999999999992, 18.89999999999992, 18.89999999999992), 29702, 1},
		{"an azimuth in degrees", oblique(hotine, 48.999999999999986, -21, 18.89999999999992, 21), 29702, 1},
		{"all in grads", oblique(hotine, 49, -21, 21, 21), 29702, 0},
		{"an azimuth in grads by its own key", oblique(hotine, 49, -21, 21, 21, srs.GeoKey{ID: 2060, Code: 9105}), 29702, 0},
		{"an azimuth in seconds", oblique(hotine, 49, -21, 68040, 21, srs.GeoKey{ID: 2060, Code: 9104}), 29702, 0},
		{"Laborde, all in degrees", oblique(laborde, 44.1, -18.9, 18.9, 0), 29701, 1},
		{"Laborde, an azimuth in degrees", oblique(laborde, 49, -21, 18.9, 0), 29701, 1},
		{"Laborde, all in grads", oblique(laborde, 49, -21, 21, 0), 29701, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, notes, err := srs.FromGeoKeys(c.keys)
			require.NoError(t, err)
			want, have := placedLike(t, c.wkid, got, [2]float64{5e5, 9e5})
			assert.InDelta(t, want[0], have[0], 1e-9)
			assert.InDelta(t, want[1], have[1], 1e-9)
			assert.Len(t, notes, c.notes)
		})
	}
}

// TestAnglesInOtherUnits: a transverse Mercator projection of its own on WGS 84, in several units of angles, about a
// point where the projection's origin has to be. What fits one unit alone, or has been converted from the other, is
// certain or likely; what fits both is the standard's reading, and a note names the other.
func TestAnglesInOtherUnits(t *testing.T) {
	const gon, radian, second, microradian = 9106, 9101, 9104, 9109
	for _, c := range []struct {
		name     string
		unit     uint16
		size     float64
		lon, lat float64
		want     [2]float64
		note     string // "" if there is none
	}{
		{"grads, and nothing says so", 9105, 0, 13, 37, [2]float64{11.7, 33.3}, "read as grads, as the standard has it, but may be degrees"},
		{"gon", gon, 0, 13, 37, [2]float64{11.7, 33.3}, "read as grads, as the standard has it, but may be degrees"},
		{"a latitude beyond 90", gon, 0, 13, 95, [2]float64{11.7, 85.5}, ""},
		{"a latitude beyond 100", gon, 0, 13, 105, [2]float64{}, "error"},
		{"grads converted from degrees", gon, 0, 12.77777777777778, 45.8333333333333, [2]float64{11.5, 41.25}, "grads, which known systems or round numbers suggest"},
		{"degrees converted from grads", gon, 0, 10.36809, 41.87313, [2]float64{10.36809, 41.87313}, "read as degrees, which known systems or round numbers suggest"},
		{"radians", radian, 0, 0.2, 0.8, [2]float64{0.2 * 180 / math.Pi, 0.8 * 180 / math.Pi}, "but may be degrees"},
		{"degrees that are no radians", radian, 0, 11.5, 45.25, [2]float64{11.5, 45.25}, "as those that they fit"},
		{"seconds", second, 0, 41400, 162900, [2]float64{11.5, 45.25}, ""},
		{"degrees that are no seconds", second, 0, 11.5, 45.25, [2]float64{11.5, 45.25}, "as the others are next to 0"},
		{"degrees that are no microradians", microradian, 0, 11.5, 45.25, [2]float64{11.5, 45.25}, "as the others are next to 0"},
		{"a unit by its size", 32767, math.Pi / 200, 13, 95, [2]float64{11.7, 85.5}, ""},
		{"degrees by another name", 9122, 0, 11.5, 45.25, [2]float64{11.5, 45.25}, ""},
		{"an origin at 0", gon, 0, 0, 0, [2]float64{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := []srs.GeoKey{
				{ID: 1024, Code: 1}, {ID: 2048, Code: 4326}, {ID: 2054, Code: c.unit}, {ID: 3072, Code: 32767}, {ID: 3075, Code: 1},
				{ID: 3076, Code: 9001}, {ID: 3080, Numbers: []float64{c.lon}}, {ID: 3081, Numbers: []float64{c.lat}},
				{ID: 3082, Numbers: []float64{1234}}, {ID: 3083, Numbers: []float64{5678}}, {ID: 3092, Numbers: []float64{1}},
			}
			if c.size != 0 {
				keys = append(keys, srs.GeoKey{ID: 2055, Numbers: []float64{c.size}})
			}
			got, notes, err := srs.FromGeoKeys(keys)
			if c.note == "error" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			lon, lat := lonLat(t, got, [2]float64{1234, 5678})
			assert.InDelta(t, c.want[0], lon, 1e-9)
			assert.InDelta(t, c.want[1], lat, 1e-9)
			if c.note == "" {
				assert.Empty(t, notes)
			} else if assert.Len(t, notes, 1) {
				assert.Contains(t, notes[0], c.note)
			}
		})
	}
}

// TestCodeBesideAngles: a code decides, and angles beside it in either unit say the same as it and are worth no note.
// Others are.
func TestCodeBesideAngles(t *testing.T) {
	for _, c := range []struct {
		lat   float64
		notes int
	}{{52, 0}, {46.8, 0}, {49, 1}} {
		keys := gradKeys("", ntfParis, 0, c.lat, 0.99987742, 6e5, 2.2e6)
		for i := range keys {
			if keys[i].ID == 3072 {
				keys[i].Code = 27572
			}
		}
		got, notes, err := srs.FromGeoKeys(keys)
		require.NoError(t, err)
		wkid, _ := got.WKID()
		assert.Equal(t, 27572, wkid)
		assert.Len(t, notes, c.notes, "%v", notes)
	}
}
