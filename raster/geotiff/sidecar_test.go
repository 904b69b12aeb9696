package geotiff_test

import (
	"context"
	"image"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// TestGoldenBeside reads files that GDAL wrote with overviews and masks beside them; testdata/README.md describes how
// the files and these numbers were made.
func TestGoldenBeside(t *testing.T) {
	full, half, quarter := image.Pt(37, 29), image.Pt(19, 15), image.Pt(10, 8)
	for _, c := range []struct {
		file     string
		levels   []goldenLevel
		warnings []string // beginnings of the notes
	}{
		{"beside_ovr.tif", []goldenLevel{{full, 12408, 13118}, {half, 3269, 3470}, {quarter, 819, 958}}, nil},
		{"beside_msk.tif", []goldenLevel{{full, 12408, 12392}}, nil},
		{"beside_msk_ovr.tif", []goldenLevel{{full, 12408, 8640}, {half, 3269, 2160}}, nil},
		// GDAL has a mask for each band, with checksums 11390 and 9990. Where both are set, the mask is that of
		// beside_msk_ovr.tif.
		{"beside_msk_bands.tif", []goldenLevel{{full, 12408, 8640}}, nil},
		// GDAL 3.6 writes no overviews of internal masks, and treats such overviews as valid throughout.
		{"beside_ovr_mask_inside.tif", []goldenLevel{{full, 12408, 13047}}, []string{"overview in directory 0 of .ovr is left aside: it has no mask"}},
		// GDAL ignores masks of external overviews; this is the checksum of the mask of beside_ovr_msk.tif.ovr, opened
		// as a file of its own.
		{"beside_ovr_msk.tif", []goldenLevel{{full, 12408, 11390}, {half, 3269, 2922}}, nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := geotiff.OpenFile(filepath.Join("testdata", c.file), nil)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, f.Close()) })
			require.Len(t, f.Info().Notes, len(c.warnings), "%q", f.Info().Notes)
			for i, w := range c.warnings {
				assert.Contains(t, f.Info().Notes[i], w)
			}
			require.Len(t, f.Info().Levels, len(c.levels))
			for l, want := range c.levels {
				b := whole(t, f, l)
				assert.Equal(t, want.size, b.Bounds().Size())
				assert.Equal(t, want.checksum, checksum(b.Bands[0], ""), "level %d", l)
				assert.Equal(t, want.mask, checksum(validPlane(b), ""), "mask of level %d", l)
			}
			rastertest.Test(t, f)
		})
	}
}

// beside opens the file b with the given files beside it.
func beside(t *testing.T, b []byte, files fstest.MapFS) (*geotiff.File, error) {
	t.Helper()
	f, err := geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Sidecar: sidecar.In(files, "dir/a.tif")})
	if err == nil {
		t.Cleanup(func() { f.Close() })
	}
	return f, err
}

func note(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func data(f *tiffmake.File) *fstest.MapFile { return &fstest.MapFile{Data: f.Bytes()} }

// plain returns a north-up file of one band; picture returns a file without georeference.
func plain() *tiffmake.File {
	f := picture(16, 12)
	f.EPSG = 3857
	return f.NorthUp(0, 0, 1)
}

func picture(w, h int) *tiffmake.File {
	return &tiffmake.File{Size: image.Pt(w, h), Sample: func(level, _, x, y int) float64 { return float64(10*w + level + x) }}
}

// columns returns a mask in which the columns from first on are valid.
func columns(w, h, first int) *tiffmake.File {
	f := picture(w, h)
	f.Sample = func(_, _, x, y int) float64 {
		if x >= first {
			return 255
		}
		return 0
	}
	return f
}

// TestWhatCountsBeside checks the precedence of overviews and masks, and the results of wrong ones (T45, T46).
func TestWhatCountsBeside(t *testing.T) {
	wrong := note("II*\x00nonsense")
	withOverview := func(f *tiffmake.File) *tiffmake.File {
		f.Levels = []image.Point{{8, 6}}
		return f
	}
	inside := func(f *tiffmake.File, first int) *tiffmake.File {
		f.Mask = func(level, x, y int) bool { return x >= first>>level }
		return f
	}
	rgba := func() *tiffmake.File {
		f := plain()
		f.Bands, f.ExtraSamples = 2, []int{2}
		f.Sample = func(_, b, x, y int) float64 { return float64(255 * b) }
		return f
	}
	noData := func() *tiffmake.File {
		f := plain()
		f.NoData = "163"
		return f
	}
	ovr := picture(8, 6)
	twoMasks := columns(16, 12, 3)
	twoMasks.Levels = []image.Point{{8, 6}}
	twoMasks.Sample = func(level, _, x, y int) float64 { return float64(min(x*(level+1)/3, 1)) }
	perBand := picture(16, 12)
	perBand.Bands, perBand.Planar = 2, true
	perBand.Sample = func(_, b, x, y int) float64 { return float64(min(x/(2+3*b), 1)) }
	twoBands := plain()
	twoBands.Bands = 2
	for _, c := range []struct {
		name     string
		file     *tiffmake.File
		files    fstest.MapFS
		shown    []string // the first row of each level
		warnings []string
		err      string
	}{
		{name: "nothing", file: plain(), shown: []string{"################"}},
		{name: "overview", file: plain(), files: fstest.MapFS{"dir/a.tif.ovr": data(ovr)},
			shown: []string{"################", "########"}},
		{name: "overview in place of the extension", file: plain(), files: fstest.MapFS{"dir/a.ovr": data(ovr)},
			shown: []string{"################", "########"}},
		{name: "overviews inside go first", file: withOverview(plain()), files: fstest.MapFS{"dir/a.tif.ovr": wrong},
			shown: []string{"################", "########"}},
		{name: "broken overviews", file: plain(), files: fstest.MapFS{"dir/a.tif.ovr": wrong},
			shown: []string{"################"}, warnings: []string{".ovr beside the file is left aside: "}},
		{name: "overviews of something else", file: plain(), files: fstest.MapFS{"dir/a.tif.ovr": data(picture(8, 1))},
			shown: []string{"################"}, warnings: []string{"(8,1) is no smaller (16,12)"}},
		{name: "overviews of another type", file: plain(), files: fstest.MapFS{"dir/a.tif.ovr": data(row(raster.U16, "", []float64{1, 2}))},
			shown: []string{"################"}, warnings: []string{"samples of type U16"}},
		{name: "mask", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3))},
			shown: []string{"...#############"}},
		{name: "mask with an overview, image with one beside", file: plain(),
			files: fstest.MapFS{"dir/a.tif.msk": data(twoMasks), "dir/a.tif.ovr": data(ovr)},
			shown: []string{"...#############", "..######"}},
		{name: "mask, overview without", file: withOverview(plain()), files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3))},
			shown: []string{"...#############"}, warnings: []string{"it has no mask, but the image has one"}},
		{name: "mask and its overview in .msk.ovr", file: withOverview(plain()),
			files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3)), "dir/a.tif.msk.ovr": data(columns(8, 6, 1))},
			shown: []string{"...#############", ".#######"}},
		{name: "broken .msk.ovr", file: withOverview(plain()),
			files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3)), "dir/a.tif.msk.ovr": wrong},
			shown: []string{"...#############"}, warnings: []string{".msk.ovr beside the file is left aside", "it has no mask"}},
		{name: "mask and .ovr with a mask in .ovr.msk", file: plain(),
			files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3)), "dir/a.tif.ovr": data(ovr), "dir/a.tif.ovr.msk": data(columns(8, 6, 2))},
			shown: []string{"...#############", "..######"}},
		{name: "mask inside, .ovr with one", file: inside(plain(), 4), files: fstest.MapFS{"dir/a.tif.ovr": data(inside(picture(8, 6), 1))},
			shown: []string{"....############", ".#######"}},
		{name: "mask inside goes first", file: inside(plain(), 4), files: fstest.MapFS{"dir/a.tif.msk": wrong},
			shown: []string{"....############"}, warnings: []string{".msk beside the file does not count: the mask inside"}},
		{name: "alpha goes before all (T46)", file: inside(withOverview(rgba()), 4), files: fstest.MapFS{"dir/a.tif.msk": wrong},
			shown:    []string{"################", "########"},
			warnings: []string{"the mask does not count: the alpha band", ".msk beside the file does not count: the alpha band"}},
		{name: "mask before noData (T46)", file: noData(), files: fstest.MapFS{"dir/a.tif.msk": data(columns(16, 12, 3))},
			shown: []string{"...#############"}, warnings: []string{"noData does not count: the mask"}},
		{name: "noData", file: noData(), shown: []string{"###.############"}},
		{name: "a mask for each band", file: twoBands, files: fstest.MapFS{"dir/a.tif.msk": data(perBand)},
			shown: []string{".....###########"}},
		{name: "masks for more bands than there are", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": data(perBand)},
			err: "SamplesPerPixel (277) 2: in a mask, want 1"},
		{name: "broken mask", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": wrong}, err: ".msk beside the file: geotiff: "},
		{name: "empty mask", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": note("")}, err: ".msk beside the file: geotiff: "},
		{name: "mask of another size", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": data(columns(8, 6, 3))},
			err: "no mask of the image's size"},
		{name: "mask of 16 bits", file: plain(), files: fstest.MapFS{"dir/a.tif.msk": data(row(raster.U16, "", []float64{1}))}, err: "BitsPerSample"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := beside(t, c.file.Bytes(), c.files)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				ours(t, err)
				return
			}
			require.NoError(t, err)
			var got []string
			for l := range f.Info().Levels {
				got = append(got, shown(whole(t, f, l)))
			}
			assert.Equal(t, c.shown, got)
			if assert.Len(t, f.Info().Notes, len(c.warnings), "%q", f.Info().Notes) {
				for i, w := range c.warnings {
					assert.Contains(t, f.Info().Notes[i], w)
				}
			}
			rastertest.Test(t, f)
		})
	}
}

// TestSidecarSamples checks that overviews beside the file may have another byte order and layout.
func TestSidecarSamples(t *testing.T) {
	f := plain()
	f.Type, f.BigEndian = raster.U16, true
	o := picture(8, 6)
	o.Type, o.Tile, o.Compression, o.Big = raster.U16, image.Pt(16, 16), tiffmake.Deflate, true
	g, err := beside(t, f.Bytes(), fstest.MapFS{"dir/a.tif.ovr": data(o)})
	require.NoError(t, err)
	for l, from := range []*tiffmake.File{f, o} {
		want := wantBlock(raster.U16, from.Size, 1, func(_, x, y int) float64 { return from.Sample(0, 0, x, y) })
		assert.Empty(t, rastertest.Diff(want, whole(t, g, l)))
	}
}

// closing is a source that counts how many sources are open.
type closing struct {
	source.Source
	open *atomic.Int32
}

func (c closing) Close() error { c.open.Add(-1); return nil }

// TestSidecarFunction checks which suffixes Options.Sidecar is called with, that sources are closed, and that errors of
// sources and the context are returned.
func TestSidecarFunction(t *testing.T) {
	files := map[string][]byte{
		".aux.xml": []byte("<PAMDataset/>"), ".msk": columns(16, 12, 3).Bytes(), ".ovr": picture(8, 6).Bytes(), ".msk.ovr": columns(8, 6, 1).Bytes(),
		".tfw": []byte("1\n0\n0\n1\n0\n0\n"),
	}
	var asked []string
	var open atomic.Int32
	failing, failure := "", error(nil)
	sidecar := func(_ context.Context, suffix string) (source.Source, error) {
		asked = append(asked, suffix)
		if suffix == failing {
			return nil, failure
		}
		b, ok := files[suffix]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: suffix, Err: fs.ErrNotExist}
		}
		open.Add(1)
		return closing{sourceOf(b), &open}, nil
	}
	read := func(b []byte) (*geotiff.File, error) {
		asked = nil
		return geotiff.Open(t.Context(), sourceOf(b), &geotiff.Options{Sidecar: sidecar})
	}
	f, err := read(picture(16, 12).Bytes())
	require.NoError(t, err)
	assert.Equal(t, []string{".ovr", ".aux.xml", ".vat.dbf", ".msk", ".msk.ovr", ".tfw", ".prj"}, asked)
	assert.EqualValues(t, 3, open.Load(), "texts are closed at once")
	assert.Equal(t, ".#######", shown(whole(t, f, 1)))
	require.NoError(t, f.Close())
	assert.Zero(t, open.Load())
	require.ErrorIs(t, f.Close(), os.ErrClosed)

	f, err = read(plain().Bytes())
	require.NoError(t, err)
	assert.Equal(t, []string{".ovr", ".aux.xml", ".vat.dbf", ".msk", ".msk.ovr"}, asked, "no more than needed")
	require.NoError(t, f.Close())

	// A table of values counts where no other does: here its one column and one row.
	header := append([]byte{3, 95, 7, 26, 1, 0, 0, 0, 65, 0, 3, 0}, make([]byte, 20)...)
	column := append([]byte("VALUE"), make([]byte, 27)...)
	column[11], column[16] = 'N', 2
	files[".vat.dbf"] = append(append(header, column...), "\r 12"...)
	f, err = read(plain().Bytes())
	require.NoError(t, err)
	assert.Equal(t, &raster.AttributeTable{
		Columns: []raster.AttributeColumn{{Name: "VALUE", Type: "Integer", Usage: "MinMax"}}, Rows: [][]string{{"12"}},
	}, f.Info().Bands[0].Table)
	require.NoError(t, f.Close())
	delete(files, ".vat.dbf")

	delete(files, ".tfw")
	_, err = read(picture(16, 12).Bytes())
	require.ErrorIs(t, err, geotiff.ErrNoGeoreference)
	assert.Zero(t, open.Load(), "closed after an error")

	for _, c := range []struct {
		suffix string
		err    error
		fails  bool
	}{
		{".msk", fs.ErrPermission, true},
		{".ovr", fs.ErrPermission, false},
		{".aux.xml", fs.ErrPermission, false},
		{".vat.dbf", fs.ErrPermission, false},
		{".msk.ovr", fs.ErrPermission, false},
		{".ovr", context.Canceled, true},
		{".aux.xml", context.DeadlineExceeded, true},
		{".msk.ovr", context.Canceled, true},
	} {
		failing, failure = c.suffix, c.err
		f, err := read(plain().Bytes())
		if c.fails {
			require.ErrorIs(t, err, c.err, c.suffix)
		} else {
			require.NoError(t, err, c.suffix)
			assert.Contains(t, strings.Join(f.Info().Notes, "\n"), c.suffix+" beside the file is left aside")
			require.NoError(t, f.Close())
		}
		assert.Zero(t, open.Load())
	}
}

// TestNoSidecars checks that Open looks for no files beside the source without Options.Sidecar.
func TestNoSidecars(t *testing.T) {
	b, err := os.ReadFile("testdata/beside_msk_ovr.tif")
	require.NoError(t, err)
	f, err := geotiff.Open(t.Context(), sourceOf(b), nil)
	require.NoError(t, err)
	assert.Len(t, f.Info().Levels, 1)
	assert.Nil(t, whole(t, f, 0).Valid)
	none := func(context.Context, string) (source.Source, error) { return nil, fs.ErrNotExist }
	f, err = geotiff.OpenFile("testdata/beside_msk_ovr.tif", &geotiff.Options{Sidecar: none})
	require.NoError(t, err)
	assert.Len(t, f.Info().Levels, 1)
	require.NoError(t, f.Close())
}

// TestNoDataOfEachBand checks bands with different noData values, from an .aux.xml file.
func TestNoDataOfEachBand(t *testing.T) {
	pam := func(values ...string) fstest.MapFS {
		var s strings.Builder
		for i, v := range values {
			if v != "" {
				s.WriteString(`<PAMRasterBand band="` + string(rune('1'+i)) + `"><NoDataValue>` + v + `</NoDataValue></PAMRasterBand>`)
			}
		}
		return fstest.MapFS{"dir/a.tif.aux.xml": note("<PAMDataset>" + s.String() + "</PAMDataset>")}
	}
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		typ      raster.PixelType
		tag      string
		pam      fstest.MapFS
		r, g     []float64
		want     string
		warnings int
	}{
		{"unsigned: all", raster.U8, "", pam("1", "2"), []float64{1, 1, 2, 2, 3}, []float64{1, 2, 1, 2, 2}, "#.###", 0},
		{"signed: any", raster.S16, "", pam("-1", "-2"), []float64{-1, -1, -2, -2, 3}, []float64{-1, -2, -1, -2, 3}, "..#.#", 0},
		{"unsigned: all that have one", raster.U8, "", pam("", "2"), []float64{1, 1, 2, 2, 3}, []float64{1, 2, 1, 2, 2}, "#.#..", 0},
		{"instead of the tag's", raster.U8, "9", pam("1", ""), []float64{1, 1, 9, 9, 3}, []float64{1, 9, 9, 9, 9}, "#.###", 0},
		{"out of range: the tag's", raster.U8, "9", pam("256", "-1"), []float64{1, 9, 9, 9, 3}, []float64{1, 9, 1, 9, 9}, "#.#.#", 2},
		{"NaN in one", raster.F32, "", pam("nan", "2"), []float64{nan, 1, 2, 2, 3}, []float64{1, 2, 1, 2, nan}, "..#..", 0},
		{"exact, by its bytes", raster.F64, "", fstest.MapFS{"dir/a.aux.xml": note(`<PAMDataset><PAMRasterBand band="1">` +
			`<NoDataValue le_hex_equiv="9A9999999999B93F">0.1000001</NoDataValue></PAMRasterBand></PAMDataset>`)},
			[]float64{0.1, 0.1000001, 1, 1, 1}, []float64{0, 0, 0, 0, 0}, ".####", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, planar := range []bool{false, true} {
				f := row(c.typ, c.tag, c.r, c.g)
				f.Planar, f.EPSG = planar, 3857
				g, err := beside(t, f.Bytes(), c.pam)
				require.NoError(t, err)
				assert.Len(t, g.Info().Notes, c.warnings, "%q", g.Info().Notes)
				for _, bands := range [][]int{nil, {0}, {1}, {1, 0}} {
					b, err := g.Read(t.Context(), nil, 0, image.Rect(0, 0, 5, 1), bands)
					require.NoError(t, err)
					assert.Equal(t, c.want, shown(b), "planar %v, bands %v", planar, bands)
				}
			}
		})
	}
	// Each band of a sparse block holds its own noData value.
	f := &tiffmake.File{Size: image.Pt(32, 16), Tile: image.Pt(16, 16), Type: raster.S16, Bands: 2, EPSG: 3857,
		Sample: func(_, b, x, y int) float64 { return 5 }, Sparse: func(_, _, col, _ int) bool { return col == 1 }}
	g, err := beside(t, f.NorthUp(0, 0, 1).Bytes(), pam("-7", "-8"))
	require.NoError(t, err)
	b := whole(t, g, 0)
	assert.EqualValues(t, []int16{-7, -8}, []int16{b.Bands[0].(*raster.PlaneOf[int16]).Row(0)[20], b.Bands[1].(*raster.PlaneOf[int16]).Row(0)[20]})
	assert.Equal(t, strings.Repeat("#", 16)+strings.Repeat(".", 16), shown(b))
}

// TestLargeTextBeside checks that a text beside the file that exceeds a limit is ignored before it is read.
func TestLargeTextBeside(t *testing.T) {
	o := &geotiff.Options{Limits: geotiff.Limits{MetadataBytes: 100}, Sidecar: sidecar.In(fstest.MapFS{
		"a.tif.aux.xml": note("<PAMDataset>" + strings.Repeat(" ", 100) + "</PAMDataset>"),
	}, "a.tif")}
	f, err := geotiff.Open(t.Context(), sourceOf(plain().Bytes()), o)
	require.NoError(t, err)
	require.Len(t, f.Info().Notes, 1)
	assert.Contains(t, f.Info().Notes[0], "exceeds Limits.MetadataBytes of 100")

	b := plain()
	b.Tags = []tiffmake.Tag{{Number: 42112, Value: "<GDALMetadata>" + strings.Repeat(" ", 100) + "</GDALMetadata>"}}
	f, err = geotiff.Open(t.Context(), sourceOf(b.Bytes()), &geotiff.Options{Limits: o.Limits})
	require.NoError(t, err)
	require.Len(t, f.Info().Notes, 1)
	assert.Contains(t, f.Info().Notes[0], "GDAL_METADATA (42112) is left aside")
}

// FuzzSidecar puts any bytes beside a file, as overviews or as a mask. It checks for panics, hangs, and errors of other
// types than this package's.
func FuzzSidecar(f *testing.F) {
	f.Add(picture(8, 6).Bytes(), false)
	f.Add(columns(16, 12, 3).Bytes(), true)
	m := columns(16, 12, 3)
	m.Levels, m.Compression = []image.Point{{8, 6}}, tiffmake.Deflate
	f.Add(m.Bytes(), true)
	o := picture(8, 6)
	o.Mask = func(_, x, _ int) bool { return x > 1 }
	f.Add(o.Bytes(), false)
	for _, b := range hostile() {
		f.Add(b, len(b)%2 == 0)
	}
	file := plain().Bytes()
	limits := geotiff.Limits{Directories: 20, Entries: 200, FieldBytes: 1 << 16, Bands: 64, BlockBytes: 1 << 20, ReadBytes: 1 << 22}
	f.Fuzz(func(t *testing.T, b []byte, mask bool) {
		if len(b) > 1<<16 {
			t.Skip("large")
		}
		sidecar := func(_ context.Context, suffix string) (source.Source, error) {
			if mask && (suffix == ".msk" || suffix == ".msk.ovr") || !mask && suffix == ".ovr" {
				return sourceOf(b), nil
			}
			return nil, fs.ErrNotExist
		}
		g, err := geotiff.Open(context.Background(), sourceOf(file), &geotiff.Options{Limits: limits, Sidecar: sidecar})
		if err != nil {
			ours(t, err)
			return
		}
		defer g.Close()
		for level, size := range g.Info().Levels {
			blk, err := g.Read(context.Background(), nil, level, g.Info().Grid.Bounds().Intersect(wholeOf(size)), nil)
			if err != nil {
				ours(t, err)
				continue
			}
			if blk.Bounds() != wholeOf(size) || blk.Type != raster.U8 {
				t.Fatalf("level %d is %v of %v, want %v", level, blk.Bounds(), blk.Type, size)
			}
		}
	})
}

func wholeOf(size image.Point) image.Rectangle { return image.Rectangle{Max: size} }
