package dbase

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
		var table Table
		require.NoError(t, table.setCharset(c.cpg, c.driver), c.cpg)
		got, err := table.text([]byte(c.bytes + "  \x00"))
		require.NoError(t, err, c.cpg)
		assert.Equal(t, c.want, got, "%q and driver %d", c.cpg, c.driver)
	}
	var table Table
	require.EqualError(t, table.setCharset("1234567", 0), `text in encoding "1234567" is not supported`)
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		typ   byte
		whole bool
		text  string
		want  any
	}{
		{'C', false, " a", " a"},
		{'C', false, "  ", nil},
		{'N', true, "  12", int64(12)},
		{'N', false, " 12", 12.0},
		{'N', true, "***", nil},
		{'N', true, "99999999999999999999", 1e20},
		{'F', false, "1e400", nil},
		{'F', false, "nan", nil},
		{'D', false, "20141020", time.Date(2014, 10, 20, 0, 0, 0, 0, time.UTC)},
		{'D', false, "20141320", nil},
		{'L', false, "y", int64(1)},
		{'L', false, "F", int64(0)},
		{'L', false, "?", nil},
		{'M', false, "12", nil},
	} {
		column := Column{Type: c.typ, Whole: c.whole}
		assert.Equal(t, c.want, column.value(c.text), "%c %q", c.typ, c.text)
	}
	var latin Table
	require.NoError(t, latin.setCharset("", 0))
	s, err := latin.text([]byte("Z\xfcrich  "))
	require.NoError(t, err)
	assert.Equal(t, "Zürich", s)
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("\x03\x5f\x07\x1a\x01\x00\x00\x00\x41\x00\x03\x00                    VALUE\x00\x00\x00\x00\x00\x00N\x00\x00\x00\x00\x02\x00              \r 12"), "")
	f.Fuzz(func(t *testing.T, b []byte, cpg string) {
		table, err := Open(b, cpg)
		if err != nil {
			return
		}
		for i := range min(table.Len(), 100) {
			_, _, _ = table.Row(i)
		}
	})
}
