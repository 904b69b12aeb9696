package lerc

import (
	"encoding/binary"
	"math"
)

// Floating-point samples without loss are coded, from version 6 on, as planes of bytes: all lowest bytes, and so on.
// The bits of a float32 are rotated first, so that the exponent is a byte of its own. A predictor takes differences of
// samples, exponent and mantissa apart; then each plane takes differences of its bytes, up to maxLevel times, and is
// packed in one of several ways. Invalid pixels are coded as well. With Depth samples in a pixel, these are the columns
// and all pixels the rows.

// The predictors.
const (
	predictNone  = 0
	predictLeft  = 1 // differences to the sample on the left
	predictCross = 2 // and then to the one above
)

// maxLevel is the most times that a plane takes differences.
const maxLevel = 5

// The ways to pack a plane, which its first byte states.
const (
	planeHuffman  = 0
	planeConst    = 1 // one byte and its count
	planeRaw      = 2
	planePackBits = 3 // runs of PackBits, in an order of their own
)

// planeGrid returns the columns and rows of the planes.
func (b *blob) planeGrid() (columns, rows int) {
	if b.depth == 1 {
		return b.width, b.height
	}
	return b.depth, b.width * b.height
}

// bytePlanes decodes planes of bytes.
func (d *bandReader[T]) bytePlanes() error {
	predictor := d.byte()
	if d.short {
		return errShort()
	}
	if predictor > predictCross {
		return wrong("there is no predictor %d", predictor)
	}
	clear(d.pix)
	plane := make([]byte, len(d.pix))
	seen := 0
	for range d.typ.Size() {
		index, level, size := int(d.byte()), int(d.byte()), d.uint32()
		if d.short || size > math.MaxInt32 {
			return errShort()
		}
		src := d.take(int(size))
		if d.short {
			return errShort()
		}
		if index >= d.typ.Size() || seen&(1<<index) != 0 || level > maxLevel {
			return wrong("a plane of bytes %d with differences of level %d", index, level)
		}
		seen |= 1 << index
		if err := d.unpackPlane(plane, src); err != nil {
			return err
		}
		for ; level > 0; level-- {
			sum := byte(0)
			from := plane[min(level-1, len(plane)):]
			for i, v := range from {
				sum += v
				from[i] = sum
			}
		}
		if err := d.pulse.add(len(plane)); err != nil {
			return err
		}
		d.orPlane(plane, 8*index)
	}
	columns, rows := d.planeGrid()
	switch pix := any(d.pix).(type) {
	case []float32:
		undoPredictor32(pix, columns, rows, predictor)
		for i, v := range pix {
			pix[i] = math.Float32frombits(rotateBack(math.Float32bits(v)))
		}
	case []float64:
		undoPredictor64(pix, columns, rows, predictor)
	}
	for y := range d.height {
		d.blank(d.pix[y*d.width*d.depth:][:d.width*d.depth], y)
	}
	return d.pulse.add(len(plane))
}

// orPlane puts the bytes of a plane into the bits of samples, which are 0 there.
func (d *bandReader[T]) orPlane(plane []byte, shift int) {
	switch pix := any(d.pix).(type) {
	case []float32:
		for i, v := range plane {
			pix[i] = math.Float32frombits(math.Float32bits(pix[i]) | uint32(v)<<shift)
		}
	case []float64:
		for i, v := range plane {
			pix[i] = math.Float64frombits(math.Float64bits(pix[i]) | uint64(v)<<shift)
		}
	}
}

// unpackPlane fills dst with the bytes of a plane.
func (d *bandReader[T]) unpackPlane(dst, src []byte) error {
	if len(src) == 0 {
		return errShort()
	}
	kind, src := src[0], src[1:]
	switch kind {
	case planeHuffman:
		r := reader{b: src}
		h := &huffmanReader{}
		if err := h.readTable(&r, unstuff); err != nil {
			return err
		}
		for len(dst) > 0 {
			n := min(len(dst), pulseBytes)
			if !h.decode(dst[:n]) {
				return errCodes()
			}
			if err := d.pulse.add(n); err != nil {
				return err
			}
			dst = dst[n:]
		}
	case planeConst:
		if len(src) < 5 || uint64(binary.LittleEndian.Uint32(src[1:])) != uint64(len(dst)) {
			return wrong("a plane of equal bytes has another size")
		}
		for i := range dst {
			dst[i] = src[0]
		}
	case planeRaw:
		if len(src) < len(dst) {
			return errShort()
		}
		copy(dst, src)
	case planePackBits:
		return unpackRuns(dst, src)
	default:
		return wrong("a plane of bytes is packed in way %d", kind)
	}
	return nil
}

// unpackRuns unpacks runs: a byte up to 127 is one less than the number of bytes that follow, a larger one is 126 more
// than the number of times that the next byte stands for.
func unpackRuns(dst, src []byte) error {
	for len(src) > 0 && len(dst) > 0 {
		n, head := int(src[0])+1, src[0]
		src = src[1:]
		if head > 127 {
			if n = int(head) - 126; n > len(dst) || len(src) == 0 {
				return wrong("a plane of bytes has runs of another size")
			}
			for i := range dst[:n] {
				dst[i] = src[0]
			}
			src = src[1:]
		} else {
			if n > len(dst) || n > len(src) {
				return wrong("a plane of bytes has runs of another size")
			}
			copy(dst, src[:n])
			src = src[n:]
		}
		dst = dst[n:]
	}
	if len(src) > 0 || len(dst) > 0 {
		return wrong("a plane of bytes has runs of another size")
	}
	return nil
}

// rotate moves the sign of a float32 behind its exponent, so that the highest byte is the exponent.
func rotate(v uint32) uint32 { return v&mantissa32 | v>>31<<23 | v<<1&0xff000000 }

func rotateBack(v uint32) uint32 { return v&mantissa32 | v>>23&1<<31 | v>>1&0x7f800000 }

// addParts adds the low bits, which mask states, and the high bits, without a carry from one to the other.
func addParts[U uint32 | uint64](a, b, mask U) U { return (a+b)&mask | (a&^mask+b&^mask)&^mask }

// subParts undoes addParts.
func subParts[U uint32 | uint64](a, b, mask U) U { return (a-b)&mask | (a&^mask-b&^mask)&^mask }

// The bits of mantissas.
const (
	mantissa32 = 1<<23 - 1
	mantissa64 = 1<<52 - 1
)

// undoPredictor32 sums the differences of a predictor.
func undoPredictor32(pix []float32, columns, rows int, predictor byte) {
	bits, from := math.Float32bits, math.Float32frombits
	if predictor == predictCross {
		for i := columns; i < len(pix); i++ {
			pix[i] = from(addParts(bits(pix[i]), bits(pix[i-columns]), mantissa32))
		}
	}
	if predictor == predictNone {
		return
	}
	for y := range rows {
		row := pix[y*columns:][:columns]
		sum := uint32(0)
		for i, v := range row {
			sum = addParts(bits(v), sum, mantissa32)
			row[i] = from(sum)
		}
	}
}

// undoPredictor64 is undoPredictor32 for the wider type.
func undoPredictor64(pix []float64, columns, rows int, predictor byte) {
	bits, from := math.Float64bits, math.Float64frombits
	if predictor == predictCross {
		for i := columns; i < len(pix); i++ {
			pix[i] = from(addParts(bits(pix[i]), bits(pix[i-columns]), mantissa64))
		}
	}
	if predictor == predictNone {
		return
	}
	for y := range rows {
		row := pix[y*columns:][:columns]
		sum := uint64(0)
		for i, v := range row {
			sum = addParts(bits(v), sum, mantissa64)
			row[i] = from(sum)
		}
	}
}
