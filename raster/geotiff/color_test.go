package geotiff_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// TestGoldenColors reads files that GDAL wrote: testdata/generate_jpeg.sh makes them. The checksums are those of
// gdalinfo -checksum; for jpeg_cmyk.tif, which GDAL would convert to RGB, gdalinfo -checksum GTIFF_RAW:jpeg_cmyk.tif.
// Results must be equal, even for JPEG.
func TestGoldenColors(t *testing.T) {
	ycbcr := []int{33093, 32682, 29374}
	for _, c := range []struct {
		file     string
		bands    []int
		overview []int // of 31 x 24
		mask     int   // GetMaskBand().Checksum(); 0 if all pixels are valid
	}{
		{"jpeg_ycbcr_tables0.tif", ycbcr, nil, 0},
		{"jpeg_ycbcr_tables1.tif", ycbcr, nil, 0},
		{"jpeg_ycbcr_tables2.tif", ycbcr, nil, 0},
		{"jpeg_ycbcr_tables3.tif", ycbcr, nil, 0},
		{"jpeg_gray_strips.tif", []int{33295}, nil, 0},
		{"jpeg_gray_alpha.tif", []int{33295, 30535}, nil, 30535},
		{"jpeg_rgb_planar.tif", []int{33295, 32503, 29959}, nil, 0},
		{"jpeg_rgba.tif", []int{33295, 32503, 29959, 30535}, nil, 30535},
		{"jpeg_cmyk.tif", []int{33295, 32503, 29959, 30535}, nil, 0},
		{"jpeg_ycbcr_mask_overviews.tif", ycbcr, []int{7874, 7913, 7522}, 29459},
		{"webp_rgb.tif", []int{33385, 32703, 30424}, nil, 0},
		{"webp_rgb_lossless.tif", []int{33120, 32869, 30065}, nil, 0},
		{"webp_rgba.tif", []int{31557, 32654, 31721, 29627}, nil, 29627},
		{"webp_rgba_lossless.tif", []int{28092, 27725, 27923, 29627}, nil, 29627},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := geotiff.OpenFile(filepath.Join("testdata", c.file), nil)
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			b := whole(t, f, 0)
			require.Len(t, b.Bands, len(c.bands))
			for i, want := range c.bands {
				assert.Equal(t, want, checksum(b.Bands[i], ""), "band %d", i)
			}
			if c.mask == 0 {
				assert.Nil(t, b.Valid)
			} else {
				assert.Equal(t, c.mask, checksum(validPlane(b), ""), "mask")
			}
			if c.overview != nil {
				require.Equal(t, []image.Point{{61, 47}, {31, 24}}, f.Info().Levels)
				for i, p := range whole(t, f, 1).Bands {
					assert.Equal(t, c.overview[i], checksum(p, ""), "overview, band %d", i)
				}
			}
			rastertest.Test(t, f)
		})
	}
}

const (
	tagWidth, tagLength, tagBits, tagCompression, tagPhotometric, tagSamples                               = 256, 257, 258, 259, 262, 277
	tagRowsPerStrip, tagTileWidth, tagTileLength, tagTables, tagCoefficients, tagSubSampling, tagReference = 278, 322, 323, 347, 529, 530, 532
)

// block returns a file of one strip with the given bytes.
func block(size image.Point, bands, compression, photometric int, b []byte, tags ...tiffmake.Tag) *tiffmake.File {
	bits := make([]uint16, bands)
	for i := range bits {
		bits[i] = 8
	}
	// Write it as one row of bytes, and replace the tags that describe the image.
	f := &tiffmake.File{Size: image.Pt(len(b), 1), EPSG: 3857, Sample: func(_, _, x, _ int) float64 { return float64(b[x]) },
		Tags: append([]tiffmake.Tag{{Number: tagWidth, Value: []uint32{uint32(size.X)}}, {Number: tagLength, Value: []uint32{uint32(size.Y)}},
			{Number: tagBits, Value: bits}, {Number: tagCompression, Value: []uint16{uint16(compression)}},
			{Number: tagPhotometric, Value: []uint16{uint16(photometric)}}, {Number: tagSamples, Value: []uint16{uint16(bands)}},
			{Number: tagRowsPerStrip, Value: []uint32{uint32(size.Y)}}}, tags...)}
	return f.NorthUp(0, 0, 1)
}

// ycbcrUnits returns the samples of an image in units of h by v pixels.
func ycbcrUnits(size image.Point, h, v int) []byte {
	var b []byte
	for y := 0; y < size.Y; y += v {
		for x := 0; x < size.X; x += h {
			for j := range v {
				for i := range h {
					b = append(b, byte(16+(x+i)*9+(y+j)*3))
				}
			}
			b = append(b, byte(7*x+y), byte(255-5*y))
		}
	}
	return b
}

// TestYCbCr converts YCbCr that is not compressed as JPEG. The checksums are those that gdalinfo -checksum of GDAL
// 3.6.2 prints for the same files.
func TestYCbCr(t *testing.T) {
	size := image.Pt(21, 13)
	video := []tiffmake.Tag{{Number: tagReference, Value: []uint32{16, 235, 128, 240, 128, 240}}}
	for _, c := range []struct {
		h, v int
		tags []tiffmake.Tag
		want [3]int
	}{
		{1, 1, nil, [3]int{3196, 3037, 1697}},
		{2, 1, nil, [3]int{3196, 2988, 1638}},
		{2, 2, nil, [3]int{3169, 3020, 1683}},
		{4, 1, nil, [3]int{3196, 3156, 1591}},
		{4, 2, nil, [3]int{3169, 3139, 1665}},
		{4, 4, nil, [3]int{3224, 3201, 1767}},
		{1, 2, nil, [3]int{3169, 3047, 1750}},
		{1, 1, video, [3]int{3214, 2923, 1783}},
		{2, 2, video, [3]int{3234, 2770, 1624}},
		{4, 2, video, [3]int{3234, 2777, 1543}},
	} {
		tags := append([]tiffmake.Tag{{Number: tagSubSampling, Value: []uint16{uint16(c.h), uint16(c.v)}}}, c.tags...)
		b := whole(t, open(t, block(size, 3, tiffmake.None, 6, ycbcrUnits(size, c.h, c.v), tags...)), 0)
		for i, p := range b.Bands {
			assert.Equal(t, c.want[i], checksum(p, ""), "%d by %d, %d tags, band %d", c.h, c.v, len(tags), i)
		}
		if c.tags == nil {
			continue
		}
		// Stating the default values changes nothing; other coefficients do.
		tags[1] = tiffmake.Tag{Number: tagReference, Value: []uint16{0, 255, 128, 255, 128, 255}}
		usual := whole(t, open(t, block(size, 3, tiffmake.None, 6, ycbcrUnits(size, c.h, c.v), tags[0])), 0)
		same := whole(t, open(t, block(size, 3, tiffmake.None, 6, ycbcrUnits(size, c.h, c.v), tags...)), 0)
		assert.Empty(t, rastertest.Diff(usual, same))
	}
}

// TestYCbCrBlocks checks that neither the division into blocks nor the compression changes the image.
func TestYCbCrBlocks(t *testing.T) {
	size := image.Pt(21, 13)
	want := whole(t, open(t, block(size, 3, tiffmake.None, 6, ycbcrUnits(size, 1, 1), tiffmake.Tag{Number: tagSubSampling, Value: []uint16{1, 1}})), 0)
	raw := ycbcrUnits(size, 1, 1)
	for _, f := range []*tiffmake.File{
		{Compression: tiffmake.LZW, Predictor: 2, RowsPerStrip: 5},
		{Compression: tiffmake.Deflate, Tile: image.Pt(16, 16)},
		{Compression: tiffmake.PackBits, BigEndian: true, RowsPerStrip: 1},
	} {
		f.Size, f.Bands, f.EPSG = size, 3, 3857
		f.Sample = func(_, b, x, y int) float64 { return float64(raw[3*(y*size.X+x)+b]) }
		f.Tags = []tiffmake.Tag{{Number: tagPhotometric, Value: []uint16{6}}, {Number: tagSubSampling, Value: []uint16{1, 1}}}
		g := open(t, f.NorthUp(0, 0, 1))
		assert.Empty(t, rastertest.Diff(want, whole(t, g, 0)))
		rastertest.Test(t, g)
	}
}

// TestColorsNotRead checks that files are refused when they are opened, or when they are read.
func TestColorsNotRead(t *testing.T) {
	gray, err := os.ReadFile("../../internal/jpegdec/testdata/gray.jpg")
	require.NoError(t, err)
	bomb, size := bytes.Clone(gray), image.Pt(37, 29)
	copy(bomb[bytes.Index(bomb, []byte{0xff, 0xc0})+5:], []byte{0xff, 0xff, 0xff, 0xff}) // 65535 x 65535
	subsampled := func(h, v uint16) tiffmake.Tag { return tiffmake.Tag{Number: tagSubSampling, Value: []uint16{h, v}} }
	raw := make([]byte, 37*29*8)
	const jpeg, webp = 7, 50001
	for _, c := range []struct {
		name   string
		f      *tiffmake.File
		format bool // a FormatError is wanted, otherwise an UnsupportedError
	}{
		{"YCbCr with four bands", block(size, 4, tiffmake.None, 6, raw), false},
		{"YCbCr, bands apart", block(size, 3, tiffmake.None, 6, raw, tiffmake.Tag{Number: 284, Value: []uint16{2}}), false},
		{"YCbCr of 16 bits", block(size, 3, tiffmake.None, 6, raw, tiffmake.Tag{Number: tagBits, Value: []uint16{16, 16, 16}}), false},
		{"YCbCr with WebP", block(size, 3, webp, 6, raw), false},
		{"YCbCr with a predictor", block(size, 3, tiffmake.LZW, 6, raw, tiffmake.Tag{Number: 317, Value: []uint16{2}}), false},
		{"chroma 3 by 1", block(size, 3, tiffmake.None, 6, raw, subsampled(3, 1)), true},
		{"chroma 0 by 0", block(size, 3, tiffmake.None, 6, raw, subsampled(0, 0)), true},
		{"two few units", block(size, 3, tiffmake.None, 6, raw[:37*29], subsampled(2, 2)), true},
		{"reference levels missing", block(size, 3, tiffmake.None, 6, raw, tiffmake.Tag{Number: tagReference, Value: []uint32{0}}), true},
		{"coefficients of another type", block(size, 3, tiffmake.None, 6, raw, tiffmake.Tag{Number: tagCoefficients, Value: "abc"}), true},
		{"coefficients 0", block(size, 3, tiffmake.None, 6, raw, tiffmake.Tag{Number: tagCoefficients, Value: []uint16{0, 0, 0}}), true},
		{"CIE L*a*b*", block(size, 3, tiffmake.None, 8, raw), false},
		{"old-style JPEG", block(size, 1, 6, 1, gray), false},
		{"JPEG of 12 bits", block(size, 1, jpeg, 1, gray, tiffmake.Tag{Number: tagBits, Value: []uint16{12}}), false},
		{"JPEG of 16 bits", block(size, 1, jpeg, 1, gray, tiffmake.Tag{Number: tagBits, Value: []uint16{16}}), false},
		{"signed JPEG", block(size, 1, jpeg, 1, gray, tiffmake.Tag{Number: 339, Value: []uint16{2}}), false},
		{"JPEG tables too large", block(size, 1, jpeg, 1, gray, tiffmake.Tag{Number: tagTables, Value: make([]byte, 20_000)}), true},
		{"JPEG frame larger than the image", block(size, 1, jpeg, 1, bomb), true},
		{"JPEG frame smaller than the image", block(image.Pt(38, 29), 1, jpeg, 1, gray), true},
		{"JPEG of other bands", block(size, 3, jpeg, 2, gray), true},
		{"no JPEG", block(size, 1, jpeg, 1, raw), true},
		{"no WebP", block(size, 3, webp, 2, raw), true},
		{"WebP of one band", block(size, 1, webp, 1, raw), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := sourceOf(c.f.Bytes())
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			g, err := geotiff.Open(t.Context(), src, nil)
			if err == nil {
				_, err = g.Read(t.Context(), nil, 0, image.Rectangle{Max: g.Info().Grid.Size}, nil)
			}
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			assert.Equal(t, c.format, isReason[*geotiff.FormatError](err), "%v", err)
			assert.Equal(t, !c.format, isReason[*geotiff.UnsupportedError](err), "%v", err)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
		})
	}
}

// TestJPEGInTIFF reads one stream as a whole strip, and as a last strip with more rows than the image has left.
func TestJPEGInTIFF(t *testing.T) {
	gray, err := os.ReadFile("../../internal/jpegdec/testdata/gray.jpg")
	require.NoError(t, err)
	b := whole(t, open(t, block(image.Pt(37, 29), 1, 7, 1, gray)), 0)
	assert.Equal(t, 12473, checksum(b.Bands[0], "")) // as in jpegdec's TestStreams
	f := block(image.Pt(37, 29), 1, 7, 1, append(gray, make([]byte, 100)...))
	assert.Empty(t, rastertest.Diff(b, whole(t, open(t, f), 0)), "what comes after the stream does not matter")
	f = block(image.Pt(37, 20), 1, 7, 1, gray, tiffmake.Tag{Number: tagTileWidth, Value: []uint16{37}},
		tiffmake.Tag{Number: tagTileLength, Value: []uint16{29}})
	assert.Empty(t, rastertest.Diff(b.Sub(image.Rect(0, 0, 37, 20)), whole(t, open(t, f), 0)))
	// FillOrder 2 does not apply to JPEG, and libtiff ignores it there.
	f = block(image.Pt(37, 29), 1, 7, 1, gray, tiffmake.Tag{Number: 266, Value: []uint16{2}})
	assert.Empty(t, rastertest.Diff(b, whole(t, open(t, f), 0)))
}

// TestWebPBitsReversed checks that FillOrder 2 applies to WebP's bytes, as in libtiff. gdalinfo -checksum prints the
// same checksums for the file.
func TestWebPBitsReversed(t *testing.T) {
	file, err := os.ReadFile("testdata/webp_rgb.tif")
	require.NoError(t, err)
	tile := file[bytes.Index(file, []byte("RIFF")):]
	tile = tile[:8+binary.LittleEndian.Uint32(tile[4:])]
	want := whole(t, open(t, block(image.Pt(32, 32), 3, 50001, 2, tile)), 0)
	for i := range tile {
		tile[i] = bits.Reverse8(tile[i])
	}
	f := block(image.Pt(32, 32), 3, 50001, 2, tile, tiffmake.Tag{Number: 266, Value: []uint16{2}})
	assert.Empty(t, rastertest.Diff(want, whole(t, open(t, f), 0)))
	for i, sum := range []int{11638, 11460, 9489} {
		assert.Equal(t, sum, checksum(want.Bands[i], ""), "band %d", i)
	}
}

// TestPlanesDirect checks that samples decoded right into a large window equal those that come from the cache.
func TestPlanesDirect(t *testing.T) {
	for _, file := range []string{"jpeg_ycbcr_tables1.tif", "jpeg_ycbcr_mask_overviews.tif", "jpeg_rgb_planar.tif", "webp_rgb.tif", "webp_rgb_lossless.tif"} {
		var blocks []*raster.Block
		for _, bytes := range []int64{0, 1 << 20} {
			f, err := geotiff.OpenFile(filepath.Join("testdata", file), &geotiff.Options{Cache: raster.NewCache(bytes)})
			require.NoError(t, err)
			for _, win := range []image.Rectangle{{Max: f.Info().Grid.Size}, image.Rect(5, 0, 61, 40)} {
				b, err := f.Read(t.Context(), nil, 0, win, nil)
				require.NoError(t, err)
				blocks = append(blocks, b)
			}
			require.NoError(t, f.Close())
		}
		assert.Empty(t, rastertest.Diff(blocks[2], blocks[0]), file)
		assert.Empty(t, rastertest.Diff(blocks[3], blocks[1]), file)
		assert.Empty(t, rastertest.Diff(blocks[2].Sub(blocks[1].Bounds()), blocks[1]), file)
	}
}
