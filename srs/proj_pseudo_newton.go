package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// The pseudocylindrical projections of this file place parallels by the root of an equation in latitude: forward is by
// bounded iteration, and inverse in closed form. All are of the sphere, and the domain of each is all of the earth.
// Sources: Snyder & Voxland (1989), pages 219 to 226, and for Mollweide Snyder (1987), page 251.

// mollweide covers Mollweide's projection and Wagner's that are parts of it: x = cx λ cos θ, y = cy sin θ with
// 2θ + sin 2θ = cp sin φ.
type mollweide struct{ cx, cy, cp float64 }

// newMollweideTo makes the form in which the poles are at θ = limit and areas are kept.
func newMollweideTo(limit float64) mollweide {
	cp := 2*limit + math.Sin(2*limit)
	r := math.Sqrt(2 * math.Pi * math.Sin(limit) / cp)
	return mollweide{2 * r / math.Pi, r / math.Sin(limit), cp}
}

func newMollweide(*core.System) (mollweide, error) { return newMollweideTo(math.Pi / 2), nil }

func newWagner4(*core.System) (mollweide, error) { return newMollweideTo(math.Pi / 3), nil }

// Wagner's fifth projection does not keep areas; these are the coefficients that PROJ documents.
func newWagner5(*core.System) (mollweide, error) { return mollweide{0.90977, 1.65014, 3.00896}, nil }

func (p mollweide) extent() extent { return worldExtent(p) }

func (p mollweide) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(mollweideAngle(p.cp, phi))
	return p.cx * lam * cos, p.cy * sin
}

func (p mollweide) unproject(x, y float64) (lam, phi float64) {
	theta := arcsine(y / p.cy)
	sin, cos := math.Sincos(theta)
	return longitude(x, p.cx*cos), arcsine((2*theta + 2*float64(sin*cos)) / p.cp)
}

// mollweideAngle solves 2θ + sin 2θ = cp sin φ. If cp is π, the root is triple at the poles, where the equation is
// solved for the distance δ from them.
func mollweideAngle(cp, phi float64) float64 {
	k := math.Abs(math.Sin(phi)) * cp
	if math.IsNaN(k) {
		return k
	}
	var theta float64
	if k < 2.5 {
		theta = 0.5 * solve(0, math.Pi, 0.6*k, func(t float64) (float64, float64) {
			sin, cos := math.Sincos(t)
			return t + sin - k, 1 + cos
		})
	} else {
		// δ − sin δ = π − cp + cp (1 − |sin φ|)
		half := math.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
		r := math.Pi - cp + 2*cp*half*half
		if r < 1e-60 {
			return math.Copysign(math.Pi/2, phi)
		}
		delta := solve(0, math.Pi, math.Cbrt(6*r), func(t float64) (float64, float64) {
			if t > 0.5 {
				sin, cos := math.Sincos(t)
				return t - sin - r, 1 - cos
			}
			t2 := t * t
			return t*t2/6*(1-t2/20*(1-t2/42*(1-t2/72*(1-t2/110*(1-t2/156))))) - r, t2 / 2 * (1 - t2/12*(1-t2/30))
		})
		theta = 0.5 * (math.Pi - delta)
	}
	return math.Copysign(theta, phi)
}

// winkel2 is the mean of a plate carrée and an ellipse of Mollweide's angle.
type winkel2 struct{ cos float64 }

func newWinkel2(sys *core.System) (winkel2, error) {
	return winkel2{math.Cos(parameter(sys, "lat_1"))}, nil
}

func (p winkel2) extent() extent { return worldExtent(p) }

func (p winkel2) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(mollweideAngle(math.Pi, phi))
	return 0.5 * lam * (cos + p.cos), math.Pi / 4 * (sin + 2/math.Pi*phi)
}

func (p winkel2) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(y) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	phi = solve(-math.Pi/2, math.Pi/2, y, func(t float64) (float64, float64) {
		sin, cos := math.Sincos(mollweideAngle(math.Pi, t))
		return math.Pi/4*sin + 0.5*t - y, 0.5 + math.Pi*math.Pi/16*math.Cos(t)/max(cos, 1e-12)
	})
	return longitude(x, 0.5*(math.Cos(mollweideAngle(math.Pi, phi))+p.cos)), phi
}

type eckert4 struct{}

func newEckert4(*core.System) (eckert4, error) { return eckert4{}, nil }

func (p eckert4) extent() extent { return worldExtent(p) }

var eckert4X, eckert4Y = 2 / math.Sqrt(math.Pi*(4+math.Pi)), 2 * math.Sqrt(math.Pi/(4+math.Pi))

// project solves θ + sin θ cos θ + 2 sin θ = (2 + π/2) sin φ. At the poles the root is double, where δ = π/2 − θ
// takes over: δ − sin δ cos δ + 4 sin² δ/2 is what is lacking.
func (eckert4) project(lam, phi float64) (x, y float64) {
	const c = 2 + math.Pi/2
	half := math.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
	r := 2 * c * half * half
	delta := solve(0, math.Pi/2, min(1.5, math.Sqrt(r)), func(t float64) (float64, float64) {
		sin, cos := math.Sincos(t)
		s := math.Sin(0.5 * t)
		return t - sin*cos + 4*s*s - r, 2*sin*sin + 2*sin
	})
	sin, cos := math.Sincos(delta)
	return eckert4X * lam * (1 + sin), math.Copysign(eckert4Y*cos, phi)
}

func (eckert4) unproject(x, y float64) (lam, phi float64) {
	theta := arcsine(y / eckert4Y)
	sin, cos := math.Sincos(theta)
	return longitude(x, eckert4X*(1+cos)), arcsine((theta + float64(sin*cos) + 2*sin) / (2 + math.Pi/2))
}

type eckert6 struct{}

func newEckert6(*core.System) (eckert6, error) { return eckert6{}, nil }

func (p eckert6) extent() extent { return worldExtent(p) }

// project solves θ + sin θ = (1 + π/2) sin φ.
func (eckert6) project(lam, phi float64) (x, y float64) {
	k := (1 + math.Pi/2) * math.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.5*k, func(t float64) (float64, float64) {
		sin, cos := math.Sincos(t)
		return t + sin - k, 1 + cos
	})
	return eckert5Scale * lam * (1 + math.Cos(theta)), 2 * eckert5Scale * theta
}

func (eckert6) unproject(x, y float64) (lam, phi float64) {
	theta := latitude(y / (2 * eckert5Scale))
	return longitude(x, eckert5Scale*(1+math.Cos(theta))), arcsine((theta + math.Sin(theta)) / (1 + math.Pi/2))
}

// flatPolarQuartic is F. W. McBryde and P. D. Thomas's projection 4.
type flatPolarQuartic struct{}

func newFlatPolarQuartic(*core.System) (flatPolarQuartic, error) { return flatPolarQuartic{}, nil }

func (p flatPolarQuartic) extent() extent { return worldExtent(p) }

var (
	quarticX = 1 / math.Sqrt(3*math.Sqrt2+6)
	quarticY = 2 * math.Sqrt(3) / math.Sqrt(2+math.Sqrt2)
)

// project solves sin θ/2 + sin θ = (1 + 1/√2) sin φ.
func (flatPolarQuartic) project(lam, phi float64) (x, y float64) {
	k := (1 + 1/math.Sqrt2) * math.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.7*k, func(t float64) (float64, float64) {
		return math.Sin(0.5*t) + math.Sin(t) - k, 0.5*math.Cos(0.5*t) + math.Cos(t)
	})
	return quarticX * lam * (1 + 2*math.Cos(theta)/math.Cos(0.5*theta)), quarticY * math.Sin(0.5*theta)
}

func (flatPolarQuartic) unproject(x, y float64) (lam, phi float64) {
	theta := 2 * arcsine(y/quarticY)
	if !(math.Abs(theta) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return longitude(x, quarticX*(1+2*math.Cos(theta)/math.Cos(0.5*theta))),
		arcsine((math.Sin(0.5*theta) + math.Sin(theta)) / (1 + 1/math.Sqrt2))
}
