package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var eckert6Projection = Descriptor{
	Name:       "Eckert VI",
	Operations: []Operation{{Name: "eck6", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert VI", Esri: "Eckert_VI",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck6"},
	New:     pointwise(newEckert6),
}

type eckert6 struct{}

func newEckert6(*Projection) (eckert6, error) { return eckert6{}, nil }

func (p eckert6) extent() Extent { return worldExtent(p) }

// project solves θ + sin θ = (1 + π/2) sin φ.
func (eckert6) project(lam, phi float64) (x, y float64) {
	k := (1 + math.Pi/2) * portable.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.5*k, func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		return t + sin - k, 1 + cos
	})
	return eckert5Scale * lam * (1 + portable.Cos(theta)), 2 * eckert5Scale * theta
}

func (eckert6) unproject(x, y float64) (lam, phi float64) {
	theta := latitude(y / (2 * eckert5Scale))
	return longitude(x, eckert5Scale*(1+portable.Cos(theta))), arcsine((theta + portable.Sin(theta)) / (1 + math.Pi/2))
}
