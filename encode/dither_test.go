package encode

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// The means of squares of 8 pixels are nearer to those of the image with dithering than without; which pixels are
// transparent or opaque does not change.
func TestDitherKeepsMeans(t *testing.T) {
	size := image.Pt(256, 256)
	at := func(band, x, y int) int { return [...]int{x, y, (x + y) / 2}[band] }
	valid := func(x, y int) int {
		if x < 40 && y < 40 {
			return 0
		}
		return 255
	}
	b := block(raster.U8, 3, size, at, valid)
	for _, format := range []string{"png8", "gif"} {
		off := func(dither bool) (sum2 float64) {
			m := decoded(t, format, encoded(t, format, imageOf(b, nil), &Options{Dither: dither}))
			for y := 0; y < size.Y; y += 8 {
				for x := 0; x < size.X; x += 8 {
					var sum [3]float64 // of errors
					for i := range 64 {
						got := color.NRGBAModel.Convert(m.At(x+i%8, y+i/8)).(color.NRGBA)
						require.EqualValues(t, valid(x+i%8, y+i/8), got.A)
						for c, v := range []uint8{got.R, got.G, got.B} {
							sum[c] += float64(v) - float64(at(c, x+i%8, y+i/8))
						}
					}
					if valid(x, y) == 255 {
						sum2 += sum[0]*sum[0] + sum[1]*sum[1] + sum[2]*sum[2]
					}
				}
			}
			return sum2
		}
		with, without := off(true), off(false)
		assert.Less(t, with, without/4, format)
	}
}

// Of at most 256 colours there is nothing to spread.
func TestDitherLeavesExactColours(t *testing.T) {
	b := block(raster.U8, 3, image.Pt(60, 50), func(band, x, y int) int { return (x/8 + y/9*5) * (band + 1) % 256 }, nil)
	assert.Equal(t, encoded(t, "png8", imageOf(b, nil), nil), encoded(t, "png8", imageOf(b, nil), &Options{Dither: true}))
}
