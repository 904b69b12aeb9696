package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var timesProjection = Descriptor{
	Name:       "Times",
	Operations: []Operation{{Name: "times", Sphere: true}},
	Methods: []Method{{
		EPSG: "Times", Esri: "Times",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "the formulas that PROJ documents",
	Samples: []string{"+proj=times"},
	New:     pointwise(newTimes),
}

// times is J. Moir's Times projection of 1965, from the formulas that PROJ documents.
type times struct{}

func newTimes(*Projection) (times, error) { return times{}, nil }

func (p times) extent() Extent { return worldExtent(p) }

func (times) width(t float64) float64 {
	s := portable.Sin(math.Pi / 4 * t)
	return 0.74482 - float64(0.34588*s*s)
}

func (p times) project(lam, phi float64) (x, y float64) {
	t := portable.Tan(0.5 * phi)
	return lam * p.width(t), 1.70711 * t
}

func (p times) unproject(x, y float64) (lam, phi float64) {
	t := y / 1.70711
	return longitude(x, p.width(t)), latitude(2 * portable.Atan(t))
}
