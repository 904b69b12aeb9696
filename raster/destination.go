package raster

import (
	"fmt"
	"image"
)

// A DestinationError reports that a block cannot be the destination of a read.
type DestinationError struct{ Reason string }

func (e *DestinationError) Error() string { return "raster: destination of a read: " + e.Reason }

// CheckDestination returns a *DestinationError unless dst can be the destination of a read of n bands of type t over
// win, as Dataset.Read describes it. Nil always can. Datasets call it before they read.
func CheckDestination(dst *Block, t PixelType, n int, win image.Rectangle) error {
	if dst == nil {
		return nil
	}
	wrong := func(format string, args ...any) error {
		return &DestinationError{fmt.Sprintf(format, args...)}
	}
	switch {
	case dst.Type != t:
		return wrong("type %v, want %v", dst.Type, t)
	case len(dst.Bands) != n:
		return wrong("%d bands, want %d", len(dst.Bands), n)
	case dst.Valid != nil && dst.Valid.Rect != win:
		return wrong("validity plane %v, want %v", dst.Valid.Rect, win)
	}
	for i, p := range dst.Bands {
		if !t.Fits(p) {
			return wrong("plane %d is a %T, which does not hold %v", i, p, t)
		}
		if p.Bounds() != win {
			return wrong("plane %d is %v, want %v", i, p.Bounds(), win)
		}
	}
	return nil
}

// A Buffer is memory for one block after another, such as those that a worker reads from datasets:
//
//	var buf raster.Buffer
//	for _, win := range windows {
//		b, err := ds.Read(ctx, buf.Block(info.Type, len(info.Bands), win), 0, win, nil)
//		…
//	}
//
// It grows to the largest of them. The zero value is ready for use. It is not safe for concurrent use.
type Buffer struct {
	block  Block
	planes []Plane
	valid  image.Alpha
}

// Block returns a block of n bands over r in the buffer's memory, with a validity plane. What samples and validity hold
// is unspecified. The block is good until the next call. The caller guards the size of r; Block panics on Unknown.
func (b *Buffer) Block(t PixelType, n int, r image.Rectangle) *Block {
	if len(b.planes) != n || n > 0 && !t.Fits(b.planes[0]) {
		b.planes = NewPlanes(t, n, r)
	} else {
		for _, p := range b.planes {
			reshape(p, r)
		}
	}
	size := r.Dx() * r.Dy()
	if cap(b.valid.Pix) < size {
		b.valid.Pix = make([]uint8, size)
	}
	b.valid = image.Alpha{Pix: b.valid.Pix[:size], Stride: r.Dx(), Rect: r}
	b.block = Block{Type: t, Bands: b.planes, Valid: &b.valid}
	return &b.block
}

// NewBlock is Block with contents as of the function NewBlock: zeros, and no pixel that is valid yet.
func (b *Buffer) NewBlock(t PixelType, n int, r image.Rectangle) *Block {
	block := b.Block(t, n, r)
	for _, p := range block.Bands {
		p.wipe()
	}
	clear(block.Valid.Pix)
	return block
}

// reshape changes the bounds of a plane, in its own memory if that is large enough.
func reshape(p Plane, r image.Rectangle) {
	switch p := p.(type) {
	case *PlaneOf[uint8]:
		p.reshape(r)
	case *PlaneOf[int8]:
		p.reshape(r)
	case *PlaneOf[uint16]:
		p.reshape(r)
	case *PlaneOf[int16]:
		p.reshape(r)
	case *PlaneOf[uint32]:
		p.reshape(r)
	case *PlaneOf[int32]:
		p.reshape(r)
	case *PlaneOf[float32]:
		p.reshape(r)
	case *PlaneOf[float64]:
		p.reshape(r)
	case *PlaneOf[complex64]:
		p.reshape(r)
	case *PlaneOf[complex128]:
		p.reshape(r)
	}
}

func (p *PlaneOf[T]) reshape(r image.Rectangle) {
	size := r.Dx() * r.Dy()
	if cap(p.Pix) < size {
		p.Pix = make([]T, size)
	}
	p.Pix, p.Stride, p.Rect = p.Pix[:size], r.Dx(), r
}
