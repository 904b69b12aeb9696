package jpegenc

import "math/bits"

// vectors is a quantiser for transformSSE2, which has columns of frequencies one after the other. The parts are, in
// words of 16 bits: half a step in 32 bits, for columns other than 0 and 4; half a step for these two; and two factors,
// by which 4·n, for n below 2¹¹, is multiplied, and divided by 2¹⁶ each time, for n over the quantiser.
type vectors [vectorWords]uint16

const (
	vectorHalf      = 0
	vectorHalfWords = 128
	vectorTimes     = vectorHalfWords + 16
	vectorScale     = vectorTimes + 64
	vectorWords     = vectorScale + 64
)

// set sets the quantiser v of coefficient i, in rows.
func (t *vectors) set(i int, v uint8, half uint32) {
	u, at := i%8, i%8*8+i/8
	if u%4 == 0 {
		t[vectorHalfWords+u/4*8+i/8] = uint16(half)
	} else {
		t[vectorHalf+2*at], t[vectorHalf+2*at+1] = uint16(half), uint16(half>>16)
	}
	// With 2^k the next power of two, the first factor is 2^(15+k) over v, rounded up, and has 16 bits. The product is
	// too large by less than n/2^(15+k), which is less than 1/v.
	k := bits.Len8(v - 1)
	t[vectorTimes+at] = uint16((1<<(15+k) + uint32(v) - 1) / uint32(v))
	t[vectorScale+at] = 1 << (15 - k)
}
