package srs

import (
	"errors"
	"math"

	"github.com/go-spatial/proj/core"
)

// equidistantConic is the equidistant conic projection, on the sphere or the ellipsoid: EPSG method 1119. Source:
// Snyder (1987), pages 111 to 115.
//
// The domain is all of the earth. The pole at the apex is an arc, not a point.
type equidistantConic struct {
	meridian
	n, g, rho0 float64
}

func newEquidistantConic(sys *core.System) (equidistantConic, error) {
	p := equidistantConic{meridian: newMeridian(sys)}
	phi1, phi2 := parameter(sys, "lat_1"), parameter(sys, "lat_2")
	if !(math.Abs(phi1+phi2) > 1e-10) || !(max(math.Abs(phi1), math.Abs(phi2)) < mercatorPole) {
		return p, errors.New("standard parallels are opposite each other, or at a pole")
	}
	m1 := scaleAt(phi1, sys.Ellipsoid.Es)
	p.n = math.Sin(phi1)
	if math.Abs(phi1-phi2) > 1e-10 {
		p.n = (m1 - scaleAt(phi2, sys.Ellipsoid.Es)) / (p.arc(phi2) - p.arc(phi1))
	}
	p.g = p.arc(phi1) + m1/p.n
	p.rho0 = p.g - p.arc(sys.Phi0)
	return p, nil
}

func (p equidistantConic) extent() extent {
	r := math.Abs(p.g) + p.arc(math.Pi/2) + planeSlack
	return extent{top: math.Inf(1), bounds: Envelope{-r, p.rho0 - r, r, p.rho0 + r}}
}

func (p equidistantConic) project(lam, phi float64) (x, y float64) {
	rho := p.g - p.arc(phi)
	sin, cos := math.Sincos(p.n * lam)
	return rho * sin, p.rho0 - float64(rho*cos)
}

func (p equidistantConic) unproject(x, y float64) (lam, phi float64) {
	y = p.rho0 - y
	rho := math.Copysign(math.Hypot(x, y), p.n)
	if p.n < 0 {
		x, y = -x, -y
	}
	lam = math.Atan2(x, y) / p.n
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	return lam, latitude(p.latitude(p.g - rho))
}

// bonne is Bonne's pseudoconic equal-area projection, on the sphere or the ellipsoid: EPSG methods 9827 and, with axes,
// 9828. Source: Snyder (1987), pages 138 to 140.
//
// The domain is all of the earth.
type bonne struct {
	meridian
	es, arc1, rho1 float64
}

func newBonne(sys *core.System) (bonne, error) {
	p := bonne{meridian: newMeridian(sys), es: sys.Ellipsoid.Es}
	phi1 := parameter(sys, "lat_1")
	if !(math.Abs(phi1) > 1e-10) || !(math.Abs(phi1) <= math.Pi/2) {
		return p, errors.New("the standard parallel of a Bonne projection is the equator, or beyond a pole")
	}
	p.arc1 = p.arc(phi1)
	p.rho1 = scaleAt(phi1, p.es) / math.Sin(phi1)
	if math.Abs(phi1) > math.Pi/2-polarCap {
		p.rho1 = 0
	}
	return p, nil
}

func (p bonne) extent() extent {
	r := math.Abs(p.rho1+p.arc1) + math.Pi/2 + planeSlack
	return extent{top: math.Inf(1), bounds: Envelope{-r, p.rho1 - r, r, p.rho1 + r}}
}

func (p bonne) project(lam, phi float64) (x, y float64) {
	rho := p.rho1 + p.arc1 - p.arc(phi)
	if math.Abs(rho) < polarCap { // the pole is the centre of the parallels
		return 0, p.rho1
	}
	sin, cos := math.Sincos(lam * scaleAt(phi, p.es) / rho)
	return rho * sin, p.rho1 - float64(rho*cos)
}

func (p bonne) unproject(x, y float64) (lam, phi float64) {
	y = p.rho1 - y
	rho := math.Hypot(x, y)
	if p.rho1 < 0 || p.rho1 == 0 && p.arc1 < 0 {
		rho, x, y = -rho, -x, -y
	}
	phi = latitude(p.latitude(p.rho1 + p.arc1 - rho))
	return longitude(rho*math.Atan2(x, y), scaleAt(phi, p.es)), phi
}

// nearConformal is the Lambert conic near-conformal projection of the Levant: EPSG method 9817. Source: IOGP Guidance
// Note 7-2, but for the arc of the meridian, whose series there are the same within a micrometre.
//
// The domain is 10° of latitude around the origin, within which distances from it along the meridian map one to one.
type nearConformal struct {
	meridian
	arc0, r0, a, n, k0 float64
}

const nearConformalReach = 0.18

func newNearConformal(sys *core.System) (nearConformal, error) {
	p := nearConformal{meridian: newMeridian(sys), k0: sys.K0}
	sin, cos := math.Sincos(sys.Phi0)
	if math.Abs(sin) < 1e-10 || cos < 1e-10 {
		return p, errors.New("the latitude of origin is the equator or a pole")
	}
	nu := primeVertical(sin, sys.Ellipsoid.Es)
	p.a = 1 / (6 * alongMeridian(sin, sys.Ellipsoid.Es) * nu)
	p.r0 = p.k0 * nu * cos / sin
	p.n = sin
	p.arc0 = p.arc(sys.Phi0)
	return p, nil
}

func (p nearConformal) extent() extent {
	r := math.Abs(p.r0) + 0.2
	return extent{top: math.Inf(1), bounds: Envelope{-r, p.r0 - r, r, p.r0 + r}}
}

func (p nearConformal) project(lam, phi float64) (x, y float64) {
	m := p.arc(phi) - p.arc0
	if !(math.Abs(m) <= nearConformalReach) {
		return math.NaN(), math.NaN()
	}
	r := p.r0 - p.k0*(m+float64(p.a*m*m*m))
	sin, cos := math.Sincos(p.n * lam)
	return r * sin, p.r0 - float64(r*cos)
}

func (p nearConformal) unproject(x, y float64) (lam, phi float64) {
	y = p.r0 - y
	r := math.Copysign(math.Hypot(x, y), p.r0)
	if p.r0 < 0 {
		x, y = -x, -y
	}
	lam = math.Atan2(x, y) / p.n
	want := (p.r0 - r) / p.k0
	m := solve(-0.2, 0.2, want, func(m float64) (float64, float64) {
		return m + float64(p.a*m*m*m) - want, 1 + 3*p.a*m*m
	})
	if !(math.Abs(m) <= nearConformalReach+planeSlack && math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	return lam, p.latitude(p.arc0 + m)
}

// polyconic is the American polyconic projection, on the sphere or the ellipsoid: EPSG method 9818. Source: Snyder
// (1987), pages 128 to 131.
//
// The domain is all of the earth. Parallels are circles that do not meet, so that the inverse is one root between
// bounds.
type polyconic struct {
	meridian
	es, arc0 float64
}

func newPolyconic(sys *core.System) (polyconic, error) {
	p := polyconic{meridian: newMeridian(sys), es: sys.Ellipsoid.Es}
	p.arc0 = p.arc(sys.Phi0)
	return p, nil
}

func (p polyconic) extent() extent {
	const r = 4 // x reaches π on the equator, y 3.3
	return extent{top: math.Inf(1), bounds: Envelope{-r, -p.arc0 - r, r, -p.arc0 + r}}
}

func (p polyconic) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(phi)
	if math.Abs(sin) < 1e-12 {
		return lam, p.arc(phi) - p.arc0
	}
	r := primeVertical(sin, p.es) * cos / sin
	// 1 − cos E without its cancellation
	h := math.Sin(0.5 * lam * sin)
	return r * math.Sin(lam*sin), p.arc(phi) - p.arc0 + 2*r*h*h
}

func (p polyconic) unproject(x, y float64) (lam, phi float64) {
	y += p.arc0
	if !(math.Abs(x) <= 4 && math.Abs(y) <= 4) {
		return math.NaN(), math.NaN()
	}
	if math.Abs(y) < 1e-12 {
		return longitude(x, 1), 0
	}
	top := min(math.Pi/2, p.latitude(math.Abs(y))) // the parallel's lowest point is on the central meridian
	phi = solve(0, top, 0.9*top, func(phi float64) (float64, float64) {
		sin, cos := math.Sincos(phi)
		d := math.Abs(y) - p.arc(phi)
		nu := primeVertical(sin, p.es)
		v := 2*d*nu*cos - (float64(x*x)+float64(d*d))*sin
		slope := -2*alongMeridian(sin, p.es)*nu*cos - 2*d*nu*sin - (float64(x*x)+float64(d*d))*cos + 2*d*sin
		return -v, -slope
	})
	phi = math.Copysign(phi, y)
	sin, cos := math.Sincos(phi)
	nu := primeVertical(sin, p.es)
	d := y - p.arc(phi)
	if math.Abs(sin) < 1e-9 {
		return longitude(x, 1), phi
	}
	e := math.Atan2(float64(x*sin), float64(nu*cos)-float64(d*sin))
	if cos < 1e-9 {
		if math.Abs(x) > planeSlack || math.Abs(d) > planeSlack {
			return math.NaN(), math.NaN()
		}
		return 0, phi
	}
	if lam = e / sin; !(math.Abs(lam) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
