package portable

import "math"

// shift is added to a number below 2^51 and taken away again to round it: its last digit is worth 1, and the last digits of
// the sum, as an integer, are those of the rounded number in two's complement.
const shift = 0x1.8p52

// head returns the first 26 digits of a number, so that the product of two heads is exact.
func head(x float64) float64 { return math.Float64frombits(math.Float64bits(x) &^ (1<<27 - 1)) }

// sum returns a+b and its rounding error. D. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B.
func sum(a, b float64) (hi, lo float64) {
	hi = a + b
	v := hi - a
	return hi, (a - (hi - v)) + (b - v)
}

// ordered is sum for a that is 0 or has at least the exponent of b.
func ordered(a, b float64) (hi, lo float64) {
	hi = a + b
	return hi, (a - hi) + b
}

// product returns a times b and its rounding error.
func product(a, b float64) (hi, lo float64) {
	hi = float64(a * b)
	ah, bh := head(a), head(b)
	al, bl := a-ah, b-bh
	lo = float64(ah*bh) - hi
	lo += float64(ah * bl)
	lo += float64(al * bh)
	return hi, lo + float64(al*bl)
}

// quotient divides nh+nl by dh+dl, of which dl is at most the rounding error of dh. The first number of the result has 26 digits, and the second the rest.
func quotient(nh, nl, dh, dl float64) (hi, lo float64) {
	inv := 1 / dh
	hi = head(nh * inv)
	d := head(dh)
	rest := nh - float64(hi*d)
	rest -= float64(hi * (dh - d))
	return hi, float64((rest + (nl - float64(hi*dl))) * inv)
}

// root2 returns the square root of hi+lo, which is positive and normal. The first number has 26 digits.
func root2(hi, lo float64) (float64, float64) {
	s := math.Sqrt(hi)
	h := head(s)
	return h, ((hi - float64(h*h)) + lo) / (s + h)
}
