package srs

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestForms: what texts of all kinds mean, by PROJ; testdata/forms.py has the call.
func TestForms(t *testing.T) {
	data, err := os.ReadFile("testdata/forms.tsv")
	require.NoError(t, err)
	rows := 0
	for line := range strings.Lines(string(data)) {
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		rows++
		var p [4]float64
		for i := range p {
			p[i], err = strconv.ParseFloat(field[1+i], 64)
			require.NoError(t, err)
		}
		row := referenceText{text: field[5], points: [][4]float64{p}}
		assert.Empty(t, row.miss(), "%.200s", field[5])
	}
	assert.Greater(t, rows, 50)
}

// TestTextsAndCodes: a text that says something else than its code counts, but not for the rounding of numbers, and
// Note states it.
func TestTextsAndCodes(t *testing.T) {
	const utm = `PROJCS["x",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],` +
		`UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],` +
		`PARAMETER["central_meridian",9],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],` +
		`PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32632"]]`
	for _, c := range []struct {
		name, from, to string
		wkid           int
		note           string
	}{
		{"the same", "", "", 32632, ""},
		{"rounded", "9]", "9.000000001]", 32632, ""},
		{"another meridian", "9]", "9.0001]", 0, "apart"},
		{"another false easting", "500000", "500001", 0, "apart"},
		{"another unit", `"metre",1`, `"foot",0.3048`, 0, "apart"},
		{"another ellipsoid", "298.257223563", "298.3", 0, "ellipsoids"},
		{"another datum", `DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]]`,
			`DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101]]`, 0, "ellipsoids"},
		{"another datum of the same ellipsoid", `DATUM["WGS_1984",`, `DATUM["WGS_1972_BE",`, 32632, ""}, // a name nobody knows
		{"an unknown method", "Transverse_Mercator", "Berghaus_Star", 32632, "its code decides"},
		{"a shift of its own", `298.257223563]]`, `298.257223563],TOWGS84[0,0,0]]`, 32632, ""},
		{"an unknown code", "32632", "999999", 999999, ""},
	} {
		text := strings.Replace(utm, c.from, c.to, 1)
		got, err := FromWKT(text)
		require.NoError(t, err, c.name)
		wkid, _ := got.WKID()
		assert.Equal(t, c.wkid, wkid, c.name)
		assert.Contains(t, got.Note(), c.note, c.name)
		if c.note == "" {
			assert.Empty(t, got.Note(), c.name)
		}
		if wkid == 0 {
			text, err := got.MarshalJSON()
			require.NoError(t, err)
			assert.Contains(t, string(text), "wkt", c.name) // and not the code
		}
	}
	// An operation to WGS 84 of the text's own is used, and the code stays.
	got, err := FromWKT(`GEOGCS["OSGB 1936",DATUM["OSGB_1936",SPHEROID["Airy 1830",6377563.396,299.3249646],TOWGS84[375,-111,431]],` +
		`PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4277"]]`)
	require.NoError(t, err)
	wkid, _ := got.WKID()
	assert.Equal(t, 4277, wkid)
	assert.NotEqual(t, mustCRS(t, 4277), got)
	assert.Empty(t, got.Note())

	c, err := Parse("+proj=utm +zone=32 +datum=WGS84 +no_def +colour=red")
	require.NoError(t, err)
	assert.Equal(t, "set aside, as +proj=utm does not have them: +colour +no_def", c.Note())
	c, err = Parse(strings.Replace(utm, `298.257223563]]`, `298.257223563],TOWGS84[1,2,3]]`, 1))
	require.NoError(t, err)
	assert.Contains(t, c.Note(), "from WGS 84 to itself")
}
