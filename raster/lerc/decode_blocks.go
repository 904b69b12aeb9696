package lerc

import "github.com/geoexport/geoexport/internal/littleendian"

// Pixels are coded in square micro-blocks, row after row, and the Depth samples of a pixel one after the other within
// a micro-block. A micro-block starts with a byte:
//
//	bits 0-1  0: samples as they are, 1: numbers of bits, 2: all are 0, 3: all are the same
//	bits 2-5  of the micro-block's column, to notice damage; from version 5 on, bit 2 states that the samples are
//	          differences to the samples before, of the same pixels
//	bits 6-7  type of the least sample, which comes next unless the samples are as they are or 0
//
// A number stands for the least sample plus the number times twice the largest error.

const (
	blockRaw    = 0
	blockBits   = 1
	blockZero   = 2
	blockConst  = 3
	blockDiff   = 4
	blockColumn = 60 // bits of the column
)

// columnBits returns the bits of the first byte that state the column of a micro-block that starts at pixel x.
func columnBits(version, x int) byte {
	bits := byte(x>>3&15) << 2
	if version >= 5 {
		bits &^= blockDiff
	}
	return bits
}

// reducedType returns the type of the least sample of a micro-block, by the code in its first byte; ok is false if
// there is no such code.
func reducedType(t Type, code byte) (reduced Type, ok bool) {
	switch t {
	case Int16:
		return Int16 - Type(code), code <= 2 // int16, uint8, int8
	case Int32:
		return Int32 - Type(code), code <= 3 // int32, uint16, int16, uint8
	case Uint16, Uint32:
		return t - 2*Type(code), 2*Type(code) < t-Int8 // uint32, uint16, uint8
	case Float32:
		return [...]Type{Float32, Int16, Uint8, 0}[code&3], code <= 2
	case Float64:
		return [...]Type{Float64, Float32, Int32, Int16}[code&3], code <= 3
	}
	return t, true
}

// A rect is a part of the band in pixels.
type rect struct{ x0, y0, x1, y1 int }

func (r rect) pixels() int { return (r.x1 - r.x0) * (r.y1 - r.y0) }

// tiles decodes all micro-blocks.
func (d *bandReader[T]) tiles() error {
	quick, deep := d.quick(), d.deep()
	for y := 0; y < d.height; y += d.block {
		at := rect{0, y, 0, min(y+d.block, d.height)}
		for x := 0; x < d.width; x += d.block {
			if quick && x+d.block <= d.width && y+d.block <= d.height && d.quickBlock(x, y) {
				continue
			}
			at.x0, at.x1 = x, min(x+d.block, d.width)
			for k := range d.depth {
				if deep && d.deepBlock(at, k) {
					continue
				}
				if err := d.microBlock(at, k); err != nil {
					return err
				}
			}
		}
		if err := d.pulse.add(d.width * (at.y1 - at.y0) * d.depth * d.typ.Size()); err != nil {
			return err
		}
	}
	return nil
}

// microBlock decodes the kth sample of the pixels of a micro-block.
func (d *bandReader[T]) microBlock(at rect, k int) error {
	head := d.byte()
	if d.short {
		return errShort()
	}
	diff := d.version >= 5 && head&blockDiff != 0
	mask := byte(blockColumn)
	if d.version >= 5 {
		mask &^= blockDiff
	}
	if head&mask != columnBits(d.version, at.x0)&mask || diff && k == 0 {
		return wrong("the micro-block at (%d,%d) starts with %#02x", at.x0, at.y0, head)
	}
	switch head & 3 {
	case blockRaw:
		if diff {
			return wrong("the micro-block at (%d,%d) starts with %#02x", at.x0, at.y0, head)
		}
		return d.rawBlock(at, k)
	case blockZero:
		d.setBlock(at, k, 0, diff)
		return nil
	}
	t := d.typ
	if diff && !t.Float() {
		t = Int32
	}
	t, ok := reducedType(t, head>>6)
	if !ok {
		return wrong("the micro-block at (%d,%d) starts with %#02x", at.x0, at.y0, head)
	}
	low := d.sample(t)
	if d.short {
		return errShort()
	}
	if head&3 == blockConst {
		d.setBlock(at, k, low, diff)
		return nil
	}
	numbers, err := readStuffed(&d.reader, d.numbers[:at.pixels()], d.lut[:], d.layout)
	if err != nil {
		return err
	}
	return d.setNumbers(at, k, low, numbers, diff)
}

// rawBlock reads samples as they are.
func (d *bandReader[T]) rawBlock(at rect, k int) error {
	size := d.typ.Size()
	if d.ok == nil && d.depth == 1 {
		n := at.x1 - at.x0
		for y := at.y0; y < at.y1; y++ {
			b := d.take(n * size)
			if b == nil {
				return errShort()
			}
			littleendian.Get(d.pix[y*d.width+at.x0:][:n], b)
		}
		return nil
	}
	var one [1]T
	for y := at.y0; y < at.y1; y++ {
		for i := y*d.width + at.x0; i < y*d.width+at.x1; i++ {
			if d.ok != nil && d.ok[i] == invalid {
				d.pix[i*d.depth+k] = 0
				continue
			}
			b := d.take(size)
			if b == nil {
				return errShort()
			}
			littleendian.Get(one[:], b)
			d.pix[i*d.depth+k] = one[0]
		}
	}
	return nil
}

// top returns the greatest that the kth sample may become by quantisation.
func (d *bandReader[T]) top(k int) float64 {
	_, most := d.typ.limits()
	top := d.hi
	if d.tops != nil {
		top = float64(d.tops[k])
	}
	if d.typ.Float() {
		if top != top {
			top = most
		}
		return top
	}
	if !(top < most) {
		return most
	}
	return top
}

// setBlock sets the valid pixels of a micro-block to a value, or adds it to the sample before if diff is set.
func (d *bandReader[T]) setBlock(at rect, k int, value float64, diff bool) {
	v, top := toSample[T](value), 0.0
	if diff {
		top = d.top(k)
	}
	for y := at.y0; y < at.y1; y++ {
		first := y*d.width + at.x0
		if d.ok == nil && d.depth == 1 {
			for i := range d.pix[first : y*d.width+at.x1] {
				d.pix[first+i] = v
			}
			continue
		}
		for i := first; i < y*d.width+at.x1; i++ {
			p := i*d.depth + k
			switch {
			case d.ok != nil && d.ok[i] == invalid:
				d.pix[p] = 0
			case diff:
				d.pix[p] = clampSample[T](value+float64(d.pix[p-1]), top)
			default:
				d.pix[p] = v
			}
		}
	}
}

// clampSample returns the smaller of the two as a sample.
func clampSample[T Sample](v, top float64) T {
	if v > top {
		v = top
	}
	return toSample[T](v)
}

// setNumbers sets the valid pixels of a micro-block to the values of numbers: of all pixels, or of the valid ones.
func (d *bandReader[T]) setNumbers(at rect, k int, low float64, numbers []uint32, diff bool) error {
	every := len(numbers) == at.pixels()
	if d.ok == nil && !every {
		return wrong("the micro-block at (%d,%d) has %d numbers, want %d", at.x0, at.y0, len(numbers), at.pixels())
	}
	top := d.top(k)
	n := at.x1 - at.x0
	if d.ok == nil && d.depth == 1 {
		for y := at.y0; y < at.y1; y++ {
			d.scale(d.pix[y*d.width+at.x0:][:n], numbers, low, top)
			numbers = numbers[n:]
		}
		return nil
	}
	if diff {
		return d.addNumbers(at, k, low, numbers, top)
	}
	values := d.values[:len(numbers)]
	d.scale(values, numbers, low, top)
	for y := at.y0; y < at.y1; y++ {
		for i := y*d.width + at.x0; i < y*d.width+at.x1; i++ {
			p := i*d.depth + k
			if d.ok == nil || d.ok[i] != invalid {
				if len(values) == 0 {
					return d.tooFew(at)
				}
				d.pix[p] = values[0]
			} else {
				d.pix[p] = 0
				if !every {
					continue
				}
			}
			values = values[1:]
		}
	}
	return nil
}

func (d *bandReader[T]) tooFew(at rect) error {
	return wrong("the micro-block at (%d,%d) has too few numbers", at.x0, at.y0)
}

// addNumbers is setNumbers for differences to the sample before. Sums outside of the type become its nearest number:
// Esri's encoder of 2022, which codes differences with loss, counts on it, though its decoder lets them wrap around.
func (d *bandReader[T]) addNumbers(at rect, k int, low float64, numbers []uint32, top float64) error {
	every, step := len(numbers) == at.pixels(), 2*d.maxZError
	lo, _ := d.typ.limits()
	least := int64(lo)
	for y := at.y0; y < at.y1; y++ {
		for i := y*d.width + at.x0; i < y*d.width+at.x1; i++ {
			p := i*d.depth + k
			if d.ok == nil || d.ok[i] != invalid {
				if len(numbers) == 0 {
					return d.tooFew(at)
				}
				if d.isInt {
					sum := int64(low) + int64(numbers[0])*int64(step) + int64(d.pix[p-1])
					d.pix[p] = T(max(min(sum, int64(top)), least))
				} else {
					d.pix[p] = clampSample[T](low+float64(float64(numbers[0])*step)+float64(d.pix[p-1]), top)
				}
			} else {
				d.pix[p] = 0
				if !every {
					continue
				}
			}
			numbers = numbers[1:]
		}
	}
	return nil
}

// scale sets samples to the values of as many numbers.
func (d *bandReader[T]) scale(dst []T, numbers []uint32, low, top float64) {
	switch {
	case d.isInt:
		scaleInts(dst, numbers, int64(low), int64(2*d.maxZError), int64(top))
	case d.typ.Float():
		scaleFloats(dst, numbers, low, 2*d.maxZError, top)
	default:
		for i := range dst {
			dst[i] = clampSample[T](low+float64(float64(numbers[i])*2*d.maxZError), top)
		}
	}
}

// scaleInts is exact: numbers have 31 bits and steps fewer than 32.
func scaleInts[T Sample](dst []T, numbers []uint32, low, step, top int64) {
	numbers = numbers[:len(dst)]
	for i, v := range numbers {
		dst[i] = T(min(low+int64(v)*step, top))
	}
}

func scaleFloats[T Sample](dst []T, numbers []uint32, low, step, top float64) {
	numbers = numbers[:len(dst)]
	for i, n := range numbers {
		v := low + float64(float64(n)*step)
		if v > top {
			v = top
		}
		dst[i] = T(v)
	}
}
