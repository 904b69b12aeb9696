package geotiff

import (
	"encoding/binary"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// unpack converts a decoded block, whose samples are little endian, to planes of rectangle r. r starts at the block's
// first pixel and may be smaller than the block, since tiles are padded at the image's edges.
func unpack(l *layout, raw []byte, r image.Rectangle) []raster.Plane {
	n, rowBytes := l.samples(), l.rowBytes
	planes := make([]raster.Plane, n)
	for b := range planes {
		switch p := raster.NewPlanes(l.typ, 1, r)[0].(type) {
		case *raster.PlaneOf[uint8]:
			unpackRows(p, raw, rowBytes, b, n, smallUnpacker(l.bits))
			planes[b] = p
		case *raster.PlaneOf[int8]:
			unpackRows(p, raw, rowBytes, b, n, unpack8[int8])
			planes[b] = p
		case *raster.PlaneOf[uint16]:
			if l.bits < 16 {
				unpackRows(p, raw, rowBytes, b, n, bitsUnpacker[uint16](l.bits))
			} else {
				unpackRows(p, raw, rowBytes, b, n, unpack16[uint16])
			}
			planes[b] = p
		case *raster.PlaneOf[int16]:
			unpackRows(p, raw, rowBytes, b, n, unpack16[int16])
			planes[b] = p
		case *raster.PlaneOf[uint32]:
			if l.bits < 32 {
				unpackRows(p, raw, rowBytes, b, n, bitsUnpacker[uint32](l.bits))
			} else {
				unpackRows(p, raw, rowBytes, b, n, unpack32[uint32])
			}
			planes[b] = p
		case *raster.PlaneOf[int32]:
			unpackRows(p, raw, rowBytes, b, n, unpack32[int32])
			planes[b] = p
		case *raster.PlaneOf[float32]:
			switch l.bits {
			case 16:
				unpackRows(p, raw, rowBytes, b, n, unpackFloat16)
			case 24:
				unpackRows(p, raw, rowBytes, b, n, unpackFloat24)
			default:
				unpackRows(p, raw, rowBytes, b, n, unpackFloat32)
			}
			planes[b] = p
		case *raster.PlaneOf[float64]:
			switch l.format {
			case formatUint:
				unpackRows(p, raw, rowBytes, b, n, unpack64[uint64])
			case formatInt:
				unpackRows(p, raw, rowBytes, b, n, unpack64[int64])
			default:
				unpackRows(p, raw, rowBytes, b, n, unpackFloat64)
			}
			planes[b] = p
		case *raster.PlaneOf[complex64]:
			if l.format == formatComplexInt {
				unpackRows(p, raw, rowBytes, b, n, unpackComplexInt16)
			} else {
				unpackRows(p, raw, rowBytes, b, n, unpackComplexFloat32)
			}
			planes[b] = p
		case *raster.PlaneOf[complex128]:
			if l.format == formatComplexInt {
				unpackRows(p, raw, rowBytes, b, n, unpackComplexInt32)
			} else {
				unpackRows(p, raw, rowBytes, b, n, unpackComplexFloat64)
			}
			planes[b] = p
		}
	}
	return planes
}

// unpackRows unpacks band b of n bands, row by row.
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

// unpack64 rounds each sample to the nearest float64; up to 2^53 that is exact.
func unpack64[T uint64 | int64](dst []float64, src []byte, b, n int) {
	src = src[8*b:]
	for i := range dst {
		dst[i] = float64(T(binary.LittleEndian.Uint64(src[8*n*i:])))
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

func unpackFloat16(dst []float32, src []byte, b, n int) {
	src = src[2*b:]
	for i := range dst {
		dst[i] = float16(binary.LittleEndian.Uint16(src[2*n*i:]))
	}
}

func unpackFloat24(dst []float32, src []byte, b, n int) {
	src = src[3*b:]
	for i := range dst {
		s := src[3*n*i:][:3]
		dst[i] = float24(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16)
	}
}

func unpackComplexInt16(dst []complex64, src []byte, b, n int) {
	src = src[4*b:]
	for i := range dst {
		s := src[4*n*i:][:4]
		dst[i] = complex(float32(int16(binary.LittleEndian.Uint16(s))), float32(int16(binary.LittleEndian.Uint16(s[2:]))))
	}
}

func unpackComplexInt32(dst []complex128, src []byte, b, n int) {
	src = src[8*b:]
	for i := range dst {
		s := src[8*n*i:][:8]
		dst[i] = complex(float64(int32(binary.LittleEndian.Uint32(s))), float64(int32(binary.LittleEndian.Uint32(s[4:]))))
	}
}

func unpackComplexFloat32(dst []complex64, src []byte, b, n int) {
	src = src[8*b:]
	for i := range dst {
		s := src[8*n*i:][:8]
		dst[i] = complex(math.Float32frombits(binary.LittleEndian.Uint32(s)), math.Float32frombits(binary.LittleEndian.Uint32(s[4:])))
	}
}

func unpackComplexFloat64(dst []complex128, src []byte, b, n int) {
	src = src[16*b:]
	for i := range dst {
		s := src[16*n*i:][:16]
		dst[i] = complex(math.Float64frombits(binary.LittleEndian.Uint64(s)), math.Float64frombits(binary.LittleEndian.Uint64(s[8:])))
	}
}

// smallUnpacker returns a function that unpacks samples of up to 8 bits.
func smallUnpacker(bits int) func(dst []uint8, src []byte, b, n int) {
	switch bits {
	case 8:
		return unpack8[uint8]
	case 1, 2, 4:
		return fractionUnpacker(bits)
	}
	return bitsUnpacker[uint8](bits)
}

// fractionUnpacker returns a function that unpacks samples of 1, 2 or 4 bits, the first one in the most significant
// bits of a byte.
func fractionUnpacker(bits int) func(dst []uint8, src []byte, b, n int) {
	mask := byte(1)<<bits - 1
	return func(dst []uint8, src []byte, b, n int) {
		at := b * bits
		for i := range dst {
			dst[i] = src[at/8] >> (8 - bits - at%8) & mask
			at += n * bits
		}
	}
}

// bitsUnpacker returns a function that unpacks samples of up to 57 bits, which follow each other without gaps, the most
// significant bit first.
func bitsUnpacker[T uint8 | uint16 | uint32](bits int) func(dst []T, src []byte, b, n int) {
	return func(dst []T, src []byte, b, n int) {
		at := b * bits
		for i := range dst {
			from := src[at/8:]
			var eight [8]byte
			if len(from) < len(eight) {
				copy(eight[:], from)
				from = eight[:]
			}
			dst[i] = T(binary.BigEndian.Uint64(from) << (at % 8) >> (64 - bits))
			at += n * bits
		}
	}
}
