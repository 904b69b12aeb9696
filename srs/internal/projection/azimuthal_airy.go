package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var airyProjection = Descriptor{
	Name: "Airy",
	Operations: []Operation{{Name: "airy", Keys: []Key{lat0, {Name: "lat_b", Field: StandardParallel1},
		word("no_cut")}, Sphere: true, Check: checkVariant("no_cut")}},
	Methods: []Method{
		{
			EPSG: "PROJ airy",
			Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
				projNamed("lat_b", StandardParallel1).keyAs("lat_b")),
			Surface: onSphere,
		},
		{
			EPSG: "PROJ airy no_cut",
			Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
				projNamed("lat_b", StandardParallel1).keyAs("lat_b")),
			Surface: onSphere, Variant: "no_cut", Sets: map[string]string{"no_cut": ""},
		},
	},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "the hemisphere about the centre; without the cut all of the earth on which distances from it grow",
	Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{
		"+proj=airy +lat_0=40 +lat_b=20",
		"+proj=airy +no_cut +lat_0=-90 +lat_b=10",
	},
	New: pointwise(newAiry),
}

// airy is G. B. Airy's azimuthal projection of 1861, which has the least error up to a distance from its centre: lat_b
// is 90° less that distance. With z the distance and b half of the greatest one, it puts points at −2 (cot z/2 ln cos
// z/2 + tan z/2 cot² b ln cos b).
type airy struct {
	sin0, cos0  float64
	c           float64 // cot² b ln cos b
	limit, edge float64 // the greatest z, and where it is
}

func newAiry(def *Projection) (airy, error) {
	p := airy{c: -0.5, limit: math.Pi / 2}
	p.sin0, p.cos0 = portable.Sincos(def.phi0())
	if b := 0.5 * (math.Pi/2 - def.phi1()); b > 1e-10 {
		sin, cos := portable.Sincos(b)
		p.c = cos * cos / (sin * sin) * portable.Log(cos)
	}
	if !(def.phi1() > -math.Pi/2+1e-6) {
		return p, errors.New("lat_b is the south pole")
	}
	if def.Variant == "no_cut" {
		p.limit = math.Pi - 1e-3
	}
	// Distances grow up to a point, which is within the hemisphere if lat_b is far south.
	low, high := 0.0, p.limit
	if _, slope := p.radius(high); slope < 0 {
		for range 60 {
			mid := 0.5 * (low + high)
			if _, slope := p.radius(mid); slope > 0 {
				low = mid
			} else {
				high = mid
			}
		}
		p.limit = low
	}
	p.edge, _ = p.radius(p.limit)
	return p, nil
}

// radius returns the distance from the centre in the plane, and its derivative by z.
func (p airy) radius(z float64) (r, slope float64) {
	if z < 1e-4 { // ln cos(z/2) = −z²/8 …
		return float64(z * (0.5 - p.c)), 0.5 - p.c
	}
	sin, cos := portable.Sincos(0.5 * z)
	tan := sin / cos
	log := portable.Log(cos)
	return -2 * (log/tan + float64(p.c*tan)), 1 + log/(sin*sin) - p.c/(cos*cos)
}

func (p airy) extent() Extent {
	r := p.edge + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p airy) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	s := portable.Hypot(u, v)
	z := portable.Atan2(s, w)
	if !(z <= p.limit+planeSlack) {
		return math.NaN(), math.NaN()
	}
	if s == 0 {
		return 0, 0
	}
	r, _ := p.radius(z)
	return r * (u / s), r * (v / s)
}

func (p airy) unproject(x, y float64) (lam, phi float64) {
	r := portable.Hypot(x, y)
	if !(r <= p.edge+planeSlack) {
		return math.NaN(), math.NaN()
	}
	if r == 0 {
		return unrotated(0, 0, 1, p.sin0, p.cos0)
	}
	z := solve(0, p.limit, min(p.limit, r/(0.5-p.c)), func(z float64) (float64, float64) {
		v, slope := p.radius(z)
		return v - r, slope
	})
	sin, cos := portable.Sincos(z)
	return unrotated(x/r*sin, y/r*sin, cos, p.sin0, p.cos0)
}
