package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// gaussSphere maps an ellipsoid conformally to a sphere that it touches along a parallel, with the least distortion
// there: longitudes are multiplied by c. Source: IOGP Guidance Note 7-2, method 9809; C. F. Gauss 1843.
type gaussSphere struct {
	e, c, shift float64 // ψ of the sphere = c ψ + shift
	chi0        float64 // latitude on the sphere of the parallel
	radius      float64 // of the sphere, √(ρν)
	toGeodetic  sineSeries
}

func newGaussSphere(def *Projection) gaussSphere {
	es := def.Ellipsoid.es()
	sin, cos := portable.Sincos(def.phi0())
	g := gaussSphere{
		e: def.Ellipsoid.e(), c: math.Sqrt(1 + es*cos*cos*cos*cos/(1-es)),
		radius:     math.Sqrt(1-es) / (1 - float64(es*sin*sin)),
		toGeodetic: newSineSeries(&conformalToGeodetic, def.Ellipsoid.n()),
	}
	g.chi0 = portable.Asin(sin / g.c)
	g.shift = isometric(g.chi0, 0) - float64(g.c*isometric(def.phi0(), g.e))
	return g
}

// sincos returns sine and cosine of the latitude on the sphere.
func (g *gaussSphere) sincos(phi float64) (sin, cos float64) {
	psi := float64(g.c*isometric(phi, g.e)) + g.shift
	exp := portable.Exp(-math.Abs(psi))
	inv := 1 / (1 + float64(exp*exp))
	return math.Copysign((1-float64(exp*exp))*inv, psi), 2 * exp * inv
}

// longitude returns the longitude on the sphere. As c is a little above 1, the sphere is covered twice next to the
// meridian opposite the central one; the part beyond its half turn is cut off.
func (g *gaussSphere) longitude(lam float64) float64 {
	lam *= g.c
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN()
	}
	return lam
}

// geodetic inverts sincos and longitude. Sine and cosine may be multiplied by a common factor.
func (g *gaussSphere) geodetic(lam, sin, cos float64) (float64, float64) {
	r := math.Sqrt(float64(sin*sin) + float64(cos*cos))
	psi := math.Copysign(portable.Log((r+math.Abs(sin))/cos), sin)
	if psi > 40 || psi < -40 {
		return lam / g.c, math.Copysign(math.Pi/2, psi)
	}
	return lam / g.c, latitudeOf((psi-g.shift)/g.c, &g.toGeodetic)
}
