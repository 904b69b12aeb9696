package encode

import (
	"io"

	"github.com/geoexport/geoexport/raster"
)

func png8Format(z *packers) Format {
	return Format{Name: "png8", MediaType: "image/png", Ext: "png", Types: u8(), Bands: drawnBands, Alpha: true,
		Encode: z.encodePNG8}
}

// encodePNG8 writes one byte a pixel. One band keeps its values, because clients read them back: indices stay indices,
// and greys become a grey PNG or, if there are pixels without data, indices of greys with one of them transparent. If
// no index is free for pixels without data, greys get an alpha channel rather than a wrong value, and colours of a
// palette are chosen anew.
func (z *packers) encodePNG8(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "png8", maxPNGSide, raster.U8); err != nil {
		return err
	}
	if m.Palette == nil && !grey(m) {
		ix, err := indexColours(m, false, o)
		if err != nil {
			return err
		}
		return z.writeIndexed(w, m, ix, o)
	}
	palette := greyTable()[:]
	if m.Palette != nil {
		palette = nrgbaPalette(m.Palette)
	}
	ix, ok, err := indexValues(m, palette, false, o)
	switch {
	case err != nil:
		return err
	case m.Palette != nil && !ok:
		colours, err := ix.recolour(palette, false, o)
		if err != nil {
			ix.release()
			return err
		}
		return z.writeIndexed(w, m, colours, o)
	case m.Palette != nil:
		return z.writeIndexed(w, m, ix, o)
	case !ok:
		defer ix.release()
		h := pngHeader{size: m.Grid.Size, depth: 8, colour: pngGrey | pngAlpha}
		return z.spooled(w, h, ix.rows, func(dst, row []byte) {
			copy(dst, row)
			hardenPairs(dst)
		}, o)
	case ix.opaque():
		defer ix.release()
		return z.spooled(w, pngHeader{size: m.Grid.Size, depth: 8, colour: pngGrey}, ix.rows, ix.index, o)
	}
	return z.writeIndexed(w, m, ix, o)
}

// writeIndexed writes a file of indices, and releases ix.
func (z *packers) writeIndexed(w io.Writer, m *raster.Image, ix *indexed, o *Options) error {
	defer ix.release()
	h := pngHeader{size: m.Grid.Size, depth: 8, colour: pngIndex, palette: ix.palette}
	return z.spooled(w, h, ix.rows, ix.index, o)
}

// opaque reports whether all colours are opaque.
func (ix *indexed) opaque() bool {
	for _, c := range ix.palette {
		if c.A != 255 {
			return false
		}
	}
	return true
}
