package encode

import (
	"io"

	"github.com/geoexport/geoexport/raster"
)

// encodePNG8 writes one byte a pixel. One band keeps its values, because clients read them back: indices stay indices,
// and greys are a grey picture, or, with pixels without data, indices of greys with one of them transparent. If those
// pixels leave no index free, greys get an alpha channel rather than a wrong value, and colours of a palette are chosen
// anew.
func (z *packers) encodePNG8(w io.Writer, p *Picture, o *Options) error {
	if err := p.check("png8", maxPNGSide, raster.U8); err != nil {
		return err
	}
	if p.Palette == nil && !p.grey() {
		rgba, err := p.gather("png8", 4, rgba8)
		if err != nil {
			return err
		}
		return z.writeIndexed(w, p, quantise(rgba), o)
	}
	pairs, err := p.gather("png8", 2, greyAlpha8)
	if err != nil {
		return err
	}
	if p.Palette != nil {
		palette := nrgbaPalette(p.Palette)
		ix, ok := indexValues(pairs, palette, false)
		if !ok {
			ix = quantise(expand(pairs, palette))
		}
		return z.writeIndexed(w, p, ix, o)
	}
	greys := greyTable()[:]
	ix, ok := indexValues(pairs, greys, false)
	switch {
	case !ok:
		hardenPairs(pairs)
		return z.whole(w, pngHeader{size: p.Size, depth: 8, colour: pngGrey | pngAlpha}, pairs, o)
	case ix.opaque():
		return z.whole(w, pngHeader{size: p.Size, depth: 8, colour: pngGrey}, ix.pix, o)
	}
	return z.writeIndexed(w, p, ix, o)
}

// writeIndexed writes a file of indices.
func (z *packers) writeIndexed(w io.Writer, p *Picture, ix *indexed, o *Options) error {
	h := pngHeader{size: p.Size, depth: 8, colour: pngIndex, palette: ix.palette}
	return z.whole(w, h, ix.pix, o)
}

// opaque says whether all colours are.
func (ix *indexed) opaque() bool {
	for _, c := range ix.palette {
		if c.A != 255 {
			return false
		}
	}
	return true
}
