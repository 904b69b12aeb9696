package encode

import (
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"github.com/geoexport/geoexport/raster"
)

// maxJPEGSide is the largest width and height that a JPEG can state.
const maxJPEGSide = 1<<16 - 1

// encodeJPEG writes a grey or a YCbCr picture. In a grey one the background is the grey of the same luma.
func encodeJPEG(w io.Writer, p *Picture, o *Options) error {
	if err := p.check("jpg", maxJPEGSide, raster.U8); err != nil {
		return err
	}
	quality, err := o.quality()
	if err != nil {
		return err
	}
	// The standard encoder counts from 1, where all its quantisers are at their largest.
	options := &jpeg.Options{Quality: max(quality, 1)}

	// Of the standard encoder's types, these are the ones it reads without an interface call a pixel.
	r := image.Rectangle{Max: p.Size}
	if p.grey() {
		bg := color.GrayModel.Convert(o.background()).(color.Gray)
		pix, err := p.gather("jpg", 1, greyRows(bg.Y))
		if err != nil {
			return err
		}
		return jpeg.Encode(w, &image.Gray{Pix: pix, Stride: r.Dx(), Rect: r}, options)
	}
	pix, err := p.gather("jpg", 4, p.opaqueRows(o.background()))
	if err != nil {
		return err
	}
	return jpeg.Encode(w, &image.RGBA{Pix: pix, Stride: 4 * r.Dx(), Rect: r}, options)
}
