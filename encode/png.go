package encode

import (
	"fmt"
	"image/color"
	"io"

	"github.com/geoexport/geoexport/raster"
)

// maxPNGSide is the largest width and height. A PNG can state sixteen times as much (section 7.1), but the bytes of a
// row, up to 8 a pixel, are counted in an int, which has 32 bits on some machines.
const maxPNGSide = 1<<27 - 1

func pngFormat(z *packers) Format {
	return Format{Name: "png", MediaType: "image/png", Ext: "png", Types: []raster.PixelType{raster.U8, raster.U16},
		Bands: drawnBands, Alpha: true, Encode: z.encodePNG}
}

func png24Format(z *packers) Format {
	return Format{Name: "png24", MediaType: "image/png", Ext: "png", Types: u8(), Bands: drawnBands, Encode: z.encodePNG24}
}

func png32Format(z *packers) Format {
	return Format{Name: "png32", MediaType: "image/png", Ext: "png", Types: u8(), Bands: drawnBands, Alpha: true,
		Encode: z.encodePNG32}
}

// encodePNG writes the kind of PNG that holds the image and no more: an index if it has a palette, grey or RGB if not,
// 8 or 16 bits, with alpha unless the image is known to be opaque.
func (z *packers) encodePNG(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "png", maxPNGSide, raster.U8, raster.U16); err != nil {
		return err
	}
	if m.Palette != nil && m.Type != raster.U8 {
		return &UnsupportedError{Format: "png", What: fmt.Sprintf("a palette of samples of type %v", m.Type)}
	}
	if m.Palette != nil {
		return z.encodePNGPalette(w, m, o)
	}
	h := pngHeader{size: m.Grid.Size, depth: 8, colour: pngRGB}
	if grey(m) {
		h.colour = pngGrey
	}
	if !m.Opaque {
		h.colour |= pngAlpha
	}
	if m.Type == raster.U16 {
		h.depth = 16
		bands := 3
		if grey(m) {
			bands = 1
		}
		return z.stream(w, h, m, o, rows16(bands, !m.Opaque))
	}
	fill := map[uint8]rowFunc{
		pngGrey: grey8, pngRGB: rgb8, pngGrey | pngAlpha: greyAlpha8, pngRGB | pngAlpha: rgba8,
	}[h.colour]
	return z.stream(w, h, m, o, fill)
}

// encodePNGPalette keeps values as they are, for clients that read them. Pixels without data need a transparent colour;
// if the palette has none and is full, no index is left for one and the image becomes RGBA.
func (z *packers) encodePNGPalette(w io.Writer, m *raster.Image, o *Options) error {
	palette, hole := withHole(nrgbaPalette(m.Palette))
	if hole < 0 && !m.Opaque {
		return z.stream(w, pngHeader{size: m.Grid.Size, depth: 8, colour: pngRGB | pngAlpha}, m, o, rgbaRows(m))
	}
	h := pngHeader{size: m.Grid.Size, depth: 8, colour: pngIndex, palette: palette}
	return z.stream(w, h, m, o, indexRows(len(m.Palette), hole))
}

// encodePNG24 writes RGB over the background, never with alpha.
func (z *packers) encodePNG24(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "png24", maxPNGSide, raster.U8); err != nil {
		return err
	}
	return z.stream(w, pngHeader{size: m.Grid.Size, depth: 8, colour: pngRGB}, m, o, rgbRows(m, o.background()))
}

// encodePNG32 always writes RGBA.
func (z *packers) encodePNG32(w io.Writer, m *raster.Image, o *Options) error {
	if err := check(m, "png32", maxPNGSide, raster.U8); err != nil {
		return err
	}
	return z.stream(w, pngHeader{size: m.Grid.Size, depth: 8, colour: pngRGB | pngAlpha}, m, o, rgbaRows(m))
}

// stream writes a file of the rows of m, as fill lays them out, as they come.
func (z *packers) stream(w io.Writer, h pngHeader, m *raster.Image, o *Options, fill rowFunc) error {
	pw, err := z.start(w, h, o)
	if err != nil {
		return err
	}
	defer pw.release()
	if err := eachRow(m, func(b *raster.Block, y int) error {
		fill(pw.row(), b, y)
		return pw.next()
	}); err != nil {
		return err
	}
	return pw.close()
}

// spooled writes a file of rows that were spooled, as fill makes them.
func (z *packers) spooled(w io.Writer, h pngHeader, rows *spooledRows, fill func(dst, row []byte), o *Options) error {
	pw, err := z.start(w, h, o)
	if err != nil {
		return err
	}
	defer pw.release()
	if err := rows.each(func(row []byte) error {
		fill(pw.row(), row)
		return pw.next()
	}); err != nil {
		return err
	}
	return pw.close()
}

// nrgbaPalette returns the colours of a palette in 8 bits.
func nrgbaPalette(p color.Palette) []color.NRGBA {
	return paletteTable(p)[:len(p):len(p)]
}
