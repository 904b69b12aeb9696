package geotiff

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/geoexport/geoexport/raster"
)

// Most files hold samples of 1, 2 or 4 whole bytes, with or without a predictor. For these, unpackFast undoes the
// predictor, separates the bands and writes the planes in one pass over the bytes. undoPredictor and unpack do the same
// in several passes; the tests compare the two.

// unpacksFast reports whether unpackFast supports the layout.
func unpacksFast(l *layout) bool {
	switch {
	case l.ycbcr != nil:
		return false
	case l.predictor == predictorFloat:
		return l.typ == raster.F32 && l.bits == 32 && l.samples() == 1
	}
	switch l.typ {
	case raster.U8, raster.S8:
		return l.bits == 8
	case raster.U16, raster.S16:
		return l.bits == 16
	case raster.U32, raster.S32, raster.F32:
		return l.bits == 32
	}
	return false
}

// unpackFast unpacks a decoded block, little endian and before its predictor is undone, into planes of all its samples.
// The planes have the size of the pixels wanted, which begin at the block's first pixel; raw may hold more at the ends
// of rows.
func unpackFast(l *layout, raw []byte, planes []raster.Plane) {
	diff := l.predictor == predictorHorizontal
	switch planes[0].(type) {
	case *raster.PlaneOf[uint8]:
		unpackBytes(l, raw, planes, diff)
	case *raster.PlaneOf[int8]:
		unpackWords(l, raw, planes, pick(diff, unpack8[int8], undiff8[int8]))
	case *raster.PlaneOf[uint16]:
		unpack16s[uint16](l, raw, planes, diff)
	case *raster.PlaneOf[int16]:
		unpack16s[int16](l, raw, planes, diff)
	case *raster.PlaneOf[uint32]:
		unpackWords(l, raw, planes, pick(diff, unpack32[uint32], undiff32[uint32]))
	case *raster.PlaneOf[int32]:
		unpackWords(l, raw, planes, pick(diff, unpack32[int32], undiff32[int32]))
	case *raster.PlaneOf[float32]:
		if l.predictor == predictorFloat {
			unpackWords(l, raw, planes, undiffFloatBytes)
			return
		}
		unpackWords(l, raw, planes, pick(diff, unpackFloat32, undiffFloat32))
	}
}

func pick[F any](second bool, a, b F) F {
	if second {
		return b
	}
	return a
}

// unpackWords unpacks all bands of a row before the next row, while the row is in the processor's cache.
func unpackWords[T raster.Sample](l *layout, raw []byte, planes []raster.Plane, row func(dst []T, src []byte, b, n int)) {
	r := planes[0].Bounds()
	for y := range r.Dy() {
		src := raw[y*l.rowBytes:][:l.rowBytes]
		for b, p := range planes {
			row(p.(*raster.PlaneOf[T]).Row(r.Min.Y+y), src, b, len(planes))
		}
	}
}

// unpack16s unpacks samples of two bytes, with a loop of its own for three bands.
func unpack16s[T uint16 | int16](l *layout, raw []byte, planes []raster.Plane, diff bool) {
	if len(planes) != 3 {
		unpackWords(l, raw, planes, pick(diff, unpack16[T], undiff16[T]))
		return
	}
	r := planes[0].Bounds()
	for y := range r.Dy() {
		src := raw[y*l.rowBytes:][:l.rowBytes]
		row := func(b int) []T { return planes[b].(*raster.PlaneOf[T]).Row(r.Min.Y + y) }
		if diff {
			undiffThree16(row(0), row(1), row(2), src)
		} else {
			splitThree16(row(0), row(1), row(2), src)
		}
	}
}

func splitThree16[T uint16 | int16](a, b, c []T, src []byte) {
	b, c = b[:len(a)], c[:len(a)]
	for i := range a {
		s := src[6*i:][:6]
		a[i] = T(binary.LittleEndian.Uint16(s))
		b[i] = T(binary.LittleEndian.Uint16(s[2:]))
		c[i] = T(binary.LittleEndian.Uint16(s[4:]))
	}
}

func undiffThree16[T uint16 | int16](a, b, c []T, src []byte) {
	b, c = b[:len(a)], c[:len(a)]
	var va, vb, vc T // the last pixel
	for i := range a {
		s := src[6*i:][:6]
		va += T(binary.LittleEndian.Uint16(s))
		vb += T(binary.LittleEndian.Uint16(s[2:]))
		vc += T(binary.LittleEndian.Uint16(s[4:]))
		a[i], b[i], c[i] = va, vb, vc
	}
}

func undiff8[T uint8 | int8](dst []T, src []byte, b, n int) {
	src = src[b:]
	var v T
	for i := range dst {
		v += T(src[i*n])
		dst[i] = v
	}
}

func undiff16[T uint16 | int16](dst []T, src []byte, b, n int) {
	src = src[2*b:]
	var v T
	for i := range dst {
		v += T(binary.LittleEndian.Uint16(src[2*n*i:]))
		dst[i] = v
	}
}

func undiff32[T uint32 | int32](dst []T, src []byte, b, n int) {
	src = src[4*b:]
	var v T
	for i := range dst {
		v += T(binary.LittleEndian.Uint32(src[4*n*i:]))
		dst[i] = v
	}
}

// undiffFloat32 undoes predictor 2 for float32, whose bits the predictor treats as integers.
func undiffFloat32(dst []float32, src []byte, b, n int) {
	src = src[4*b:]
	var v uint32
	for i := range dst {
		v += binary.LittleEndian.Uint32(src[4*n*i:])
		dst[i] = math.Float32frombits(v)
	}
}

// undiffFloatBytes undoes predictor 3 for one band, as undoFloat does. It overwrites src.
func undiffFloatBytes(dst []float32, src []byte, _, _ int) {
	undiffBytes(src, src)
	n := len(src) / 4
	b3, b2, b1, b0 := src[:n], src[n:2*n], src[2*n:3*n], src[3*n:]
	b3, b2, b1, b0 = b3[:len(dst)], b2[:len(dst)], b1[:len(dst)], b0[:len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(uint32(b3[i])<<24 | uint32(b2[i])<<16 | uint32(b1[i])<<8 | uint32(b0[i]))
	}
}

// unpackBytes unpacks samples of one byte. With one band or three, it takes eight pixels at a time.
func unpackBytes(l *layout, raw []byte, planes []raster.Plane, diff bool) {
	r := planes[0].Bounds()
	for y := range r.Dy() {
		src := raw[y*l.rowBytes:][:l.rowBytes]
		row := func(b int) []uint8 { return planes[b].(*raster.PlaneOf[uint8]).Row(r.Min.Y + y) }
		switch {
		case len(planes) == 1 && diff:
			undiffBytes(row(0), src)
		case len(planes) == 1:
			copy(row(0), src)
		case len(planes) == 3 && diff:
			undiffThree(row(0), row(1), row(2), src)
		case len(planes) == 3:
			splitThree(row(0), row(1), row(2), src)
		case diff:
			for b := range planes {
				undiff8(row(b), src, b, len(planes))
			}
		default:
			for b := range planes {
				unpack8(row(b), src, b, len(planes))
			}
		}
	}
}

// Eight pixels of three bands are 24 bytes, or three words, in which every third byte is of the same band: bytes 0, 3
// and 6 of one word, 1, 4 and 7 of another, 2 and 5 of the third. The masks select these. No two selected bytes are in
// the same position, so all eight fit in one word.
const (
	pick036 = 0x00ff0000ff0000ff
	pick147 = 0xff0000ff0000ff00
	pick25  = 0x0000ff0000ff0000
)

// inOrder sorts the eight bytes of band b that the masks selected. Byte i of band 0 is at position 3i mod 8. Rotating
// the word by one byte for each further band leads to the same positions. Reversing the bytes leads to 5i mod 8, apart
// from a rotation: then even bytes are in place, and odd ones four positions further on.
func inOrder(w uint64, b int) uint64 {
	const even, odd = 0x00ff00ff00ff00ff, 0xff00ff00ff00ff00
	w = bits.ReverseBytes64(w)
	return bits.RotateLeft64(w, 8*b+8)&even | bits.RotateLeft64(w, 8*b+40)&odd
}

// splitThree separates the bands of pixels of three bytes.
func splitThree(a, b, c, src []byte) {
	n := len(a)
	b, c, src = b[:n], c[:n], src[:3*n]
	i, j := 0, 0
	// Unrolled once, since stepping to the next eight pixels takes half as long as separating them.
	for ; i+16 <= n && j+48 <= len(src); i, j = i+16, j+48 {
		ra, rb, rc, s := a[i:i+16:i+16], b[i:i+16:i+16], c[i:i+16:i+16], src[j:j+48:j+48]
		x, y, z := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:]), binary.LittleEndian.Uint64(s[16:])
		binary.LittleEndian.PutUint64(ra, inOrder(x&pick036|y&pick147|z&pick25, 0))
		binary.LittleEndian.PutUint64(rb, inOrder(x&pick147|y&pick25|z&pick036, 1))
		binary.LittleEndian.PutUint64(rc, inOrder(x&pick25|y&pick036|z&pick147, 2))
		x, y, z = binary.LittleEndian.Uint64(s[24:]), binary.LittleEndian.Uint64(s[32:]), binary.LittleEndian.Uint64(s[40:])
		binary.LittleEndian.PutUint64(ra[8:], inOrder(x&pick036|y&pick147|z&pick25, 0))
		binary.LittleEndian.PutUint64(rb[8:], inOrder(x&pick147|y&pick25|z&pick036, 1))
		binary.LittleEndian.PutUint64(rc[8:], inOrder(x&pick25|y&pick036|z&pick147, 2))
	}
	for ; i < n; i++ {
		a[i], b[i], c[i] = src[3*i], src[3*i+1], src[3*i+2]
	}
}

// undiffThree separates the bands as splitThree does, for pixels stored as differences from the pixel on their left.
func undiffThree(a, b, c, src []byte) {
	n := len(a)
	b, c, src = b[:n], c[:n], src[:3*n]
	i, j := 0, 0
	var va, vb, vc uint64 // the last pixel
	for ; i+8 <= n && j+24 <= len(src); i, j = i+8, j+24 {
		ra, rb, rc, s := a[i:i+8:i+8], b[i:i+8:i+8], c[i:i+8:i+8], src[j:j+24:j+24]
		x, y, z := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:]), binary.LittleEndian.Uint64(s[16:])
		var w uint64
		even, odd := inLanes(x&pick036|y&pick147|z&pick25, 0)
		w, va = runningSum(even, odd, va)
		binary.LittleEndian.PutUint64(ra, w)
		even, odd = inLanes(x&pick147|y&pick25|z&pick036, 1)
		w, vb = runningSum(even, odd, vb)
		binary.LittleEndian.PutUint64(rb, w)
		even, odd = inLanes(x&pick25|y&pick036|z&pick147, 2)
		w, vc = runningSum(even, odd, vc)
		binary.LittleEndian.PutUint64(rc, w)
	}
	for ; i < n; i++ {
		va, vb, vc = va+uint64(src[3*i]), vb+uint64(src[3*i+1]), vc+uint64(src[3*i+2])
		a[i], b[i], c[i] = byte(va), byte(vb), byte(vc)
	}
}

// undiffBytes undoes predictor 2 on bytes: it adds up differences from the byte on the left. dst may be src.
func undiffBytes(dst, src []byte) {
	src = src[:len(dst)]
	var v, x uint64
	for len(dst) >= 8 && len(src) >= 8 {
		x = binary.LittleEndian.Uint64(src)
		x, v = runningSum(x&lowBytes, x>>8&lowBytes, v)
		binary.LittleEndian.PutUint64(dst, x)
		dst, src = dst[8:], src[8:]
	}
	for i := range dst {
		v += uint64(src[i])
		dst[i] = byte(v)
	}
}

// Four samples at a time lie in lanes of 16 bits, which hold their sums without overflow.
const (
	eachLane = 0x0001000100010001
	lowBytes = 0x00ff00ff00ff00ff
)

// inLanes sorts bytes as inOrder does, but returns the even and the odd ones apart, each in the lower half of a lane of
// 16 bits.
func inLanes(w uint64, b int) (even, odd uint64) {
	w = bits.ReverseBytes64(w)
	return bits.RotateLeft64(w, 8*b+8) & lowBytes, bits.RotateLeft64(w, 8*b+32) & lowBytes
}

// runningSum converts eight differences, the even and the odd ones in lanes of 16 bits, to eight samples, the first one
// lowest. before is the sample before them; last is the last of them.
func runningSum(even, odd, before uint64) (samples, last uint64) {
	// The product is the running sum of the lanes. Each lane adds up before and at most eight differences, so at most
	// 9·255.
	sum := (even + before + odd) * eachLane
	return (sum-odd)&lowBytes | sum&lowBytes<<8, sum >> 48 & 0xff
}
