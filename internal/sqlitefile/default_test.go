package sqlitefile_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/sqlitefile"
)

// unzip returns a file of testdata.
func unzip(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	data, err := io.ReadAll(z)
	require.NoError(t, err)
	return data
}

// rowsOf returns the rows of table t.
func rowsOf(t testing.TB, data []byte) (rows [][]any) {
	t.Helper()
	db, err := sqlitefile.Open(data)
	require.NoError(t, err)
	table, err := db.Table("t")
	require.NoError(t, err)
	for row, err := range table.Rows() {
		require.NoError(t, err)
		rows = append(rows, row)
	}
	return rows
}

// TestDefaults checks rows that were written before columns with defaults were added: the values are those that SQLite
// 3.40 selects.
func TestDefaults(t *testing.T) {
	rows := rowsOf(t, unzip(t, "late.db"))
	require.Len(t, rows, 2)
	late := []any{int64(-3), 2.0, "5", int64(12), []byte{0x0a, 0xff}, int64(1), int64(4), nil, "quoted", 1.5, int64(16), 1000.0, nil}
	assert.Equal(t, append([]any{int64(1), int64(7), "drone's"}, late...), rows[0])
	for i, v := range append([]any{int64(2), int64(8), "hand"}, late...) {
		assert.EqualValues(t, v, rows[1][i], "column %d of the row that was written later", i)
	}
}

// TestDefaultThatIsNotUnderstood checks that a default is an error only if a row needs it.
func TestDefaultThatIsNotUnderstood(t *testing.T) {
	data := bytes.Replace(unzip(t, "late.db"), []byte("integer default 7"), []byte("integer default ?"), 1)
	db, err := sqlitefile.Open(data)
	require.NoError(t, err)
	table, err := db.Table("t")
	require.NoError(t, err)
	for _, err := range table.Rows() {
		require.EqualError(t, err, `sqlite: the default "?" of column "a" is not understood`)
	}
}

// TestMerge checks a write-ahead log with committed changes and others, which SQLite 3.40 leaves out, too.
func TestMerge(t *testing.T) {
	data, log := unzip(t, "log.db"), unzip(t, "log.db-wal")
	merged, err := sqlitefile.Merge(data, log, 1<<20)
	require.NoError(t, err)
	assert.Equal(t, [][]any{{int64(1), "first"}}, rowsOf(t, data))
	want := [][]any{{int64(1), "changed in the log"}, {int64(2), "in the log"}}
	assert.Equal(t, want, rowsOf(t, merged))

	again, err := sqlitefile.Merge(merged, log, 1<<20)
	require.NoError(t, err)
	assert.Equal(t, want, rowsOf(t, again))
	_, err = sqlitefile.Merge(data, log, 600)
	require.ErrorContains(t, err, "more than 600")

	for name, change := range map[string]func(b []byte) []byte{
		"empty":             func([]byte) []byte { return nil },
		"header only":       func(b []byte) []byte { return b[:32] },
		"frame cut off":     func(b []byte) []byte { return b[:300] },
		"header's checksum": func(b []byte) []byte { b[24]++; return b },
		"frame's checksum":  func(b []byte) []byte { b[100]++; return b },
		"other salt":        func(b []byte) []byte { b[40]++; return b },
	} {
		same, err := sqlitefile.Merge(data, change(bytes.Clone(log)), 1<<20)
		require.NoError(t, err, name)
		assert.Equal(t, [][]any{{int64(1), "first"}}, rowsOf(t, same), name)
	}
	for name, at := range map[string]int{"begins with": 0, "version": 4, "pages of": 8} {
		bad := bytes.Clone(log)
		bad[at]++
		_, err := sqlitefile.Merge(data, bad, 1<<20)
		require.ErrorContains(t, err, name)
	}
}

func FuzzMerge(f *testing.F) {
	data, log := unzip(f, "log.db"), unzip(f, "log.db-wal")
	f.Add(data, log)
	f.Fuzz(func(t *testing.T, data, log []byte) {
		if merged, err := sqlitefile.Merge(data, log, 1<<16); err == nil && len(merged) > max(len(data), 1<<16) {
			t.Fatalf("%d bytes", len(merged))
		}
	})
}
