package portable

import "math"

// A tangent is a tangent or hyperbolic tangent in two numbers.
type tangent struct{ value, rest float64 }

// Tan returns the tangent of an angle in radians.
func Tan(x float64) float64 {
	a := math.Abs(x)
	if !direct(x) {
		if a < 1 {
			return x
		}
		return tanFar(turned(x))
	}
	k, r, tail := steps(a)
	i := uint32(k) // nearTangents up to 16, what is beyond π/4
	if i > 16 {
		return math.Copysign(1, x) * tanFar(k, r, tail)
	}
	// tan(c+r) = tan c + tan r + tan r tan c (tan c + tan r) / (1 - tan c tan r)
	c := tangents[i].value
	r2 := float64(r * r)
	bend := float64(float64(r2*r)*(tan3+float64(r2*(tan5+float64(r2*(tan7+float64(r2*tan9))))))) + tail
	t := r + bend
	hi := c + r
	return math.Copysign(hi+(((c-hi)+r)+(tangents[i].rest+bend+t*c*(c+t)/(1-float64(c*t)))), x)
}

// tanFar returns the tangent of what steps and turned return.
func tanFar(k uint64, r, tail float64) float64 {
	s, c := arms(r, tail)
	sh, sl := sines[k%128].pair(r, s, c)
	ch, cl := sines[(k+quarter)%128].pair(r, s, c)
	hi, lo := quotient(sh, sl, ch, cl)
	return hi + lo
}

// Tanh returns the hyperbolic tangent.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a < 0x1p-27 || x != x:
		return x
	case a > 22:
		return math.Copysign(1, x)
	case a > 1:
		return math.Copysign(1-2/(1+Exp(2*a)), x)
	}
	// tanh(c+r) = tanh c + tanh r - tanh r tanh c (tanh c + tanh r) / (1 + tanh c tanh r)
	n := a + shift/32
	r := a - (n - shift/32)
	i := math.Float64bits(n) % 64
	c := hyperbolicTangents[i].value
	r2 := float64(r * r)
	bend := float64(float64(r2*r) * (tanh3 + float64(r2*(tanh5+float64(r2*tanh7)))))
	t := r + bend
	hi := c + r
	return math.Copysign(hi+(((c-hi)+r)+(hyperbolicTangents[i].rest+bend-t*c*(c+t)/(1+float64(c*t)))), x)
}
