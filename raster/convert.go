package raster

import (
	"fmt"
	"image"
	"math"
)

// Convert returns b's pixels as samples of type t. Values are rounded half away from zero and then clamped to the range
// of t; a NaN becomes an invalid pixel if t cannot hold it. A block that is of type t already is returned as it is,
// others share no memory with the result except, where no pixel became invalid, the validity plane.
//
// Complex samples become those of the other complex type, and real ones the real part of complex ones. A conversion of
// complex samples to real ones is for the caller to choose: it is an error that names both types.
func Convert(b *Block, t PixelType) (*Block, error) {
	if t == b.Type || t == Unknown {
		return b, nil
	}
	if b.Type.Complex() && !t.Complex() {
		return nil, fmt.Errorf("raster: no conversion from %v to %v", b.Type, t)
	}
	out := &Block{Type: t, Bands: make([]Plane, len(b.Bands)), Valid: b.Valid}
	if t.Complex() {
		for i, p := range b.Bands {
			if t == C64 {
				out.Bands[i] = complexPlane[complex64](p)
			} else {
				out.Bands[i] = complexPlane[complex128](p)
			}
		}
		return out, nil
	}
	c := converter{lo: math.Inf(-1), hi: math.Inf(1), integer: t.Integer()}
	if t.Integer() {
		c.lo, c.hi = t.Range()
	}
	for i, p := range b.Bands {
		var nan *image.Alpha
		out.Bands[i], nan = c.plane(p, t)
		if nan != nil {
			out.Valid = without(out.Valid, nan)
		}
	}
	return out, nil
}

// converter holds the parameters of the conversion to one type.
type converter struct {
	lo, hi  float64
	integer bool
}

// plane converts one band. The second result marks with 255 the pixels whose NaN was lost; nil if there are none.
func (c converter) plane(p Plane, t PixelType) (Plane, *image.Alpha) {
	switch t {
	case U1, U2, U4, U8:
		return convertTo[uint8](p, c)
	case S8:
		return convertTo[int8](p, c)
	case U16:
		return convertTo[uint16](p, c)
	case S16:
		return convertTo[int16](p, c)
	case U32:
		return convertTo[uint32](p, c)
	case S32:
		return convertTo[int32](p, c)
	case F32:
		return convertTo[float32](p, c)
	default:
		return convertTo[float64](p, c)
	}
}

func convertTo[D Real](p Plane, c converter) (Plane, *image.Alpha) {
	switch p := p.(type) {
	case *PlaneOf[uint8]:
		return convertPlane[D](p, c)
	case *PlaneOf[int8]:
		return convertPlane[D](p, c)
	case *PlaneOf[uint16]:
		return convertPlane[D](p, c)
	case *PlaneOf[int16]:
		return convertPlane[D](p, c)
	case *PlaneOf[uint32]:
		return convertPlane[D](p, c)
	case *PlaneOf[int32]:
		return convertPlane[D](p, c)
	case *PlaneOf[float32]:
		return convertPlane[D](p, c)
	case *PlaneOf[float64]:
		return convertPlane[D](p, c)
	}
	panic(fmt.Sprintf("raster: %T in a block of real samples", p))
}

// convertPlane goes through float64, which holds every sample of every real type exactly. What a pixel needs is decided by
// the types, once a plane: floats to integers are rounded and may be NaN, integers to integers are clamped, and floats hold
// every value.
func convertPlane[D, S Real](src *PlaneOf[S], c converter) (Plane, *image.Alpha) {
	dst := NewPlane[D](src.Rect)
	var nan *image.Alpha
	var zero S
	_, single := any(zero).(float32)
	_, double := any(zero).(float64)
	for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
		in, out := src.Row(y), dst.Row(y)
		out = out[:len(in)]
		switch {
		case !c.integer:
			for x, s := range in {
				out[x] = D(float64(s))
			}
		case single || double:
			nan = roundRow(out, in, c, nan, src.Rect, y)
		default:
			for x, s := range in {
				out[x] = D(min(max(float64(s), c.lo), c.hi))
			}
		}
	}
	return dst, nan
}

// roundRow converts a row of floats to integers, half away from zero, and marks NaN in a plane of rect, which it makes if
// there was none.
func roundRow[D, S Real](out []D, in []S, c converter, nan *image.Alpha, rect image.Rectangle, y int) *image.Alpha {
	for x, s := range in {
		v := float64(s)
		if v != v {
			if nan == nil {
				nan = image.NewAlpha(rect)
			}
			nan.Pix[nan.PixOffset(rect.Min.X+x, y)] = 255
			continue
		}
		v = min(max(v, c.lo), c.hi)
		i := int64(v)
		// Twice the fraction, which is exact, has the whole part 1, 0 or -1.
		out[x] = D(i + int64(2*(v-float64(i))))
	}
	return nan
}
