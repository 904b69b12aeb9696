// Package littleendian turns samples of planes into bytes, least significant byte first. A complex sample is its real part,
// then its imaginary one.
package littleendian

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// Put writes the samples from column x0 to before x1 of row y of p, step bytes from the start of one to the start of the
// next; columns and rows are absolute. Types of fewer than 8 bits take a byte each. It is for one row: the type is found out
// once.
func Put(dst []byte, step int, p raster.Plane, y, x0, x1 int) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		if row := part(p, y, x0, x1); step == 1 {
			copy(dst, row)
		} else {
			put8(dst, step, row)
		}
	case *raster.PlaneOf[int8]:
		put8(dst, step, part(p, y, x0, x1))
	case *raster.PlaneOf[uint16]:
		put16(dst, step, part(p, y, x0, x1))
	case *raster.PlaneOf[int16]:
		put16(dst, step, part(p, y, x0, x1))
	case *raster.PlaneOf[uint32]:
		put32(dst, step, part(p, y, x0, x1))
	case *raster.PlaneOf[int32]:
		put32(dst, step, part(p, y, x0, x1))
	case *raster.PlaneOf[float32]:
		for i, v := range part(p, y, x0, x1) {
			binary.LittleEndian.PutUint32(dst[i*step:], math.Float32bits(v))
		}
	case *raster.PlaneOf[float64]:
		for i, v := range part(p, y, x0, x1) {
			binary.LittleEndian.PutUint64(dst[i*step:], math.Float64bits(v))
		}
	case *raster.PlaneOf[complex64]:
		for i, v := range part(p, y, x0, x1) {
			d := dst[i*step:]
			binary.LittleEndian.PutUint32(d, math.Float32bits(real(v)))
			binary.LittleEndian.PutUint32(d[4:], math.Float32bits(imag(v)))
		}
	case *raster.PlaneOf[complex128]:
		for i, v := range part(p, y, x0, x1) {
			d := dst[i*step:]
			binary.LittleEndian.PutUint64(d, math.Float64bits(real(v)))
			binary.LittleEndian.PutUint64(d[8:], math.Float64bits(imag(v)))
		}
	default:
		panic(fmt.Sprintf("littleendian: a plane of type %T", p))
	}
}

// PutBands writes all samples of a row, those of one pixel after another without a gap: Put for each band in turn, but for
// three bands of bytes, the commonest by far, in one go.
func PutBands(dst []byte, size int, bands []raster.Plane, y, x0, x1 int) {
	if x0 >= x1 {
		return
	}
	if len(bands) == 3 {
		if red, ok := bands[0].(*raster.PlaneOf[uint8]); ok {
			green, blue := bands[1].(*raster.PlaneOf[uint8]), bands[2].(*raster.PlaneOf[uint8])
			putThree(dst, part(red, y, x0, x1), part(green, y, x0, x1), part(blue, y, x0, x1))
			return
		}
	}
	for i, p := range bands {
		Put(dst[i*size:], len(bands)*size, p, y, x0, x1)
	}
}

func putThree(dst, red, green, blue []uint8) {
	green, blue = green[:len(red)], blue[:len(red)]
	for i, v := range red {
		d := dst[3*i : 3*i+3 : 3*i+3]
		d[0], d[1], d[2] = v, green[i], blue[i]
	}
}

func part[T raster.Sample](p *raster.PlaneOf[T], y, x0, x1 int) []T {
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
