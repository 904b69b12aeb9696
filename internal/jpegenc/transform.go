package jpegenc

import "encoding/binary"

// This is the cosine transform of 8 by 8 samples, by the algorithm of C. Loeffler, A. Ligtenberg and G. Moschytz
// (Practical Fast 1-D DCT Algorithms with 11 Multiplications, ICASSP 1989) in the form with 12, and in fixed point of
// 13 bits, as libjpeg's default. It uses whole numbers alone, so that all machines make the same files.
//
// The transform is linear, so two are done at a time, in the lanes of a word: hi·2³² + lo, of signed hi and lo, modulo
// 2⁶⁴. Sums, differences and products by constants of such words are those of the lanes, whatever overflows on the way,
// as long as the results fit 32 bits.

const (
	fixBits   = 13 // bits of fractions
	roughBits = 2  // bits of fractions that are kept between the passes
)

// The constants, times 2¹³.
const (
	fix0298631336 = 2446
	fix0390180644 = 3196
	fix0541196100 = 4433
	fix0765366865 = 6270
	fix0899976223 = 7373
	fix1175875602 = 9633
	fix1501321110 = 12299
	fix1847759065 = 15137
	fix1961570560 = 16069
	fix2053119869 = 16819
	fix2562915447 = 20995
	fix3072711026 = 25172
)

// lanes times v has v in both lanes.
const lanes = 1<<32 | 1

// raised is added to lanes between the passes, so that none is negative. It cancels out in the differences that the
// second pass takes, but not in the sum of all eight.
const raised = 1 << (31 - (fixBits - roughBits))

// rough returns lanes rounded to roughBits of fractions, and raised.
func rough(v uint64) uint64 {
	const down = fixBits - roughBits
	const nearest = 1 << (down - 1)
	return (v + (1<<31+nearest)*lanes) >> down & (lanes * (1<<(32-down) - 1))
}

// cosines transforms eight pairs. Outputs 0 and 4 are scaled by √8, the others by √8·2¹³.
func cosines(d *[8]uint64) {
	s0, d0 := d[0]+d[7], d[0]-d[7]
	s1, d1 := d[1]+d[6], d[1]-d[6]
	s2, d2 := d[2]+d[5], d[2]-d[5]
	s3, d3 := d[3]+d[4], d[3]-d[4]

	e0, e3 := s0+s3, s0-s3
	e1, e2 := s1+s2, s1-s2
	d[0], d[4] = e0+e1, e0-e1
	z := (e2 + e3) * fix0541196100
	d[2], d[6] = z+e3*fix0765366865, z-e2*fix1847759065

	z1, z2 := (d3+d0)*fix0899976223, (d2+d1)*fix2562915447
	z3, z4 := d3+d1, d2+d0
	z5 := (z3 + z4) * fix1175875602
	z3, z4 = z5-z3*fix1961570560, z5-z4*fix0390180644
	d[7] = d3*fix0298631336 - z1 + z3
	d[5] = d2*fix2053119869 - z2 + z4
	d[3] = d1*fix3072711026 - z2 + z3
	d[1] = d0*fix1501321110 - z1 + z4
}

// transformLanes is transform in the lanes of words.
func transformLanes(b *coefficients, q *quantiser, pix []uint8, stride int) {
	b.set = 0
	var in [8]uint64
	for y := range in {
		in[y] = binary.LittleEndian.Uint64(pix[y*stride:])
	}
	// Columns, x and x+4 in the lanes, as they lie in the words.
	var half [4][8]uint64
	for x := range uint(4) {
		c := &half[x]
		for y, v := range in {
			c[y] = v >> (8 * x) & (0xff * lanes)
		}
		cosines(c)
		c[0], c[4] = c[0]<<roughBits+raised*lanes, c[4]<<roughBits+raised*lanes
		c[1], c[2], c[3] = rough(c[1]), rough(c[2]), rough(c[3])
		c[5], c[6], c[7] = rough(c[5]), rough(c[6]), rough(c[7])
	}
	// Rows, y and y+1 in the lanes.
	for pair := range 4 {
		y := 2 * pair
		var r [8]uint64
		for x := range half {
			v, w := half[x][y&7], half[x][(y+1)&7]
			r[x], r[x+4] = v&0xffffffff|w<<32, v>>32|w&^0xffffffff
		}
		cosines(&r)
		r[0] -= 8 * raised * lanes
		if pair == 0 {
			r[0] -= 128 * 64 << roughBits // samples count from -128
		}
		q.row(b, pair, &r)
	}
}
