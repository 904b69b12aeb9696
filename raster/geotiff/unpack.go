package geotiff

import (
	"encoding/binary"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// unpack turns a decoded block, whose samples are little endian, into planes of rectangle r, which starts at the block's
// first pixel and may be smaller than the block: the padding of tiles at the image's edges stays behind.
func unpack(l *layout, raw []byte, r image.Rectangle) []raster.Plane {
	n, rowBytes := l.samples(), l.rowBytes
	planes := make([]raster.Plane, n)
	for b := range planes {
		switch p := raster.NewPlane(l.typ, r).(type) {
		case *raster.PlaneOf[uint8]:
			if l.bits < 8 {
				unpackRows(p, raw, rowBytes, b, n, bitsUnpacker(l.bits))
			} else {
				unpackRows(p, raw, rowBytes, b, n, unpack8[uint8])
			}
			planes[b] = p
		case *raster.PlaneOf[int8]:
			unpackRows(p, raw, rowBytes, b, n, unpack8[int8])
			planes[b] = p
		case *raster.PlaneOf[uint16]:
			unpackRows(p, raw, rowBytes, b, n, unpack16[uint16])
			planes[b] = p
		case *raster.PlaneOf[int16]:
			unpackRows(p, raw, rowBytes, b, n, unpack16[int16])
			planes[b] = p
		case *raster.PlaneOf[uint32]:
			unpackRows(p, raw, rowBytes, b, n, unpack32[uint32])
			planes[b] = p
		case *raster.PlaneOf[int32]:
			unpackRows(p, raw, rowBytes, b, n, unpack32[int32])
			planes[b] = p
		case *raster.PlaneOf[float32]:
			unpackRows(p, raw, rowBytes, b, n, unpackFloat32)
			planes[b] = p
		case *raster.PlaneOf[float64]:
			unpackRows(p, raw, rowBytes, b, n, unpackFloat64)
			planes[b] = p
		}
	}
	return planes
}

// unpackRows unpacks band b of n, a row at a time.
func unpackRows[T raster.Sample](p *raster.PlaneOf[T], raw []byte, rowBytes, b, n int, row func(dst []T, src []byte, b, n int)) {
	for y := range p.Rect.Dy() {
		row(p.Row(p.Rect.Min.Y+y), raw[y*rowBytes:(y+1)*rowBytes], b, n)
	}
}

func unpack8[T uint8 | int8](dst []T, src []byte, b, n int) {
	src = src[b:]
	for i := range dst {
		dst[i] = T(src[i*n])
	}
}

func unpack16[T uint16 | int16](dst []T, src []byte, b, n int) {
	src = src[2*b:]
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint16(src[2*n*i:]))
	}
}

func unpack32[T uint32 | int32](dst []T, src []byte, b, n int) {
	src = src[4*b:]
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint32(src[4*n*i:]))
	}
}

func unpackFloat32(dst []float32, src []byte, b, n int) {
	src = src[4*b:]
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*n*i:]))
	}
}

func unpackFloat64(dst []float64, src []byte, b, n int) {
	src = src[8*b:]
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*n*i:]))
	}
}

// bitsUnpacker unpacks samples of 1, 2 or 4 bits, the first one in the most significant bits of a byte.
func bitsUnpacker(bits int) func(dst []uint8, src []byte, b, n int) {
	mask := byte(1)<<bits - 1
	return func(dst []uint8, src []byte, b, n int) {
		at := b * bits
		for i := range dst {
			dst[i] = src[at/8] >> (8 - bits - at%8) & mask
			at += n * bits
		}
	}
}
