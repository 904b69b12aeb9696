package portable

import "math"

// A root is a power of the 128th root of 2. The rest is in parts of the value.
type root struct{ value, rest float64 }

// Exp returns e to the power of x.
func Exp(x float64) float64 {
	if !(math.Abs(x) <= 708) {
		return expFar(x)
	}
	t := float64(x*stepsPerE) + shift
	n := t - shift
	r := x - float64(n*expStep1) - float64(n*expStep2)
	r2 := float64(r * r)
	p := float64(r2 * (exp2 + float64(r*exp3) + float64(r2*(exp4+float64(r*exp5)))))
	k := math.Float64bits(t)
	a := &roots[k%128]
	base := math.Float64frombits(math.Float64bits(a.value) + k>>7<<52)
	return base + float64(base*(r+(p+a.rest)))
}

// expFar is Exp for all arguments.
func expFar(x float64) float64 {
	if x != x {
		return x
	}
	return power(x, 0, 0)
}

// power returns e to the power of hi+lo, times 2 to the power of exponent.
func power(hi, lo float64, exponent int) float64 {
	switch {
	case hi > 1500:
		return math.Inf(1)
	case hi < -1500:
		return 0
	}
	k, r, p := expSteps(hi, lo)
	a := &roots[k%128]
	return math.Ldexp(a.value+float64(a.value*(r+(p+a.rest))), exponent+int(int64(k)>>7))
}

// expSteps splits an exponent into the nearest multiple of log(2)/128, k, and what is left, r and a bit: p is exp(r and a
// bit) - 1 - r.
func expSteps(hi, lo float64) (k uint64, r, p float64) {
	t := float64(hi*stepsPerE) + shift
	n := t - shift
	d := hi - float64(n*expStep1)
	w := float64(n * expStep2)
	r = d - w
	tail := ((d - r) - w) - float64(n*expStep3) + lo
	r2 := float64(r * r)
	p = float64(r2 * (exp2 + float64(r*exp3) + float64(r2*(exp4+float64(r*exp5)))))
	return math.Float64bits(t) - math.Float64bits(shift), r, p + (tail + float64(tail*r))
}

// lessOne returns e to the power of x, less 1, in two numbers, for |x| ≤ 708.
func lessOne(x float64) (hi, lo float64) {
	k, r, p := expSteps(x, 0)
	a := &roots[k%128]
	base := math.Float64frombits(math.Float64bits(a.value) + k>>7<<52)
	b, e1 := sum(base, -1)
	hi, e2 := sum(b, r)
	return ordered(hi, e1+e2+(float64(b*r)+float64(base*(p+(a.rest+float64(a.rest*r))))))
}

// Expm1 returns e to the power of x, less 1, which is precise also where x is small.
func Expm1(x float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54:
		return x
	case x < -50:
		return -1
	case !(x <= 708):
		return Exp(x)
	}
	hi, lo := lessOne(x)
	return hi + lo
}
