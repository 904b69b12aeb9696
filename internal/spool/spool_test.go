package spool_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/internal/spool"
)

// Whatever is written, and wherever it is kept, any part of it comes back.
func TestReadsBackWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := &spool.Spool{Memory: rapid.IntRange(1, 100).Draw(t, "memory"), Dir: dir}
		var want []byte
		for range rapid.IntRange(0, 6).Draw(t, "writes") {
			p := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "p")
			n, err := s.Write(p)
			require.NoError(t, err)
			require.Equal(t, len(p), n)
			want = append(want, p...)
		}
		require.EqualValues(t, len(want), s.Len())
		from := rapid.IntRange(0, len(want)).Draw(t, "from")
		to := rapid.IntRange(from, len(want)).Draw(t, "to")
		var got bytes.Buffer
		require.NoError(t, s.CopyTo(&got, int64(from), int64(to-from)))
		require.Equal(t, string(want[from:to]), got.String())
		require.Error(t, s.CopyTo(&got, int64(from), int64(len(want)-from+1)))
		part := make([]byte, to-from)
		_, err := s.ReadAt(part, int64(from))
		require.NoError(t, err)
		require.Equal(t, string(want[from:to]), string(part))
		require.NoError(t, s.Finish())
		require.NoError(t, iotest.TestReader(io.NewSectionReader(s, 0, s.Len()), want))
		_, err = s.ReadAt(make([]byte, len(want)-from+1), int64(from))
		require.Equal(t, io.EOF, err)
		_, err = s.Write([]byte("more"))
		require.Error(t, err)
		require.NoError(t, s.Close())
		require.Zero(t, s.Len())
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left, "the file is gone")
	})
}

func TestFolderThatIsNotThere(t *testing.T) {
	s := &spool.Spool{Memory: 1, Dir: filepath.Join(t.TempDir(), "none")}
	_, err := s.Write([]byte("ab"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.NoError(t, s.Close())
}

// Where a file may lose its name while it is open, a process that is killed leaves nothing behind.
func TestFileHasNoName(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("the system keeps names of open files")
	}
	s := &spool.Spool{Memory: 1, Dir: t.TempDir()}
	_, err := s.Write([]byte("ab"))
	require.NoError(t, err)
	left, err := os.ReadDir(s.Dir)
	require.NoError(t, err)
	assert.Empty(t, left)
	assert.NoError(t, s.Close())
}
