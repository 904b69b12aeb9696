package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// The pseudocylindrical projections of this file draw parallels as straight lines, x = λ f(φ), y = g(φ), in closed form.
// All but sinusoidal and Equal Earth are of the sphere. The domain of each is all of the earth.
//
// Sources, unless another is given: J. P. Snyder and P. M. Voxland, An Album of Map Projections, USGS Professional Paper
// 1453 (1989), pages 219 to 226; Snyder (1987).

// sinusoidal is on the sphere or the ellipsoid: Snyder (1987), pages 247 and 248.
type sinusoidal struct {
	meridian
	es float64
}

func newSinusoidal(sys *core.System) (sinusoidal, error) {
	return sinusoidal{newMeridian(sys), sys.Ellipsoid.Es}, nil
}

func (p sinusoidal) extent() extent { return worldExtent(p) }

func (p sinusoidal) project(lam, phi float64) (x, y float64) {
	return lam * scaleAt(phi, p.es), p.arc(phi)
}

func (p sinusoidal) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(p.latitude(y))
	return longitude(x, scaleAt(phi, p.es)), phi
}

// equalEarth is on the sphere or the ellipsoid: EPSG method 1078. Source: B. Šavrič, T. Patterson and B. Jenny, The
// Equal Earth map projection, International Journal of Geographical Information Science 33 (2019).
type equalEarth struct{ authalic }

func newEqualEarth(sys *core.System) (equalEarth, error) { return equalEarth{newAuthalic(sys)}, nil }

func (p equalEarth) extent() extent { return worldExtent(p) }

// polynomial gives y and dy/dθ on the sphere.
func (equalEarth) polynomial(theta float64) (y, slope float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	t := theta * theta
	t3 := t * t * t
	return theta * (a1 + float64(a2*t) + float64(t3*(a3+float64(a4*t)))), a1 + float64(3*a2*t) + float64(t3*(7*a3+float64(9*a4*t)))
}

var sqrt3 = math.Sqrt(3)

func (p equalEarth) project(lam, phi float64) (x, y float64) {
	sin, _ := p.toAuthalic.sincos(math.Sincos(phi))
	theta := math.Asin(sqrt3 / 2 * sin)
	y, slope := p.polynomial(theta)
	return p.radius * lam * math.Cos(theta) * 2 / sqrt3 / slope, p.radius * y
}

func (p equalEarth) unproject(x, y float64) (lam, phi float64) {
	y /= p.radius
	top, _ := p.polynomial(math.Pi / 3)
	if !(math.Abs(y) <= top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta := solve(-math.Pi/3, math.Pi/3, y/top*math.Pi/3, func(t float64) (float64, float64) {
		v, d := p.polynomial(t)
		return v - y, d
	})
	_, slope := p.polynomial(theta)
	sin := min(1, max(-1, math.Sin(theta)*2/sqrt3))
	return longitude(x, p.radius*math.Cos(theta)*2/sqrt3/slope), p.toGeodetic.geodetic(sin, math.Sqrt((1-sin)*(1+sin)))
}

type eckert1 struct{}

func newEckert1(*core.System) (eckert1, error) { return eckert1{}, nil }

func (p eckert1) extent() extent { return worldExtent(p) }

var eckert1Scale = math.Sqrt(8 / (3 * math.Pi))

func (eckert1) project(lam, phi float64) (x, y float64) {
	return eckert1Scale * lam * (1 - math.Abs(phi)/math.Pi), eckert1Scale * phi
}

func (eckert1) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / eckert1Scale)
	return longitude(x, eckert1Scale*(1-math.Abs(phi)/math.Pi)), phi
}

type eckert2 struct{}

func newEckert2(*core.System) (eckert2, error) { return eckert2{}, nil }

func (p eckert2) extent() extent { return worldExtent(p) }

var eckert2X, eckert2Y = 2 / math.Sqrt(6*math.Pi), math.Sqrt(2 * math.Pi / 3)

func (eckert2) project(lam, phi float64) (x, y float64) {
	s := math.Sqrt(4 - 3*math.Sin(math.Abs(phi)))
	return eckert2X * lam * s, math.Copysign(eckert2Y*(2-s), phi)
}

func (eckert2) unproject(x, y float64) (lam, phi float64) {
	s := 2 - math.Abs(y)/eckert2Y
	return longitude(x, eckert2X*s), math.Copysign(arcsine((4-float64(s*s))/3), y)
}

type eckert3 struct{}

func newEckert3(*core.System) (eckert3, error) { return eckert3{}, nil }

func (p eckert3) extent() extent { return worldExtent(p) }

var eckert3Scale = 2 / math.Sqrt(math.Pi*(4+math.Pi))

func (eckert3) project(lam, phi float64) (x, y float64) {
	t := 2 * phi / math.Pi
	return eckert3Scale * lam * (1 + math.Sqrt(max(0, (1-t)*(1+t)))), 2 * eckert3Scale * phi
}

func (eckert3) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / (2 * eckert3Scale))
	t := 2 * phi / math.Pi
	return longitude(x, eckert3Scale*(1+math.Sqrt(max(0, (1-t)*(1+t))))), phi
}

type eckert5 struct{}

func newEckert5(*core.System) (eckert5, error) { return eckert5{}, nil }

func (p eckert5) extent() extent { return worldExtent(p) }

var eckert5Scale = 1 / math.Sqrt(2+math.Pi)

func (eckert5) project(lam, phi float64) (x, y float64) {
	return eckert5Scale * lam * (1 + math.Cos(phi)), 2 * eckert5Scale * phi
}

func (eckert5) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / (2 * eckert5Scale))
	return longitude(x, eckert5Scale*(1+math.Cos(phi))), phi
}

// winkel1 is the mean of the sinusoidal projection and a plate carrée.
type winkel1 struct{ cos float64 }

func newWinkel1(sys *core.System) (winkel1, error) {
	return winkel1{math.Cos(parameter(sys, "lat_ts"))}, nil
}

func (p winkel1) extent() extent { return worldExtent(p) }

func (p winkel1) project(lam, phi float64) (x, y float64) {
	return 0.5 * lam * (p.cos + math.Cos(phi)), phi
}

func (p winkel1) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y)
	return longitude(x, 0.5*(p.cos+math.Cos(phi))), phi
}

type craster struct{}

func newCraster(*core.System) (craster, error) { return craster{}, nil }

func (p craster) extent() extent { return worldExtent(p) }

var crasterX, crasterY = math.Sqrt(3 / math.Pi), math.Sqrt(3 * math.Pi)

func (craster) project(lam, phi float64) (x, y float64) {
	return crasterX * lam * (2*math.Cos(2*phi/3) - 1), crasterY * math.Sin(phi/3)
}

func (craster) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(3 * arcsine(y/crasterY))
	return longitude(x, crasterX*(2*math.Cos(2*phi/3)-1)), phi
}

type quarticAuthalic struct{}

func newQuarticAuthalic(*core.System) (quarticAuthalic, error) { return quarticAuthalic{}, nil }

func (p quarticAuthalic) extent() extent { return worldExtent(p) }

func (quarticAuthalic) project(lam, phi float64) (x, y float64) {
	return lam * math.Cos(phi) / math.Cos(0.5*phi), 2 * math.Sin(0.5*phi)
}

func (quarticAuthalic) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(2 * arcsine(0.5*y))
	return longitude(x, math.Cos(phi)/math.Cos(0.5*phi)), phi
}

// times is J. Moir's Times projection of 1965, from the formulas that PROJ documents.
type times struct{}

func newTimes(*core.System) (times, error) { return times{}, nil }

func (p times) extent() extent { return worldExtent(p) }

func (times) width(t float64) float64 {
	s := math.Sin(math.Pi / 4 * t)
	return 0.74482 - 0.34588*s*s
}

func (p times) project(lam, phi float64) (x, y float64) {
	t := math.Tan(0.5 * phi)
	return lam * p.width(t), 1.70711 * t
}

func (p times) unproject(x, y float64) (lam, phi float64) {
	t := y / 1.70711
	return longitude(x, p.width(t)), latitude(2 * math.Atan(t))
}

// loximuthal shows rhumb lines from the point on the central meridian at a given latitude as straight lines, at their
// length and azimuth: Snyder & Voxland, page 224.
type loximuthal struct{ phi1, cos, psi float64 }

func newLoximuthal(sys *core.System) (loximuthal, error) {
	phi1 := parameter(sys, "lat_1")
	return loximuthal{phi1, math.Cos(phi1), isometric(phi1, 0)}, nil
}

func (p loximuthal) extent() extent {
	y := math.Pi + planeSlack
	return extent{top: math.Inf(1), bounds: Envelope{-4, -y, 4, y}}
}

func (p loximuthal) width(phi float64) float64 {
	switch d := phi - p.phi1; {
	case math.Abs(phi) > math.Pi/2-1e-15:
		return 0
	case math.Abs(d) < 1e-5:
		// The mean of the cosine along the rhumb line, to third order.
		sin, cos := math.Sincos(p.phi1 + 0.5*d)
		return cos - float64(d*d*(1+float64(sin*sin))/(24*cos))
	default:
		return d / (isometric(phi, 0) - p.psi)
	}
}

func (p loximuthal) project(lam, phi float64) (x, y float64) {
	return lam * p.width(phi), phi - p.phi1
}

func (p loximuthal) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y + p.phi1)
	return longitude(x, p.width(phi)), phi
}
