package encode

import (
	"image/color"

	"github.com/geoexport/geoexport/raster"
)

// A rowFunc writes row y of a strip into dst, pixel after pixel, samples of 16 bits with the high byte first. It may
// keep scratch memory, so it serves one image at a time. A pixel without data becomes zeros or the background.
type rowFunc func(dst []byte, b *raster.Block, y int)

// row8 returns row y of a band of type U8.
func row8(b *raster.Block, band, y int) []uint8 { return b.Bands[band].(*raster.PlaneOf[uint8]).Row(y) }

// row16 returns row y of a band of type U16.
func row16(b *raster.Block, band, y int) []uint16 {
	return b.Bands[band].(*raster.PlaneOf[uint16]).Row(y)
}

// grey8 writes the first band as it is; the image is opaque.
func grey8(dst []byte, b *raster.Block, y int) { copy(dst, row8(b, 0, y)) }

// greyAlpha8 writes the first band and the validity, 2 bytes a pixel.
func greyAlpha8(dst []byte, b *raster.Block, y int) {
	v, a := row8(b, 0, y), b.ValidRow(y)
	dst = dst[:2*len(v)]
	if a == nil {
		for x, v := range v {
			dst[2*x], dst[2*x+1] = v, 255
		}
		return
	}
	a = a[:len(v)]
	for x, v := range v {
		if a[x] == 0 {
			v = 0
		}
		dst[2*x], dst[2*x+1] = v, a[x]
	}
}

// rgb8 writes the first three bands, 3 bytes a pixel; the image is opaque.
func rgb8(dst []byte, b *raster.Block, y int) {
	r, g, bl := row8(b, 0, y), row8(b, 1, y), row8(b, 2, y)
	g, bl = g[:len(r)], bl[:len(r)]
	dst = dst[:3*len(r)]
	for x := range r {
		d := dst[3*x : 3*x+3 : 3*x+3]
		d[0], d[1], d[2] = r[x], g[x], bl[x]
	}
}

// rgba8 writes the first three bands and the validity, 4 bytes a pixel.
func rgba8(dst []byte, b *raster.Block, y int) {
	r, g, bl, a := row8(b, 0, y), row8(b, 1, y), row8(b, 2, y), b.ValidRow(y)
	g, bl = g[:len(r)], bl[:len(r)]
	dst = dst[:4*len(r)]
	if a == nil {
		for x := range r {
			d := dst[4*x : 4*x+4 : 4*x+4]
			d[0], d[1], d[2], d[3] = r[x], g[x], bl[x], 255
		}
		return
	}
	a = a[:len(r)]
	for x := range r {
		d := dst[4*x : 4*x+4 : 4*x+4]
		if a[x] == 0 {
			d[0], d[1], d[2], d[3] = 0, 0, 0, 0
		} else {
			d[0], d[1], d[2], d[3] = r[x], g[x], bl[x], a[x]
		}
	}
}

// colourRows returns a rowFunc that writes the first band by a table of colours, 4 bytes a pixel. The alpha of a colour
// and the validity of a pixel multiply.
func colourRows(table *[256]color.NRGBA) rowFunc {
	return func(dst []byte, b *raster.Block, y int) {
		v, a := row8(b, 0, y), b.ValidRow(y)
		dst = dst[:4*len(v)]
		for x, v := range v {
			c := table[v]
			if a != nil && a[x] != 255 {
				c.A = uint8((uint32(c.A)*uint32(a[x]) + 127) / 255)
			}
			if c.A == 0 {
				c = color.NRGBA{}
			}
			d := dst[4*x : 4*x+4 : 4*x+4]
			d[0], d[1], d[2], d[3] = c.R, c.G, c.B, c.A
		}
	}
}

// greyTable returns the colours of a band of quantities.
func greyTable() *[256]color.NRGBA {
	t := new([256]color.NRGBA)
	for i := range t {
		t[i] = color.NRGBA{R: uint8(i), G: uint8(i), B: uint8(i), A: 255}
	}
	return t
}

// paletteTable returns the colours of a palette, transparent past its end.
func paletteTable(p color.Palette) *[256]color.NRGBA {
	t := new([256]color.NRGBA)
	for i, c := range p {
		t[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return t
}

// grey reports whether the image is drawn in greys.
func grey(m *raster.Image) bool { return m.Palette == nil && m.Bands < 3 }

// rgbaRows returns a rowFunc that writes any image of type U8 as RGBA, 4 bytes a pixel.
func rgbaRows(m *raster.Image) rowFunc {
	switch {
	case m.Palette != nil:
		return colourRows(paletteTable(m.Palette))
	case grey(m):
		return colourRows(greyTable())
	}
	return rgba8
}

// opaqueRows returns a rowFunc that writes any image of type U8 as RGBA over the background: every alpha is 255.
func opaqueRows(m *raster.Image, bg color.NRGBA) rowFunc {
	fill := rgbaRows(m)
	return func(dst []byte, b *raster.Block, y int) {
		fill(dst, b, y)
		if b.Valid == nil && m.Palette == nil {
			return
		}
		for ; len(dst) >= 4; dst = dst[4:] {
			if a := dst[3]; a != 255 {
				dst[0], dst[1], dst[2], dst[3] = blend(dst[0], bg.R, a), blend(dst[1], bg.G, a), blend(dst[2], bg.B, a), 255
			}
		}
	}
}

// rgbRows returns a rowFunc that writes any image of type U8 as RGB over the background, 3 bytes a pixel.
func rgbRows(m *raster.Image, bg color.NRGBA) rowFunc {
	fill := opaqueRows(m, bg)
	var rgba []byte
	return func(dst []byte, b *raster.Block, y int) {
		if b.Valid == nil && m.Bands >= 3 {
			rgb8(dst, b, y)
			return
		}
		if rgba == nil {
			rgba = make([]byte, 4*m.Grid.Size.X)
		}
		fill(rgba, b, y)
		dst = dst[:3*m.Grid.Size.X]
		for x := range m.Grid.Size.X {
			s, d := rgba[4*x:4*x+4:4*x+4], dst[3*x:3*x+3:3*x+3]
			d[0], d[1], d[2] = s[0], s[1], s[2]
		}
	}
}

// blend returns the colour v of alpha a over an opaque background, rounded to nearest. There are no ties,
// since 255 is odd.
func blend(v, bg, a uint8) uint8 {
	return uint8((uint32(v)*uint32(a) + uint32(bg)*uint32(255-a) + 127) / 255)
}

// rows16 returns a rowFunc that writes the first bands of an image of type U16, 2 bytes a sample, and the validity as
// alpha if wanted: 8 bits times 257, so that 255 becomes 65535.
func rows16(bands int, alpha bool) rowFunc {
	samples := bands
	if alpha {
		samples++
	}
	return func(dst []byte, b *raster.Block, y int) {
		a := b.ValidRow(y)
		for band := range bands {
			d := dst[2*band:]
			for x, v := range row16(b, band, y) {
				if a != nil && a[x] == 0 {
					v = 0
				}
				d[2*samples*x], d[2*samples*x+1] = byte(v>>8), byte(v)
			}
		}
		if !alpha {
			return
		}
		for x := range b.Bounds().Dx() {
			v := uint8(255)
			if a != nil {
				v = a[x]
			}
			i := 2 * (samples*x + bands)
			dst[i], dst[i+1] = v, v
		}
	}
}
