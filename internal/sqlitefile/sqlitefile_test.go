package sqlitefile_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
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
