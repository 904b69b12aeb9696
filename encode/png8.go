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
		ix, err := p.indexColours(false, o)
		if err != nil {
			return err
		}
		return z.writeIndexed(w, p, ix, o)
	}
	palette := greyTable()[:]
	if p.Palette != nil {
		palette = nrgbaPalette(p.Palette)
	}
	ix, ok, err := p.indexValues(palette, false)
	switch {
	case err != nil:
		return err
	case p.Palette != nil && !ok:
		colours, err := ix.recolour(palette, false, o)
		if err != nil {
			ix.release()
			return err
		}
		return z.writeIndexed(w, p, colours, o)
	case p.Palette != nil:
		return z.writeIndexed(w, p, ix, o)
	case !ok:
		defer ix.release()
		return z.held(w, pngHeader{size: p.Size, depth: 8, colour: pngGrey | pngAlpha}, ix.rows, func(dst, row []byte) {
			copy(dst, row)
			hardenPairs(dst)
		}, o)
	case ix.opaque():
		defer ix.release()
		return z.held(w, pngHeader{size: p.Size, depth: 8, colour: pngGrey}, ix.rows, ix.index, o)
	}
	return z.writeIndexed(w, p, ix, o)
}

// writeIndexed writes a file of indices, and releases ix.
func (z *packers) writeIndexed(w io.Writer, p *Picture, ix *indexed, o *Options) error {
	defer ix.release()
	return z.held(w, pngHeader{size: p.Size, depth: 8, colour: pngIndex, palette: ix.palette}, ix.rows, ix.index, o)
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
