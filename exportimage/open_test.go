package exportimage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/worldfile"
	"github.com/geoexport/geoexport/srs"
	"github.com/geoexport/geoexport/testdata"
)

const demoFolder = "../testdata/demo"

// listed is a catalogue in words: each item's ID and name.
func listed(s mosaic.Slice) string {
	var words []string
	for _, it := range s {
		words = append(words, fmt.Sprintf("%d:%s", it.ID, it.Name))
	}
	return strings.Join(words, " ")
}

const olindaScenes = "3:olinda_coarse 2:olinda_east_utm24 1:olinda_west"

// The embedded files are those on disk, so both ways must find the same.
func TestOpen(t *testing.T) {
	for _, c := range []struct{ path, name, items string }{
		{"world.tif", "world", "1:world"},
		{"olinda_mosaic", "olinda_mosaic", olindaScenes},
		{"olinda_mosaic/*.tif", "olinda_mosaic", olindaScenes},
		{"olinda_mosaic/*[^4].tif", "olinda_mosaic", "3:olinda_coarse 1:olinda_west"},
		{"olinda_mosaic/olinda_coarse.tif", "olinda_coarse", "1:olinda_coarse"},
		{".", "demo", "1:olinda_elevation 2:olinda_landsat7 3:puertorico_landcover 4:world"},
		{"*o*.tif", "demo", "1:olinda_elevation 2:olinda_landsat7 3:puertorico_landcover 4:world"},
	} {
		t.Run(c.path, func(t *testing.T) {
			var s exportimage.Opener
			defer func() { require.NoError(t, s.Close()) }()
			disk, err := s.Rasters(t.Context(), filepath.Join(demoFolder, c.path))
			require.NoError(t, err)
			embedded, err := s.RastersFS(t.Context(), testdata.Demo, strings.TrimSuffix("demo/"+c.path, "/."))
			require.NoError(t, err)
			for _, src := range []exportimage.Rasters{disk, embedded} {
				assert.Equal(t, c.name, src.Name)
				assert.Equal(t, c.items, listed(src.Items))
				assert.Empty(t, src.Warnings)
			}
			for i, it := range disk.Items {
				assert.Equal(t, it.Footprint, embedded.Items[i].Footprint)
				assert.Equal(t, it.Attrs, embedded.Items[i].Attrs)
			}
		})
	}
}

func TestDatasetsKeepTheirPromises(t *testing.T) {
	var s exportimage.Opener
	defer func() { require.NoError(t, s.Close()) }()
	for _, name := range []string{"puertorico_landcover.tif", "olinda_mosaic/*coarse.tif"} {
		src, err := s.Rasters(t.Context(), filepath.Join(demoFolder, name))
		require.NoError(t, err)
		ds, err := src.Items[0].Open(t.Context())
		require.NoError(t, err)
		rastertest.Test(t, ds)
	}
}

// The files beside a picture georeference it, and also a TIFF file without a georeference of its own.
func TestFilesBeside(t *testing.T) {
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 3))))
	tiff := (&tiffmake.File{Size: image.Pt(4, 3), Sample: func(_, _, x, y int) float64 { return 1 }}).Bytes()
	mercator, err := srs.FromWKID(3857)
	require.NoError(t, err)
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	wkt := `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],` +
		`PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0],` +
		`PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",0],PARAMETER["Standard_Parallel_1",0],PARAMETER["Auxiliary_Sphere_Type",0],` +
		`UNIT["Meter",1],AUTHORITY["EPSG","3857"]]`
	world := "10\n0\n0\n-10\n105\n195\n"
	fsys := fstest.MapFS{
		"a.PNG": {Data: picture.Bytes()}, "a.pgw": text(world), "a.prj": text(wkt),
		"b.tif": {Data: tiff}, "b.tfw": text(world), "b.prj": text(wkt),
		"c.png": {Data: picture.Bytes()},
	}
	var s exportimage.Opener
	for _, name := range []string{"a.PNG", "b.tif"} {
		src, err := s.RastersFS(t.Context(), fsys, name)
		require.NoError(t, err, name)
		assert.Equal(t, "1:"+name[:1], listed(src.Items))
		assert.Empty(t, src.Warnings, name)
		want := srs.Envelope{XMin: 100, YMin: 170, XMax: 140, YMax: 200}
		assert.Equal(t, mosaic.Footprint{CRS: mercator, Envelope: want}, src.Items[0].Footprint, name)
	}
	_, err = s.RastersFS(t.Context(), fsys, "c.png")
	require.ErrorIs(t, err, worldfile.ErrNoWorldFile)
	require.NoError(t, s.Close())
}

func TestAttributesComeAlong(t *testing.T) {
	var s exportimage.Opener
	defer func() { require.NoError(t, s.Close()) }()
	src, err := s.Rasters(t.Context(), demoFolder+"/olinda_mosaic")
	require.NoError(t, err)
	assert.Equal(t, map[string]any{
		"objectid": int64(3), "name": "Olinda coarse", "sensor": "Landsat 7 ETM+", "epsg": int64(4326), "pixel_size": 0.001,
	}, src.Items[0].Attrs)
}

func TestFolderWhoseNameIsADot(t *testing.T) {
	t.Chdir(demoFolder + "/olinda_mosaic")
	for _, name := range []string{".", "./", "../olinda_mosaic/", "*.tif"} {
		var s exportimage.Opener
		src, err := s.Rasters(t.Context(), name)
		require.NoError(t, err, name)
		assert.Equal(t, "olinda_mosaic", src.Name, name)
		assert.Equal(t, olindaScenes, listed(src.Items), name)
		require.NoError(t, s.Close())
	}
}

// A file that has wildcards in its name is that file.
func TestFileCalledLikeAPattern(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such names there")
	}
	dir := t.TempDir()
	text, err := os.ReadFile(demoFolder + "/puertorico_landcover.tif")
	require.NoError(t, err)
	name := filepath.Join(dir, "[a]*.tif")
	require.NoError(t, os.WriteFile(name, text, 0o600))
	var s exportimage.Opener
	defer func() { require.NoError(t, s.Close()) }()
	src, err := s.Rasters(t.Context(), name)
	require.NoError(t, err)
	assert.Equal(t, "1:[a]*", listed(src.Items))
}

func TestWhatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	write("bad/a.tif", "II*\x00 this is no TIFF")
	write("empty/readme.txt", "")
	write("table/a.tif", "")
	write("table/catalog.csv", "file\nb.tif\n")
	_, missing := os.Stat(filepath.Join(dir, "none.tif"))
	missing = errors.Unwrap(missing) // in the system's words
	for _, c := range []struct{ path, want string }{
		{"none.tif", "none.tif: " + missing.Error()},
		{"none/none.tif", "none.tif: " + missing.Error()},
		{"bad/a.tif", "a.tif: geotiff: "},
		{"bad", `opening raster "a.tif": geotiff: `},
		{"empty", "empty: mosaic: there is no .tif or .tiff file in the folder"},
		{"empty/*.tif", `no .tif or .tiff file in the folder matches "*.tif"`},
		{"bad/[", "syntax error in pattern"},
		{"none/*.tif", "none"},
		{"table", `catalog.csv, line 2, column "file": the folder holds no raster "b.tif"`},
	} {
		t.Run(c.path, func(t *testing.T) {
			var s exportimage.Opener
			_, err := s.Rasters(t.Context(), filepath.Join(dir, filepath.FromSlash(c.path)))
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, 1, strings.Count(err.Error()+"\n", "\n"), "one line: %v", err)
			assert.ErrorContains(t, err, filepath.Base(c.path), "the path is named")
			require.NoError(t, s.Close())
		})
	}
}

func TestCancelledOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var s exportimage.Opener
	for _, name := range []string{"/world.tif", "/olinda_mosaic"} {
		_, err := s.Rasters(ctx, demoFolder+name)
		require.ErrorIs(t, err, context.Canceled, name)
	}
}

func TestFileSystemWithoutOffsets(t *testing.T) {
	var s exportimage.Opener
	_, err := s.RastersFS(t.Context(), noOffsets{fstest.MapFS{"a.tif": {Data: []byte("II*\x00")}}}, "a.tif")
	require.EqualError(t, err, "a.tif: the file system does not read at offsets")
}

// noOffsets hides what files can do besides being read from front to end.
type noOffsets struct{ fs.FS }

func (n noOffsets) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	return struct{ fs.File }{f}, err
}

func TestCloseClosesAll(t *testing.T) {
	var s exportimage.Opener
	src, err := s.Rasters(t.Context(), demoFolder+"/olinda_mosaic")
	require.NoError(t, err)
	ds, err := src.Items[0].Open(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = ds.Read(t.Context(), nil, 0, ds.Info().Grid.Bounds(), nil)
	require.ErrorIs(t, err, os.ErrClosed)
	require.NoError(t, s.Close(), "there is nothing left to close")
}

// TestLinks checks that nothing is opened out of a folder by links in it, unless they are followed or are what was named.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	folder, outside := filepath.Join(dir, "folder"), filepath.Join(dir, "outside")
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "sub"), 0o777))
	require.NoError(t, os.Mkdir(outside, 0o777))
	placed := (&tiffmake.File{Size: image.Pt(8, 8), EPSG: 4326, Geographic: true,
		Sample: func(_, _, _, _ int) float64 { return 1 }}).NorthUp(0, 0, 1).Bytes()
	picture := new(bytes.Buffer)
	require.NoError(t, png.Encode(picture, image.NewGray(image.Rect(0, 0, 8, 8))))
	const world, secret = "1\n0\n0\n-1\n0\n0\n", "a secret of the machine"
	for name, data := range map[string]string{
		"folder/a.tif": string(placed), "outside/b.tif": string(placed), "folder/sub/c.tif": string(placed),
		"folder/d.png": picture.String(), "outside/d.wld": world, "outside/secret": secret,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666))
	}
	link := func(to, name string) {
		t.Helper()
		require.NoError(t, os.Symlink(to, filepath.Join(folder, name)))
	}
	open := func(name string, follow bool) (exportimage.Rasters, error) {
		s := exportimage.Opener{FollowLinks: follow}
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s.Rasters(t.Context(), name)
	}
	try := func(name string, wrong any) {
		t.Helper()
		_, err := open(name, false)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret)
		if wrong != nil {
			require.ErrorAs(t, err, wrong)
		}
	}

	link("sub/c.tif", "c.tif") // which stays inside
	src, err := open(folder, false)
	require.NoError(t, err)
	assert.Equal(t, "1:a 2:c", listed(src.Items))

	for _, to := range []string{"../outside/b.tif", filepath.Join(outside, "b.tif"), "sub/../../outside/b.tif"} {
		link(to, "b.tif")
		try(folder, new(*mosaic.LinkError))
		try(filepath.Join(folder, "*.tif"), new(*mosaic.LinkError))
		src, err = open(folder, true)
		require.NoError(t, err)
		assert.Equal(t, "1:a 2:b 3:c", listed(src.Items))
		src, err = open(filepath.Join(folder, "b.tif"), false) // as it was named
		require.NoError(t, err)
		assert.Equal(t, "1:b", listed(src.Items))
		require.NoError(t, os.Remove(filepath.Join(folder, "b.tif")))
	}

	link("../outside/secret", "catalog.csv")
	try(folder, new(*mosaic.LinkError))
	require.NoError(t, os.Remove(filepath.Join(folder, "catalog.csv")))

	// What lies beside a raster is an error, or left aside with a warning.
	for _, beside := range []string{"a.tif.aux.xml", "a.tif.ovr", "a.tif.msk", "a.prj"} {
		link("../outside/secret", beside)
		src, err := open(filepath.Join(folder, "a.tif"), false)
		said := fmt.Sprint(err, src.Warnings)
		assert.NotContains(t, said, secret)
		if beside != "a.prj" { // the raster has a spatial reference of its own
			assert.Contains(t, said, "escapes", beside)
		}
		require.NoError(t, os.Remove(filepath.Join(folder, beside)))
	}
	link("../outside/d.wld", "d.wld")
	try(filepath.Join(folder, "d.png"), nil)

	// A raster that becomes a link while it is served.
	s := exportimage.Opener{}
	defer s.Close()
	src, err = s.Rasters(t.Context(), folder)
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(folder, "a.tif")))
	link("../outside/b.tif", "a.tif")
	_, err = src.Items[0].Open(t.Context())
	require.Error(t, err)
	link("../outside", "linked")
	src, err = open(filepath.Join(folder, "linked"), false) // a folder that was named
	require.NoError(t, err)
	assert.Equal(t, "1:b", listed(src.Items))
}
