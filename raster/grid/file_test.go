package grid_test

import (
	"context"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/raster/sidecar"
	"github.com/geoexport/geoexport/raster/source"
)

// TestFilesThatChange: a version knows the file and what lies beside it, and reads of a file that was written to fail.
func TestFilesThatChange(t *testing.T) {
	for _, name := range []string{"a.bil", "a.hdr", "a.prj", "a.clr"} {
		dir := t.TempDir()
		write := func(name, text string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
		write("a.bil", "1234")
		write("a.hdr", esriHead)
		f, err := grid.OpenFile(filepath.Join(dir, "a.bil"), nil)
		require.NoError(t, err)
		require.NoError(t, f.Version().Current(t.Context()))
		write(name, esriHead+"NODATA 0\n")
		var changed *source.ChangedError
		require.ErrorAs(t, f.Version().Current(t.Context()), &changed, name)
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 2, 2), nil)
		if name == "a.bil" {
			require.ErrorAs(t, err, &changed)
		} else {
			require.NoError(t, err, "the header was read when the file was opened")
		}
		require.NoError(t, f.Close())
		_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 2, 2), nil)
		require.Error(t, err, "it is closed")
	}
}

// A noisySource calls a function for every read.
type noisySource struct {
	source.Source
	reading func()
}

func (s noisySource) ReadAtContext(ctx context.Context, p []byte, off int64) (int, error) {
	s.reading()
	return s.Source.ReadAtContext(ctx, p, off)
}

// TestInterrupted: reads end when their context is cancelled in the middle of them.
func TestInterrupted(t *testing.T) {
	for _, name := range []string{"u8.bil", "plain.bsq", "whole.asc", "n81.dt0", "surfer7.grd"} {
		rastertest.TestInterrupted(t, func(t *testing.T, reading func()) raster.Dataset {
			src, err := source.Open("testdata/" + name)
			require.NoError(t, err)
			t.Cleanup(func() { _ = src.Close() })
			f, err := grid.Open(t.Context(), noisySource{src, reading}, name, &grid.Options{Sidecar: sidecar.In(os.DirFS("testdata"), name)})
			require.NoError(t, err)
			return f
		})
	}
}

// A batchSource counts the bytes of the ranges that it is asked for.
type batchSource struct {
	source.Source
	bytes *int
}

func (s batchSource) ReadRanges(ctx context.Context, ranges []source.Range) error {
	for _, r := range ranges {
		*s.bytes += len(r.Buffer)
		if err := source.ReadFull(ctx, s.Source, r.Buffer, r.Offset); err != nil {
			return err
		}
	}
	return nil
}

// TestFarWindows: a window is read by its rows, whatever the size of the file, and is the same near and far.
func TestFarWindows(t *testing.T) {
	const w, h = 20000, 100
	data := make([]byte, w*h)
	for i := range data {
		data[i] = byte(i * 31 >> 3)
	}
	path := filepath.Join(t.TempDir(), "a.bil")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	src, err := source.Open(path)
	require.NoError(t, err)
	defer src.Close()
	header := func(_ context.Context, suffix string) (source.Source, error) {
		if suffix != sidecar.Header {
			return nil, os.ErrNotExist
		}
		text := []byte("NCOLS 20000\nNROWS 100\nULXMAP 0\nULYMAP 0\nXDIM 1\nYDIM 1\n")
		return source.FromReaderAt(readerAt(text), int64(len(text))), nil
	}
	bytes := 0
	f, err := grid.Open(t.Context(), batchSource{src, &bytes}, "a.bil", &grid.Options{Sidecar: header})
	require.NoError(t, err)
	win := image.Rect(12345, 7, 12445, 57)
	b, err := f.Read(t.Context(), nil, 0, win, nil)
	require.NoError(t, err)
	assert.Equal(t, win.Dx()*win.Dy(), bytes)
	for y := win.Min.Y; y < win.Max.Y; y++ {
		i := y*w + win.Min.X
		assert.Equal(t, data[i:i+win.Dx()], b.Bands[0].(*raster.PlaneOf[uint8]).Row(y))
	}
}

type readerAt []byte

func (r readerAt) ReadAt(p []byte, off int64) (int, error) { return copy(p, r[off:]), nil }

// TestColorsAndStatistics reads the files that Esri's programs put beside raw samples.
func TestColorsAndStatistics(t *testing.T) {
	info, _ := readAll(t, "a.bil", "1234", "a.HDR", esriHead, "a.clr", "# classes\n1 255 0 0\n3 0 0 255\n", "a.stx", "1 1 4 2.5 1.1\n")
	none := color.Color(color.RGBA{})
	assert.Equal(t, color.Palette{none, color.RGBA{255, 0, 0, 255}, none, color.RGBA{0, 0, 255, 255}}, opaqueOrClear(info.Palette))
	assert.Equal(t, &raster.Statistics{Min: 1, Max: 4, Mean: 2.5, StdDev: 1.1}, info.Bands[0].Stats)

	_, err := open(t, "a.bil", "1234", "a.hdr", esriHead, "a.clr", "1 255 0\n")
	assert.ErrorContains(t, err, "a.clr 1 255 0: no value with three colours")
	_, err = open(t, "a.bil", "1234", "a.hdr", esriHead, "a.clr", "1 256 0 0\n")
	assert.ErrorContains(t, err, "256")
	info, _ = readAll(t, "a.bil", "1234", "a.hdr", esriHead+"WHATEVER 3\n", "a.stx", "1 1 4\n7 1 2 3 4\n")
	assert.Nil(t, info.Bands[0].Stats)
	assert.Len(t, info.Notes, 4, "%q", info.Notes)
}

// opaqueOrClear makes all transparent colours the same.
func opaqueOrClear(p color.Palette) (out color.Palette) {
	for _, c := range p {
		if _, _, _, a := c.RGBA(); a == 0 {
			c = color.RGBA{}
		}
		out = append(out, c)
	}
	return out
}

// TestENVIMetadata reads what ENVI states about bands and classes.
func TestENVIMetadata(t *testing.T) {
	head := enviHead + "classes = 2\nclass names = {land, deep sea}\nclass lookup = {0,255,0, 0,0,255}\ndescription = {A map\n  of classes}\n" +
		"band names = {kind}\ndata gain values = {0.5}\ndata offset values = {3}\nwavelength = {450}\nwavelength units = Nanometers\n; a comment\n"
	info, _ := readAll(t, "a.dat", "\x00\x01\x01\x00", "a.hdr", head)
	assert.Equal(t, color.Palette{color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}}, info.Palette)
	band := info.Bands[0]
	assert.Equal(t, []string{"land", "deep sea"}, band.Categories)
	assert.Equal(t, "kind", band.Name)
	assert.InDelta(t, .5, band.Scale, 0)
	assert.InDelta(t, 3, band.Offset, 0)
	assert.Equal(t, map[string]string{"wavelength": "450", "wavelength_units": "Nanometers"}, band.Metadata)
	assert.Contains(t, info.Metadata, "description")
	wkid, _ := info.Grid.CRS.WKID()
	assert.Equal(t, 32633, wkid)
}

// TestMetadataBeside: an .aux.xml file counts more than a header, and a world file where that says nothing.
func TestMetadataBeside(t *testing.T) {
	const aux = `<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>7, 2, 0, 9, 0, -2</GeoTransform>
		<PAMRasterBand band="1"><NoDataValue>51</NoDataValue><Description>height</Description></PAMRasterBand></PAMDataset>`
	info, b := readAll(t, "a.bil", "1234", "a.hdr", esriHead+"NODATA 52\n", "a.prj", "EPSG:4326", "a.bil.aux.xml", aux)
	assert.Equal(t, raster.Affine{A: 2, C: 7, E: -2, F: 9}, info.Grid.Affine)
	wkid, _ := info.Grid.CRS.WKID()
	assert.Equal(t, 3857, wkid)
	assert.Equal(t, "height", info.Bands[0].Name)
	assert.Equal(t, []uint8{255, 255, 0, 255}, append(b.ValidRow(0)[:2:2], b.ValidRow(1)...))

	info, _ = readAll(t, "a.bil", "1234", "a.hdr", "NCOLS 2\nNROWS 2\n", "a.blw", "2\n0\n0\n-2\n8\n8\n")
	assert.Equal(t, raster.Affine{A: 2, C: 7, E: -2, F: 9}, info.Grid.Affine)
}

// TestBudget: what a read takes counts against the budget of its context.
func TestBudget(t *testing.T) {
	f, err := open(t, "a.bil", "1234", "a.hdr", esriHead)
	require.NoError(t, err)
	ctx := raster.WithBudget(t.Context(), raster.NewBudget("Bytes", 10))
	_, err = f.Read(ctx, nil, 0, image.Rect(0, 0, 2, 2), nil)
	var small *raster.BudgetError
	require.ErrorAs(t, err, &small)
	f, err = grid.OpenFS(t.Context(), os.DirFS("testdata"), "u8.bil", &grid.Options{Limits: grid.Limits{ReadBytes: 50}})
	require.NoError(t, err)
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 19, 1), nil)
	var limit *grid.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, "ReadBytes", limit.Limit)
	require.NoError(t, f.Close())
}
