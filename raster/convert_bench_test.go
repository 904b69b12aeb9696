package raster_test

import (
	"image"
	"testing"

	"github.com/geoexport/geoexport/raster"
)

func BenchmarkConvert(b *testing.B) {
	for _, c := range []struct{ from, to raster.PixelType }{
		{raster.U16, raster.U8}, {raster.U8, raster.F32}, {raster.F32, raster.U8}, {raster.S16, raster.S32},
	} {
		block := raster.NewBlock(c.from, 1, image.Rect(0, 0, 512, 512))
		b.Run(c.from.String()+c.to.String(), func(b *testing.B) {
			b.SetBytes(512 * 512)
			for b.Loop() {
				if _, err := raster.Convert(block, c.to); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
