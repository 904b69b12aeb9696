package portable

import "math"

// Sinh returns the hyperbolic sine.
func Sinh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a < 0x1p-27 || x != x:
		return x
	case a > 40: // exp -a does not count
		return math.Copysign(power(a, 0, -1), x)
	}
	// sinh x = (m + m/(1+m))/2 with m = exp x - 1
	mh, ml := lessOne(a)
	dh, dl := sum(1, mh)
	qh, ql := quotient(mh, ml, dh, dl+ml)
	hi, lo := sum(mh, qh)
	return math.Copysign(0.5*(hi+(lo+(ml+ql))), x)
}

// Cosh returns the hyperbolic cosine.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a > 40: // exp -a does not count
		return power(a, 0, -1)
	}
	// cosh x = (e + 1/e)/2
	mh, ml := lessOne(a)
	eh, el := sum(1, mh)
	qh, ql := quotient(1, 0, eh, el+ml)
	hi, lo := sum(eh, qh)
	return 0.5 * (hi + (lo + (el + ml + ql)))
}

// Asinh returns the inverse hyperbolic sine.
func Asinh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a < 0x1p-28 || !(a <= math.MaxFloat64):
		return x
	case a > 0x1p28: // asinh x = log 2x, but for 1/(4x²)
		return math.Copysign(logarithmOf(a, 0, 1), x)
	}
	// asinh x = log(1 + x + x²/(1 + √(1+x²)))
	vh, vl := product(a, a)
	sh, sl := sum(1, vh)
	sh, sl = root2(sh, sl+vl)
	dh, dl := sum(1, sh)
	dh, dl = ordered(dh, dl+sl)
	qh, ql := quotient(vh, vl, dh, dl)
	uh, ul := sum(a, qh)
	hi, lo := sum(1, uh)
	return math.Copysign(logarithmOf(hi, lo+(ul+ql), 0), x)
}

// Atanh returns the inverse hyperbolic tangent.
func Atanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a < 0x1p-28 || x != x:
		return x
	case a > 1:
		return math.NaN()
	case a == 1:
		return math.Inf(int(x))
	}
	// atanh x = log(1 + 2x/(1-x))/2
	dh, dl := ordered(1, -a)
	qh, ql := quotient(2*a, 0, dh, dl)
	hi, lo := sum(1, qh)
	return math.Copysign(0.5*logarithmOf(hi, lo+ql, 0), x)
}

// logarithmOf returns the logarithm of hi+lo times a power of 2.
func logarithmOf(hi, lo float64, exponent int) float64 {
	hi, lo = logPair(hi, lo, exponent)
	return hi + lo
}
