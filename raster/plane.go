package raster

import (
	"fmt"
	"image"
)

// Sample is any type one sample of a raster can have in memory.
type Sample interface {
	uint8 | int8 | uint16 | int16 | uint32 | int32 | float32 | float64 | complex64 | complex128
}

// Real is a Sample without an imaginary part.
type Real interface {
	uint8 | int8 | uint16 | int16 | uint32 | int32 | float32 | float64
}

// A Plane is the samples of one band over a rectangle. It is always a *PlaneOf[T]: a type switch once a plane leads to
// a loop over plain slices.
type Plane interface {
	Bounds() image.Rectangle
	sub(r image.Rectangle) Plane // Sub, for a plane of any type
	at(p image.Point) Plane      // the same samples, from p on
	complete() bool              // there is a sample for every pixel
	wipe()                       // sets all samples to zero
}

// PlaneOf holds the sample of pixel (x, y) at Pix[(y-Rect.Min.Y)*Stride+(x-Rect.Min.X)]. Rows may be further apart than
// they are long, so that a part of a plane is a plane. The zero value is an empty plane.
type PlaneOf[T Sample] struct {
	Pix    []T
	Stride int // samples, not bytes, from one row to the next
	Rect   image.Rectangle
}

// Bounds returns the rectangle of pixels that the plane holds.
func (p *PlaneOf[T]) Bounds() image.Rectangle { return p.Rect }

func (p *PlaneOf[T]) sub(r image.Rectangle) Plane { return p.Sub(r) }
func (p *PlaneOf[T]) at(q image.Point) Plane {
	return &PlaneOf[T]{Pix: p.Pix, Stride: p.Stride, Rect: p.Rect.Add(q.Sub(p.Rect.Min))}
}
func (p *PlaneOf[T]) complete() bool { return complete(len(p.Pix), p.Stride, p.Rect) }
func (p *PlaneOf[T]) wipe()          { clear(p.Pix) }

// Row returns the samples of row y, from Rect.Min.X on; y must be inside Rect.
func (p *PlaneOf[T]) Row(y int) []T {
	i := (y - p.Rect.Min.Y) * p.Stride
	return p.Pix[i : i+p.Rect.Dx()]
}

// Sub returns the part of p inside r; it shares p's memory.
func (p *PlaneOf[T]) Sub(r image.Rectangle) *PlaneOf[T] {
	r = r.Intersect(p.Rect)
	if r.Empty() {
		return &PlaneOf[T]{}
	}
	i := (r.Min.Y-p.Rect.Min.Y)*p.Stride + (r.Min.X - p.Rect.Min.X)
	end := i + (r.Dy()-1)*p.Stride + r.Dx()
	return &PlaneOf[T]{Pix: p.Pix[i:end:end], Stride: p.Stride, Rect: r}
}

// Fits reports whether p holds samples as those of type t are held. Nothing fits Unknown, and nil fits nothing.
func (t PixelType) Fits(p Plane) bool {
	ok := false
	switch t {
	case U1, U2, U4, U8:
		_, ok = p.(*PlaneOf[uint8])
	case S8:
		_, ok = p.(*PlaneOf[int8])
	case U16:
		_, ok = p.(*PlaneOf[uint16])
	case S16:
		_, ok = p.(*PlaneOf[int16])
	case U32:
		_, ok = p.(*PlaneOf[uint32])
	case S32:
		_, ok = p.(*PlaneOf[int32])
	case F32:
		_, ok = p.(*PlaneOf[float32])
	case F64:
		_, ok = p.(*PlaneOf[float64])
	case C64:
		_, ok = p.(*PlaneOf[complex64])
	case C128:
		_, ok = p.(*PlaneOf[complex128])
	}
	return ok
}

// NewPlane returns a plane of zeros. The caller guards the size of r.
func NewPlane[T Sample](r image.Rectangle) *PlaneOf[T] {
	return &PlaneOf[T]{Pix: make([]T, r.Dx()*r.Dy()), Stride: r.Dx(), Rect: r}
}

// NewPlanes returns n planes of zeros for samples of type t. They are pieces of one allocation, which lives as long as
// any of them. The caller guards the size of r. It panics on Unknown: callers check types when they plan.
func NewPlanes(t PixelType, n int, r image.Rectangle) []Plane {
	switch t {
	case U1, U2, U4, U8:
		return makePlanes[uint8](n, r)
	case S8:
		return makePlanes[int8](n, r)
	case U16:
		return makePlanes[uint16](n, r)
	case S16:
		return makePlanes[int16](n, r)
	case U32:
		return makePlanes[uint32](n, r)
	case S32:
		return makePlanes[int32](n, r)
	case F32:
		return makePlanes[float32](n, r)
	case F64:
		return makePlanes[float64](n, r)
	case C64:
		return makePlanes[complex64](n, r)
	case C128:
		return makePlanes[complex128](n, r)
	}
	panic(fmt.Sprintf("raster: no plane holds samples of type %v", t))
}

func makePlanes[T Sample](n int, r image.Rectangle) []Plane {
	size := r.Dx() * r.Dy()
	all := make([]T, n*size)
	planes := make([]Plane, n)
	for i := range planes {
		planes[i] = &PlaneOf[T]{Pix: all[i*size : (i+1)*size : (i+1)*size], Stride: r.Dx(), Rect: r}
	}
	return planes
}

// Copy copies the samples that dst and src both have inside r. Both must hold samples of one type; it panics if they do
// not, since callers check types when they plan.
func Copy(dst, src Plane, r image.Rectangle) {
	switch d := dst.(type) {
	case *PlaneOf[uint8]:
		copyPlane(d, src, r)
	case *PlaneOf[int8]:
		copyPlane(d, src, r)
	case *PlaneOf[uint16]:
		copyPlane(d, src, r)
	case *PlaneOf[int16]:
		copyPlane(d, src, r)
	case *PlaneOf[uint32]:
		copyPlane(d, src, r)
	case *PlaneOf[int32]:
		copyPlane(d, src, r)
	case *PlaneOf[float32]:
		copyPlane(d, src, r)
	case *PlaneOf[float64]:
		copyPlane(d, src, r)
	case *PlaneOf[complex64]:
		copyPlane(d, src, r)
	case *PlaneOf[complex128]:
		copyPlane(d, src, r)
	}
}

func copyPlane[T Sample](dst *PlaneOf[T], from Plane, r image.Rectangle) {
	src := from.(*PlaneOf[T])
	r = r.Intersect(dst.Rect).Intersect(src.Rect)
	if r.Empty() {
		return
	}
	n := r.Dx()
	i := (r.Min.Y-dst.Rect.Min.Y)*dst.Stride + r.Min.X - dst.Rect.Min.X
	j := (r.Min.Y-src.Rect.Min.Y)*src.Stride + r.Min.X - src.Rect.Min.X
	for range r.Dy() {
		copy(dst.Pix[i:i+n], src.Pix[j:j+n])
		i += dst.Stride
		j += src.Stride
	}
}
