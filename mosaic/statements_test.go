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
