package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// gaussSphere maps an ellipsoid conformally to a sphere that it touches along a parallel, with the least distortion
// there: longitudes are multiplied by c. Source: IOGP Guidance Note 7-2, method 9809; C. F. Gauss 1843.
type gaussSphere struct {
	e, c, shift float64 // ψ of the sphere = c ψ + shift
	chi0        float64 // latitude on the sphere of the parallel
	radius      float64 // of the sphere, √(ρν)
	toGeodetic  sineSeries
}

func newGaussSphere(sys *core.System) gaussSphere {
	es := sys.Ellipsoid.Es
	sin, cos := math.Sincos(sys.Phi0)
	g := gaussSphere{
		e: sys.Ellipsoid.E, c: math.Sqrt(1 + es*cos*cos*cos*cos/(1-es)),
		radius:     math.Sqrt(1-es) / (1 - es*sin*sin),
		toGeodetic: newSineSeries(&conformalToGeodetic, thirdFlattening(sys)),
	}
	g.chi0 = math.Asin(sin / g.c)
	g.shift = isometric(g.chi0, 0) - g.c*isometric(sys.Phi0, g.e)
	return g
}

// sincos gives sine and cosine of the latitude on the sphere.
func (g *gaussSphere) sincos(phi float64) (sin, cos float64) {
	psi := float64(g.c*isometric(phi, g.e)) + g.shift
	exp := math.Exp(-math.Abs(psi))
	inv := 1 / (1 + float64(exp*exp))
	return math.Copysign((1-float64(exp*exp))*inv, psi), 2 * exp * inv
}

// longitude is that on the sphere. As c is a little above 1, the sphere is covered twice next to the meridian opposite
// the central one; the part beyond its half turn is cut off.
func (g *gaussSphere) longitude(lam float64) float64 {
	lam *= g.c
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN()
	}
	return lam
}

// geodetic undoes sincos and longitude; sine and cosine may be in proportion.
func (g *gaussSphere) geodetic(lam, sin, cos float64) (float64, float64) {
	r := math.Sqrt(float64(sin*sin) + float64(cos*cos))
	psi := math.Copysign(math.Log((r+math.Abs(sin))/cos), sin)
	if psi > 40 || psi < -40 {
		return lam / g.c, math.Copysign(math.Pi/2, psi)
	}
	return lam / g.c, latitudeOf((psi-g.shift)/g.c, &g.toGeodetic)
}

// doubleStereographic is EPSG method 9809, Oblique Stereographic, which Esri calls Double_Stereographic and PROJ
// sterea: the stereographic projection of a Gaussian sphere. Source: IOGP Guidance Note 7-2.
//
// The domain is all of the earth but the point opposite the centre and a sliver of some tenths of a degree next to the
// meridian opposite the central one.
type doubleStereographic struct {
	gaussSphere
	scale, sin0, cos0 float64
}

func newDoubleStereographic(sys *core.System) (doubleStereographic, error) {
	p := doubleStereographic{gaussSphere: newGaussSphere(sys)}
	p.scale = sys.K0 * p.radius
	p.sin0, p.cos0 = math.Sincos(p.chi0)
	return p, nil
}

func (p doubleStereographic) extent() extent { return extent{top: math.Inf(1), bounds: everywhere} }

func (p doubleStereographic) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	return stereographic(sin, cos, p.longitude(lam), p.sin0, p.cos0, p.scale)
}

func (p doubleStereographic) unproject(x, y float64) (lam, phi float64) {
	return p.geodetic(unstereographic(x, y, p.sin0, p.cos0, p.scale))
}

// swissOblique is the Swiss oblique Mercator projection: the Mercator projection of a Gaussian sphere with its equator
// through the centre. It is EPSG's Hotine method 9815 with an azimuth of 90° to better than a millimetre in
// Switzerland. Source: Federal Office of Topography, Formulas and constants for the calculation of the Swiss conformal
// cylindrical projection (2016).
//
// The domain is all of the earth but 10 km around the two poles of the oblique cylinder and a sliver of some tenths of a
// degree opposite the central meridian.
type swissOblique struct {
	gaussSphere
	scale, sin0, cos0 float64
}

// obliquePole bounds the sine of latitude about an oblique cylinder: 10 km from its pole.
const obliquePole = 1 - 1e-6

func newSwissOblique(sys *core.System) (swissOblique, error) {
	p := swissOblique{gaussSphere: newGaussSphere(sys)}
	p.scale = sys.K0 * p.radius
	p.sin0, p.cos0 = math.Sincos(p.chi0)
	return p, nil
}

func (p swissOblique) extent() extent {
	x, y := p.scale*math.Pi*(1+1e-9), p.scale*math.Atanh(obliquePole)*(1+1e-9)
	return extent{top: math.Inf(1), bounds: Envelope{-x, -y, x, y}}
}

func (p swissOblique) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	sinLam, cosLam := math.Sincos(p.longitude(lam))
	v := float64(p.cos0*sin) - float64(p.sin0*cos*cosLam) // sine of latitude about the cylinder
	if !(math.Abs(v) <= obliquePole) {
		return math.NaN(), math.NaN()
	}
	t := float64(p.sin0*sin) + float64(p.cos0*cos*cosLam)
	return p.scale * math.Atan2(cos*sinLam, t), p.scale * 0.5 * math.Log((1+v)/(1-v))
}

func (p swissOblique) unproject(x, y float64) (lam, phi float64) {
	u, v := x/p.scale, math.Tanh(y/p.scale)
	if !(math.Abs(u) <= math.Pi*(1+coneSlack) && math.Abs(v) <= obliquePole*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	cos := math.Sqrt((1 - v) * (1 + v))
	sinU, cosU := math.Sincos(u)
	a, b := cos*sinU, cos*cosU
	t := float64(p.cos0*b) - float64(p.sin0*v)
	return p.geodetic(math.Atan2(a, t), float64(p.sin0*b)+float64(p.cos0*v), math.Sqrt(float64(t*t)+float64(a*a)))
}
