package raster

import (
	"fmt"
	"image"
	"image/color"
)

// FromImage returns the pixels of a picture as a block with its bounds: one band if the picture is gray, and red, green
// and blue otherwise, of type U16 if it has 16 bits a channel, and U8 otherwise. Its transparency becomes the block's
// Valid, in 8 bits, by which colours are not multiplied. A palette becomes its colours.
func FromImage(img image.Image) *Block {
	r := img.Bounds()
	switch img.(type) {
	case *image.Gray, *image.Gray16:
		if g, ok := img.(*image.Gray); ok {
			return fromImage[uint8](r, 1, func(x, y int, to []uint8) uint8 { to[0] = g.GrayAt(x, y).Y; return 0xff })
		}
		g := img.(*image.Gray16)
		return fromImage[uint16](r, 1, func(x, y int, to []uint16) uint8 { to[0] = g.Gray16At(x, y).Y; return 0xff })
	case *image.RGBA64, *image.NRGBA64:
		return fromImage[uint16](r, 3, func(x, y int, to []uint16) uint8 {
			c := color.NRGBA64Model.Convert(img.At(x, y)).(color.NRGBA64)
			to[0], to[1], to[2] = c.R, c.G, c.B
			return uint8(c.A >> 8)
		})
	}
	return fromImage[uint8](r, 3, func(x, y int, to []uint8) uint8 {
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		to[0], to[1], to[2] = c.R, c.G, c.B
		return c.A
	})
}

// fromImage returns a block whose samples at has for each pixel, with its opacity.
func fromImage[T uint8 | uint16](r image.Rectangle, bands int, at func(x, y int, to []T) uint8) *Block {
	b := &Block{Type: U8, Valid: image.NewAlpha(r)}
	if any(T(0)) == any(uint16(0)) {
		b.Type = U16
	}
	planes := make([]*PlaneOf[T], bands)
	for i := range planes {
		planes[i] = NewPlane[T](r)
		b.Bands = append(b.Bands, planes[i])
	}
	pixel := make([]T, bands)
	i := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			b.Valid.Pix[i] = at(x, y, pixel)
			for n, p := range planes {
				p.Pix[i] = pixel[n]
			}
			i++
		}
	}
	if opaque(b.Valid) {
		b.Valid = nil
	}
	return b
}

// Image returns the pixels as a picture with the block's bounds: gray of one band, and red, green and blue of three or
// more, with the block's Valid as transparency. It is an *image.Gray or *image.Gray16 of one band that holds data
// everywhere, and otherwise an *image.NRGBA or *image.NRGBA64. Pixels without data are black. Samples must be U8 or U16, which Convert
// makes of others; the error names what they are.
func (b *Block) Image() (image.Image, error) {
	if n := len(b.Bands); n == 0 || n == 2 {
		return nil, fmt.Errorf("raster: a block of %d bands is no picture", n)
	}
	var out image.Image
	switch {
	case b.Type == U8 && len(b.Bands) == 1 && b.Opaque():
		gray := image.NewGray(b.Bounds())
		copySamples(gray.Pix, b.Bands[0].(*PlaneOf[uint8]))
		out = gray
	case b.Type == U8:
		img := image.NewNRGBA(b.Bounds())
		toImage(b, img.Pix, 1, func(to []byte, v uint8) { to[0] = v })
		out = img
	case b.Type == U16 && len(b.Bands) == 1 && b.Opaque():
		gray := image.NewGray16(b.Bounds())
		p := b.Bands[0].(*PlaneOf[uint16])
		i := 0
		for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
			for _, v := range p.Row(y) {
				gray.Pix[i], gray.Pix[i+1] = byte(v>>8), byte(v)
				i += 2
			}
		}
		out = gray
	case b.Type == U16:
		img := image.NewNRGBA64(b.Bounds())
		toImage(b, img.Pix, 2, func(to []byte, v uint16) { to[0], to[1] = byte(v>>8), byte(v) })
		out = img
	default:
		return nil, fmt.Errorf("raster: samples of type %v are no picture: Convert them to U8 or U16", b.Type)
	}
	return out, nil
}

func copySamples(to []byte, p *PlaneOf[uint8]) {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		to = to[copy(to, p.Row(y)):]
	}
}

// toImage fills the pixels of a picture with four channels of the given size in bytes.
func toImage[T uint8 | uint16](b *Block, pix []byte, size int, put func(to []byte, v T)) {
	r := b.Bounds()
	rows := make([][]T, 3)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for i := range rows {
			rows[i] = b.Bands[min(i, len(b.Bands)-1)].(*PlaneOf[T]).Row(y)
		}
		valid := b.ValidRow(y)
		for x := range r.Dx() {
			alpha := byte(0xff)
			if valid != nil {
				alpha = valid[x]
			}
			if alpha != 0 {
				for i := range rows {
					put(pix[i*size:], rows[i][x])
				}
				for i := range size {
					pix[3*size+i] = alpha
				}
			}
			pix = pix[4*size:]
		}
	}
}

// Values returns the samples of a band, counted from 0, row by row without gaps. They share the block's memory if its
// rows have no gaps. It is an error if there is no such band, or if its samples are not of type T, which is that of the
// block's Type: see PixelType. Samples of pixels without data are unspecified.
func Values[T Sample](b *Block, band int) ([]T, error) {
	if band < 0 || band >= len(b.Bands) {
		return nil, fmt.Errorf("raster: band %d of %d", band, len(b.Bands))
	}
	p, ok := b.Bands[band].(*PlaneOf[T])
	if !ok {
		return nil, fmt.Errorf("raster: samples of type %v are not %T", b.Type, *new(T))
	}
	if p.Stride == p.Rect.Dx() {
		return p.Pix[:p.Rect.Dx()*p.Rect.Dy()], nil
	}
	out := make([]T, 0, p.Rect.Dx()*p.Rect.Dy())
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		out = append(out, p.Row(y)...)
	}
	return out, nil
}
