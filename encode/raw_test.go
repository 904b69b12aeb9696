package encode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// The two formats by hand.
func TestRawFormats(t *testing.T) {
	r := image.Rect(-1, 4, 2, 7)
	b := rastertest.FillBlock(r, 2, func(band, x, y int) int16 { return int16(100*band + 10*(x+1) + y - 4 - 1000) })
	b.Valid = image.NewAlpha(r)
	b.Valid.Pix = []uint8{255, 0, 255, 255, 255, 127, 255, 255, 128}
	p := imageOf(b, nil)
	p.NoData = new(-2.0)
	at := func(band, i int) int16 {
		if i == 1 || i == 5 {
			return -2
		}
		return int16(100*band + 10*(i%3) + i/3 - 1000)
	}
	var bip, bsq []byte
	for i := range 9 {
		for band := range 2 {
			bip = binary.LittleEndian.AppendUint16(bip, uint16(at(band, i)))
		}
	}
	for band := range 2 {
		for i := range 9 {
			bsq = binary.LittleEndian.AppendUint16(bsq, uint16(at(band, i)))
		}
	}
	mask := []byte{0b10111011, 0b10000000}
	assert.Equal(t, append(bip, mask...), encoded(t, "bip", p, nil))
	assert.Equal(t, append(bsq, mask...), encoded(t, "bsq", p, nil))
}

// Whatever the strips are: as many bytes as there are samples, both formats with the same ones, and the same mask.
func TestRawFormatsHoldTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(allTypes()).Draw(t, "type")
		size := image.Pt(rapid.IntRange(1, 100).Draw(t, "width"), rapid.IntRange(1, 100).Draw(t, "height"))
		bands := rapid.IntRange(1, 4).Draw(t, "bands")
		b := block(typ, bands, size, noise(1), ring(size))
		p := imageOf(b, nil)
		p.Strips = strips(b, rapid.SliceOfN(rapid.IntRange(1, 40), 1, 8).Draw(t, "heights")...)
		bip, bsq := encoded(t, "bip", p, nil), encoded(t, "bsq", p, nil)
		n, one := size.X*size.Y, typ.Size()
		require.Len(t, bip, n*bands*one+(n+7)/8)
		require.Len(t, bsq, len(bip))
		require.Equal(t, bip[n*bands*one:], bsq[n*bands*one:])
		for band := range bands {
			for i := range n {
				a, c := bip[(i*bands+band)*one:][:one], bsq[(band*n+i)*one:][:one]
				if !bytes.Equal(a, c) {
					t.Fatalf("pixel %d, band %d: %x, %x", i, band, a, c)
				}
			}
		}
	})
}

func TestRawNoData(t *testing.T) {
	hole := image.NewAlpha(image.Rect(0, 0, 1, 1))
	for _, c := range []struct {
		b      *raster.Block
		noData float64
		want   []byte // nil: refused
	}{
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) uint8 { return 7 }), 255, []byte{255}},
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) uint8 { return 7 }), 256, nil},
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) uint8 { return 7 }), 0.5, nil},
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) int8 { return 7 }), -1, []byte{255}},
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) float32 { return 7 }), -9999, []byte{0, 0x3c, 0x1c, 0xc6}},
		{rastertest.FillBlock(hole.Rect, 1, func(_, _, _ int) complex64 { return 7i }), -9999, []byte{0, 0x3c, 0x1c, 0xc6, 0, 0, 0, 0}},
	} {
		c.b.Valid = hole
		p := imageOf(c.b, nil)
		p.NoData = &c.noData
		for _, format := range []string{"bip", "bsq"} {
			if c.want != nil {
				assert.Equal(t, append(c.want, 0), encoded(t, format, p, nil))
				continue
			}
			_, ok := errors.AsType[*OptionError](Default()[format].Encode(io.Discard, p, nil))
			assert.True(t, ok)
		}
	}
}

func TestRawRefusesWrongImages(t *testing.T) {
	b := block(raster.F32, 2, image.Pt(5, 6), noise(1), nil)
	for _, format := range []string{"bip", "bsq"} {
		for name, spoil := range map[string]func(p *raster.Image){
			"rows":    func(p *raster.Image) { p.Grid.Size.Y++ },
			"columns": func(p *raster.Image) { p.Grid.Size.X++ },
			"bands":   func(p *raster.Image) { p.Bands = 1 },
			"type":    func(p *raster.Image) { p.Type = raster.S32 },
			"planes": func(p *raster.Image) {
				p.Type = raster.S32
				p.Strips = strips(&raster.Block{Type: raster.S32, Bands: b.Bands}, 9)
			},
			"palette": func(p *raster.Image) { p.Palette = color.Palette{color.Black} },
		} {
			p := imageOf(b, nil)
			spoil(p)
			_, ok := errors.AsType[*raster.ImageError](Default()[format].Encode(io.Discard, p, nil))
			assert.True(t, ok, "%s: %s", format, name)
		}
	}
}
