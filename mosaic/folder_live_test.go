package mosaic

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// A liveTest is a folder that a test changes, and what was opened of it. Files that hold "broken" cannot be opened.
type liveTest struct {
	t      *testing.T
	files  fstest.MapFS
	log    bytes.Buffer
	folder *LiveFolder

	mu     sync.Mutex
	opened []*memory
}

func newLiveTest(t *testing.T, files ...string) *liveTest {
	l := &liveTest{t: t, files: fstest.MapFS{}}
	for _, f := range files {
		l.write(f, f)
	}
	var err error
	l.folder, err = WatchFolder(t.Context(), l.files, &FolderOptions{
		Open: l.open, Refresh: time.Minute, Logger: slog.New(slog.NewTextHandler(&l.log, nil)),
	})
	require.NoError(t, err)
	return l
}

func (l *liveTest) write(name, text string) {
	l.files[name] = &fstest.MapFile{Data: []byte(text), ModTime: time.Now()}
}

func (l *liveTest) open(_ context.Context, name string) (raster.Dataset, error) {
	text, err := fs.ReadFile(l.files, name)
	if err != nil {
		return nil, err
	}
	if string(text) == "broken" {
		return nil, errors.New("it is broken")
	}
	m := newMemory(gridOf(l.t, string(text)), name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opened = append(l.opened, m)
	return m, nil
}

// state returns the items' names with their IDs and the degrees where they begin, after a minute.
func (l *liveTest) state() map[string][2]int64 {
	time.Sleep(time.Minute)
	out := map[string][2]int64{}
	for it, err := range l.folder.Items(l.t.Context(), Query{}) {
		require.NoError(l.t, err)
		out[it.Name] = [2]int64{it.ID, int64(it.Footprint.Envelope.XMin)}
	}
	return out
}

func (l *liveTest) version() string {
	v, err := l.folder.Version(l.t.Context())
	require.NoError(l.t, err)
	return v
}

func (l *liveTest) stillOpen() (n int) {
	for _, m := range l.opened {
		if !m.closed.Load() {
			n++
		}
	}
	return n
}

// Rasters come, change, move and go, and keep their IDs.
func TestLiveFolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLiveTest(t, "b.tif", "d.tif")
		require.Equal(t, map[string][2]int64{"b": {1, 1}, "d": {2, 3}}, l.state())
		version, opened := l.version(), len(l.opened)
		l.state()
		assert.Equal(t, version, l.version(), "nothing has changed")
		assert.Len(t, l.opened, opened)

		l.write("a.tif", "a.tif")
		require.Equal(t, map[string][2]int64{"a": {3, 0}, "b": {1, 1}, "d": {2, 3}}, l.state())
		assert.NotEqual(t, version, l.version())
		assert.Len(t, l.opened, opened+1, "the others stay open")

		l.write("d.tif", "f.tif")
		require.Equal(t, map[string][2]int64{"a": {3, 0}, "b": {1, 1}, "d": {2, 5}}, l.state(), "it has moved")
		delete(l.files, "b.tif")
		require.Equal(t, map[string][2]int64{"a": {3, 0}, "d": {2, 5}}, l.state())
		l.write("c.tif", "c.tif")
		require.Equal(t, map[string][2]int64{"a": {3, 0}, "c": {4, 2}, "d": {2, 5}}, l.state())
		l.write("b.tif", "b.tif")
		require.Equal(t, map[string][2]int64{"a": {3, 0}, "b": {1, 1}, "c": {4, 2}, "d": {2, 5}}, l.state(), "it is back")

		before := len(l.opened)
		l.write("c.tfw", "beside a raster")
		l.state()
		assert.Len(t, l.opened, before+1)

		l.state()
		l.state()
		assert.Equal(t, 4, l.stillOpen(), "of former versions, nothing after two minutes")
		require.NoError(t, l.folder.Close())
		assert.Zero(t, l.stillOpen())
		_, err := l.folder.Version(t.Context())
		require.ErrorIs(t, err, fs.ErrClosed)
		_, err = l.folder.Lookup(t.Context(), []int64{1})
		require.ErrorIs(t, err, fs.ErrClosed)
		require.NoError(t, l.folder.Close())
	})
}

// What cannot be opened is left out, or stays as it was, with one warning, and is tried again.
func TestLiveFolderWithBrokenFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLiveTest(t, "a.tif")
		l.write("b.tif", "broken")
		require.Len(t, l.state(), 1)
		version := l.version()
		require.Len(t, l.state(), 1)
		assert.Equal(t, version, l.version())
		assert.Equal(t, 1, bytes.Count(l.log.Bytes(), []byte("level=WARN")), "%s", &l.log)
		assert.Contains(t, l.log.String(), "it is broken")
		require.Len(t, l.folder.PassedOver(), 1)
		l.write("b.tif", "b.tif")
		require.Len(t, l.state(), 2)
		assert.Empty(t, l.folder.PassedOver())

		l.write("a.tif", "broken")
		require.Equal(t, [2]int64{1, 0}, l.state()["a"], "it is an item still")
		assert.Equal(t, 2, bytes.Count(l.log.Bytes(), []byte("level=WARN")), "%s", &l.log)
		l.write("a.tif", "c.tif")
		require.Equal(t, [2]int64{1, 2}, l.state()["a"])

		// All of the folder.
		l.write("catalog.csv", "file,objectid\na.tif,70\nnone.tif,80\n")
		require.Equal(t, [2]int64{1, 2}, l.state()["a"], "a table that is wrong changes nothing")
		assert.Contains(t, l.log.String(), "none.tif")
		l.write("catalog.csv", "file,objectid,Month\na.tif,70,6\n")
		require.Equal(t, map[string][2]int64{"a": {70, 2}, "b": {71, 1}}, l.state())
		has, err := l.folder.HasField(t.Context(), "month")
		require.NoError(t, err)
		assert.True(t, has)
		some, err := l.folder.Lookup(t.Context(), []int64{70, 1})
		require.NoError(t, err)
		require.Len(t, some, 1)

		delete(l.files, "a.tif")
		delete(l.files, "b.tif")
		delete(l.files, "catalog.csv")
		assert.Empty(t, l.state(), "a folder may become empty")
	})
}

// At its beginning a folder must be whole, as for Folder.
func TestWatchFolderFails(t *testing.T) {
	_, err := WatchFolder(t.Context(), fstest.MapFS{}, nil)
	require.ErrorIs(t, err, errNoOpen)
	_, err = WatchFolder(t.Context(), folderOf("readme.txt"), &FolderOptions{Open: opener(t)})
	require.ErrorContains(t, err, "there is no .tif or .tiff file")
	_, err = WatchFolder(t.Context(), folderOf("a.tif"), &FolderOptions{Open: func(context.Context, string) (raster.Dataset, error) {
		return nil, errors.New("it is broken")
	}})
	require.ErrorContains(t, err, "it is broken")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = WatchFolder(ctx, folderOf("a.tif"), &FolderOptions{Open: opener(t)})
	require.ErrorIs(t, err, context.Canceled)
}

// Callers do not wait for one who looks at the folder, and see one version each.
func TestLiveFolderSideBySide(t *testing.T) {
	l := newLiveTest(t, "a.tif", "b.tif")
	l.folder.refresh = time.Nanosecond
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				v, err := l.folder.Version(t.Context())
				if !assert.NoError(t, err) {
					return
				}
				for it, err := range At(l.folder, v).Items(t.Context(), Query{}) {
					if !assert.NoError(t, err) || !assert.NotNil(t, it) {
						return
					}
				}
			}
		})
	}
	group.Wait()
	require.NoError(t, l.folder.Close())
}

// A link beside rasters that leads nowhere does not keep a folder from being read.
func TestLiveFolderWithBrokenLink(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.tif"), nil, 0o600))
	if err := os.Symlink("none", filepath.Join(dir, "a.prj")); err != nil {
		t.Skip("no symbolic links here: not checked")
	}
	f, err := WatchFolder(t.Context(), os.DirFS(dir), &FolderOptions{Open: func(context.Context, string) (raster.Dataset, error) {
		return newMemory(gridOf(t, "a.tif"), "a.tif"), nil
	}})
	require.NoError(t, err)
	assert.Len(t, f.Scan().Items, 1)
	require.NoError(t, f.Close())
	assert.Empty(t, f.Scan().Items)
}
