package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var eckert5Projection = Descriptor{
	Name:       "Eckert V",
	Operations: []Operation{{Name: "eck5", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert V", Esri: "Eckert_V",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck5"},
	New:     pointwise(newEckert5),
}

type eckert5 struct{}

func newEckert5(*Projection) (eckert5, error) { return eckert5{}, nil }

func (p eckert5) extent() Extent { return worldExtent(p) }

var eckert5Scale = 1 / math.Sqrt(2+math.Pi)

func (eckert5) project(lam, phi float64) (x, y float64) {
	return eckert5Scale * lam * (1 + portable.Cos(phi)), 2 * eckert5Scale * phi
}

func (eckert5) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / (2 * eckert5Scale))
	return longitude(x, eckert5Scale*(1+portable.Cos(phi))), phi
}
