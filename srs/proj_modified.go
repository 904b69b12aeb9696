package srs

import (
	"errors"
	"math"

	"github.com/go-spatial/proj/core"
)

// The projections of this file stretch azimuthal ones, or follow from constructions with circles. All are of the sphere
// and show all of the earth. Sources, unless another is given: Snyder & Voxland (1989), pages 232 to 241.

// hammer is the Hammer or Hammer–Aitoff projection: half the globe's longitudes by Lambert's azimuthal equal-area
// projection, stretched. wagner7 is the same with other weights, on parts of the globe: sin θ = m sin φ, longitudes over n.
type hammer struct{ cx, cy, m, n float64 }

func newHammer(*core.System) (hammer, error) { return hammer{2, 1, 1, 2}, nil }

func newWagner7(*core.System) (hammer, error) {
	return hammer{2.66723, 1.24104, 0.90630778703664996, 3}, nil
}

func (p hammer) extent() extent { return worldExtent(p) }

func (p hammer) project(lam, phi float64) (x, y float64) {
	sin := p.m * math.Sin(phi)
	cos := math.Sqrt((1 - sin) * (1 + sin))
	if p.m == 1 {
		cos = math.Cos(phi)
	}
	sinLam, cosLam := math.Sincos(lam / p.n)
	d := math.Sqrt(2 / (1 + float64(cos*cosLam)))
	return p.cx * d * cos * sinLam, p.cy * d * sin
}

func (p hammer) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.cx, y/p.cy
	s2 := 0.25 * (float64(x*x) + float64(y*y))
	if !(s2 <= 0.5+planeSlack || p.m < 1 && s2 < 1) {
		return math.NaN(), math.NaN()
	}
	half := math.Sqrt(1 - s2)
	sin := y * half / p.m
	switch {
	case math.Abs(sin) < 0.9:
		phi = math.Asin(sin)
	case p.m == 1:
		phi = math.Atan2(sin, math.Hypot(x*half, 1-2*s2))
	default:
		phi = arcsine(sin)
	}
	lam = p.n * math.Atan2(x*half, 1-2*s2)
	if !(math.Abs(lam) <= math.Pi+planeSlack) {
		// Next to a pole that is a point, rounding decides about the longitude.
		if p.m == 1 && math.Abs(math.Abs(phi)-math.Pi/2) < 1e-8 {
			return math.Copysign(math.Pi, lam), phi
		}
		return math.NaN(), math.NaN()
	}
	return lam, phi
}

// aitoff is D. Aitoff's projection: half the globe's longitudes by the azimuthal equidistant projection, stretched; and
// with a share in it of a plate carrée, Winkel's third, tripel.
type aitoff struct {
	tripel bool
	cos    float64 // of Winkel's standard parallel
	bounds Envelope
}

func newAitoff(*core.System) (aitoff, error) {
	var p aitoff
	p.bounds = worldExtent(p).bounds
	return p, nil
}

func newWinkelTripel(sys *core.System) (aitoff, error) {
	p := aitoff{tripel: true, cos: math.Cos(parameter(sys, "lat_1"))}
	p.bounds = worldExtent(p).bounds
	if p.cos < 1e-10 {
		return p, errors.New("the standard parallel of a Winkel projection is a pole")
	}
	return p, nil
}

func (p aitoff) extent() extent { return extent{top: math.Inf(1), bounds: p.bounds} }

func (p aitoff) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(phi)
	sinLam, cosLam := math.Sincos(0.5 * lam)
	u, w := float64(cos*sinLam), float64(cos*cosLam)
	r := math.Hypot(u, sin) // sine of the distance from the centre
	k := 1.0
	if r > 1e-9 {
		k = math.Atan2(r, w) / r
	}
	x, y = 2*k*u, k*sin
	if p.tripel {
		return 0.5 * (x + lam*p.cos), 0.5 * (y + phi)
	}
	return x, y
}

func (p aitoff) unproject(x, y float64) (lam, phi float64) {
	if !p.tripel {
		r := math.Hypot(0.5*x, y)
		if !(r <= math.Pi/2+planeSlack) {
			return math.NaN(), math.NaN()
		}
		sin, cos := math.Sincos(min(r, math.Pi/2))
		if r > 1e-9 {
			sin /= r
		} else {
			sin = 1
		}
		u, v := 0.5*x*sin, y*sin
		return 2 * math.Atan2(u, cos), math.Atan2(v, math.Hypot(u, cos))
	}
	if !(math.Abs(x) <= p.bounds.XMax && math.Abs(y) <= p.bounds.YMax) {
		return math.NaN(), math.NaN()
	}
	// Latitude within longitude: for each latitude x grows with longitude, and along that y grows with latitude.
	phi = max(-math.Pi/2, min(math.Pi/2, y))
	lam = max(-math.Pi, min(math.Pi, 2*x/(1+p.cos*math.Cos(phi)+1e-3)))
	if l, f := solvePair(p, x, y, lam, phi); !math.IsNaN(l) {
		return l, f
	}
	return p.search(x, y)
}

// search finds what Newton's method does not, next to the ends of the poles, by halving: y grows with latitude along a
// line of equal x.
func (p aitoff) search(x, y float64) (lam, phi float64) {
	alongX := func(phi float64) (float64, bool) {
		low, high := 0.0, math.Pi
		if u, _ := p.project(high, phi); u < math.Abs(x)-planeSlack {
			return high, false
		}
		for range 55 {
			mid := 0.5 * (low + high)
			if u, _ := p.project(mid, phi); u < math.Abs(x) {
				low = mid
			} else {
				high = mid
			}
		}
		return 0.5 * (low + high), true
	}
	low, high := 0.0, math.Pi/2
	for range 55 {
		mid := 0.5 * (low + high)
		l, ok := alongX(mid)
		if _, v := p.project(l, mid); ok && v < math.Abs(y) {
			low = mid
		} else {
			high = mid
		}
	}
	phi = 0.5 * (low + high)
	lam, _ = alongX(phi)
	u, v := p.project(lam, phi)
	if math.Abs(u-math.Abs(x)) > 1e-9 || math.Abs(v-math.Abs(y)) > 1e-9 {
		return math.NaN(), math.NaN()
	}
	return math.Copysign(lam, x), math.Copysign(phi, y)
}

// vanDerGrinten is A. J. van der Grinten's first projection, the globe in a circle. Source: Snyder (1987), pages 239 to
// 242; the inverse from the circles that he describes.
type vanDerGrinten struct{}

func newVanDerGrinten(*core.System) (vanDerGrinten, error) { return vanDerGrinten{}, nil }

func (p vanDerGrinten) extent() extent { return worldExtent(p) }

// project has Snyder's equations 29-1 to 29-6 with all differences of like numbers worked out, so that nothing is lost
// next to the axes.
func (vanDerGrinten) project(lam, phi float64) (x, y float64) {
	if math.Abs(phi) < 1e-20 {
		return lam, phi
	}
	s := min(1, math.Abs(2*phi/math.Pi)) // sine of Snyder's θ
	c := math.Sqrt((1 - s) * (1 + s))
	if math.Abs(lam) < 1e-20 || c == 0 {
		return 0, math.Copysign(math.Pi*s/(1+c), phi)
	}
	w := s * (1 - s/(1+c)) // s + c − 1
	l := math.Abs(lam)
	a := 0.5 * (math.Pi - l) * (math.Pi + l) / (l * math.Pi)
	g := c / w
	m := g * (2 - s) / s
	mg := 2 * g * (1 - s) / s // m − G
	a2, m2 := a*a, m*m
	t := (m2 - g) * a
	x = math.Pi * mg * (m + g) / (t + math.Sqrt(float64(t*t)+(m2+a2)*mg*(m+g)))
	m1 := mg + (1-s)/w // m − 1
	d := a2*(float64(m1*m1)+2*mg) + float64(mg*(m+g))
	y = math.Pi * (float64(g*g) + a2*(c+1-s)/w) / (m*(a2+g) + a*math.Sqrt(d))
	return math.Copysign(x, lam), math.Copysign(y, phi)
}

// unproject finds latitude by the circles that are the parallels, through (0, v0) and where y is yb on the outline, the
// unit circle; longitude follows in closed form.
func (p vanDerGrinten) unproject(x, y float64) (lam, phi float64) {
	u, v := x/math.Pi, math.Abs(y)/math.Pi
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta := solve(0, math.Pi/2, 2*math.Atan(v), func(t float64) (float64, float64) {
		s, c := math.Sincos(t)
		v0 := math.Tan(0.5 * t)
		k := s * s * (1 - s/(1+c)) / ((2 - s) * (1 + c)) // yb − v0
		dv := 0.5 * (1 + v0*v0)
		dk := 2*c/((2-s)*(2-s)) - dv
		return (r2-v0*v0)*k - (1-v0*v0)*(v-v0), (r2-v0*v0)*dk - 2*v0*dv*k + 2*v0*dv*(v-v0) + (1-v0*v0)*dv
	})
	phi = math.Copysign(math.Pi/2*math.Sin(theta), y)
	d := max(0, 1-r2)
	d += math.Sqrt(float64(d*d) + 4*float64(u*u))
	if d == 0 {
		return 0, phi
	}
	return max(-math.Pi, min(math.Pi, 2*math.Pi*u/d)), phi
}
