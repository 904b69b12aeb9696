package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var nearSideProjection = Descriptor{
	Name:       "Vertical Near-Side Perspective",
	Operations: []Operation{{Name: "nsper", Keys: []Key{lat0, height}, Sphere: true}},
	Methods: []Method{{
		EPSG: "Vertical Perspective", Code: 9838, Esri: "Vertical_Near_Side_Perspective",
		Parameters: []Parameter{
			latitudeOfTopocentre, longitudeOfTopocentre, heightOfTopocentre, viewpointHeight, falseEasting.onlyEsri(),
			falseNorthing.onlyEsri(),
		},
		Surface: onSphere,
	}},
	Lacks:  LacksGeoTIFF,
	Domain: "what is seen from the viewpoint", Source: snyder + ", pages 173 to 177",
	RimAccuracy: 1e-3, // the inverse is ill-conditioned next to the horizon
	Samples:     []string{"+proj=nsper +lat_0=39 +lon_0=-77 +h=5000000"},
	New:         pointwise(newNearSide),
}

// nearSide is the vertical near-side perspective of the sphere, from a finite height: EPSG method 9838 on the sphere,
// as Esri and PROJ define it. Source: Snyder (1987), pages 173 to 177. The domain is what is seen from there.
type nearSide struct{ sin0, cos0, height float64 }

func newNearSide(def *Projection) (nearSide, error) {
	h := def.Height
	sin, cos := portable.Sincos(def.phi0())
	p := nearSide{sin, cos, h / def.Ellipsoid.A}
	if !(p.height > 0 && p.height <= 1e10) {
		return p, errors.New("the height of a perspective is not positive, or too great")
	}
	return p, nil
}

func (p nearSide) extent() Extent {
	r := p.height/math.Sqrt(p.height*(2+p.height)) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p nearSide) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	if !(w*(1+p.height) >= 1-planeSlack) {
		return math.NaN(), math.NaN()
	}
	k := p.height / (1 + p.height - w)
	return k * u, k * v
}

func (p nearSide) unproject(x, y float64) (lam, phi float64) {
	// The ray's direction is (x, y, −h) from (0, 0, 1+h); the first of two points on the sphere.
	r2, h := float64(x*x)+float64(y*y), p.height
	d := float64(h*h) - float64(r2*h*(2+h))
	if !(d >= -planeSlack*h*h) {
		return math.NaN(), math.NaN()
	}
	d = math.Sqrt(max(0, d))
	t := (float64(h*(1+h)) - d) / (r2 + float64(h*h))
	return unrotated(t*x, t*y, 1+h-float64(t*h), p.sin0, p.cos0)
}
