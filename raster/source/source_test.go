package source_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.tif")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o600))

	f, err := source.Open(path)
	require.NoError(t, err)
	require.EqualValues(t, 10, f.Size())
	p := make([]byte, 3)
	require.NoError(t, source.ReadFull(t.Context(), f, p, 4))
	require.Equal(t, "456", string(p))
	require.NoError(t, f.Close())
	require.ErrorIs(t, source.ReadFull(t.Context(), f, p, 0), fs.ErrClosed)
	require.ErrorIs(t, f.Close(), fs.ErrClosed)

	_, err = source.Open(filepath.Join(dir, "b.tif"))
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = source.Open(dir)
	require.ErrorIs(t, err, source.ErrNotRegular)
	require.ErrorContains(t, err, dir)
}

// noReaderAt is a file system whose files read from the front only.
type noReaderAt struct {
	fs.FS
	closed int
}

type frontFile struct {
	fs.File
	closed *int
}

func (f frontFile) Close() error { *f.closed++; return f.File.Close() }

func (n *noReaderAt) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	return frontFile{f, &n.closed}, err
}

func TestOpenFS(t *testing.T) {
	fsys := fstest.MapFS{"d/a.tif": {Data: []byte("abc")}}
	f, err := source.OpenFS(fsys, "d/a.tif")
	require.NoError(t, err)
	require.EqualValues(t, 3, f.Size())
	require.NoError(t, f.Close())

	_, err = source.OpenFS(fsys, "d")
	require.ErrorIs(t, err, source.ErrNotRegular)
	_, err = source.OpenFS(fsys, "d/b.tif")
	require.ErrorIs(t, err, fs.ErrNotExist)

	front := &noReaderAt{FS: fsys}
	_, err = source.OpenFS(front, "d/a.tif")
	require.ErrorContains(t, err, "offsets")
	require.Equal(t, 1, front.closed, "a file that cannot be a source is closed")
}

// oddSource gives n bytes and err, whatever it is asked for.
type oddSource struct {
	n   int
	err error
}

func (s oddSource) Size() int64 { return 10 }

func (s oddSource) ReadAtContext(context.Context, []byte, int64) (int, error) { return s.n, s.err }

func TestReadFull(t *testing.T) {
	broken := errors.New("the line is down")
	for _, c := range []struct {
		name string
		src  oddSource
		want error
	}{
		{"all", oddSource{4, nil}, nil},
		{"all, at the end of the file", oddSource{4, io.EOF}, nil},
		{"too little", oddSource{3, nil}, io.ErrUnexpectedEOF},
		{"too little, at the end of the file", oddSource{3, io.EOF}, io.ErrUnexpectedEOF},
		{"an error", oddSource{3, broken}, broken},
	} {
		require.ErrorIs(t, source.ReadFull(t.Context(), c.src, make([]byte, 4), 0), c.want, c.name)
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	src := source.FromReaderAt(bytes.NewReader([]byte("abc")), 3)
	_, err := src.ReadAtContext(ctx, make([]byte, 1), 0)
	require.ErrorIs(t, err, context.Canceled)
}
