package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var oblatedProjection = Descriptor{
	Name: "Oblated Equal Area",
	Operations: []Operation{{
		Name: "oea", Keys: []Key{lat0, shapeM.must(), shapeN.must(), {Name: "theta",
			Field: RectifiedGridAngle}}, Sphere: true,
	}},
	Methods: []Method{{
		EPSG: "PROJ oea", OGC: []string{"Oblated_Equal_Area"},
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
			projNamed("m", ShapeM),
			projNamed("n", ShapeN), projNamed("theta", RectifiedGridAngle).keyAs("theta")),
		Surface: onSphere,
	}},
	Lacks:    LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:   "all of the earth but 5.7° around the point opposite the centre; of n or m below 2 also what is close to being folded",
	Source:   "J. P. Snyder, The American Cartographer 15 (1988)",
	Accuracy: 1e-5, RimAccuracy: 0.1, // distances crowd opposite the centre
	Samples: []string{"+proj=oea +lat_0=30 +m=2 +n=1.5 +theta=20"},
	New:     pointwise(newOblated),
}

// oblated is J. P. Snyder's family of equal-area projections about a centre whose lines of equal scale are ovals.
type oblated struct{ sin0, cos0, m, n, sinT, cosT float64 }

// oblatedReach is the least cosine of half the distance from the centre.
const oblatedReach = 0.05

// oblatedFold is how close places come to 90° of the angles at which they would be shown twice: 80°.
const oblatedFold = 80 * degree

func newOblated(def *Projection) (oblated, error) {
	p := oblated{m: def.ShapeM, n: def.ShapeN}
	if !(p.m >= 1 && p.n >= 1) {
		return p, errors.New("m or n is less than 1, so that places overlap")
	}
	p.sin0, p.cos0 = portable.Sincos(def.phi0())
	p.sinT, p.cosT = portable.Sincos(def.RectifiedGridAngle * degree)
	return p, nil
}

func (p oblated) extent() Extent {
	x, y := p.m/portable.Cos(oblatedFold)+planeSlack, p.n+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

// project goes by the azimuthal equal-area plane, in which u and v are half as long.
func (p oblated) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	half := math.Sqrt(max(0, 0.5*(1+w))) // cosine of half the distance
	if !(half >= oblatedReach) {
		return math.NaN(), math.NaN()
	}
	u, v = float64(0.5*(float64(u*p.cosT)+float64(v*p.sinT))/half),
		float64(0.5*(float64(v*p.cosT)-float64(u*p.sinT))/half)
	m := arcsine(u)
	n := arcsine(v * portable.Cos(m) / portable.Cos(2*m/p.m))
	if !(math.Abs(m) <= 0.5*oblatedFold*p.m && math.Abs(n) <= 0.5*oblatedFold*p.n) {
		return math.NaN(), math.NaN()
	}
	return p.m * portable.Sin(2*m/p.m) * portable.Cos(n) / portable.Cos(2*n/p.n), p.n * portable.Sin(2*n/p.n)
}

func (p oblated) unproject(x, y float64) (lam, phi float64) {
	n := float64(0.5 * p.n * arcsine(y/p.n))
	m := float64(0.5 * p.m * arcsine(x/p.m*portable.Cos(2*n/p.n)/portable.Cos(n)))
	u, v := portable.Sin(m), float64(portable.Sin(n)*portable.Cos(2*m/p.m)/portable.Cos(m))
	s2 := float64(u*u) + float64(v*v)
	if !(1-s2 >= oblatedReach*oblatedReach*(1-1e-9)) ||
		!(math.Abs(m) <= float64(0.5*oblatedFold*p.m)+planeSlack && math.Abs(n) <= float64(0.5*oblatedFold*p.n)+planeSlack) {
		return math.NaN(), math.NaN()
	}
	c := 2 * math.Sqrt(1-s2)
	u, v = float64(u*p.cosT)-float64(v*p.sinT), float64(v*p.cosT)+float64(u*p.sinT)
	return unrotated(float64(c*u), float64(c*v), 1-float64(2*s2), p.sin0, p.cos0)
}
