package portable

import "math"

// Hypot returns the square root of x²+y² without undue overflow.
func Hypot(x, y float64) float64 {
	x, y = math.Abs(x), math.Abs(y)
	if x < y {
		x, y = y, x
	}
	if !(x <= 0x1p500 && y >= 0x1p-450) {
		return hypotFar(x, y)
	}
	xh, yh := head(x), head(y)
	a, b := float64(xh*xh), float64(yh*yh)
	s := a + b
	rest := ((a - s) + b) + (float64((x-xh)*(x+xh)) + float64((y-yh)*(y+yh)))
	return math.Sqrt(s + rest)
}

// hypotFar is Hypot for x that is at least y, or where one is NaN.
func hypotFar(x, y float64) float64 {
	switch {
	case math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Inf(1)
	case x != x || y != y:
		return math.NaN()
	case x*0x1p-60 >= y:
		return x
	}
	_, e := math.Frexp(x)
	return math.Ldexp(Hypot(math.Ldexp(x, -e), math.Ldexp(y, -e)), e)
}

// Cbrt returns the cube root.
func Cbrt(x float64) float64 {
	a := math.Abs(x)
	if a == 0 || !(a <= math.MaxFloat64) {
		return x
	}
	m, e := math.Frexp(a)
	for e%3 != 0 {
		m, e = 0.5*m, e+1
	}
	// The root is y+d, where y has so few digits that its cube is exact.
	root := Exp(Log(m) / 3)
	y := math.Float64frombits(math.Float64bits(root) &^ (1<<36 - 1))
	d := root - y
	rest := m - float64(y*y*y)
	d = rest / (float64(3*y*(y+d)) + float64(d*d))
	return math.Copysign(math.Ldexp(y+d, e/3), x)
}
