package pngfilter

import (
	"encoding/binary"
	"slices"
)

// The filters. Each byte is replaced by its difference from a prediction by its neighbours:
//
//	c b    a is the byte one pixel to the left, b the one above, c the one above a;
//	a x    each is 0 outside the image
const (
	None    = iota // the byte itself
	Sub            // less a
	Up             // less b
	Average        // less half of a+b, rounded down
	Paeth          // less that of a, b and c which is nearest to a+b-c
	filterCount
)

const (
	ones8  = 0x0101010101010101
	high8  = 0x8080808080808080
	even8  = 0x00ff00ff00ff00ff
	ones16 = 0x0001000100010001
	high16 = 0x8000800080008000
)

// sub8 returns x-y in each of eight bytes, modulo 256.
func sub8(x, y uint64) uint64 { return ((x | high8) - (y &^ high8)) ^ ((x ^ ^y) & high8) }

// average8 returns the mean of x and y, rounded down, in each of eight bytes.
func average8(x, y uint64) uint64 { return x&y + ((x^y)&^ones8)>>1 }

// cost8 returns the sum of the absolute values of eight signed bytes.
func cost8(d uint64) int {
	neg := d >> 7 & ones8
	d = (d ^ neg*0xff) + neg
	return int((d&even8 + d>>8&even8) * ones16 >> 48)
}

// sub16 returns x-y in each of four lanes of 16 bits, both under 0x8000, as a signed number.
func sub16(x, y uint64) uint64 { return ((x | high16) - y) ^ high16 }

// fill16 returns all ones in each of four lanes whose highest bit is set in f, which has no other bits.
func fill16(f uint64) uint64 { return f<<1 - f>>15 }

// abs16 returns the absolute value in each of four signed lanes.
func abs16(d uint64) uint64 {
	neg := d & high16
	return (d ^ fill16(neg)) + neg>>15
}

// notLess16 returns the highest bit in each of four lanes where x >= y, both under 0x8000.
func notLess16(x, y uint64) uint64 { return ((x | high16) - y) & high16 }

// paeth16 returns the Paeth predictor in each of four lanes: the one of a, b and c that is nearest to a+b-c, the first
// of equals.
func paeth16(a, b, c uint64) uint64 {
	da, db := sub16(b, c), sub16(a, c) // a+b-c less a, and less b
	dc := (da&^high16 + db&^high16) ^ (da^db)&high16
	pa, pb, pc := abs16(da), abs16(db), abs16(dc)
	isA := fill16(notLess16(pb, pa) & notLess16(pc, pa))
	isB := fill16(notLess16(pc, pb)) // or a
	bc := c ^ (b^c)&isB
	return bc ^ (a^bc)&isA
}

// costByte returns the absolute value of one signed byte.
func costByte(d byte) int {
	if d >= 128 {
		return 256 - int(d)
	}
	return int(d)
}

// The arguments of the filters: dst takes the differences of cur; left is the same row one pixel to the left, up the
// row above, and corner the row above one pixel to the left. All are as long as dst.

func costNone(cur []byte) (cost int) {
	for ; len(cur) >= 8; cur = cur[8:] {
		cost += cost8(binary.LittleEndian.Uint64(cur))
	}
	for _, v := range cur {
		cost += costByte(v)
	}
	return cost
}

// difference is the filter Sub if other is the row one pixel to the left, and Up if it is the one above.
func difference(dst, cur, other []byte) (cost int) {
	n := len(dst)
	cur, other = cur[:n], other[:n]
	i := 0
	for ; i+8 <= n; i += 8 {
		d := sub8(binary.LittleEndian.Uint64(cur[i:]), binary.LittleEndian.Uint64(other[i:]))
		binary.LittleEndian.PutUint64(dst[i:], d)
		cost += cost8(d)
	}
	for ; i < n; i++ {
		dst[i] = cur[i] - other[i]
		cost += costByte(dst[i])
	}
	return cost
}

func average(dst, cur, left, up []byte) (cost int) {
	n := len(dst)
	cur, left, up = cur[:n], left[:n], up[:n]
	i := 0
	for ; i+8 <= n; i += 8 {
		m := average8(binary.LittleEndian.Uint64(left[i:]), binary.LittleEndian.Uint64(up[i:]))
		d := sub8(binary.LittleEndian.Uint64(cur[i:]), m)
		binary.LittleEndian.PutUint64(dst[i:], d)
		cost += cost8(d)
	}
	for ; i < n; i++ {
		dst[i] = cur[i] - byte((int(left[i])+int(up[i]))/2)
		cost += costByte(dst[i])
	}
	return cost
}

func paeth(dst, cur, left, up, corner []byte) (cost int) {
	n := len(dst)
	cur, left, up, corner = cur[:n], left[:n], up[:n], corner[:n]
	i := 0
	for ; i+8 <= n; i += 8 {
		a := binary.LittleEndian.Uint64(left[i:])
		b := binary.LittleEndian.Uint64(up[i:])
		c := binary.LittleEndian.Uint64(corner[i:])
		p := paeth16(a&even8, b&even8, c&even8) | paeth16(a>>8&even8, b>>8&even8, c>>8&even8)<<8
		d := sub8(binary.LittleEndian.Uint64(cur[i:]), p)
		binary.LittleEndian.PutUint64(dst[i:], d)
		cost += cost8(d)
	}
	for ; i < n; i++ {
		a, b, c := uint64(left[i]), uint64(up[i]), uint64(corner[i])
		dst[i] = cur[i] - byte(paeth16(a, b, c))
		cost += costByte(dst[i])
	}
	return cost
}

// differencesLanes is differences in the lanes of words.
func differencesLanes(rows *[filterCount][]byte, cur, left, up, corner []byte) [filterCount]int {
	return [...]int{
		None:    costNone(cur),
		Sub:     difference(rows[Sub], cur, left),
		Up:      difference(rows[Up], cur, up),
		Average: average(rows[Average], cur, left, up),
		Paeth:   paeth(rows[Paeth], cur, left, up, corner),
	}
}

// A Chooser chooses the filter of each row. The zero value is ready. It serves one goroutine at a time.
type Chooser struct{ rows [filterCount][]byte }

// Filter returns the row cur, with prev above it, as PNG stores it, the number of its filter first. It takes the filter
// of the least cost, the first of equals. Both rows begin with a pixel of zeros, whose size in bytes is pixel. The
// result is valid until the next call.
func (f *Chooser) Filter(cur, prev []byte, pixel int) []byte {
	n := len(cur) - pixel
	var rows [filterCount][]byte
	for i := range f.rows {
		f.rows[i] = append(slices.Grow(f.rows[i][:0], 1+n), byte(i))[:1+n]
		rows[i] = f.rows[i][1:]
	}
	left, corner := cur[:n], prev[:n]
	cur, up := cur[pixel:], prev[pixel:]
	costs := differences(&rows, cur, left, up, corner)
	best := None
	for i, cost := range costs {
		if cost < costs[best] {
			best = i
		}
	}
	if best == None {
		copy(rows[None], cur)
	}
	return f.rows[best]
}
