package sqlitefile_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/sqlitefile"
)

// many returns the database of testdata.
func many(t testing.TB) []byte {
	f, err := os.Open("testdata/many.db.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	data, err := io.ReadAll(z)
	require.NoError(t, err)
	return data
}

func TestRowsAreWhatPythonWrote(t *testing.T) {
	db, err := sqlitefile.Open(many(t))
	require.NoError(t, err)
	table, err := db.Table("MANY rows")
	require.NoError(t, err)
	assert.Equal(t, []string{"n", "r", "key", `a "quoted", name`, "b", "late"}, table.Columns)
	assert.Equal(t, 2, table.RowID())
	assert.Equal(t, 5, table.Column("LATE"))
	assert.Equal(t, -1, table.Column("later"))
	i := 0
	for row, err := range table.Rows() {
		require.NoError(t, err)
		long := i % 9
		if i%40 == 0 {
			long = i * 7 % 1500
		}
		want := []any{int64(i)*int64(i)*int64(i)*1001 - 5, float64(i) / 8, int64(3*i + 1), strings.Repeat("é", long), nil, nil}
		if i%3 != 0 {
			want[4] = bytes.Repeat([]byte{byte(i)}, i%5)
		}
		if whole, ok := row[1].(int64); ok { // SQLite stores reals without a fraction as integers
			row[1] = float64(whole)
		}
		if b, ok := row[4].([]byte); ok && len(b) == 0 {
			row[4] = []byte{}
		}
		require.Equal(t, want, row, i)
		i++
	}
	assert.Equal(t, 400, i)
	for range table.Rows() {
		break // after which nothing must be yielded
	}
}

func TestTablesThatAreNotRead(t *testing.T) {
	db, err := sqlitefile.Open(many(t))
	require.NoError(t, err)
	_, err = db.Table("t")
	require.EqualError(t, err, `sqlite: table "t": tables WITHOUT ROWID are not supported`)
	_, err = db.Table("none")
	require.ErrorIs(t, err, sqlitefile.ErrNoTable)
}

func TestMalformed(t *testing.T) {
	good := many(t)
	page := func(n int) []byte { return good[(n-1)*512:] }
	root := slices.IndexFunc(slices.Collect(slices.Chunk(good, 512)), func(p []byte) bool { return p[0] == 5 }) + 1
	require.Positive(t, root)
	for name, c := range map[string]struct {
		change func(b []byte) []byte
		want   string
	}{
		"text":           {func(b []byte) []byte { return []byte("hello") }, "it is no SQLite database"},
		"page size":      {func(b []byte) []byte { b[16], b[17] = 1, 1; return b }, "pages of 257 bytes"},
		"reserved":       {func(b []byte) []byte { b[20] = 255; return b }, "255 reserved bytes"},
		"UTF-16":         {func(b []byte) []byte { b[59] = 2; return b }, "encoding 2"},
		"cut off":        {func(b []byte) []byte { return b[:512] }, "is not in the file"},
		"a loop":         {func(b []byte) []byte { copy(b[(root-1)*512+8:], []byte{0, 0, 0, byte(root)}); return b }, "used twice"},
		"too many cells": {func(b []byte) []byte { b[(root-1)*512+3] = 255; return b }, "cells"},
		"kind of page":   {func(b []byte) []byte { b[(root-1)*512] = 10; return b }, "is of kind 0xa"},
		"overlapping": {func(b []byte) []byte {
			leaf := b[(binary.BigEndian.Uint32(b[(root-1)*512+int(binary.BigEndian.Uint16(b[(root-1)*512+12:])):])-1)*512:]
			leaf[3], leaf[4] = 0, 200 // cells, all of them the last one
			for i := range 200 {
				copy(leaf[8+2*i:], leaf[8:10])
			}
			return b
		}, "overlap"},
		"cell out of page": {func(b []byte) []byte { b[(root-1)*512+12] = 255; return b }, "outside of it"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Less(t, binary.BigEndian.Uint16(page(root)[3:]), uint16(256))
			err := readAll(c.change(bytes.Clone(good)))
			require.ErrorContains(t, err, c.want)
			require.ErrorAs(t, err, new(sqlitefile.FormatError))
		})
	}
}

// wide is a database of two pages: the second has as many rows as fit, of three bytes each, of a table with many columns.
func wide(columns int) (data []byte, rows int) {
	const page = 1 << 15
	var sql strings.Builder
	sql.WriteString("CREATE TABLE t(")
	for i := range columns {
		fmt.Fprintf(&sql, "c%d,", i)
	}
	def := strings.TrimSuffix(sql.String(), ",") + ")"
	b := make([]byte, 2*page)
	copy(b, sqlitefile.Magic)
	binary.BigEndian.PutUint16(b[16:], page)
	binary.BigEndian.PutUint32(b[56:], 1)
	varint := func(n int) []byte { return []byte{byte(n>>14) | 0x80, byte(n>>7) | 0x80, byte(n & 0x7f)} }
	types := append([]byte{23, 15, 15, 1}, varint(13+2*len(def))...) // "table", names, a page, the definition
	row := append([]byte{byte(len(types) + 1)}, types...)
	row = append(append(row, "tablett\x02"...), def...)
	cell := append(append(varint(len(row)), 1), row...)
	at := page - len(cell)
	copy(b[at:], cell)
	b[100] = 0x0d
	binary.BigEndian.PutUint16(b[103:], 1)
	binary.BigEndian.PutUint16(b[108:], uint16(at))
	leaf := b[page:]
	leaf[0] = 0x0d
	for at = page; at-3 >= 8+2*(rows+1); rows++ {
		at -= 3
		copy(leaf[at:], []byte{1, byte(rows & 0x7f), 1}) // of one byte, a number, and a header of one byte: no values
		binary.BigEndian.PutUint16(leaf[8+2*rows:], uint16(at))
	}
	binary.BigEndian.PutUint16(leaf[3:], uint16(rows))
	return b, rows
}

// TestWideRows checks that rows of a few bytes do not cost much for the columns that their table says it has.
func TestWideRows(t *testing.T) {
	read := func(columns int) (n, want int, err error) {
		data, want := wide(columns)
		db, err := sqlitefile.Open(data)
		require.NoError(t, err)
		table, err := db.Table("t")
		require.NoError(t, err)
		require.Len(t, table.Columns, columns)
		for row, err := range table.Rows() {
			if err != nil {
				return n, want, err
			}
			require.Len(t, row, columns)
			require.Nil(t, row[0])
			n++
		}
		return n, want, nil
	}
	n, want, err := read(20)
	require.NoError(t, err)
	require.Equal(t, want, n)
	n, want, err = read(1500)
	require.ErrorContains(t, err, "too short for 1500 columns")
	require.Less(t, n, want/10)
}

func readAll(data []byte) error {
	db, err := sqlitefile.Open(data)
	if err != nil {
		return err
	}
	table, err := db.Table("many rows")
	if err != nil {
		return err
	}
	for _, err := range table.Rows() {
		if err != nil {
			return err
		}
	}
	return nil
}

func FuzzRows(f *testing.F) {
	f.Add(many(f))
	f.Add([]byte(sqlitefile.Magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<18 {
			t.Skip("too long")
		}
		_ = readAll(data)
	})
}
