package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// ellipsoidalCylindrical is the equidistant cylindrical projection of the ellipsoid: EPSG method 1028. Source: IOGP
// Guidance Note 7-2. The domain is all of the earth.
type ellipsoidalCylindrical struct {
	meridian
	k0, arc0 float64
}

func newEllipsoidalCylindrical(sys *core.System) (ellipsoidalCylindrical, error) {
	p := ellipsoidalCylindrical{meridian: newMeridian(sys)}
	p.k0 = scaleAt(parameter(sys, "lat_ts"), sys.Ellipsoid.Es)
	p.arc0 = p.arc(sys.Phi0)
	return p, nil
}

func (p ellipsoidalCylindrical) extent() extent { return cylinderExtent(p) }

func (p ellipsoidalCylindrical) project(lam, phi float64) (x, y float64) {
	return p.k0 * lam, p.arc(phi) - p.arc0
}

func (p ellipsoidalCylindrical) unproject(x, y float64) (lam, phi float64) {
	return x / p.k0, latitude(p.latitude(y + p.arc0))
}

// equalAreaCylindrical is Lambert's cylindrical equal-area projection with any latitude of true scale, such as
// Behrmann's 30°, on the sphere or the ellipsoid: EPSG methods 9834 and 9835. Source: Snyder (1987), pages 76 to 81;
// authalic latitude by the series of proj_series.go.
//
// The domain is all of the earth. Next to the poles the inverse is ill-conditioned, as the projection flattens them: 6 cm
// at the pole itself.
type equalAreaCylindrical struct {
	authalic
	kx, ky float64
}

func newEqualAreaCylindrical(sys *core.System) (equalAreaCylindrical, error) {
	p := equalAreaCylindrical{authalic: newAuthalic(sys), kx: sys.K0}
	if ts := parameter(sys, "lat_ts"); ts != 0 {
		p.kx = scaleAt(ts, sys.Ellipsoid.Es)
	}
	p.ky = p.q / (2 * p.kx)
	return p, nil
}

func (p equalAreaCylindrical) extent() extent { return cylinderExtent(p) }

func (p equalAreaCylindrical) project(lam, phi float64) (x, y float64) {
	sin, _ := p.toAuthalic.sincos(math.Sincos(phi))
	return p.kx * lam, p.ky * sin
}

func (p equalAreaCylindrical) unproject(x, y float64) (lam, phi float64) {
	sin := y / p.ky
	if !(math.Abs(sin) <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sin = max(-1, min(1, sin))
	return x / p.kx, p.toGeodetic.geodetic(sin, math.Sqrt((1-sin)*(1+sin)))
}

// miller is O. M. Miller's cylindrical projection of the sphere. Source: Snyder (1987), pages 86 to 89. The domain is
// all of the earth.
type miller struct{}

func newMiller(*core.System) (miller, error) { return miller{}, nil }

func (p miller) extent() extent { return cylinderExtent(p) }

func (miller) project(lam, phi float64) (x, y float64) {
	return lam, 1.25 * math.Asinh(math.Tan(0.8*phi))
}

func (miller) unproject(x, y float64) (lam, phi float64) {
	return x, latitude(1.25 * math.Atan(math.Sinh(0.8*y)))
}

// gall is J. Gall's stereographic projection of the sphere onto a cylinder through 45°. Source: Snyder & Voxland (1989),
// page 221. The domain is all of the earth.
type gall struct{}

func newGall(*core.System) (gall, error) { return gall{}, nil }

func (p gall) extent() extent { return cylinderExtent(p) }

func (gall) project(lam, phi float64) (x, y float64) {
	return lam / math.Sqrt2, (1 + 1/math.Sqrt2) * math.Tan(0.5*phi)
}

func (gall) unproject(x, y float64) (lam, phi float64) {
	return x * math.Sqrt2, latitude(2 * math.Atan(y/(1+1/math.Sqrt2)))
}

// polynomialCylindrical is a cylindrical projection of the sphere whose y is φ(c0 + c1φ² + c2φ⁴ + c3φ⁶ + c4φ⁸), growing
// all the way to the poles. The domain is all of the earth.
type polynomialCylindrical struct{ c [5]float64 }

// The compact Miller projection: B. Jenny, B. Šavrič and T. Patterson, A compromise aspect-adaptive cylindrical
// projection for world maps, International Journal of Geographical Information Science 29 (2015).
func newCompactMiller(*core.System) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{0.9902, 0.1604, -0.03054}}, nil
}

// The Patterson projection: T. Patterson, B. Šavrič and B. Jenny, Introducing the Patterson cylindrical projection,
// Cartographic Perspectives 78 (2014).
func newPatterson(*core.System) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1.0148, 0, 0.23185, -0.14499, 0.02406}}, nil
}

// Tobler's cylindrical projections: W. R. Tobler, Alternatives to Miller's projection, Cartography and Geographic
// Information Systems 24 (1997).
func newTobler1(*core.System) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6}}, nil
}

func newTobler2(*core.System) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6, 1. / 24}}, nil
}

func (p polynomialCylindrical) extent() extent { return cylinderExtent(p) }

func (p polynomialCylindrical) at(phi float64) (y, slope float64) {
	c, t := &p.c, phi*phi
	y = phi * (c[0] + float64(t*(c[1]+float64(t*(c[2]+float64(t*(c[3]+float64(t*c[4]))))))))
	slope = c[0] + float64(t*(3*c[1]+float64(t*(5*c[2]+float64(t*(7*c[3]+float64(9*t*c[4])))))))
	return y, slope
}

func (p polynomialCylindrical) project(lam, phi float64) (x, y float64) {
	y, _ = p.at(phi)
	return lam, y
}

func (p polynomialCylindrical) unproject(x, y float64) (lam, phi float64) {
	top, _ := p.at(math.Pi / 2)
	if !(math.Abs(y) <= top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return x, solve(-math.Pi/2, math.Pi/2, y/top*math.Pi/2, func(phi float64) (float64, float64) {
		v, d := p.at(phi)
		return v - y, d
	})
}
