package lerc

import "encoding/binary"

// Most bands have one sample in a pixel, all pixels valid, and micro-blocks of 8 or 16 pixels a side. Their
// micro-blocks are decoded here, eight numbers at a time: they take whole bytes. All else, and what looks damaged, is
// left to microBlock, which decodes the same.

// eight is the number of samples that are decoded together.
const eight = 8

// quickHead is the most bytes of a micro-block before its numbers: the first byte, a sample, and the numbers' header.
const quickHead = 1 + 8 + 3

// quick prepares quickBlock, and reports whether the band is one for it.
func (d *bandReader[T]) quick() bool {
	if d.ok != nil || d.depth != 1 || d.version < 3 || d.block != smallBlock && d.block != largeBlock ||
		!d.isInt && !d.typ.Float() {
		return false
	}
	d.setTypes()
	return true
}

// setTypes sets the types of the least sample of a micro-block, 0 for codes that there are not.
func (d *bandReader[T]) setTypes() {
	for code := range d.types {
		t, ok := reducedType(d.typ, byte(code))
		if !ok {
			t = 0
		}
		d.types[code] = t
	}
}

// quickBlock decodes a whole micro-block, and reports whether it has; if not, the place in the data is the same.
func (d *bandReader[T]) quickBlock(x, y int) bool {
	if len(d.b)-d.at < quickHead {
		return false
	}
	b := d.b[d.at:]
	head := b[0]
	mask := byte(blockColumn)
	if d.version >= versionDiff {
		if mask &^= blockDiff; head&blockDiff != 0 {
			return false
		}
	}
	if head&mask != byte(x>>3&15)<<2&mask {
		return false
	}
	pix := d.pix[y*d.width+x:]
	kind := head & 3
	if kind == blockZero {
		fillBlock(pix, d.width, d.block, 0)
		d.at++
		return true
	}
	t := d.types[head>>6]
	if kind == blockRaw || t == 0 {
		return false
	}
	low := numberOf(b[1:], t)
	if kind == blockConst {
		fillBlock(pix, d.width, d.block, toSample[T](low))
		d.at += 1 + t.Size()
		return true
	}
	start, n := d.at, d.block*d.block
	d.at += 1 + t.Size()
	numbers, err := readStuffed(&d.reader, d.numbers[:n], d.lut[:], unstuff)
	if err != nil || len(numbers) < n {
		d.at, d.short = start, false
		return false
	}
	d.scaleBlock(pix, low, numbers, uint(b[1+t.Size()]&31))
	return true
}

// scaleBlock sets a micro-block to the values of numbers of width bits.
func (d *bandReader[T]) scaleBlock(pix []T, low float64, numbers []uint32, width uint) {
	step, top := 2*d.maxZError, d.top(0)
	most := float64(uint32(1)<<width - 1)
	switch inside := low+float64(most*step) <= top; {
	case d.isInt && inside:
		scaleBlockInts(pix, d.width, d.block, numbers, uint32(int64(low)), uint32(int64(step)))
	case d.typ.Float() && inside:
		scaleBlockFloats(pix, d.width, d.block, numbers, low, step)
	default:
		for r := range d.block {
			d.scale(pix[r*d.width:][:d.block], numbers[d.block*r:], low, top)
		}
	}
}

// numberOf returns a number of type t at the start of b, which has eight bytes at least.
func numberOf(b []byte, t Type) float64 {
	if t == Uint8 {
		return float64(b[0])
	}
	r := reader{b: b[:8]}
	return r.sample(t)
}

// fillBlock sets a block of side by side samples, where a row of pix has columns.
func fillBlock[T Sample](pix []T, columns, side int, v T) {
	row := [eight]T{v, v, v, v, v, v, v, v}
	for r := range side {
		for x := 0; x < side; x += eight {
			*(*[eight]T)(pix[r*columns+x:]) = row
		}
	}
}

// unstuffEights is unstuff for a multiple of eight numbers, with eight bytes more than they need.
func unstuffEights(dst []uint32, src []byte, width int) {
	bits, mask := uint(width)&63, uint64(1)<<width-1
	switch {
	case width <= 8:
		for ; len(dst) >= eight && len(src) >= 8; dst, src = dst[eight:], src[width:] {
			n, w := (*[eight]uint32)(dst), binary.LittleEndian.Uint64(src)
			for i := range n {
				n[i] = uint32(w & mask)
				w >>= bits
			}
		}
	case width <= 16:
		half := uint(width) * 4
		for ; len(dst) >= eight && len(src) >= 16; dst, src = dst[eight:], src[width:] {
			n := (*[eight]uint32)(dst)
			w, v := binary.LittleEndian.Uint64(src), binary.LittleEndian.Uint64(src[half>>3:])>>(half&7)
			n[0], n[4] = uint32(w&mask), uint32(v&mask)
			w, v = w>>bits, v>>bits
			n[1], n[5] = uint32(w&mask), uint32(v&mask)
			w, v = w>>bits, v>>bits
			n[2], n[6] = uint32(w&mask), uint32(v&mask)
			w, v = w>>bits, v>>bits
			n[3], n[7] = uint32(w&mask), uint32(v&mask)
		}
	default:
		for ; len(dst) >= eight && len(src) >= 40; dst, src = dst[eight:], src[width:] {
			n := (*[eight]uint32)(dst)
			for i := range n {
				at := uint(i) * bits
				n[i] = uint32(binary.LittleEndian.Uint64(src[at>>3:]) >> (at & 7) & mask)
			}
		}
	}
	for i := range dst { // too few bytes follow
		at := i * width
		dst[i] = uint32(wordAt(src, at>>3) >> (at & 7) & mask)
	}
}

// scaleBlockInts sets a block to low + number × step, none of which is too large for its type.
func scaleBlockInts[T Sample](pix []T, columns, side int, numbers []uint32, low, step uint32) {
	for r := range side {
		for x := 0; x < side; x += eight {
			dst, n := (*[eight]T)(pix[r*columns+x:]), (*[eight]uint32)(numbers[side*r+x:])
			for i, v := range n {
				dst[i] = T(low + v*step)
			}
		}
	}
}

func scaleBlockFloats[T Sample](pix []T, columns, side int, numbers []uint32, low, step float64) {
	for r := range side {
		for x := 0; x < side; x += eight {
			dst, n := (*[eight]T)(pix[r*columns+x:]), (*[eight]uint32)(numbers[side*r+x:])
			for i, v := range n {
				dst[i] = T(low + float64(float64(v)*step))
			}
		}
	}
}
