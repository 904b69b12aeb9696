package mosaic

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// folderOf is a folder of files with the given names, whose contents are their names. A name that holds a line break is
// a table.
func folderOf(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range files {
		if strings.Contains(f, "\n") {
			m[tableName] = &fstest.MapFile{Data: []byte(f)}
			continue
		}
		m[f] = &fstest.MapFile{Data: []byte(f)}
	}
	return m
}

// memory is a dataset that knows its file and whether it was closed.
type memory struct {
	*rastertest.Memory
	file   string
	closed atomic.Bool
}

func (m *memory) Close() error {
	if m.closed.Swap(true) {
		return errors.New("closed twice")
	}
	return nil
}

func wgs84(t testing.TB) srs.CRS {
	t.Helper()
	crs, err := srs.FromWKID(4326)
	require.NoError(t, err)
	return crs
}

// gridOf places rasters by their file's name: each letter has its own degree of longitude.
func gridOf(t testing.TB, file string) raster.Grid {
	x := float64(file[0] - 'a')
	return raster.NorthUp(wgs84(t), srs.Envelope{XMin: x, YMin: 45, XMax: x + 1, YMax: 46}, image.Pt(2, 2))
}

func newMemory(grid raster.Grid, file string) *memory {
	return &memory{Memory: rastertest.FromFunc(grid, 1, func(int, int, int) uint8 { return 1 }), file: file}
}

// opener opens files of a folder as memories.
func opener(t testing.TB) func(context.Context, string) (raster.Dataset, error) {
	return func(_ context.Context, name string) (raster.Dataset, error) {
		return newMemory(gridOf(t, name), name), nil
	}
}

// listing returns the contents of a catalogue, an item a word: its ID, its name, and one attribute.
func listing(s Slice) string {
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

func TestFolder(t *testing.T) {
	for _, c := range []struct {
		name    string
		files   []string
		pattern string
		want    string
	}{
		{"by name", []string{"c.tif", "a.tif", "b.tif"}, "", "1:a 2:b 3:c"},
		{"extensions in any case", []string{"a.TIF", "b.tiff", "c.Tiff"}, "", "1:a 2:b 3:c"},
		{"order is by bytes", []string{"a10.tif", "a9.tif", "B.tif"}, "", "1:B 2:a10 3:a9"},
		{"other files", []string{"a.tif", "a.tif.aux.xml", "a.tfw", "tif", "readme.txt"}, "", "1:a"},
		{"hidden files", []string{"a.tif", "._a.tif", ".tif"}, "", "1:a"},
		{"files further down", []string{"a.tif", "sub/b.tif"}, "", "1:a"},
		{"a folder called like a file", []string{"a.tif", "b.tif/c.tif"}, "", "1:a"},
		{"only the last extension goes", []string{"a.2014.tif"}, "", "1:a.2014"},
		{"pattern", []string{"a1.tif", "a2.tif", "b1.tif"}, "a*", "1:a1 2:a2"},
		{"pattern that matches others too", []string{"a.tif", "a.txt"}, "*", "1:a"},
		{"pattern that is a name", []string{"a.tif", "b.tif"}, "b.tif", "1:b"},

		{"attributes", []string{"file,a\nb.tif,7\na.tif,8\n", "a.tif", "b.tif"}, "", "1:a=8 2:b=7"},
		{"a raster without a row", []string{"file,a\nb.tif,7\n", "a.tif", "b.tif"}, "", "1:a 2:b=7"},
		{"a table without rows", []string{"file,a\n", "a.tif"}, "", "1:a"},
		{"rows are exact about case", []string{"file,a\nA.tif,7\n", "A.tif", "a.tif"}, "", "1:A=7 2:a"},
		{"IDs", []string{"objectid,file\n7,a.tif\n3,b.tif\n", "a.tif", "b.tif"}, "", "7:a 3:b"},
		{"IDs and rasters without a row", []string{"objectid,file\n7,b.tif\n3,c.tif\n", "a.tif", "b.tif", "c.tif", "d.tif"}, "",
			"8:a 7:b 3:c 9:d"},
		{"IDs that are none", []string{"objectid,file\n7,a.tif\n7,b.tif\n", "a.tif", "b.tif"}, "", "1:a 2:b"},
		{"IDs and a pattern", []string{"objectid,file\n7,a.tif\n3,b.tif\n", "a.tif", "b.tif"}, "b*", "3:b"},
		{"rows that the pattern leaves out", []string{"file,a\na.tif,1\nb.tif,2\n", "a.tif", "b.tif"}, "a*", "1:a=1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Folder(t.Context(), folderOf(c.files...), &FolderOptions{Pattern: c.pattern, Open: opener(t)})
			require.NoError(t, err)
			assert.Equal(t, c.want, listing(s))
			for _, it := range s {
				ds, err := it.Open(t.Context())
				require.NoError(t, err)
				again, err := it.Open(t.Context())
				require.NoError(t, err)
				assert.Same(t, ds, again, "the dataset stays open")
				file := ds.(*memory).file
				assert.Equal(t, it.Name, strings.TrimSuffix(file, path.Ext(file)))
				assert.Equal(t, Footprint{CRS: wgs84(t), Envelope: gridOf(t, file).Envelope()}, it.Footprint)
				assert.False(t, ds.(*memory).closed.Load())
			}
		})
	}
}

func TestFaultyFolders(t *testing.T) {
	for _, c := range []struct {
		name    string
		files   []string
		pattern string
		want    string
	}{
		{"empty", nil, "", "mosaic: there is no .tif or .tiff file in the folder"},
		{"nothing matches", []string{"a.tif"}, "b*", `mosaic: no .tif or .tiff file in the folder matches "b*"`},
		{"what matches is no raster", []string{"a.tif", "b.txt"}, "b*", `mosaic: no .tif or .tiff file in the folder matches "b*"`},
		{"bad pattern", []string{"a.tif"}, "a[", `mosaic: pattern "a[": syntax error in pattern`},
		{"bad table", []string{"name\na.tif\n", "a.tif"}, "", `mosaic: catalog.csv, line 1: there is no column "file"`},
		{"rows for rasters that are not there", []string{"a,File\n1,a.tif\n2,b.tif\n3,0.tif\n", "a.tif"}, "",
			`mosaic: catalog.csv, line 3, column "File": the folder holds no raster "b.tif"`},
		{"a row for what is no raster", []string{"file,a\nb.txt,1\n", "a.tif", "b.txt"}, "",
			`mosaic: catalog.csv, line 2, column "file": the folder holds no raster "b.txt"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Folder(t.Context(), folderOf(c.files...), &FolderOptions{Pattern: c.pattern, Open: func(context.Context, string) (raster.Dataset, error) {
				return nil, errors.New("nothing should be opened")
			}})
			require.EqualError(t, err, c.want)
		})
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	_, err := Folder(t.Context(), os.DirFS(filepath.Join(t.TempDir(), "none")), &FolderOptions{Open: opener(t)})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// The caller decides which files are rasters.
func TestExtensionsOfAFolder(t *testing.T) {
	fsys := folderOf("a.tif", "b.JP2", "c.jp2", "d.png", ".e.jp2", "jp2")
	s, err := Folder(t.Context(), fsys, &FolderOptions{Open: opener(t), Extensions: []string{".jp2", ".png"}})
	require.NoError(t, err)
	assert.Equal(t, "1:b 2:c 3:d", listing(s))
	_, err = Folder(t.Context(), fsys, &FolderOptions{Open: opener(t), Extensions: []string{".bmp", ".gif"}})
	require.EqualError(t, err, "mosaic: there is no .bmp or .gif file in the folder, but b.JP2: format JPEG 2000 is not read; c.jp2: format JPEG 2000 is not read")
	_, err = Folder(t.Context(), fsys, &FolderOptions{Open: opener(t), Extensions: []string{".png"}, Pattern: "b*"})
	require.EqualError(t, err, `mosaic: no .png file in the folder matches "b*", but b.JP2: format JPEG 2000 is not read`)
	for _, o := range []*FolderOptions{nil, {}} {
		_, err = Folder(t.Context(), fsys, o)
		require.EqualError(t, err, "mosaic: FolderOptions.Open is missing")
	}
}

func TestTableThatIsAFolder(t *testing.T) {
	_, err := Folder(t.Context(), folderOf("a.tif", "catalog.csv/b.tif"), &FolderOptions{Open: opener(t)})
	require.ErrorContains(t, err, "catalog.csv")
}

func TestLinksOfAFolder(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "wasip1" {
		t.Skip("making links may need rights there")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.tif"), nil, 0o600))
	require.NoError(t, os.Symlink("a.tif", filepath.Join(dir, "b.tif")))
	require.NoError(t, os.Symlink(".", filepath.Join(dir, "c.tif")))
	s, err := Folder(t.Context(), os.DirFS(dir), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	assert.Equal(t, "1:a 2:b", listing(s))

	require.NoError(t, os.Symlink("gone", filepath.Join(dir, "d.tif")))
	_, err = Folder(t.Context(), os.DirFS(dir), &FolderOptions{Open: opener(t)})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "d.tif")
}

func TestOneBadRasterFailsTheFolder(t *testing.T) {
	broken := errors.New("broken")
	nowhere := gridOf(t, "a")
	nowhere.CRS = srs.CRS{}
	flat := gridOf(t, "a")
	flat.Affine.E = 0
	for _, c := range []struct {
		name string
		open func() (raster.Dataset, error)
		want string
		is   error
	}{
		{"cannot be opened", func() (raster.Dataset, error) { return nil, broken }, `mosaic: opening raster "bad.tif": broken`, broken},
		{"no spatial reference", func() (raster.Dataset, error) { return newMemory(nowhere, "bad.tif"), nil },
			`mosaic: raster "bad.tif": srs: the spatial reference is not stated`, srs.ErrNotStated},
		{"no area", func() (raster.Dataset, error) { return newMemory(flat, "bad.tif"), nil },
			`mosaic: raster "bad.tif": its box has no area: 0,46,1,46`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			var opened []*memory
			_, err := Folder(t.Context(), folderOf("a.tif", "bad.tif", "c.tif"), &FolderOptions{Open: func(_ context.Context, name string) (raster.Dataset, error) {
				ds, err := raster.Dataset(newMemory(gridOf(t, name), name)), error(nil)
				if name == "bad.tif" {
					ds, err = c.open()
				}
				if err != nil {
					return nil, err
				}
				mu.Lock()
				defer mu.Unlock()
				opened = append(opened, ds.(*memory))
				return ds, nil
			}})
			require.EqualError(t, err, c.want)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			for _, ds := range opened {
				assert.True(t, ds.closed.Load(), "%s stayed open", ds.file)
			}
		})
	}
}

// Files are opened side by side, but never too many of them.
func TestRastersAreOpenedSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var files []string
		for i := range 3*openAtOnce + 1 {
			files = append(files, fmt.Sprintf("a%02d.tif", i))
		}
		var now, most atomic.Int64
		start := time.Now()
		s, err := Folder(t.Context(), folderOf(files...), &FolderOptions{Open: func(_ context.Context, name string) (raster.Dataset, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(time.Second)
			return newMemory(gridOf(t, name), name), nil
		}})
		require.NoError(t, err)
		require.Len(t, s, len(files))
		assert.EqualValues(t, openAtOnce, most.Load())
		assert.Equal(t, 4*time.Second, time.Since(start))
		for i, it := range s {
			assert.EqualValues(t, i+1, it.ID)
			assert.Equal(t, fmt.Sprintf("a%02d", i), it.Name)
		}
	})
}

func TestFolderGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var files []string
	for i := range 5 * openAtOnce {
		files = append(files, fmt.Sprintf("a%02d.tif", i))
	}
	var mu sync.Mutex
	var opened []*memory
	_, err := Folder(ctx, folderOf(files...), &FolderOptions{Open: func(_ context.Context, name string) (raster.Dataset, error) {
		mu.Lock()
		defer mu.Unlock()
		cancel()
		opened = append(opened, newMemory(gridOf(t, name), name))
		return opened[len(opened)-1], nil
	}})
	require.ErrorIs(t, err, context.Canceled)
	assert.LessOrEqual(t, len(opened), openAtOnce)
	for _, ds := range opened {
		assert.True(t, ds.closed.Load(), "%s stayed open", ds.file)
	}

	_, err = Folder(ctx, folderOf("a.tif"), &FolderOptions{Open: func(context.Context, string) (raster.Dataset, error) {
		return nil, errors.New("opened although the context is over")
	}})
	require.ErrorIs(t, err, context.Canceled)
}

func TestColumnsThatAreFields(t *testing.T) {
	s, err := Folder(t.Context(), folderOf("file,PixelSize,MinPS,maxps,time\na.tif,2,-1,80.5,2014-10-20\nb.tif,,,,\n",
		"a.tif", "b.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	a := s[0]
	assert.Equal(t, []float64{2, 0, 80.5}, []float64{a.PixelSize, a.MinPS, a.MaxPS})
	assert.Equal(t, TimeExtent{day(2014, 10, 20), day(2014, 10, 20)}, a.Time)
	assert.Equal(t, int64(-1), a.Attrs["MinPS"])
	assert.Zero(t, s[1].Time)
	assert.Equal(t, 0.5, s[1].PixelSize, "the grid's: 2 pixels a degree across and 2 along")
	assert.Equal(t, raster.U8, s[1].Type)

	s, err = Folder(t.Context(), folderOf("file,pixel_size,min_ps,MAX_PS\na.tif,2,0.5,80.5\n", "a.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	assert.Equal(t, []float64{2, 0.5, 80.5}, []float64{s[0].PixelSize, s[0].MinPS, s[0].MaxPS})

	s, err = Folder(t.Context(), folderOf("file,starttime,EndTime\na.tif,2014-10-20,\nb.tif,,2015-01-01\n",
		"a.tif", "b.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	assert.Equal(t, TimeExtent{From: day(2014, 10, 20)}, s[0].Time)
	assert.Equal(t, TimeExtent{To: day(2015, 1, 1)}, s[1].Time)
}

// Footprints are polygons, here a triangle in the raster's own system and one in metres, or the grid's box.
func TestFootprintsOfAFolder(t *testing.T) {
	s, err := Folder(t.Context(), folderOf("file,Footprint_WKT\na.tif,\"POLYGON((0 45, 1 45, 0 46, 0 45))\"\nb.tif,\n",
		"a.tif", "b.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	assert.Equal(t, Ring{{0, 45}, {1, 45}, {0, 46}}, s[0].Footprint.Ring)
	assert.Equal(t, gridOf(t, "a").Envelope(), s[0].Footprint.Envelope)
	assert.Equal(t, Footprint{CRS: wgs84(t), Envelope: gridOf(t, "b").Envelope()}, s[1].Footprint)
	assert.Empty(t, s[0].Attrs)

	// echo 100000 5700000 | cs2cs EPSG:3857 +to EPSG:4326 -f %.7f, which prints 45.4963308 0.8983153
	s, err = Folder(t.Context(), folderOf("file,footprint_wkt3857\na.tif,\"POLYGON((100000 5700000, 20000 5700000, 20000 5750000))\"\n",
		"a.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	assert.Equal(t, wgs84(t), s[0].Footprint.CRS)
	r := s[0].Footprint.Ring
	require.NotEmpty(t, r)
	assert.InDelta(t, 0.8983153, r.envelope().XMax, 1e-6)
	assert.InDelta(t, 45.4963308, r.envelope().YMin, 1e-6)

	for cell, want := range map[string]string{
		"POINT(1 1)":                     `mosaic: catalog.csv, line 2, column "footprint_wkt": "POINT" is no POLYGON`,
		`"POLYGON((0 45, 1 45))"`:        `mosaic: catalog.csv, line 2, column "footprint_wkt": its polygon has no area`,
		`"POLYGON((0 45, 1 NaN, 0 46))"`: "its polygon has no area",
	} {
		var closed []*memory
		_, err := Folder(t.Context(), folderOf("file,footprint_wkt\na.tif,"+cell+"\n", "a.tif"), &FolderOptions{Open: func(_ context.Context, name string) (raster.Dataset, error) {
			closed = append(closed, newMemory(gridOf(t, name), name))
			return closed[len(closed)-1], nil
		}})
		require.ErrorAs(t, err, new(*TableError))
		require.ErrorContains(t, err, want)
		for _, m := range closed {
			assert.True(t, m.closed.Load())
		}
	}
	_, err = Folder(t.Context(), folderOf("file,footprint_wktx\na.tif,\n", "a.tif"), &FolderOptions{Open: opener(t)})
	require.ErrorContains(t, err, `line 1, column "footprint_wktx"`)
}

// A folder's catalogue answers queries like any other.
func TestFolderIsQueried(t *testing.T) {
	s, err := Folder(t.Context(), folderOf("a.tif", "b.tif", "c.tif"), &FolderOptions{Open: opener(t)})
	require.NoError(t, err)
	q := Query{CRS: wgs84(t), Envelope: srs.Envelope{XMin: 1.25, YMin: 45, XMax: 1.75, YMax: 46}}
	var names []string
	for it, err := range s.Items(t.Context(), q) {
		require.NoError(t, err)
		names = append(names, it.Name)
	}
	assert.Equal(t, []string{"b"}, names)
}
