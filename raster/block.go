package raster

import (
	"bytes"
	"image"
)

// A Block is a rectangle of pixels of one raster: a plane for each band, all with the same bounds and element type, and
// one validity plane for all of them.
//
// Valid states how much each pixel holds data: 0 not at all, 255 fully, in between for rasters with soft alpha. Nil
// means that every pixel holds data. Samples of invalid pixels are unspecified, so nobody may look at them.
//
// A Block that was handed out by a Dataset may be shared: it is read, never written.
type Block struct {
	Type  PixelType
	Bands []Plane
	Valid *image.Alpha
}

// NewBlock allocates a block of n bands of zeros in which no pixel is valid yet. The caller guards the size of r.
func NewBlock(t PixelType, n int, r image.Rectangle) *Block {
	return &Block{Type: t, Bands: NewPlanes(t, n, r), Valid: image.NewAlpha(r)}
}

// Bounds returns the rectangle of pixels that the block holds; empty without bands.
func (b *Block) Bounds() image.Rectangle {
	if len(b.Bands) == 0 {
		return image.Rectangle{}
	}
	return b.Bands[0].Bounds()
}

// Sub returns the part of b inside r; it shares b's memory.
func (b *Block) Sub(r image.Rectangle) *Block {
	s := &Block{Type: b.Type, Bands: make([]Plane, len(b.Bands))}
	for i, p := range b.Bands {
		s.Bands[i] = p.sub(r)
	}
	if b.Valid != nil {
		s.Valid = b.Valid.SubImage(r).(*image.Alpha)
	}
	return s
}

// At returns the same pixels as a block whose bounds begin at p; it shares b's memory.
func (b *Block) At(p image.Point) *Block {
	by := p.Sub(b.Bounds().Min)
	s := &Block{Type: b.Type, Bands: make([]Plane, len(b.Bands))}
	for i, plane := range b.Bands {
		s.Bands[i] = plane.at(p)
	}
	if b.Valid != nil {
		s.Valid = &image.Alpha{Pix: b.Valid.Pix, Stride: b.Valid.Stride, Rect: b.Valid.Rect.Add(by)}
	}
	return s
}

// Select returns the given bands of b in the order given; nil means all of them. It shares b's memory.
func (b *Block) Select(bands []int) *Block {
	if bands == nil {
		return b
	}
	s := &Block{Type: b.Type, Bands: make([]Plane, len(bands)), Valid: b.Valid}
	for i, n := range bands {
		s.Bands[i] = b.Bands[n]
	}
	return s
}

// Opaque reports whether every pixel fully holds data.
func (b *Block) Opaque() bool { return b.Valid == nil || opaque(b.Valid) }

// opaque reports whether all values are 255. Comparing a row with itself, one byte on, takes a fraction of the time
// of the loop in Alpha.Opaque.
func opaque(m *image.Alpha) bool {
	n := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		if row := m.Pix[y*m.Stride:][:n]; n > 0 && (row[0] != 255 || !bytes.Equal(row[1:], row[:n-1])) {
			return false
		}
	}
	return true
}
