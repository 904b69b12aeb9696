package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var eckert2Projection = Descriptor{
	Name:       "Eckert II",
	Operations: []Operation{{Name: "eck2", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert II", Esri: "Eckert_II",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck2"},
	New:     pointwise(newEckert2),
}

type eckert2 struct{}

func newEckert2(*Projection) (eckert2, error) { return eckert2{}, nil }

func (p eckert2) extent() Extent { return worldExtent(p) }

var eckert2X, eckert2Y = 2 / math.Sqrt(6*math.Pi), math.Sqrt(2 * math.Pi / 3)

func (eckert2) project(lam, phi float64) (x, y float64) {
	s := math.Sqrt(4 - float64(3*portable.Sin(math.Abs(phi))))
	return eckert2X * lam * s, math.Copysign(eckert2Y*(2-s), phi)
}

func (eckert2) unproject(x, y float64) (lam, phi float64) {
	s := 2 - math.Abs(y)/eckert2Y
	return longitude(x, eckert2X*s), math.Copysign(arcsine((4-float64(s*s))/3), y)
}
