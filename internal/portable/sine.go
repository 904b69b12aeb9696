package portable

import "math"

// A sine is the sine of a multiple t of π/64, and of t's cosine, which is the sine a quarter of a circle further, what is
// needed to multiply it: near is the nearest multiple of 1/2, whose products are exact, and far what is left.
type sine struct {
	value, rest float64
	near, far   float64
}

// quarter is the number of steps to the cosine.
const quarter = 32

// The fast way is for arguments from 2^-27, below which sin x is x, to 1024, up to which steps are exact: as integers, the
// least of these, and how many follow.
const (
	sineFirst = (1023 - 27) << 52
	sineRange = (10 + 27) << 52
)

// direct reports whether the fast way is for an argument.
func direct(x float64) bool { return math.Float64bits(x)&^(1<<63)-sineFirst <= sineRange }

// steps splits an angle into the nearest multiple of π/64 and what is left, in two numbers.
func steps(x float64) (k uint64, r, tail float64) {
	t := float64(x*stepsPerRadian) + shift
	n := t - shift
	d := x - float64(n*step1)
	w := float64(n * step2)
	r = d - w
	return math.Float64bits(t), r, ((d - r) - w) - float64(n*step3)
}

// arms returns sin(r+tail)-r and cos r - 1.
func arms(r, tail float64) (s, c float64) {
	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	s = float64(float64(r2*r)*(sin3+float64(r2*sin5)+float64(r4*sin7))) + tail
	return s, r2 * (cos2 + float64(r2*cos4) + float64(r4*cos6))
}

// at returns the sine of t+r, given what arms returns.
func (a *sine) at(r, s, c float64) float64 {
	m := float64(a.near * r)
	hi := a.value + m
	return hi + (((a.value - hi) + m) + (a.rest + float64(a.value*c) + float64(a.far*(r+s)) + float64(a.near*s)))
}

// pair is at in two numbers.
func (a *sine) pair(r, s, c float64) (hi, lo float64) {
	m := float64(a.near * r)
	hi = a.value + m
	return ordered(hi, ((a.value-hi)+m)+(a.rest+float64(a.value*c)+float64(a.far*(r+s))+float64(a.near*s)))
}

// Sin returns the sine of an angle in radians.
func Sin(x float64) float64 {
	if !direct(x) {
		sin, _ := sincosFar(x)
		return sin
	}
	k, r, tail := steps(x)
	s, c := arms(r, tail)
	return sines[k%128].at(r, s, c)
}

// Cos returns the cosine of an angle in radians.
func Cos(x float64) float64 {
	if !direct(x) {
		_, cos := sincosFar(x)
		return cos
	}
	k, r, tail := steps(x)
	s, c := arms(r, tail)
	return sines[(k+quarter)%128].at(r, s, c)
}

// Sincos returns the sine and the cosine of an angle in radians, equal to what Sin and Cos return.
func Sincos(x float64) (sin, cos float64) {
	if !direct(x) {
		return sincosFar(x)
	}
	k, r, tail := steps(x)
	s, c := arms(r, tail)
	return sines[k%128].at(r, s, c), sines[(k+quarter)%128].at(r, s, c)
}

// sincosFar is Sincos for arguments that are not direct.
func sincosFar(x float64) (sin, cos float64) {
	if math.Abs(x) < 1 {
		return x, 1
	}
	k, r, tail := turned(x)
	s, c := arms(r, tail)
	return sines[k%128].at(r, s, c), sines[(k+quarter)%128].at(r, s, c)
}
