package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var nellProjection = Descriptor{
	Name:       "Nell",
	Operations: []Operation{{Name: "nell", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ nell",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=nell"},
	New:     pointwise(newNell),
}

// nell is the equal-area projection of A. M. Nell (1890): θ + sin θ = 2 sin φ, x = λ (1 + cos θ)/2, y = θ.
type nell struct{}

func newNell(*Projection) (nell, error) { return nell{}, nil }

func (p nell) extent() Extent { return worldExtent(p) }

func (nell) project(lam, phi float64) (x, y float64) {
	k := 2 * portable.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.5*k, func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		return t + sin - k, 1 + cos
	})
	return 0.5 * lam * (1 + portable.Cos(theta)), theta
}

func (nell) unproject(x, y float64) (lam, phi float64) {
	theta := latitude(y)
	sin, cos := portable.Sincos(theta)
	return longitude(x, 0.5*(1+cos)), arcsine(0.5 * (theta + sin))
}
