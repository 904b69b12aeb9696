package encode_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// An image over a background is the one that a format without transparency draws over it.
func TestOver(t *testing.T) {
	bg := color.NRGBA{10, 200, 90, 255}
	rect := image.Rect(3, 5, 20, 12)
	strip := func(bands int) *raster.Block {
		b := &raster.Block{Type: raster.U8, Bands: raster.NewPlanes(raster.U8, bands, rect), Valid: image.NewAlpha(rect)}
		for i, p := range b.Bands {
			for n := range p.(*raster.PlaneOf[uint8]).Pix {
				p.(*raster.PlaneOf[uint8]).Pix[n] = uint8(n*7 + i*40)
			}
		}
		for n := range b.Valid.Pix {
			b.Valid.Pix[n] = uint8(n * 31)
		}
		return b
	}
	palette := color.Palette{color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 0, 255, 100}, color.NRGBA{1, 2, 3, 0}}
	for name, m := range map[string]*raster.Image{
		"grey": {Bands: 1}, "colours": {Bands: 3}, "palette": {Bands: 1, Palette: palette},
	} {
		m.Grid.Size, m.Type = image.Pt(17, 7), raster.U8
		block := strip(m.Bands)
		m.Strips = func(yield func(*raster.Block, error) bool) { yield(block, nil) }
		over := encode.Over(m, color.NRGBA{10, 200, 90, 7}) // whose alpha does not count
		require.NoError(t, over.Check(), name)
		assert.True(t, over.Opaque)
		draw := func(m *raster.Image, format string) image.Image {
			var buf bytes.Buffer
			require.NoError(t, encode.Default()[format].Encode(&buf, m, &encode.Options{Background: bg}), name)
			img, err := png.Decode(&buf)
			require.NoError(t, err)
			return img
		}
		want, got := draw(m, "png24"), draw(over, "png32")
		for y := range 7 {
			for x := range 17 {
				assert.Equal(t, color.NRGBAModel.Convert(want.At(x, y)), color.NRGBAModel.Convert(got.At(x, y)), "%s %d,%d", name, x, y)
			}
		}
	}
	wide := &raster.Image{Grid: raster.Grid{Size: image.Pt(1, 1)}, Type: raster.U16, Bands: 1,
		Strips: func(func(*raster.Block, error) bool) {}}
	for _, err := range encode.Over(wide, bg).Strips {
		assert.ErrorContains(t, err, "samples of type U16")
	}
}
