package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// simpleConic is a conic projection of the sphere, by the distance of parallels from the apex: ρ1 − φ, or ρ1 − s tan(φ
// − φm) of perspective ones, whose middle parallel is φm.
type simpleConic struct {
	n, rho0, rho1 float64
	mid, scale    float64
	perspective   bool
}

var simpleConicParameters = of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
	projNamed("lat_1", StandardParallel1), projNamed("lat_2", StandardParallel2))

// perspectiveReach is how far from the middle parallel perspective conics go.
const perspectiveReach = 89 * degree

// middleParallel returns the mean of two parallels, and half of their difference.
func middleParallel(def *Projection) (mid, half float64, err error) {
	mid, half = float64(0.5*(def.phi2()+def.phi1())), float64(0.5*math.Abs(def.phi2()-def.phi1()))
	if half < 1e-10 || math.Abs(mid) < 1e-10 {
		err = errors.New("the standard parallels are one, or opposite each other")
	}
	return mid, half, err
}

// newSimpleConic returns an equidistant one.
func newSimpleConic(def *Projection, n, rho1 float64) simpleConic {
	p := simpleConic{n: n, rho1: rho1}
	p.rho0 = p.radius(def.phi0())
	return p
}

// from counts y from a parallel.
func (p simpleConic) from(phi0 float64) (simpleConic, error) {
	if !(math.Abs(phi0-p.mid) <= perspectiveReach) {
		return p, errors.New("the latitude of origin is not within 89° of the middle parallel")
	}
	p.rho0 = p.radius(phi0)
	return p, nil
}

// radius returns a parallel's distance from the apex, of the sign of n.
func (p simpleConic) radius(phi float64) float64 {
	switch {
	case !p.perspective:
		return p.rho1 - phi
	case !(math.Abs(phi-p.mid) <= perspectiveReach):
		return math.NaN()
	}
	return p.rho1 - float64(p.scale*portable.Tan(phi-p.mid))
}

func (p simpleConic) extent() Extent {
	r := math.Abs(p.rho1) + 60
	return Extent{Top: math.Inf(1), Bounds: Box{-r, p.rho0 - r, r, p.rho0 + r}}
}

func (p simpleConic) project(lam, phi float64) (x, y float64) {
	rho := p.radius(phi)
	if !(float64(rho*p.n) >= 0) {
		return math.NaN(), math.NaN()
	}
	sin, cos := portable.Sincos(p.n * lam)
	return rho * sin, p.rho0 - float64(rho*cos)
}

func (p simpleConic) unproject(x, y float64) (lam, phi float64) {
	y = p.rho0 - y
	rho := math.Copysign(portable.Hypot(x, y), p.n)
	if p.n < 0 {
		x, y = -x, -y
	}
	lam = portable.Atan2(x, y) / p.n
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)+planeSlack/math.Abs(rho)) {
		return math.NaN(), math.NaN()
	}
	lam = max(-math.Pi, min(math.Pi, lam))
	if !p.perspective {
		return lam, latitude(p.rho1 - rho)
	}
	phi = portable.Atan((p.rho1 - rho) / p.scale)
	if !(math.Abs(phi) <= perspectiveReach+coneSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, latitude(phi + p.mid)
}
