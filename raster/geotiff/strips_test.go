package geotiff_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// TestSizesOfStrips checks that strips are read whose sizes are missing, zero or too small, as libtiff reads them, and
// that a note reports it. GDAL 3.6 reads the same samples from the files with one strip, and from those of several
// whose sizes are too small or missing; it refuses or leaves out the others.
func TestSizesOfStrips(t *testing.T) {
	const counts = 279
	sizes := func(v ...uint32) func(*tiffmake.File) {
		return func(f *tiffmake.File) { f.Tags = append(f.Tags, tiffmake.Tag{Number: counts, Value: v}) }
	}
	missing := func(f *tiffmake.File) { f.Remove = append(f.Remove, counts) }
	for _, c := range []struct {
		name        string
		compression int
		rows        int // in a strip
		planar      bool
		change      func(*tiffmake.File)
		note        string
	}{
		{"zero", tiffmake.None, 0, false, sizes(0), "is 0"},
		{"zero", tiffmake.LZW, 0, false, sizes(0), "is 0"},
		{"zero", tiffmake.Deflate, 0, false, sizes(0), "is 0"},
		{"zero", tiffmake.PackBits, 0, false, sizes(0), "is 0"},
		{"zero in several strips", tiffmake.None, 5, false, sizes(0, 0, 0, 0), "is 0"},
		{"zero in several strips", tiffmake.Deflate, 5, false, sizes(0, 0, 0, 0), "is 0"},
		{"zero in two planes", tiffmake.LZW, 0, true, sizes(0, 0), "is 0"},
		{"missing", tiffmake.None, 0, false, missing, "is missing"},
		{"missing", tiffmake.Deflate, 0, false, missing, "is missing"},
		{"missing", tiffmake.LZW, 7, false, missing, "is missing"},
		{"missing in two planes", tiffmake.PackBits, 7, true, missing, "is missing"},
		{"too small", tiffmake.None, 0, false, sizes(100), "is less than"},
		{"too small", tiffmake.None, 5, false, sizes(80, 40, 40, 40), "is less than"},
		{"too small in two planes", tiffmake.None, 0, true, sizes(320, 7), "is less than"},
		{"right", tiffmake.None, 7, false, func(*tiffmake.File) {}, ""},
		{"right", tiffmake.Deflate, 0, true, func(*tiffmake.File) {}, ""},
	} {
		t.Run(fmt.Sprintf("%s, compression %d", c.name, c.compression), func(t *testing.T) {
			file := ramp().NorthUp(0, 512, 1)
			file.Type = raster.U8
			file.Size, file.RowsPerStrip, file.Compression, file.Planar = image.Pt(16, 20), c.rows, c.compression, c.planar
			file.Sample = func(_, band, x, y int) float64 { return float64((16*y + x + 100*band) & 255) }
			if c.planar {
				file.Bands = 2
			}
			c.change(file)
			f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
			require.NoError(t, err)
			b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 20), nil)
			require.NoError(t, err)
			for n, p := range b.Bands {
				for i, v := range p.(*raster.PlaneOf[uint8]).Pix {
					require.Equal(t, uint8(i+100*n), v, "band %d, pixel %d", n, i)
				}
			}
			notes := fmt.Sprint(f.Info().Notes)
			if c.note == "" {
				assert.NotContains(t, notes, "279")
			} else {
				assert.Contains(t, notes, "StripByteCounts (279) "+c.note)
			}
		})
	}
}

// TestSparseStrips checks that a strip of no bytes is sparse if others have bytes, wherever its offset leads, as in
// GDAL; and that a tile of no bytes always is.
func TestSparseStrips(t *testing.T) {
	for _, c := range []struct {
		name string
		tile image.Point
		tag  int
		want [2]uint8 // first sample of the first and of the second block
	}{
		{"strips", image.Point{}, 279, [2]uint8{1, 0}},
		{"tiles", image.Pt(16, 16), 325, [2]uint8{1, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := ramp().NorthUp(0, 512, 1)
			file.Type = raster.U8
			file.Size, file.RowsPerStrip, file.Tile = image.Pt(16, 32), 16, c.tile
			file.Sample = func(_, _, _, _ int) float64 { return 1 }
			file.Tags = append(file.Tags, tiffmake.Tag{Number: c.tag, Value: []uint32{256, 0}})
			f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
			require.NoError(t, err)
			b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 32), nil)
			require.NoError(t, err)
			pix := b.Bands[0].(*raster.PlaneOf[uint8]).Pix
			assert.Equal(t, c.want, [2]uint8{pix[0], pix[256]})
		})
	}
}

// TestStripCutOff checks that a strip whose rows reach into the next strip, or past the end of the file, is an error.
func TestStripCutOff(t *testing.T) {
	file := ramp().NorthUp(0, 512, 1)
	file.Type = raster.U8
	file.Size, file.RowsPerStrip = image.Pt(16, 20), 10
	file.Tags = append(file.Tags, tiffmake.Tag{Number: 273, Value: []uint32{8, 100}}, tiffmake.Tag{Number: 279, Value: []uint32{92, 160}})
	f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
	require.NoError(t, err)
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 10), nil)
	assert.True(t, isReason[*geotiff.FormatError](err), "%v", err)
}

// TestTileTooSmall checks that the sizes of tiles are taken at their word.
func TestTileTooSmall(t *testing.T) {
	file := ramp().NorthUp(0, 512, 1)
	file.Type, file.Size, file.Tile, file.RowsPerStrip = raster.U8, image.Pt(16, 32), image.Pt(16, 16), 0
	file.Tags = append(file.Tags, tiffmake.Tag{Number: 325, Value: []uint32{100, 256}})
	f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
	require.NoError(t, err)
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 16, 16), nil)
	assert.True(t, isReason[*geotiff.FormatError](err), "%v", err)
}

// TestFrameTallerThanStrip checks JPEG frames of more rows than the last strip has, which libtiff 4.5 reads with a warning.
func TestFrameTallerThanStrip(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 32, 48))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(100 + i/32)
	}
	var stream bytes.Buffer
	require.NoError(t, jpeg.Encode(&stream, gray, &jpeg.Options{Quality: 100}))
	file := ramp().NorthUp(0, 512, 1)
	file.Type, file.Size, file.RowsPerStrip, file.Compression = raster.U8, image.Pt(32, 80), 40, 7
	file.Block = func(int, int, image.Rectangle) []byte { return stream.Bytes() }
	f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
	require.NoError(t, err)
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 0, 32, 40), nil)
	require.Error(t, err, "the first strip of two")
	_, err = f.Read(t.Context(), nil, 0, image.Rect(0, 40, 32, 80), nil)
	require.NoError(t, err, "the last strip")

	for _, c := range []struct {
		height int
		rows   uint32 // RowsPerStrip, 0 for those of the image
		ok     bool
	}{{48, 0, true}, {40, 0, true}, {33, 0, true}, {33, 48, true}, {40, 1 << 31, true}, {49, 0, false}} {
		file := ramp().NorthUp(0, 512, 1)
		file.Type, file.Size, file.RowsPerStrip, file.Compression = raster.U8, image.Pt(32, c.height), 0, 7
		file.Block = func(int, int, image.Rectangle) []byte { return stream.Bytes() }
		if c.rows > 0 {
			file.Tags = append(file.Tags, tiffmake.Tag{Number: 278, Value: []uint32{c.rows}})
		}
		f, err := geotiff.Open(t.Context(), sourceOf(file.Bytes()), nil)
		require.NoError(t, err)
		b, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 32, c.height), nil)
		if !c.ok {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err, "%+v", c)
		for y := range c.height {
			assert.InDelta(t, 100+y, b.Bands[0].(*raster.PlaneOf[uint8]).Row(y)[5], 1)
		}
	}
}
