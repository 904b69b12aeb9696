package portable

import "math"

// Pow returns x to the power of y.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case math.IsInf(y, 0):
		return powInfinite(math.Abs(x), y > 0)
	}
	odd := oddInteger(y)
	switch {
	case x == 0 || math.IsInf(x, 0):
		v := 0.0
		if (x == 0) == (y < 0) {
			v = math.Inf(1)
		}
		if odd {
			v = math.Copysign(v, x)
		}
		return v
	case x > 0:
		return powFinite(x, y)
	case odd:
		return -powFinite(-x, y)
	case y == math.Trunc(y):
		return powFinite(-x, y)
	}
	return math.NaN()
}

// powInfinite returns what powers of x tend to as the exponent grows, or falls.
func powInfinite(x float64, grows bool) float64 {
	switch {
	case x == 1:
		return 1
	case (x > 1) == grows:
		return math.Inf(1)
	}
	return 0
}

// powFinite is Pow for finite numbers above 0.
func powFinite(x, y float64) float64 {
	exponent := 0
	if x < 0x1p-1022 {
		x, exponent = x*0x1p54, -54
	}
	h, l := logPair(x, 0, exponent)
	if rough := h * y; !(math.Abs(rough) <= 1000) {
		return power(rough, 0, 0)
	}
	hi, lo := product(h, y)
	return power(hi, lo+float64(l*y), 0)
}

// oddInteger reports whether a finite number is one.
func oddInteger(y float64) bool {
	a := math.Abs(y)
	return a < 1<<53 && a == math.Trunc(a) && int64(a)%2 == 1
}
