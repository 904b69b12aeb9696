package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var crasterProjection = Descriptor{
	Name:       "Craster Parabolic",
	Operations: []Operation{{Name: "crast", Sphere: true}},
	Methods: []Method{{
		EPSG: "Craster Parabolic", Esri: "Craster_Parabolic",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=crast"},
	New:     pointwise(newCraster),
}

type craster struct{}

func newCraster(*Projection) (craster, error) { return craster{}, nil }

func (p craster) extent() Extent { return worldExtent(p) }

var crasterX, crasterY = math.Sqrt(3 / math.Pi), math.Sqrt(3 * math.Pi)

func (craster) project(lam, phi float64) (x, y float64) {
	return crasterX * lam * (float64(2*portable.Cos(2*phi/3)) - 1), crasterY * portable.Sin(phi/3)
}

func (craster) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(3 * arcsine(y/crasterY))
	return longitude(x, crasterX*(float64(2*portable.Cos(2*phi/3))-1)), phi
}
