package portable

import "math"

// A piece is a function near a multiple of 1/128: its value there in two numbers, and the coefficients of a polynomial in
// the distance d from there, of which the first lacks 1: value + rest + d + c1 d + c2 d² + ...
type piece struct{ value, rest, c1, c2, c3, c4, c5, c6 float64 }

// nodeShift is shift for multiples of 1/128.
const nodeShift = shift / 128

// at returns the function in two numbers at the place of the piece, d from there, which is exact, and a bit further.
func (a *piece) at(d, bit float64) (hi, lo float64) {
	d2 := float64(d * d)
	p := float64(d * ((a.c1 + float64(d*a.c2)) + float64(d2*((a.c3+float64(d*a.c4))+float64(d2*(a.c5+float64(d*a.c6)))))))
	return a.value, d + (p + (a.rest + (bit + float64(bit*a.c1))))
}

// firstPiece is the first that there is; what is below is left to a polynomial.
const firstPiece = 4

// pieceOf returns the multiple of 1/128 that is nearest to t from 0 to 1/2, and the index of its piece.
func pieceOf(t float64) (c float64, index uint64) {
	shifted := t + nodeShift
	return shifted - nodeShift, math.Float64bits(shifted) % 128
}

// smallSine returns the arc sine of t, up to 9/256, less t.
func smallSine(t float64) float64 {
	t2 := float64(t * t)
	t4 := float64(t2 * t2)
	return float64(float64(t2*t) * ((asin3 + float64(t2*asin5)) + float64(t4*(asin7+float64(t2*asin9)))))
}

// A node is an arc tangent and what is left to π/2, in two numbers each.
type node struct{ value, rest, left, leftRest float64 }

// Up to leastRatio, where nodes would spoil the digits, there is a polynomial.
const leastRatio = 7. / 256

// nodeOf returns the multiple c of 1/128 that is nearest to a ratio q of at most 1, and how to find its node.
func nodeOf(q float64) (c float64, index uint64) {
	shifted := q + nodeShift
	return shifted - nodeShift, math.Float64bits(shifted) % 256
}

// fromNode returns the angle from the node at c: atan n/d = atan c + atan u, u = (n-cd)/(d+cn). Only the product cd needs
// all its digits.
func fromNode(n, d, c float64) float64 {
	h := head(d)
	u := ((n - float64(c*h)) - float64(c*(d-h))) / (d + float64(c*n))
	u2 := float64(u * u)
	return u + float64(float64(u2*u)*(near3+float64(u2*near5)))
}

// small returns the arc tangent of t, up to leastRatio, less t.
func small(t float64) float64 {
	t2 := float64(t * t)
	t4 := float64(t2 * t2)
	return float64(float64(t2*t) * ((atan3 + float64(t2*atan5)) + float64(t4*(atan7+float64(t2*atan9)))))
}

// Atan returns the arc tangent in radians, from -π/2 to π/2.
func Atan(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a < leastRatio:
		if a < 0x1p-27 {
			return x
		}
		return x + small(x)
	case a <= 1:
		c, i := nodeOf(a)
		t := &nodes[i]
		return math.Copysign(t.value+(fromNode(a, 1, c)+t.rest), x)
	case a <= 0x1p60:
		c, i := nodeOf(1 / a)
		t := &nodes[i]
		return math.Copysign(t.left-(fromNode(1, a, c)-t.leftRest), x)
	case x != x:
		return x
	}
	return math.Copysign(halfPiHigh, x)
}

// The numbers from 2^-500 to 2^500, of which products neither overflow nor lose digits, as integers: the least, and how many
// follow.
const (
	middleFirst = (1023 - 500) << 52
	middleRange = 1000 << 52
)

// Atan2 returns the angle in radians, from -π to π, from the x axis to the point (x, y).
func Atan2(y, x float64) float64 {
	n, d := math.Abs(y), math.Abs(x)
	if math.Float64bits(n)-middleFirst > middleRange || math.Float64bits(d)-middleFirst > middleRange {
		return atan2Far(y, x)
	}
	var value, rest, angle float64
	if n <= d {
		q := n / d
		if q < leastRatio {
			value = head(q)
			h := head(d)
			rest = ((n - float64(value*h)) - float64(value*(d-h))) / d
			angle = small(q)
		} else {
			c, i := nodeOf(q)
			t := &nodes[i]
			value, rest, angle = t.value, t.rest, fromNode(n, d, c)
		}
	} else {
		c, i := nodeOf(d / n)
		t := &nodes[i]
		value, rest, angle = t.left, t.leftRest, -fromNode(d, n, c)
	}
	if x < 0 {
		s := 2*halfPiHigh - value
		value, rest, angle = s, ((2*halfPiHigh-s)-value)+(2*halfPiLow-rest), -angle
	}
	return math.Copysign(value+(angle+rest), y)
}

// atan2Far is Atan2 for all arguments.
func atan2Far(y, x float64) float64 {
	n, d := math.Abs(y), math.Abs(x)
	switch {
	case x != x || y != y:
		return math.NaN()
	case math.IsInf(n, 1) && math.IsInf(d, 1): // as if they were equal
		n, d = 1, 1
	case n == 0 || math.IsInf(d, 1) || n < float64(d*0x1p-64):
		if math.Signbit(x) {
			return math.Copysign(2*halfPiHigh, y)
		}
		if n == 0 || math.IsInf(d, 1) {
			return math.Copysign(0, y)
		}
		return math.Copysign(n/d, y)
	case d == 0 || math.IsInf(n, 1) || d < float64(n*0x1p-64):
		return math.Copysign(halfPiHigh, y)
	default:
		_, e := math.Frexp(n)
		n, d = math.Ldexp(n, -e), math.Ldexp(d, -e)
	}
	return Atan2(math.Copysign(n, y), math.Copysign(d, x))
}

// Asin returns the arc sine in radians, from -π/2 to π/2.
func Asin(x float64) float64 {
	a := math.Abs(x)
	t, bit := a, 0.0
	if !(a <= 0.5) {
		if !(a < 1) {
			return math.Copysign(halfPiHigh, x) * oneOrNaN(a)
		}
		t, bit = rootAndBit(float64(0.5 * (1 - a))) // asin x = π/2 - 2 asin √((1-x)/2)
	}
	c, i := pieceOf(t)
	hi, lo := t, bit
	if i < firstPiece {
		lo += smallSine(t)
	} else {
		hi, lo = asins[i].at(t-c, bit)
	}
	if a > 0.5 {
		s := halfPiHigh - float64(2*hi)
		hi, lo = s, ((halfPiHigh-s)-float64(2*hi))+(halfPiLow-float64(2*lo))
	}
	return math.Copysign(hi+lo, x)
}

// Acos returns the arc cosine in radians, from 0 to π.
func Acos(x float64) float64 {
	a := math.Abs(x)
	t, bit := a, 0.0
	if !(a <= 0.5) {
		if !(a < 1) {
			return (halfPiHigh - math.Copysign(halfPiHigh, x)) * oneOrNaN(a)
		}
		t, bit = rootAndBit(float64(0.5 * (1 - a))) // acos x = 2 asin √((1-x)/2)
	}
	c, i := pieceOf(t)
	hi, lo := t, bit
	if i < firstPiece {
		lo += smallSine(t)
	} else {
		hi, lo = asins[i].at(t-c, bit)
	}
	switch {
	case a <= 0.5 && x < 0:
		return sumOf(halfPiHigh, hi, halfPiLow+lo)
	case a <= 0.5:
		return sumOf(halfPiHigh, -hi, halfPiLow-lo)
	case x < 0:
		return sumOf(2*halfPiHigh, float64(-2*hi), float64(2*(halfPiLow-lo)))
	}
	return 2 * (hi + lo)
}

// sumOf returns a+b+c, of which a is the largest and c the least.
func sumOf(a, b, c float64) float64 {
	hi, lo := ordered(a, b)
	return hi + (lo + c)
}

// rootAndBit returns the square root of x, which is 0 or normal, and how much is lacking.
func rootAndBit(x float64) (root, bit float64) {
	root = math.Sqrt(x)
	h := head(root)
	return root, 0.5 * ((x - float64(h*h)) - float64((root-h)*(root+h))) / root
}

// oneOrNaN returns 1 for 1, and NaN for others.
func oneOrNaN(a float64) float64 {
	if a == 1 {
		return 1
	}
	return math.NaN()
}
