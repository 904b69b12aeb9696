package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var lagrangeProjection = Descriptor{
	Name:       "Lagrange",
	Operations: []Operation{{Name: "lagrng", Keys: []Key{Key{Name: "W", Field: ShapeM}.or(2), lat1}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ lagrng",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("W", ShapeM).keyAs("W"),
			projNamed("lat_1", StandardParallel1)),
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth; of W below 2 what has an image within 1,000 radii", Source: album + ", page 180",
	RimAccuracy: 0.2, // longitudes crowd at the poles
	Samples:     []string{"+proj=lagrng", "+proj=lagrng +W=1.5 +lat_1=30"},
	New:         pointwise(newLagrange),
}

// lagrange is J. H. Lambert's and J. L. Lagrange's conformal projection of the world in a circle, or in a part of it:
// the stereographic projection of a sphere whose isometric latitudes, counted from a parallel, and longitudes are
// those of the globe over W.
type lagrange struct{ w, psi1 float64 }

const lagrangeReach = 1e3

func newLagrange(def *Projection) (lagrange, error) {
	p := lagrange{w: def.ShapeM, psi1: isometric(def.phi1(), 0)}
	if !(p.w > 0) || !(math.Abs(def.phi1()) < math.Pi/2-1e-10) {
		return p, errors.New("the parameter W is not positive, or the parallel is a pole")
	}
	return p, nil
}

func (p lagrange) extent() Extent {
	r := 2 + planeSlack
	if p.w < 2 {
		r = lagrangeReach
	}
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -max(2, r), r, max(2, r)}}
}

func (p lagrange) project(lam, phi float64) (x, y float64) {
	if math.Abs(phi) > math.Pi/2-1e-12 {
		return 0, math.Copysign(2, phi)
	}
	v := (isometric(phi, 0) - p.psi1) / p.w
	sin, cos := portable.Sincos(lam / p.w)
	c := portable.Cosh(v) + cos
	x, y = 2*sin/c, 2*portable.Sinh(v)/c
	if !(c > planeSlack && math.Abs(x) < lagrangeReach && math.Abs(y) < lagrangeReach) || math.Abs(lam) > p.w*math.Pi {
		return math.NaN(), math.NaN()
	}
	return x, y
}

func (p lagrange) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(x) < lagrangeReach && math.Abs(y) < lagrangeReach) {
		return math.NaN(), math.NaN()
	}
	plus, minus := float64((2+y)*(2+y))+float64(x*x), float64((2-y)*(2-y))+float64(x*x)
	if plus == 0 || minus == 0 {
		return 0, math.Copysign(math.Pi/2, y)
	}
	lam = p.w * portable.Atan2(4*x, float64((2-y)*(2+y))-float64(x*x))
	psi := float64(0.5*p.w*portable.Log(plus/minus)) + p.psi1
	phi = math.Copysign(math.Pi/2-float64(2*portable.Atan(portable.Exp(-math.Abs(psi)))), psi)
	if !(math.Abs(lam) <= math.Pi+planeSlack) {
		if math.Abs(phi) > math.Pi/2-1e-9 {
			return 0, phi
		}
		return math.NaN(), math.NaN()
	}
	return max(-math.Pi, min(math.Pi, lam)), phi
}
