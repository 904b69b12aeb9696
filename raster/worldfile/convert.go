package worldfile

import (
	"context"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// convert converts an image, which covers r or a part of it, to bands. grey states that its three colours are equal. It
// returns nil for a type of image that the decoders do not make.
func convert(ctx context.Context, m image.Image, r image.Rectangle, grey bool) *decoded {
	d := &decoded{bands: []raster.Band{{Color: raster.ColorRed}, {Color: raster.ColorGreen}, {Color: raster.ColorBlue}}}
	switch m.(type) {
	case *image.Gray, *image.Gray16:
		grey = true
	}
	if grey {
		d.bands = []raster.Band{{Color: raster.ColorGray}}
	}
	n := len(d.bands)
	switch m := m.(type) {
	case *image.Gray:
		if m.Rect == r {
			d.block = ofPlane(m.Pix, m.Stride, r)
			break
		}
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, n, false, func(x, y int, v *[4]uint8) { v[0] = m.Pix[m.PixOffset(x, y)] })
	case *image.Gray16:
		d.block = split[uint16](ctx, raster.U16, r, m.Rect, n, false, func(x, y int, v *[4]uint16) { v[0] = m.Gray16At(x, y).Y })
	case *image.RGBA: // only made without alpha
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, n, false, func(x, y int, v *[4]uint8) { copy(v[:], m.Pix[m.PixOffset(x, y):]) })
	case *image.NRGBA:
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, n, true, func(x, y int, v *[4]uint8) { copy(v[:], m.Pix[m.PixOffset(x, y):]) })
	case *image.RGBA64: // only made without alpha
		d.block = split[uint16](ctx, raster.U16, r, m.Rect, n, false, func(x, y int, v *[4]uint16) {
			c := m.RGBA64At(x, y)
			*v = [4]uint16{c.R, c.G, c.B, c.A}
		})
	case *image.NRGBA64:
		d.block = split[uint16](ctx, raster.U16, r, m.Rect, n, true, func(x, y int, v *[4]uint16) {
			c := m.NRGBA64At(x, y)
			*v = [4]uint16{c.R, c.G, c.B, c.A}
		})
	case *image.YCbCr:
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, n, false, func(x, y int, v *[4]uint8) {
			c := m.YCbCrAt(x, y)
			v[0], v[1], v[2] = color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		})
	case *image.CMYK:
		d.notes = append(d.notes, "CMYK is turned into RGB without a colour profile")
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, n, false, func(x, y int, v *[4]uint8) {
			c := m.CMYKAt(x, y)
			v[0], v[1], v[2] = color.CMYKToRGB(c.C, c.M, c.Y, c.K)
		})
	case *image.Paletted:
		d.indices(ctx, m, r)
	default:
		return nil
	}
	return d
}

// ofPlane returns a block of one band that is the decoder's own memory.
func ofPlane(pix []uint8, stride int, r image.Rectangle) *raster.Block {
	return &raster.Block{Type: raster.U8, Bands: []raster.Plane{&raster.PlaneOf[uint8]{Pix: pix, Stride: stride, Rect: r}}}
}

// split separates an image into bands and, if it has alpha, validity. Pixels of r outside part are not valid. at sets v
// to the samples of one pixel, alpha last.
func split[T uint8 | uint16](ctx context.Context, typ raster.PixelType, r, part image.Rectangle, bands int, alpha bool, at func(x, y int, v *[4]T)) *raster.Block {
	b := &raster.Block{Type: typ}
	planes := make([]*raster.PlaneOf[T], bands)
	for i := range planes {
		planes[i] = raster.NewPlane[T](r)
		b.Bands = append(b.Bands, planes[i])
	}
	if alpha || !r.In(part) {
		b.Valid = image.NewAlpha(r)
	}
	part = part.Intersect(r)
	top := float64(^T(0))
	v := [4]T{3: ^T(0)}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		if y%32 == 0 && ctx.Err() != nil {
			return b // the caller discards it
		}
		for x := part.Min.X; x < part.Max.X; x++ {
			at(x, y, &v)
			i := y*r.Dx() + x
			for n, p := range planes {
				p.Pix[i] = v[n]
			}
			if b.Valid != nil {
				b.Valid.Pix[i] = uint8(math.Round(float64(v[3]) / top * 0xff))
			}
		}
	}
	return b
}

// indices converts an image with a palette to a band of indices. Indices past the end of the palette are black.
func (d *decoded) indices(ctx context.Context, m *image.Paletted, r image.Rectangle) {
	d.bands = []raster.Band{{Color: raster.ColorPalette}}
	var alpha [256]uint8
	for i := range alpha {
		alpha[i] = 0xff
	}
	transparent := false
	for i, c := range m.Palette[:min(len(m.Palette), len(alpha))] {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		alpha[i] = n.A
		if n.A == 0xff {
			d.palette = append(d.palette, color.RGBA(n)) // the type that other packages use
		} else {
			d.palette = append(d.palette, n)
			transparent = true
		}
	}
	if m.Rect == r {
		d.block = ofPlane(m.Pix, m.Stride, r)
		if transparent {
			d.block.Valid = validOf(ctx, m, r, &alpha)
		}
	} else {
		d.block = split[uint8](ctx, raster.U8, r, m.Rect, 1, transparent, func(x, y int, v *[4]uint8) {
			v[0] = m.Pix[m.PixOffset(x, y)]
			v[3] = alpha[v[0]]
		})
	}
	last := slices.Max(d.block.Bands[0].(*raster.PlaneOf[uint8]).Pix)
	for len(d.palette) <= int(last) {
		d.palette = append(d.palette, color.RGBA{A: 0xff})
	}
}

// validOf returns the validity that the alpha of each index gives to an image that covers r.
func validOf(ctx context.Context, m *image.Paletted, r image.Rectangle, alpha *[256]uint8) *image.Alpha {
	valid := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if y%32 == 0 && ctx.Err() != nil {
			return valid // the caller discards it
		}
		row := raster.AlphaRow(valid, y, r)
		for x, v := range m.Pix[m.PixOffset(r.Min.X, y):][:len(row)] {
			row[x] = alpha[v]
		}
	}
	return valid
}
