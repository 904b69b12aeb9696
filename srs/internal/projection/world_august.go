package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var augustProjection = Descriptor{
	Name:       "August Epicycloidal",
	Operations: []Operation{{Name: "august", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ august",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 186",
	RimAccuracy: 0.2, // the edge has two cusps, and longitudes crowd at the poles
	Samples:     []string{"+proj=august"},
	New:         pointwise(newAugust),
}

// august is F. August's conformal projection of 1874 of the world in a two-cusped epicycloid: the hemisphere to which
// Lagrange's projection maps the globe, on the circle of radius 1, and that by 4/3 (3 w + w³).
type august struct{}

func newAugust(*Projection) (august, error) { return august{}, nil }

func (august) extent() Extent {
	const x, y = 16./3 + planeSlack, 16./3 + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (august) project(lam, phi float64) (x, y float64) {
	t := portable.Tan(0.5 * phi)
	c := math.Sqrt(max(0, (1-t)*(1+t))) // t and c are sine and cosine of latitude in the hemisphere
	sin, cos := portable.Sincos(0.5 * lam)
	d := 1 + float64(c*cos)
	u, v := c*sin/d, t/d
	u2, v2 := u*u, v*v
	return 4. / 3 * u * (3 + float64(u2) - float64(3*v2)), 4. / 3 * v * (3 + float64(3*u2) - float64(v2))
}

// unproject solves w³ + 3 w = 3/4 z by w = 2 sinh(⅓ arsinh(3/8 z)).
func (august) unproject(x, y float64) (lam, phi float64) {
	u, v := arsinhComplex(0.375*x, 0.375*y)
	u, v = u/3, v/3
	sin, cos := portable.Sincos(v)
	u, v = float64(2*portable.Sinh(u)*cos), float64(2*portable.Cosh(u)*sin)
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	inv := 1 / (1 + r2)
	t := max(-1, min(1, 2*v*inv))
	if c := max(0, 1-r2); c > 0 || u != 0 {
		lam = 2 * portable.Atan2(2*u, c)
	}
	return lam, 2 * portable.Atan(t)
}

// arsinhComplex returns the inverse hyperbolic sine of x + iy: of arsinh(z) = u + iv, cosh² u and sin² v are the roots of
// a quadratic equation.
func arsinhComplex(x, y float64) (u, v float64) {
	// |z ± i| = cosh u ± sin v
	up, down := portable.Hypot(x, y+1), portable.Hypot(x, y-1)
	sin := 2 * y / (up + down)
	// sinh² u = cosh² u − 1, as x² + (1 − sin² v) sinh² u … is exact for small x: x = sinh u cos v, y = cosh u sin v.
	cosh := float64(0.5 * (up + down))
	v = portable.Asin(max(-1, min(1, sin)))
	cos := portable.Cos(v)
	if cos > 0.1 {
		return portable.Asinh(x / cos), v
	}
	u = math.Copysign(portable.Log(cosh+math.Sqrt(max(0, float64((cosh-1)*(cosh+1))))), x)
	if u != 0 {
		v = math.Copysign(portable.Acos(max(0, min(1, x/portable.Sinh(u)))), y)
	}
	return u, v
}
