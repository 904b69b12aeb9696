package mosaic

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTimesOfFeatures checks times as programs write them. RFC 3339, section 5.6, allows small letters and a blank for T;
// STAC's times are in UTC.
func TestTimesOfFeatures(t *testing.T) {
	at := time.Date(2020, 5, 1, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time // zero: an error
	}{
		{"2020-05-01T10:00:00Z", at},
		{"2020-05-01T10:00:00", at},
		{"2020-05-01 10:00:00Z", at},
		{"2020-05-01 10:00:00", at},
		{"2020-05-01t10:00:00z", at},
		{"2020-05-01T10:00Z", at},
		{"2020-05-01T10:00:00.25Z", at.Add(250 * time.Millisecond)},
		{"2020-05-01T10:00:00,25Z", at.Add(250 * time.Millisecond)},
		{"2020-05-01T10:00:00.123456789123Z", at.Add(123456789)},
		{"2020-05-01T12:00:00+02:00", at},
		{"2020-05-01T12:00:00+0200", at},
		{"2020-05-01T05:30:00-04:30", at},
		{"2020-05-01 12:00:00+02", at},
		{"2020-05-01 10:00:00 UTC", at},
		{"2020/05/01 10:00:00", at},
		{" 2020-05-01T10:00:00Z ", at},
		{"2020-05-01", at.Add(-10 * time.Hour)},
		{"2016-12-31T23:59:60Z", time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"2020-02-30T10:00:00Z", time.Time{}},
		{"2020-13-01", time.Time{}},
		{"2020-05-01T25:00:00Z", time.Time{}},
		{"2020-05-01T10:60:00Z", time.Time{}},
		{"2020-05-01T10:00:00+99:00", time.Time{}},
		{"2020", time.Time{}},
		{"May 2020", time.Time{}},
		{"01/05/2020", time.Time{}},
	} {
		text, err := json.Marshal(c.text)
		require.NoError(t, err)
		for _, member := range []string{"datetime", "start_datetime", "end_datetime"} {
			collection := stac(fmt.Sprintf(`"id":"x","properties":{%q:%s},"assets":{"a":{"href":"1","roles":["data"]}}`, member, text))
			items, err := Features(strings.NewReader(string(collection)), &FeatureOptions{Open: opens})
			if c.want.IsZero() {
				require.ErrorContains(t, err, "feature 1: its "+member, c.text)
				require.ErrorContains(t, err, fmt.Sprintf("%q is no time", c.text))
				continue
			}
			require.NoError(t, err, c.text)
			span := items[0].Time
			switch member {
			case "datetime":
				assert.Equal(t, TimeExtent{c.want, c.want}, span, c.text)
			case "start_datetime":
				assert.Equal(t, TimeExtent{From: c.want}, span, c.text)
			default:
				assert.Equal(t, TimeExtent{To: c.want}, span, c.text)
			}
			assert.Equal(t, c.want, items[0].Attrs[member], c.text)
		}
	}
	for _, bad := range []string{`5`, `true`, `["2020-05-01"]`} {
		_, err := Features(strings.NewReader(string(stac(`"id":"x","properties":{"datetime":`+bad+`},"assets":{"a":{"href":"1"}}`))),
			&FeatureOptions{Open: opens})
		require.ErrorContains(t, err, "is no time", bad)
	}
}

// TestTimesOfTables checks that a cell that is no time does not make all items' times "all of time".
func TestTimesOfTables(t *testing.T) {
	for _, column := range []string{"time", "StartTime", "ENDTIME"} {
		_, err := readTable(strings.NewReader("file," + column + "\na.tif,2020-01-01\nb.tif,soon\n"))
		require.EqualError(t, err, fmt.Sprintf(`mosaic: catalog.csv, line 3, column %q: "soon" is no time`, column))
		_, err = readTable(strings.NewReader("file," + column + "\na.tif,2020-01-01 10:00\nb.tif,\n"))
		require.NoError(t, err)
	}
}

// TestCharsetsOfShapefiles checks the texts of .cpg files that Esri, GDAL and QGIS write, and language drivers. The
// characters are those of the code pages' tables at unicode.org.
func TestCharsetsOfShapefiles(t *testing.T) {
	for _, c := range []struct {
		cpg    string
		driver byte
		bytes  string
		want   string
	}{
		{"UTF-8", 0, "M\xc3\xbcnchen", "München"},
		{"utf8", 3, "M\xc3\xbcnchen", "München"},
		{"65001", 0, "M\xc3\xbcnchen", "München"},
		{"1252", 0, "M\xfcnchen \x80", "München €"},
		{"CP1252", 0, "M\xfcnchen \x80", "München €"},
		{"ANSI 1252", 0, "M\xfcnchen", "München"},
		{"windows-1252", 0, "M\xfcnchen", "München"},
		{"LATIN1", 0, "M\xfcnchen", "München"},
		{"ISO-8859-1", 0, "M\xfcnchen", "München"},
		{"ISO 88591", 0, "M\xfcnchen", "München"},
		{"88591\r\n", 0, "M\xfcnchen", "München"},
		{"ISO8859-15", 0, "\xa4", "€"},
		{"ISO-8859-2", 0, "\xa3\xf3d\xbc", "Łódź"},
		{"CP1250", 0, "\xa3\xf3d\x9f", "Łódź"},
		{"1251", 0, "\xcc\xee\xf1\xea\xe2\xe0", "Москва"},
		{"OEM 437", 0, "M\x81nchen", "München"},
		{"850", 0, "M\x81nchen", "München"},
		{"OEM 866", 0, "\x8c\xae\xe1\xaa\xa2\xa0", "Москва"},
		{"932", 0, "\x93\x8c\x8b\x9e", "東京"},
		{"SJIS", 0, "\x93\x8c\x8b\x9e", "東京"},
		{"936", 0, "\xb1\xb1\xbe\xa9", "北京"},
		{"GBK", 0, "\xb1\xb1\xbe\xa9", "北京"},
		{"Big5", 0, "\xbb\x4f\xa5\x5f", "臺北"},
		{"EUC-KR", 0, "\xbc\xad\xbf\xef", "서울"},
		{"", 0, "M\xfcnchen", "München"},
		{"", 87, "M\xfcnchen", "München"},
		{"", 3, "\x80", "€"},
		{"", 201, "\xcc\xee\xf1\xea\xe2\xe0", "Москва"},
		{"", 201, "\xd0\x9c", "М"},
	} {
		var table dbfTable
		require.NoError(t, table.setCharset(c.cpg, c.driver), c.cpg)
		got, err := table.text([]byte(c.bytes + "  \x00"))
		require.NoError(t, err, c.cpg)
		assert.Equal(t, c.want, got, "%q and driver %d", c.cpg, c.driver)
	}
	var table dbfTable
	require.EqualError(t, table.setCharset("1234567", 0), `text in encoding "1234567" is not supported`)
}

// TestCapitalEndings checks a Shapefile from a system that does not distinguish small and capital letters.
func TestCapitalEndings(t *testing.T) {
	small := indexes(t)
	capital := fstest.MapFS{}
	for _, ending := range []string{".shp", ".dbf", ".prj"} {
		capital["index"+strings.ToUpper(ending)] = small["index"+ending]
	}
	capital["index.CPG"] = &fstest.MapFile{Data: []byte("Klingon")}
	_, err := readIndex(t, capital, "index.SHP")
	require.ErrorContains(t, err, "Klingon")
	delete(capital, "index.CPG")
	want, err := readIndex(t, small, "index.shp")
	require.NoError(t, err)
	got, err := readIndex(t, capital, "index.SHP")
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i := range want {
		assert.Equal(t, want[i].Attrs, got[i].Attrs)
		assert.Equal(t, want[i].Footprint, got[i].Footprint)
	}
}

// TestColumnsWithDefaults checks an index to which columns were added after its row was written: SQLite selects their
// defaults, and so do conditions and orders.
func TestColumnsWithDefaults(t *testing.T) {
	items, err := readIndex(t, indexes(t), "late.gpkg")
	require.NoError(t, err)
	require.Len(t, items, 1)
	assert.Equal(t, int64(7), items[0].Attrs["priority"])
	assert.Equal(t, "drone", items[0].Attrs["source"])
}
