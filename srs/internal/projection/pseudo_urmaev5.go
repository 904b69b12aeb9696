package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var urmaev5Projection = Descriptor{
	Name:       "Urmaev V",
	Operations: []Operation{{Name: "urm5", Keys: []Key{shapeN.must(), shapeQ, alpha}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ urm5",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("n", ShapeN), projNamed("q", ShapeQ),
			projNamed("alpha", Azimuth)),
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "the formulas that PROJ documents",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=urm5 +n=0.9 +alpha=2 +q=4"},
	New:         pointwise(newUrmaev5),
}

// urmaev5 is N. A. Urmaev's fifth family: with sin θ = n sin φ and m = cos α/√(1 − n² sin² α), x = m λ cos θ,
// y = θ (1 + q θ²/3)/(m n).
type urmaev5 struct{ m, n, q, top float64 }

func newUrmaev5(def *Projection) (urmaev5, error) {
	sin, cos := portable.Sincos(def.Azimuth * degree)
	p := urmaev5{n: def.ShapeN, q: def.ShapeQ}
	if !(p.n > 0 && p.n <= 1) {
		return p, errors.New("n is not between 0 and 1")
	}
	p.m = cos / math.Sqrt(1-float64(p.n*p.n*sin*sin))
	p.top = portable.Asin(p.n)
	if p.n == 1 {
		p.top = math.Pi / 2
	}
	if !(p.m > 1e-6 && p.m < 1e6) || !(1+float64(p.q*p.top*p.top) > 0) {
		return p, errors.New("alpha is not within 90°, or q is so negative that latitudes overlap")
	}
	return p, nil
}

func (p urmaev5) extent() Extent { return worldExtent(p) }

func (p urmaev5) height(theta float64) float64 {
	return theta * (1 + float64(p.q/3*theta*theta)) / (p.m * p.n)
}

func (p urmaev5) project(lam, phi float64) (x, y float64) {
	theta := phi
	if p.n < 1 {
		theta = portable.Asin(p.n * portable.Sin(phi))
	}
	return p.m * lam * portable.Cos(theta), p.height(theta)
}

func (p urmaev5) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(y) <= p.height(p.top)+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta := solve(-p.top, p.top, 0, func(t float64) (float64, float64) {
		return p.height(t) - y, (1 + float64(p.q*t*t)) / (p.m * p.n)
	})
	sin, cos := portable.Sincos(theta)
	if phi = theta; p.n < 1 {
		phi = arcsine(sin / p.n)
	}
	return longitude(x, p.m*cos), phi
}
