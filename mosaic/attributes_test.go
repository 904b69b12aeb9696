package mosaic

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// attributesOf returns the one attribute "a" of files "1", "2", … with the given cells.
func attributesOf(t *testing.T, column ...string) []any {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("file,a\n")
	for i, cell := range column {
		csv.WriteString(string(rune('1'+i)) + `,"` + strings.ReplaceAll(cell, `"`, `""`) + "\"\n")
	}
	tab, err := readTable(strings.NewReader(csv.String()))
	require.NoError(t, err)
	require.Len(t, tab.rows, len(column))
	var out []any
	for i := range column {
		out = append(out, tab.rows[string(rune('1'+i))].attrs["a"])
	}
	return out
}

func TestColumnsAreTypedByAllTheirCells(t *testing.T) {
	for _, c := range []struct {
		name   string
		column []string
		want   []any
	}{
		{"integers", []string{"1", "-2", "0"}, []any{int64(1), int64(-2), int64(0)}},
		{"blanks around", []string{" 7 ", "\t8"}, []any{int64(7), int64(8)}},
		{"largest and smallest integer", []string{"9223372036854775807", "-9223372036854775808"},
			[]any{int64(math.MaxInt64), int64(math.MinInt64)}},
		{"an integer too large is a number still", []string{"9223372036854775808"}, []any{9223372036854775808.0}},
		{"one float makes all floats", []string{"1", "2.5"}, []any{1.0, 2.5}},
		{"exponents", []string{"1e3", "-2.5E-2", ".5"}, []any{1000.0, -0.025, 0.5}},
		{"a float too large", []string{"1e999"}, []any{"1e999"}},
		{"words for numbers are words", []string{"nan", "1"}, []any{"nan", "1"}},
		{"infinity", []string{"Inf", "-infinity"}, []any{"Inf", "-infinity"}},
		{"hexadecimal", []string{"0x10", "0x1p-2"}, []any{"0x10", "0x1p-2"}},
		{"underscores", []string{"1_000"}, []any{"1_000"}},
		{"zeros in front are a code", []string{"015", "28"}, []any{"015", "28"}},
		{"zeros in front of a point too", []string{"00.5"}, []any{"00.5"}},
		{"one zero in front of a point", []string{"-0.5", "0"}, []any{-0.5, 0.0}},
		{"dates", []string{"2014-10-20", "1969-12-31"}, []any{day(2014, 10, 20), day(1969, 12, 31)}},
		{"times, in UTC", []string{"2014-10-20T23:30:00-02:00", "2014-10-20T10:00:00.25Z"}, []any{
			time.Date(2014, 10, 21, 1, 30, 0, 0, time.UTC), time.Date(2014, 10, 20, 10, 0, 0, 250e6, time.UTC)}},
		{"dates beside times", []string{"2014-10-20", "2014-10-20T10:00:00Z"}, []any{
			day(2014, 10, 20), time.Date(2014, 10, 20, 10, 0, 0, 0, time.UTC)}},
		{"a day that does not exist", []string{"2014-02-30"}, []any{"2014-02-30"}},
		{"a time without a zone", []string{"2014-10-20T10:00:00"}, []any{time.Date(2014, 10, 20, 10, 0, 0, 0, time.UTC)}},
		{"a date beside a number", []string{"2014-10-20", "5"}, []any{"2014-10-20", "5"}},
		{"empty cells do not count", []string{"", "1", "  "}, []any{nil, int64(1), nil}},
		{"empty cells in text", []string{"", "x"}, []any{nil, "x"}},
		{"nothing but empty cells", []string{"", ""}, []any{nil, nil}},
		{"quotes, commas and lines", []string{"a \"b\", c", "d\ne"}, []any{"a \"b\", c", "d\ne"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, attributesOf(t, c.column...)) })
	}
}

func TestEmptyCellsAreAbsent(t *testing.T) {
	tab, err := readTable(strings.NewReader("file,a,b\n1.tif,,x\n2.tif,5,\n"))
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"b": "x"}, tab.rows["1.tif"].attrs)
	assert.Equal(t, map[string]any{"a": int64(5)}, tab.rows["2.tif"].attrs)
}

// The table is as a real one of six Landsat scenes, shortened.
func TestReadTable(t *testing.T) {
	tab, err := readTable(strings.NewReader("\uFEFF" +
		`OBJECTID,name,File,acquisition_date,cloud_cover,pixel_size,footprint` + "\r\n" +
		`1,west,mosaic/l8_west.tif,2014-10-20,3.1,600,"POLYGON((-73.62 44.95, -74.01 45.02))"` + "\r\n" +
		`7,detail,mosaic\l8_detail.tif,2015-07-28,0.0,300.0386828,` + "\r\n" +
		`,,,,,,` + "\r\n"))
	require.NoError(t, err)
	assert.Equal(t, map[string]*tableRow{
		"l8_west.tif": {line: 2, id: 1, attrs: map[string]any{
			"OBJECTID": int64(1), "name": "west", "acquisition_date": day(2014, 10, 20),
			"cloud_cover": 3.1, "pixel_size": 600.0, "footprint": "POLYGON((-73.62 44.95, -74.01 45.02))"}},
		"l8_detail.tif": {line: 3, id: 7, attrs: map[string]any{
			"OBJECTID": int64(7), "name": "detail", "acquisition_date": day(2015, 7, 28),
			"cloud_cover": 0.0, "pixel_size": 300.0386828}},
	}, tab.rows)
	assert.True(t, tab.numbered)
	assert.EqualValues(t, 7, tab.lastID)
}

func TestWhatNumbersItems(t *testing.T) {
	for _, c := range []struct {
		name, ids string // of two rows
		numbered  bool
	}{
		{"distinct", "5,3", true},
		{"the largest", "9007199254740992,1", true},
		{"too large", "9007199254740993,1", false},
		{"zero", "0,1", false},
		{"negative", "-1,1", false},
		{"twice", "4,4", false},
		{"one missing", "4,", false},
		{"not whole", "1.5,2", false},
		{"words", "a,b", false},
		{"codes", "01,02", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b, _ := strings.Cut(c.ids, ",")
			tab, err := readTable(strings.NewReader("objectid,file\n" + a + ",a.tif\n" + b + ",b.tif\n"))
			require.NoError(t, err)
			assert.Equal(t, c.numbered, tab.numbered)
		})
	}
	tab, err := readTable(strings.NewReader("objectid,file\n"))
	require.NoError(t, err)
	assert.False(t, tab.numbered, "a table without rows numbers nothing")
}

func TestFaultyTables(t *testing.T) {
	for _, c := range []struct{ name, csv, want string }{
		{"nothing", "", `mosaic: catalog.csv: it is empty`},
		{"only a byte order mark", "\uFEFF", `mosaic: catalog.csv: it is empty`},
		{"no column file", "name,path\na,b\n", `mosaic: catalog.csv, line 1: there is no column "file"`},
		{"semicolons", "file;a\nx.tif;1\n", `mosaic: catalog.csv, line 1: there is no column "file"`},
		{"a column without a name", "file,,b\n", `mosaic: catalog.csv, line 1: column 2 has no name`},
		{"two columns of a name", "file,Date,date\n", `mosaic: catalog.csv, line 1: two columns are called "date"`},
		{"two columns file", "file,FILE\n", `mosaic: catalog.csv, line 1: two columns are called "FILE"`},
		{"a short row", "file,a\nx.tif,1\n\ny.tif\n", `mosaic: catalog.csv, line 4: it has 1 cells, and the first line 2`},
		{"a long row", "file,a\nx.tif,1,2\n", `mosaic: catalog.csv, line 2: it has 3 cells, and the first line 2`},
		{"two rows for a file", "a,File\n1,x.tif\n2,dir/x.tif\n",
			`mosaic: catalog.csv, line 3, column "File": "x.tif" has a row already, in line 2`},
		{"no file in a row", "file,a\n,1\n", `mosaic: catalog.csv, line 2, column "file": "" names no file`},
		{"a folder in a row", "file,a\ndir/,1\n", `mosaic: catalog.csv, line 2, column "file": "dir/" names no file`},
		{"quotes that do not end", "file,a\nx.tif,\"1\n", `mosaic: catalog.csv, line 2: at byte 10: extraneous or missing " in quoted-field`},
		{"quotes in the middle", "file,a\nx.tif,1\"2\n", `mosaic: catalog.csv, line 2: at byte 8: bare " in non-quoted-field`},
		{"not UTF-8", "file,a\nx.tif,M\xfcnchen\n", `mosaic: catalog.csv, line 2: cell 2 is not UTF-8`},
		{"too long", "file,a\nx.tif," + strings.Repeat("x", maxTableBytes), `mosaic: catalog.csv: it is longer than 16777216 bytes`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readTable(strings.NewReader(c.csv))
			require.EqualError(t, err, c.want)
			_, ok := errors.AsType[*TableError](err)
			assert.True(t, ok, "%T", err)
		})
	}
}

func TestLongestTable(t *testing.T) {
	csv := "file,a\nx.tif,"
	tab, err := readTable(strings.NewReader(csv + strings.Repeat("x", maxTableBytes-len(csv))))
	require.NoError(t, err)
	assert.Len(t, tab.rows["x.tif"].attrs["a"], maxTableBytes-len(csv))
}

func TestTableThatCannotBeRead(t *testing.T) {
	_, err := readTable(iotest.ErrReader(errors.New("bad sector")))
	require.EqualError(t, err, "mosaic: catalog.csv: bad sector")
}

func FuzzReadTable(f *testing.F) {
	for _, s := range []string{
		"objectid,file,d,x\n1,a.tif,2014-10-20,1.5\n2,b/c.tif,,-2\n",
		"\uFEFFFILE,a\r\nx.tif,015\r\n\"y\"\".tif\",7\r\n",
		"file\na\n\"b\nc\"\n,\n", "file;a\n1;2\n", "file,t\na,2014-10-20T10:00:00+01:00\nb,2014-10-20\n",
		"file,a\nx,1e999\ny,nan\nz,9223372036854775808\n", "file,a\nx\n", "file,\n", "", "\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 {
			t.Skip("long ones teach nothing new")
		}
		tab, err := readTable(bytes.NewReader(text))
		if err != nil {
			_, ok := errors.AsType[*TableError](err)
			require.True(t, ok, "%T %v", err, err)
			return
		}
		ids := map[int64]bool{}
		kinds := map[string]any{} // a value of each column
		lines := map[int]bool{}
		for name, row := range tab.rows {
			require.NotEmpty(t, name)
			require.NotContains(t, name, "/")
			require.NotContains(t, row.attrs, tab.fileColumn)
			require.Greater(t, row.line, 1)
			require.False(t, lines[row.line], "two rows in line %d", row.line)
			lines[row.line] = true
			if tab.numbered {
				require.Positive(t, row.id)
				require.LessOrEqual(t, row.id, tab.lastID)
				require.False(t, ids[row.id], "two rows with ID %d", row.id)
				ids[row.id] = true
			}
			for a, v := range row.attrs {
				switch v := v.(type) {
				case int64:
				case float64:
					require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
				case time.Time:
					require.Equal(t, time.UTC, v.Location())
				case string:
					require.NotEmpty(t, v)
					require.Equal(t, strings.TrimSpace(v), v)
				default:
					require.Failf(t, "type", "%q is a %T", a, v)
				}
				if other, ok := kinds[a]; ok {
					require.IsType(t, other, v)
				}
				kinds[a] = v
			}
		}
	})
}

func BenchmarkReadTable(b *testing.B) {
	row := ",mosaic/tile.tif,2014-10-20,3.1,Landsat-8 OLI (LC08_L1TP_015028),32618,390,395,600\n"
	var csv bytes.Buffer
	csv.WriteString("objectid,file,date,cloud,sensor,epsg,width,height,pixel\n")
	for i := range 10_000 {
		id := []byte{byte('1' + i%9), byte('0' + i/1000), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)}
		csv.Write(id)
		csv.WriteString(strings.Replace(row, "tile", string(id), 1))
	}
	b.SetBytes(int64(csv.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := readTable(bytes.NewReader(csv.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
