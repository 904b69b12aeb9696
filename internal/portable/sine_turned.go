package portable

import (
	"math"
	"math/bits"
)

// turned splits an angle of at least 1 as steps does. It multiplies the argument's digits with those of 1/(2π) that matter,
// which leaves out whole turns, after M. Payne and R. Hanek, ACM SIGNUM Newsletter 18 (1983). Of an infinity or NaN it
// returns NaN.
func turned(x float64) (k uint64, r, tail float64) {
	b := math.Float64bits(x)
	exponent := b >> 52 & 0x7FF
	if exponent == 0x7FF {
		return 0, math.NaN(), 0
	}
	// The argument is m times 2^e. Digits of 1/(2π) up to the eth are worth whole turns; 64 zeros stand before them.
	m, first := b&(1<<52-1)|1<<52, exponent-1023-52+64
	word, bit := first/64, first%64
	digits := func(i uint64) uint64 { return turns[word+i]<<bit | turns[word+i+1]>>(64-bit) }

	// The fraction of a turn is top, middle and last after the point.
	top := m * digits(0)
	h1, l1 := bits.Mul64(m, digits(1))
	h2, last := bits.Mul64(m, digits(2))
	middle, carry := bits.Add64(l1, h2, 0)
	top, _ = bits.Add64(top, h1, carry)

	// 128 steps are a turn; what is left is at most half a step either way.
	k = (top + 1<<56) >> 57
	top -= k << 57
	negative := top>>63 == 1
	if negative {
		var borrow uint64
		last, borrow = bits.Sub64(0, last, 0)
		middle, borrow = bits.Sub64(0, middle, borrow)
		top, _ = bits.Sub64(0, top, borrow)
	}
	power := -57
	for range 2 { // until 64 digits are left, or all there are
		zeros := bits.LeadingZeros64(top)
		top, middle, last = top<<zeros|middle>>(64-zeros), middle<<zeros|last>>(64-zeros), last<<zeros
		power -= zeros
	}
	scale := math.Ldexp(1, power)
	hi := float64(top>>11) * (1 << 11) * scale
	lo := (float64(top&(1<<11-1)) + float64(float64(middle>>11)*0x1p-53)) * scale
	r, tail = product(hi, stepHigh)
	tail += float64(hi*stepLow) + float64(lo*stepHigh)
	r, tail = ordered(r, tail)
	if negative != math.Signbit(x) {
		r, tail = -r, -tail
	}
	if math.Signbit(x) {
		k = -k
	}
	return k, r, tail
}
