package encode

import (
	"image"
	"image/color"
	"image/gif"
	"io"

	"github.com/geoexport/geoexport/raster"
)

// maxGIFSide is the largest width and height that the standard encoder takes.
const maxGIFSide = 1<<16 - 1

// encodeGIF writes indices of at most 256 colours, of which one is transparent if there are pixels without data. One
// band keeps its values as long as an index is free for those.
func encodeGIF(w io.Writer, p *Picture, _ *Options) error {
	if err := p.check("gif", maxGIFSide, raster.U8); err != nil {
		return err
	}
	ix, err := p.indexHard("gif")
	if err != nil {
		return err
	}
	// The standard encoder takes the first colour of alpha 0 for the transparent one, and there is no other.
	palette := make(color.Palette, len(ix.palette))
	for i, c := range ix.palette {
		palette[i] = c
	}
	r := image.Rectangle{Max: p.Size}
	// A paletted picture of at most 256 colours is written as it is, without the encoder's own choice of colours.
	return gif.Encode(w, &image.Paletted{Pix: ix.pix, Stride: r.Dx(), Rect: r, Palette: palette}, nil)
}

// indexHard makes the picture one of at most 256 colours, each opaque but for at most one.
func (p *Picture) indexHard(format string) (*indexed, error) {
	if p.Palette == nil && !p.grey() {
		rgba, err := p.gather(format, 4, rgba8)
		if err != nil {
			return nil, err
		}
		harden(rgba)
		return quantise(rgba), nil
	}
	pairs, err := p.gather(format, 2, greyAlpha8)
	if err != nil {
		return nil, err
	}
	palette := greyTable()[:]
	if p.Palette != nil {
		palette = nrgbaPalette(p.Palette)
	}
	if ix, ok := indexValues(pairs, palette, true); ok {
		return ix, nil
	}
	rgba := expand(pairs, palette)
	harden(rgba)
	return quantise(rgba), nil
}
