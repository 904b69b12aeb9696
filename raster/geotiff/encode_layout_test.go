package geotiff

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// Samples that are not compressed take no more room than they have, whatever the size of the image, and come back.
func TestEncodeHasNoPadding(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {7, 300}, {257, 255}, {400, 400}, {513, 257}, {1025, 16}} {
		for _, typ := range []raster.PixelType{raster.U1, raster.U4, raster.U8, raster.F32} {
			for validity := range 2 {
				b := noiseBlock(typ, 3, size, validity, 5)
				m := imageOf(b, 100, 7)
				file := encodeAll(t, m, nil)
				got, _ := readBack(t, file, 0)
				blanked := readable(b)
				assert.Equal(t, blanked.Bands, got.Bands, "%v %v", size, typ)
				if validity == 1 && b.Valid != nil && !b.Opaque() {
					assert.Equal(t, hard(b).Valid.Pix, got.Valid.Pix, "%v %v", size, typ)
				} else {
					assert.Nil(t, got.Valid)
				}
				bits := map[raster.PixelType]int{raster.U1: 1, raster.U4: 4, raster.U8: 8, raster.F32: 32}[typ]
				samples := (size.X*3*bits + 7) / 8 * size.Y
				const directories = 2048 // and offsets
				mask := validity * ((size.X+7)/8*size.Y + 1024)
				assert.LessOrEqual(t, len(file), samples+mask+directories, "%v %v", size, typ)
			}
		}
	}
}

// readable returns b as files hold it: samples without data are 0.
func readable(b *raster.Block) *raster.Block {
	if b.Valid == nil {
		return b
	}
	valid, r := hard(b).Valid, b.Bounds()
	out := raster.NewBlock(b.Type, len(b.Bands), r)
	for i, p := range b.Bands {
		to := newBandRows(out.Bands[i], 0)
		to.take(p, 0, 0, r.Dy())
		for y := range r.Dy() {
			to.blank(y, valid.Pix[y*valid.Stride:][:r.Dx()])
		}
	}
	return out
}

// Tiles of images without overviews are about as small as their number allows. Those of images with overviews have the
// usual size, also where the image is slightly larger than a tile.
func TestEncodeTileSizes(t *testing.T) {
	for _, c := range []struct {
		size image.Point
		o    EncodeOptions
		tile image.Point
	}{
		{image.Pt(400, 400), EncodeOptions{Compression: Deflate}, image.Pt(208, 208)},
		{image.Pt(257, 256), EncodeOptions{Compression: LZW}, image.Pt(144, 256)},
		{image.Pt(512, 40), EncodeOptions{Compression: ZSTD}, image.Pt(256, 48)},
		{image.Pt(257, 40), EncodeOptions{Compression: Deflate, Overviews: true}, image.Pt(256, 48)},
		{image.Pt(257, 300), EncodeOptions{Overviews: true}, image.Pt(256, 256)},
		{image.Pt(4097, 20), EncodeOptions{}, image.Pt(256, 32)},
		{image.Pt(4096, 20), EncodeOptions{}, image.Pt(4096, 20)}, // a strip
	} {
		b := noiseBlock(raster.U8, 1, c.size, 1, 9)
		file := encodeAll(t, imageOf(b), &c.o)
		got, _ := readBack(t, file, 0)
		tags, width, height := tagsOf(t, file), tagTileWidth, tagTileLength
		if c.tile.X == c.size.X {
			width, height = tagImageWidth, tagRowsPerStrip
		}
		across, err := tags.uint(t.Context(), width, 0)
		require.NoError(t, err)
		down, err := tags.uint(t.Context(), height, 0)
		require.NoError(t, err)
		assert.Equal(t, c.tile, image.Pt(int(across), int(down)), "%v", c.size)
		assert.Equal(t, readable(b).Bands, got.Bands, "%v", c.size)
		assert.Equal(t, hard(b).Valid.Pix, got.Valid.Pix, "%v", c.size)
	}
}
