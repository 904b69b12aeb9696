package raster

import (
	"encoding/binary"
	"fmt"
	"math"
)

// PutRow writes the samples of row y of p, from column x0 to before column x1, to dst, step bytes from the start of one
// to the start of the next. Columns and rows are those of the plane's Rect. Bytes are in little-endian order; samples
// of fewer than 8 bits take a byte each, and a complex sample is its real part, then its imaginary one.
func PutRow(dst []byte, step int, p Plane, y, x0, x1 int) {
	switch p := p.(type) {
	case *PlaneOf[uint8]:
		if row := part(p, y, x0, x1); step == 1 {
			copy(dst, row)
		} else {
			put8(dst, step, row)
		}
	case *PlaneOf[int8]:
		put8(dst, step, part(p, y, x0, x1))
	case *PlaneOf[uint16]:
		put16(dst, step, part(p, y, x0, x1))
	case *PlaneOf[int16]:
		put16(dst, step, part(p, y, x0, x1))
	case *PlaneOf[uint32]:
		put32(dst, step, part(p, y, x0, x1))
	case *PlaneOf[int32]:
		put32(dst, step, part(p, y, x0, x1))
	case *PlaneOf[float32]:
		for i, v := range part(p, y, x0, x1) {
			binary.LittleEndian.PutUint32(dst[i*step:], math.Float32bits(v))
		}
	case *PlaneOf[float64]:
		for i, v := range part(p, y, x0, x1) {
			binary.LittleEndian.PutUint64(dst[i*step:], math.Float64bits(v))
		}
	case *PlaneOf[complex64]:
		for i, v := range part(p, y, x0, x1) {
			d := dst[i*step:]
			binary.LittleEndian.PutUint32(d, math.Float32bits(real(v)))
			binary.LittleEndian.PutUint32(d[4:], math.Float32bits(imag(v)))
		}
	case *PlaneOf[complex128]:
		for i, v := range part(p, y, x0, x1) {
			d := dst[i*step:]
			binary.LittleEndian.PutUint64(d, math.Float64bits(real(v)))
			binary.LittleEndian.PutUint64(d[8:], math.Float64bits(imag(v)))
		}
	default:
		panic(fmt.Sprintf("raster: a plane of type %T", p))
	}
}

// PutPixels writes part of a row of all bands as PutRow does, pixel by pixel without gaps; size is that of a sample.
// Three bands of bytes, the commonest case by far, are written in one go.
func PutPixels(dst []byte, size int, bands []Plane, y, x0, x1 int) {
	if x0 >= x1 {
		return
	}
	if len(bands) == 3 {
		if red, ok := bands[0].(*PlaneOf[uint8]); ok {
			green, blue := bands[1].(*PlaneOf[uint8]), bands[2].(*PlaneOf[uint8])
			putThree(dst, part(red, y, x0, x1), part(green, y, x0, x1), part(blue, y, x0, x1))
			return
		}
	}
	for i, p := range bands {
		PutRow(dst[i*size:], len(bands)*size, p, y, x0, x1)
	}
}

func putThree(dst, red, green, blue []uint8) {
	green, blue = green[:len(red)], blue[:len(red)]
	for i, v := range red {
		d := dst[3*i : 3*i+3 : 3*i+3]
		d[0], d[1], d[2] = v, green[i], blue[i]
	}
}

func part[T Sample](p *PlaneOf[T], y, x0, x1 int) []T {
	return p.Row(y)[x0-p.Rect.Min.X : x1-p.Rect.Min.X]
}

func put8[T uint8 | int8](dst []byte, step int, row []T) {
	for i, v := range row {
		dst[i*step] = byte(v)
	}
}

func put16[T uint16 | int16](dst []byte, step int, row []T) {
	for i, v := range row {
		binary.LittleEndian.PutUint16(dst[i*step:], uint16(v))
	}
}

func put32[T uint32 | int32](dst []byte, step int, row []T) {
	for i, v := range row {
		binary.LittleEndian.PutUint32(dst[i*step:], uint32(v))
	}
}
