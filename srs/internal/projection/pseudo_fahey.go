package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var faheyProjection = Descriptor{
	Name:       "Fahey",
	Operations: []Operation{{Name: "fahey", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ fahey",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=fahey"},
	New:     pointwise(newFahey),
}

// fahey is the projection of L. Fahey (1975), with the parallels of Gall's on standard parallels of 35°, and ellipses as
// meridians.
type fahey struct{}

// faheyX is the cosine of 35°, to the digits that PROJ has.
const faheyX = 0.819152

func newFahey(*Projection) (fahey, error) { return fahey{}, nil }

func (p fahey) extent() Extent { return worldExtent(p) }

func (fahey) project(lam, phi float64) (x, y float64) {
	t := portable.Tan(0.5 * phi)
	return faheyX * lam * math.Sqrt(max(0, (1-t)*(1+t))), (1 + faheyX) * t
}

func (fahey) unproject(x, y float64) (lam, phi float64) {
	t := y / (1 + faheyX)
	phi = latitude(2 * portable.Atan(t))
	return longitude(x, faheyX*math.Sqrt(max(0, (1-t)*(1+t)))), phi
}
