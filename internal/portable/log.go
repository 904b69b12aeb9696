package portable

import "math"

// A logarithm is a factor of nine digits and minus its logarithm; high is a multiple of 2^-42.
type logarithm struct{ factor, high, low float64 }

// The normal positive numbers as integers: the least, and how many follow.
const (
	firstNormal = 1 << 52
	normals     = 0x7FF<<52 - firstNormal
)

// Log returns the natural logarithm.
func Log(x float64) float64 {
	b := math.Float64bits(x)
	if b-firstNormal >= normals {
		return logFar(x)
	}
	u := b - logFirst
	e := float64(int64(u) >> 52)
	m := math.Float64frombits(b - u>>52<<52)
	a := &logs[u>>45%128]
	mh := head(m)
	g := float64(mh*a.factor) - 1
	w := float64((m - mh) * a.factor)
	f := g + w
	s := float64(e*ln2High) + a.high
	hi := s + f
	f2 := float64(f * f)
	p := float64(f2 * (float64(f*(log3+float64(f*log4)+float64(f2*(log5+float64(f*log6)+float64(f2*(log7+float64(f*log8))))))) - 0.5))
	return hi + (((s - hi) + f) + (((g - f) + w) + (float64(e*ln2Low) + a.low) + p))
}

// logFar is Log for arguments that are not normal and positive.
func logFar(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	case !(x < 1): // +Inf and NaN
		return x
	}
	return logarithmOf(x*0x1p54, 0, -54)
}

// logPair returns the logarithm of hi+lo, which is positive and normal, times a power of 2, to some 2^-66 of it.
func logPair(x, xl float64, exponent int) (hi, lo float64) {
	b := math.Float64bits(x)
	u := b - logFirst
	e := int64(u) >> 52
	m := math.Float64frombits(b - u>>52<<52)
	a := &logs[u>>45%128]
	mh := head(m)
	f, fl := sum(float64(mh*a.factor)-1, float64((m-mh)*a.factor))
	if xl != 0 {
		f, fl = ordered(f, fl+float64(math.Ldexp(xl, -int(e))*a.factor))
	}
	// log(1+f) = f - f²/2 + f³(...), of which the square needs its digits
	fh := head(f)
	half := float64(0.5 * fh * fh)
	halfLow := float64(0.5*(f-fh)*(f+fh)) + float64(f*fl)
	f2 := float64(f * f)
	p := float64(f2 * f * (log3 + float64(f*log4) + float64(f2*(log5+float64(f*log6)+float64(f2*(log7+float64(f*log8)))))))

	n := float64(e + int64(exponent))
	s := float64(n*ln2High) + a.high
	hi, e1 := sum(s, f)
	hi, e2 := sum(hi, -half)
	return ordered(hi, e1+e2+(fl+(float64(n*ln2Low)+a.low)+(p-halfLow)))
}

// Log10 returns the decimal logarithm.
func Log10(x float64) float64 {
	exponent := 0
	if b := math.Float64bits(x); b-firstNormal >= normals {
		if !(x > 0) || x > 1 {
			return logFar(x)
		}
		x, exponent = x*0x1p54, -54
	}
	h, l := logPair(x, 0, exponent)
	hi, lo := product(h, lgEHigh)
	return hi + (lo + (float64(h*lgELow) + float64(l*lgEHigh)))
}

// Log1p returns the natural logarithm of 1+x, which is precise also where x is small.
func Log1p(x float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54:
		return x
	case !(x > -1) || x > math.MaxFloat64:
		return Log(1 + x)
	}
	hi, lo := sum(1, x)
	return logarithmOf(hi, lo, 0)
}
