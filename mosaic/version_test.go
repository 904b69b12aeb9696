package mosaic_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// A disk holds rasters whose pixels are the number of their version.
type disk struct {
	t       *testing.T
	mu      sync.Mutex
	version map[string]int // 0 is a file that is missing
	east    map[string]float64
	open    atomic.Int64
	opened  atomic.Int64
	busy    int // how many of the next attempts to open find that the file changes
}

func newDisk(t *testing.T) *disk {
	return &disk{t: t, version: map[string]int{}, east: map[string]float64{}}
}

func (d *disk) write(name string, version int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.version[name] = version
}

func (d *disk) Open(_ context.Context, name string) (raster.Dataset, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.version[name]
	if v == 0 {
		return nil, fs.ErrNotExist
	}
	if d.busy > 0 {
		d.busy--
		return nil, &source.ChangedError{Name: name}
	}
	d.open.Add(1)
	d.opened.Add(1)
	x := d.east[name]
	g := raster.NorthUp(crs(d.t, 4326), srs.Envelope{XMin: x, XMax: x + 4, YMax: 4}, image.Pt(4, 4))
	memory := rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return uint8(v) })
	return &onDisk{memory, d, name, v, false}, nil
}

type onDisk struct {
	raster.Dataset
	disk   *disk
	name   string
	v      int
	closed bool
}

func (o *onDisk) Version() raster.Version { return diskVersion{o.disk, o.name, o.v} }

func (o *onDisk) Close() error {
	if o.closed {
		return os.ErrClosed
	}
	o.closed = true
	o.disk.open.Add(-1)
	return nil
}

type diskVersion struct {
	disk *disk
	name string
	v    int
}

func (v diskVersion) String() string { return fmt.Sprint(v.v) }

func (v diskVersion) Current(context.Context) error {
	v.disk.mu.Lock()
	defer v.disk.mu.Unlock()
	if v.disk.version[v.name] != v.v {
		return &source.ChangedError{Name: v.name}
	}
	return nil
}

// valueOf reads a raster's first pixel.
func valueOf(t *testing.T, ds raster.Dataset) (uint8, error) {
	b, err := ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	if err != nil {
		return 0, err
	}
	return b.Bands[0].(*raster.PlaneOf[uint8]).Pix[0], nil
}

func requireValue(t *testing.T, want uint8, ds raster.Dataset) {
	t.Helper()
	v, err := valueOf(t, ds)
	require.NoError(t, err)
	require.Equal(t, want, v)
}

// A raster that changes is another dataset; the former one reads what it did, as long as it is open.
func TestPoolOfRastersThatChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDisk(t)
		p := mosaic.NewPool(3, d.Open)
		open := func(name string) raster.Dataset {
			ds, err := p.Open(t.Context(), name)
			require.NoError(t, err)
			return ds
		}
		d.write("a", 1)
		one := open("a")
		requireValue(t, 1, one)
		require.Same(t, one, open("a"))
		require.NoError(t, raster.VersionOf(one).Current(t.Context()))

		d.write("a", 2)
		require.Error(t, raster.VersionOf(one).Current(t.Context()))
		two := open("a")
		require.NotSame(t, one, two)
		require.Same(t, two, open("a"))
		requireValue(t, 2, two)
		requireValue(t, 1, one)
		require.EqualValues(t, 2, d.open.Load())

		time.Sleep(time.Minute + time.Second)
		require.Same(t, two, open("a"))
		require.EqualValues(t, 1, d.open.Load(), "the former version was closed after a minute")
		_, err := valueOf(t, one)
		require.ErrorAs(t, err, new(*source.ChangedError))
		require.EqualValues(t, 2, d.opened.Load(), "and not opened again")

		d.write("a", 0)
		_, err = p.Open(t.Context(), "a")
		require.ErrorIs(t, err, fs.ErrNotExist)
		d.write("a", 3)
		requireValue(t, 3, open("a"))
		require.NoError(t, p.Close())
		require.Zero(t, d.open.Load())
	})
}

// Former versions are closed first when a place is needed.
func TestPoolClosesFormerVersionsFirst(t *testing.T) {
	d := newDisk(t)
	p := mosaic.NewPool(2, d.Open)
	d.write("a", 1)
	one, err := p.Open(t.Context(), "a")
	require.NoError(t, err)
	d.write("a", 2)
	two, err := p.Open(t.Context(), "a")
	require.NoError(t, err)
	requireValue(t, 1, one) // the last to be read
	d.write("b", 1)
	_, err = p.Open(t.Context(), "b")
	require.NoError(t, err)
	opened := d.opened.Load()
	requireValue(t, 2, two)
	require.Equal(t, opened, d.opened.Load())
	_, err = valueOf(t, one)
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.NoError(t, p.Close())
	require.Zero(t, d.open.Load())
}

// A raster that was closed for want of places and has changed meanwhile is not read under its former dataset, although
// its shape is the same.
func TestPoolReopensOnlyTheSameVersion(t *testing.T) {
	d := newDisk(t)
	p := mosaic.NewPool(1, d.Open)
	d.write("a", 1)
	d.write("b", 1)
	one, err := p.Open(t.Context(), "a")
	require.NoError(t, err)
	_, err = p.Open(t.Context(), "b")
	require.NoError(t, err)
	d.write("a", 2)
	for range 2 {
		_, err = valueOf(t, one)
		require.ErrorAs(t, err, new(*source.ChangedError))
		require.ErrorContains(t, err, "a")
	}
	two, err := p.Open(t.Context(), "a")
	require.NoError(t, err)
	requireValue(t, 2, two)
	require.NoError(t, p.Close())
	require.Zero(t, d.open.Load())
}

func TestPoolOpensAgainWhatChangesMeanwhile(t *testing.T) {
	d := newDisk(t)
	d.write("a", 1)
	p := mosaic.NewPool(1, d.Open)
	d.busy = 2
	ds, err := p.Open(t.Context(), "a")
	require.NoError(t, err)
	requireValue(t, 1, ds)
	d.write("a", 2)
	d.busy = 1 << 20
	_, err = p.Open(t.Context(), "a")
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.NoError(t, p.Close())
}

// A dataset has one version, in whatever order versions follow each other.
func TestPoolUnderWriters(t *testing.T) {
	d := newDisk(t)
	p := mosaic.NewPool(2, d.Open)
	names := []string{"a", "b", "c"}
	for _, n := range names {
		d.write(n, 1)
	}
	var running sync.WaitGroup
	stop := make(chan struct{})
	running.Go(func() {
		for v := 2; ; v++ {
			select {
			case <-stop:
				return
			default:
				d.write(names[v%3], v%250+1)
			}
		}
	})
	var readers sync.WaitGroup
	var read atomic.Int64
	for g := range 8 {
		readers.Go(func() {
			for i := range 300 {
				ds, err := p.Open(t.Context(), names[(g+i)%3])
				if err != nil {
					assert.ErrorAs(t, err, new(*source.ChangedError))
					continue
				}
				for range 3 {
					v, err := valueOf(t, ds)
					if err != nil {
						assert.ErrorAs(t, err, new(*source.ChangedError))
						continue
					}
					read.Add(1)
					assert.Equal(t, raster.VersionOf(ds).String(), fmt.Sprint(v))
				}
			}
		})
	}
	readers.Wait()
	close(stop)
	running.Wait()
	require.Positive(t, read.Load())
	require.LessOrEqual(t, d.open.Load(), int64(2))
	require.NoError(t, p.Close())
	require.Zero(t, d.open.Load())
}

func TestFolderOfRastersThatChange(t *testing.T) {
	d := newDisk(t)
	d.write("a.tif", 1)
	d.write("b.tif", 1)
	dir := fstest.MapFS{"a.tif": {}, "b.tif": {}}
	s, err := mosaic.Folder(t.Context(), dir, &mosaic.FolderOptions{Open: d.Open})
	require.NoError(t, err)
	a := s[0]
	one, err := a.Open(t.Context())
	require.NoError(t, err)
	again, err := a.Open(t.Context())
	require.NoError(t, err)
	require.Same(t, one, again)
	requireValue(t, 1, one)

	d.write("a.tif", 2)
	two, err := a.Open(t.Context())
	require.NoError(t, err)
	requireValue(t, 2, two)
	require.EqualValues(t, 2, d.open.Load(), "the former one was closed")

	d.write("a.tif", 3)
	d.east["a.tif"] = 100
	_, err = a.Open(t.Context())
	require.ErrorContains(t, err, `raster "a.tif" is in another place`)
	require.EqualValues(t, 2, d.open.Load())
	delete(d.east, "a.tif")
	d.write("a.tif", 0)
	_, err = a.Open(t.Context())
	require.ErrorIs(t, err, fs.ErrNotExist)
	d.write("a.tif", 4)
	d.busy = 1
	four, err := a.Open(t.Context())
	require.NoError(t, err)
	requireValue(t, 4, four)
	b, err := s[1].Open(t.Context())
	require.NoError(t, err)
	requireValue(t, 1, b)
}

// contents is what a catalogue holds, an item a word: its ID, its name, and one attribute.
func contents(s mosaic.Slice) string {
	var words []string
	for _, it := range s {
		w := fmt.Sprintf("%d:%s", it.ID, it.Name)
		if a, ok := it.Attrs["a"]; ok {
			w += fmt.Sprintf("=%v", a)
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// A folder that changes while it is read is read again, and one that never stops is an error.
func TestFolderThatChangesWhileItIsRead(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(dir fstest.MapFS, d *disk)
		want   string
	}{
		{"a raster more", func(dir fstest.MapFS, d *disk) { dir["c.tif"] = &fstest.MapFile{}; d.write("c.tif", 1) }, "1:a=1 2:b=2 3:c"},
		{"a raster less", func(dir fstest.MapFS, d *disk) {
			delete(dir, "b.tif")
			d.write("b.tif", 0)
			dir["catalog.csv"] = &fstest.MapFile{Data: []byte("file,a\na.tif,1\n")}
		}, "1:a=1"},
		{"another table", func(dir fstest.MapFS, _ *disk) {
			dir["catalog.csv"] = &fstest.MapFile{Data: []byte("file,a\na.tif,3\nb.tif,4\n"), ModTime: time.Unix(5, 6)}
		}, "1:a=3 2:b=4"},
		{"no table", func(dir fstest.MapFS, _ *disk) { delete(dir, "catalog.csv") }, "1:a 2:b"},
	} {
		d := newDisk(t)
		d.write("a.tif", 1)
		d.write("b.tif", 1)
		dir := fstest.MapFS{"a.tif": {}, "b.tif": {}, "catalog.csv": {Data: []byte("file,a\na.tif,1\nb.tif,2\n")}}
		var mu sync.Mutex
		var once sync.Once
		s, err := mosaic.Folder(t.Context(), dir, &mosaic.FolderOptions{
			Open: func(ctx context.Context, name string) (raster.Dataset, error) {
				mu.Lock()
				defer mu.Unlock()
				once.Do(func() { c.change(dir, d) })
				return d.Open(ctx, name)
			},
		})
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, contents(s), c.name)
		require.EqualValues(t, len(s), d.open.Load(), "what was opened for nothing is closed")
	}

	d := newDisk(t)
	d.write("a.tif", 1)
	dir, n := fstest.MapFS{"a.tif": {}, "catalog.csv": {Data: []byte("file,a\na.tif,1\n")}}, 0
	_, err := mosaic.Folder(t.Context(), dir, &mosaic.FolderOptions{
		Open: func(ctx context.Context, name string) (raster.Dataset, error) {
			n++
			dir["catalog.csv"] = &fstest.MapFile{Data: []byte("file,a\na.tif,1\n"), ModTime: time.Unix(int64(n), 1)}
			return d.Open(ctx, name)
		},
	})
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.Zero(t, d.open.Load())
}

// An index is read again if one of its files changes while it is read.
func TestTileIndexThatChangesWhileItIsRead(t *testing.T) {
	dir := t.TempDir()
	for _, ext := range []string{".shp", ".dbf", ".prj"} {
		data, err := os.ReadFile("testdata/index" + ext)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "index"+ext), data, 0o600))
	}
	read := func(changes int) error {
		fsys := &restless{FS: os.DirFS(dir), name: "index.dbf", changes: changes, dir: dir}
		items, err := mosaic.TileIndex(t.Context(), fsys, "index.shp", &mosaic.FeatureOptions{
			Open: func(context.Context, string) (raster.Dataset, error) { return nil, errors.ErrUnsupported },
		})
		if err == nil {
			require.NotEmpty(t, items)
		}
		return err
	}
	require.NoError(t, read(0))
	require.NoError(t, read(1))
	err := read(1 << 20)
	require.ErrorAs(t, err, new(*source.ChangedError))
	require.ErrorContains(t, err, "index.dbf")
}

// restless is a folder in which somebody writes a file anew after it was opened.
type restless struct {
	fs.FS
	name    string
	dir     string
	changes int
}

func (r *restless) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if path := filepath.Join(r.dir, name); name == r.name && r.changes > 0 && err == nil {
		r.changes--
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	return f, err
}

func (r *restless) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }

func TestFeaturesOfAFileThatChanges(t *testing.T) {
	name := filepath.Join(t.TempDir(), "items.json")
	text := []byte(`{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"location": "a.tif"},
		"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}`)
	require.NoError(t, os.WriteFile(name, text, 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r := &writing{File: f}
	o := &mosaic.FeatureOptions{Open: func(context.Context, string) (raster.Dataset, error) { return nil, nil }}
	items, err := mosaic.Features(r, o)
	require.NoError(t, err)
	require.Len(t, items, 1)
	_, err = f.Seek(0, 0)
	require.NoError(t, err)
	r.first = func() error { return os.WriteFile(name, text, 0o600) }
	_, err = mosaic.Features(r, o)
	require.ErrorAs(t, err, new(*source.ChangedError))
}

// writing is a file to which somebody writes when it is read.
type writing struct {
	*os.File
	first func() error
}

func (w *writing) Read(p []byte) (int, error) {
	if w.first != nil {
		if err := w.first(); err != nil {
			return 0, err
		}
	}
	return w.File.Read(p)
}
