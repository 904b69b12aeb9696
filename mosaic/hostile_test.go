package mosaic

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/sqlitefile"
)

// hostileBytes is what reading a hostile table may allocate for each of its bytes, beside 64 MiB.
const hostileBytes = 100

// allocates returns how many bytes f allocates in all.
func allocates(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A dbfField is a column of a dBASE table.
type dbfField struct {
	name  string
	typ   byte
	width byte
}

// dbfOf returns a table whose rows are all the same.
func dbfOf(fields []dbfField, row string, rows int) []byte {
	head := 32 + 32*len(fields) + 1
	b := make([]byte, 32, head)
	b[0] = 3
	binary.LittleEndian.PutUint32(b[4:], uint32(rows))
	binary.LittleEndian.PutUint16(b[8:], uint16(head))
	binary.LittleEndian.PutUint16(b[10:], uint16(1+len(row)))
	for _, f := range fields {
		d := make([]byte, 32)
		copy(d, f.name)
		d[11], d[16] = f.typ, f.width
		b = append(b, d...)
	}
	b = append(b, '\r')
	return append(b, bytes.Repeat([]byte(" "+row), rows)...)
}

// shpOf returns a number of squares.
func shpOf(n int) []byte {
	b := make([]byte, 100)
	copy(b, shapeMagic)
	for i := range n {
		rec := make([]byte, 8+44+4+5*16)
		binary.BigEndian.PutUint32(rec, uint32(i+1))
		binary.BigEndian.PutUint32(rec[4:], uint32(len(rec)-8)/2)
		rec[8], rec[8+36], rec[8+40] = 5, 1, 5
		for j, p := range [][2]float64{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}} {
			binary.LittleEndian.PutUint64(rec[56+16*j:], math.Float64bits(p[0]))
			binary.LittleEndian.PutUint64(rec[64+16*j:], math.Float64bits(p[1]))
		}
		b = append(b, rec...)
	}
	return b
}

// TestHostileShapefiles reads tables that say they have many columns, or have much in little.
func TestHostileShapefiles(t *testing.T) {
	prj := &fstest.MapFile{Data: []byte(`GEOGCS["a",DATUM["WGS_1984",SPHEROID["a",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]`)}
	columns := func(n int, width byte) []dbfField {
		out := []dbfField{{"location", 'C', 1}}
		for i := range n {
			out = append(out, dbfField{fmt.Sprintf("c%d", i), 'C', width})
		}
		return out
	}
	const rows = 4000
	for name, c := range map[string]struct {
		dbf  []byte
		want string
	}{
		"columns without width":   {dbfOf(columns(2000, 0), "a", rows), "column 2 of its table is 0 bytes wide"},
		"blank columns":           {dbfOf(columns(2000, 1), "a"+strings.Repeat(" ", 2000), rows), ""},
		"a value in every byte":   {dbfOf(columns(2000, 1), strings.Repeat("a", 2001), rows), "the items take more than"},
		"more rows than shapes":   {dbfOf(columns(0, 0), "a", rows+1), "it has 4000 shapes, and its table 4001 rows"},
		"rows that are not there": {dbfOf(columns(0, 0), "a", rows)[:100], "its table is cut off"},
		"a row of no bytes":       {func() []byte { b := dbfOf(nil, "", rows); b[10] = 0; return b }(), "its table is cut off"},
		"a header of no bytes":    {func() []byte { b := dbfOf(nil, "", rows); b[8], b[9] = 0, 0; return b }(), "its table is cut off"},
		"all bits":                {bytes.Repeat([]byte{0xff}, 1000), "its table is cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"a.shp": {Data: shpOf(rows)}, "a.dbf": {Data: c.dbf}, "a.prj": prj}
			var err error
			grown := allocates(func() { _, err = readIndex(t, fsys, "a.shp") })
			assert.Less(t, grown, uint64(64<<20+hostileBytes*len(c.dbf)), "bytes for %d", len(c.dbf))
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestHostileShapes reads main files with counts that the file does not have.
func TestHostileShapes(t *testing.T) {
	for name, c := range map[string]struct {
		at    int
		value uint32
		want  string
	}{
		"parts":                     {36, math.MaxUint32, "malformed"},
		"points":                    {40, math.MaxUint32, "malformed"},
		"both, whose sum overflows": {36, 1 << 31, "malformed"},
		"a part outside":            {44, 4, ""}, // of one point, without area
		"a part past all":           {44, 5, "malformed"},
	} {
		b := shpOf(1)[108:]
		binary.LittleEndian.PutUint32(b[c.at:], c.value)
		rings, err := shapePolygon(b)
		if c.want == "" {
			require.NoError(t, err, name)
			require.Len(t, rings[0], 1)
			continue
		}
		require.ErrorContains(t, err, c.want, name)
	}
}

// TestHostileTables reads tables of attributes of a folder with many rows or columns.
func TestHostileTables(t *testing.T) {
	var many, columns strings.Builder
	many.WriteString("file,a\n")
	for i := range 1_000_000 {
		fmt.Fprintf(&many, "%d,\n", i)
	}
	columns.WriteString("file")
	for i := range 1_000_000 {
		fmt.Fprintf(&columns, ",%d", i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"rows":         {many.String(), `the folder holds no raster "0"`},
		"columns":      {columns.String(), "line 1: it has more than 2000 cells"},
		"a quote":      {"file\n\"" + strings.Repeat("a", 1<<20), "line 2"},
		"commas":       {"file\na.tif" + strings.Repeat(",", 1<<20), "line 2: it has more than 2000 cells"},
		"a deep ring":  {"file,footprint_wkt\na.tif,POLYGON" + strings.Repeat("(", 1<<20), "malformed"},
		"rings":        {"file,footprint_wkt\na.tif,\"POLYGON(" + strings.Repeat("(0 0),", 1<<20), "line 2"},
		"empty lines":  {"file,a\n" + strings.Repeat(",\n", 1<<20) + "b.tif,1\n", `the folder holds no raster "b.tif"`},
		"a long digit": {"file,a\na.tif," + strings.Repeat("9", 1<<20) + "\nb.tif,\n", `"b.tif"`},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"a.tif": {}, tableName: {Data: []byte(c.text)}}
			var err error
			start := time.Now()
			grown := allocates(func() { _, err = Folder(t.Context(), fsys, &FolderOptions{Open: opens}) })
			require.ErrorContains(t, err, c.want)
			// Several copies of the text, and of its cells, are fine; a map for each row or column is not.
			assert.Less(t, grown, uint64(32<<20+40*len(c.text)), "bytes for %d", len(c.text))
			t.Logf("%d bytes: %d KiB, %v", len(c.text), grown>>10, time.Since(start))
		})
	}
}

// TestHostileFeatures reads collections that are deep, cut off, or of other types than they should be.
func TestHostileFeatures(t *testing.T) {
	const depth = 1 << 20
	feature := func(geometry, properties string) string {
		return `{"features":[{"type":"Feature","geometry":` + geometry + `,"properties":` + properties + `}]}`
	}
	polygon := `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`
	for name, text := range map[string]string{
		"deep coordinates":    feature(`{"type":"Polygon","coordinates":`+strings.Repeat("[", depth), "{}"),
		"deep member":         `{"a":` + strings.Repeat(`{"a":`, depth),
		"deep properties":     feature(polygon, strings.Repeat(`{"a":`, depth)),
		"features in a text":  `{"features":"` + strings.Repeat("a", depth) + `"}`,
		"a number":            "1",
		"a list":              "[]",
		"null":                "null",
		"features are null":   `{"features":null}`,
		"a feature is null":   `{"features":[null]}`,
		"no properties":       feature(polygon, "null"),
		"location is a list":  feature(polygon, `{"location":["a"]}`),
		"location is missing": feature(polygon, `{"location":""}`),
		"points of one":       feature(`{"type":"Polygon","coordinates":[[[0],[1],[1],[0]]]}`, `{"location":"a"}`),
		"no points":           feature(`{"type":"Polygon","coordinates":[]}`, `{"location":"a"}`),
		"no rings":            feature(`{"type":"MultiPolygon","coordinates":[[],[]]}`, `{"location":"a"}`),
		"texts in points":     feature(`{"type":"Polygon","coordinates":[[["a","b"]]]}`, `{"location":"a"}`),
		"a large number":      feature(`{"type":"Polygon","coordinates":[[[1e999,0],[1,0],[1,1]]]}`, `{"location":"a"}`),
		"assets of no kind":   `{"features":[{"geometry":` + polygon + `,"assets":{"a":1}}]}`,
		"many assets":         `{"features":[{"geometry":` + polygon + `,"assets":{"a":{"href":"a"},"b":{"href":"b"}}}]}`,
		"cut off":             `{"features":[{"geometry":` + polygon,
		"crs that is no name": `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::99999999999999999999"}},"features":[]}`,
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			grown := allocates(func() { _, err = features(text, FeatureOptions{}) })
			require.Error(t, err)
			assert.Less(t, grown, uint64(16<<20+hostileBytes*len(text)))
			assert.Less(t, len(err.Error()), 4096, "the error repeats no more than a part of the file")
		})
	}
}

// TestHostileGeoPackages reads the sample with every byte of its first pages changed to what counts and pointers hurt by:
// each is an error or items, after bounded work, and no panic.
func TestHostileGeoPackages(t *testing.T) {
	if testing.Short() {
		t.Skip("long under the race detector, and shorter tests run the same code")
	}
	good, err := os.ReadFile(filepath.Join("testdata", "tileindex", "index.gpkg"))
	if errors.Is(err, os.ErrNotExist) {
		good = indexes(t)["index.gpkg"].Data
	} else {
		require.NoError(t, err)
	}
	db, err := sqlitefile.Open(good)
	require.NoError(t, err)
	_, err = db.Table("gpkg_geometry_columns")
	require.NoError(t, err)
	failed := 0
	for at := 16; at < len(good); at += 1 + at/200 { // all of the header, and fewer further on
		for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			b := bytes.Clone(good)
			b[at] = v
			grown := allocates(func() {
				if _, err := readIndex(t, fstest.MapFS{"a.gpkg": {Data: b}}, "a.gpkg"); err != nil {
					failed++
				}
			})
			if grown > 64<<20 {
				t.Errorf("byte %d as %#x: %d bytes allocated", at, v, grown)
			}
		}
	}
	assert.Positive(t, failed)
}
