package grid

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"github.com/geoexport/geoexport/raster"
)

// An encoding is how a sample is written.
type encoding struct {
	typ       raster.PixelType
	bits      int  // from one sample's first bit to its last
	bigEndian bool // the most significant byte comes first
	magnitude bool // of S16: a sign and a magnitude, as in DTED, rather than two's complement
}

// newEncoding returns the encoding of whole samples of a type.
func newEncoding(t raster.PixelType, bigEndian bool) encoding {
	e := encoding{typ: t, bits: 8 * t.Size(), bigEndian: bigEndian}
	switch t {
	case raster.U1:
		e.bits = 1
	case raster.U2:
		e.bits = 2
	case raster.U4:
		e.bits = 4
	}
	return e
}

// A target is where the samples of a line go: the first to pix[at], and each further one step behind the one before.
type target[T raster.Sample] struct {
	pix      []T
	at, step int
	n        int
}

// decode decodes a line of the raster from the bytes of its first sample on, in which that begins at a bit.
func (r *raw) decode(p raster.Plane, line int, src []byte, bit int) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		if r.enc.bits < 8 {
			decodeBits(lineOf(r, p, line), src, bit, int(r.sample), r.enc.bits)
		} else {
			decode8(lineOf(r, p, line), src, int(r.sample/8))
		}
	case *raster.PlaneOf[int8]:
		decode8(lineOf(r, p, line), src, int(r.sample/8))
	case *raster.PlaneOf[uint16]:
		decode16(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[int16]:
		to := lineOf(r, p, line)
		decode16(to, src, int(r.sample/8), r.enc.bigEndian)
		if r.enc.magnitude {
			fromMagnitude(to)
		}
	case *raster.PlaneOf[uint32]:
		decode32(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[int32]:
		decode32(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[float32]:
		decodeFloat32(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[float64]:
		decodeFloat64(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[complex64]:
		decodeComplex64(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	case *raster.PlaneOf[complex128]:
		decodeComplex128(lineOf(r, p, line), src, int(r.sample/8), r.enc.bigEndian)
	default:
		panic(fmt.Sprintf("grid: a plane of type %T", p)) // raster.CheckDestination has checked it
	}
}

// lineOf returns where a line of the raster goes in a plane.
func lineOf[T raster.Sample](r *raw, p *raster.PlaneOf[T], line int) target[T] {
	switch n := p.Rect.Dy(); {
	case !r.columns:
		return target[T]{p.Row(line), 0, 1, p.Rect.Dx()}
	case r.upwards:
		return target[T]{p.Pix, (n-1)*p.Stride + line - p.Rect.Min.X, -p.Stride, n}
	default:
		return target[T]{p.Pix, line - p.Rect.Min.X, p.Stride, n}
	}
}

// decodeBits reads samples of fewer than 8 bits; the most significant bits of a byte come first.
func decodeBits(to target[uint8], src []byte, bit, step, size int) {
	mask := uint8(1)<<size - 1
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		// No sample crosses the end of a byte, since sizes divide 8 and bands and rows begin at multiples of them.
		to.pix[j] = src[bit/8] >> (8 - size - bit%8) & mask
		bit += step
	}
}

func decode8[T uint8 | int8](to target[T], src []byte, step int) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		to.pix[j] = T(src[i*step])
	}
}

func decode16[T uint16 | int16](to target[T], src []byte, step int, big bool) {
	if big {
		for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
			to.pix[j] = T(binary.BigEndian.Uint16(src[i*step:]))
		}
		return
	}
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		to.pix[j] = T(binary.LittleEndian.Uint16(src[i*step:]))
	}
}

func decode32[T uint32 | int32](to target[T], src []byte, step int, big bool) {
	if big {
		for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
			to.pix[j] = T(binary.BigEndian.Uint32(src[i*step:]))
		}
		return
	}
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		to.pix[j] = T(binary.LittleEndian.Uint32(src[i*step:]))
	}
}

func decodeFloat32(to target[float32], src []byte, step int, big bool) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		to.pix[j] = math.Float32frombits(word32(src[i*step:], big))
	}
}

func decodeFloat64(to target[float64], src []byte, step int, big bool) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		to.pix[j] = math.Float64frombits(word64(src[i*step:], big))
	}
}

// decodeComplex64 reads samples that are their real part, then their imaginary one.
func decodeComplex64(to target[complex64], src []byte, step int, big bool) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		s := src[i*step:]
		to.pix[j] = complex(math.Float32frombits(word32(s, big)), math.Float32frombits(word32(s[4:], big)))
	}
}

func decodeComplex128(to target[complex128], src []byte, step int, big bool) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		s := src[i*step:]
		to.pix[j] = complex(math.Float64frombits(word64(s, big)), math.Float64frombits(word64(s[8:], big)))
	}
}

func word32(b []byte, big bool) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func word64(b []byte, big bool) uint64 {
	v := binary.LittleEndian.Uint64(b)
	if big {
		v = bits.ReverseBytes64(v)
	}
	return v
}

// fromMagnitude turns samples of a sign and a magnitude into numbers. Some writers put two's complement there, of which
// small negative numbers look like magnitudes beyond any height: those below -16000 are read so, as GDAL does, but for
// -32767, which is no data (MIL-PRF-89020B, 3.11.3, has heights from -12000 to 9000).
func fromMagnitude(to target[int16]) {
	for i, j := 0, to.at; i < to.n; i, j = i+1, j+to.step {
		v := to.pix[j]
		if v >= 0 {
			continue
		}
		m := -int(uint16(v) & 0x7fff)
		if m < -16000 && m != -32767 {
			continue // it is v itself
		}
		to.pix[j] = int16(m)
	}
}
