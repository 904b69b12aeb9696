package raster

import "fmt"

// complexPlane converts any plane to one of complex samples.
func complexPlane[D complex64 | complex128](p Plane) Plane {
	switch p := p.(type) {
	case *PlaneOf[uint8]:
		return toComplex[D](p)
	case *PlaneOf[int8]:
		return toComplex[D](p)
	case *PlaneOf[uint16]:
		return toComplex[D](p)
	case *PlaneOf[int16]:
		return toComplex[D](p)
	case *PlaneOf[uint32]:
		return toComplex[D](p)
	case *PlaneOf[int32]:
		return toComplex[D](p)
	case *PlaneOf[float32]:
		return toComplex[D](p)
	case *PlaneOf[float64]:
		return toComplex[D](p)
	case *PlaneOf[complex64]:
		return betweenComplex[D](p)
	case *PlaneOf[complex128]:
		return betweenComplex[D](p)
	}
	panic(fmt.Sprintf("raster: unknown plane %T", p))
}

func toComplex[D complex64 | complex128, S Real](src *PlaneOf[S]) Plane {
	dst := NewPlane[D](src.Rect)
	for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
		out := dst.Row(y)
		for x, s := range src.Row(y) {
			out[x] = D(complex(float64(s), 0))
		}
	}
	return dst
}

func betweenComplex[D, S complex64 | complex128](src *PlaneOf[S]) Plane {
	dst := NewPlane[D](src.Rect)
	for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
		out := dst.Row(y)
		for x, s := range src.Row(y) {
			out[x] = D(s)
		}
	}
	return dst
}
