package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var centralCylindricalProjection = Descriptor{
	Name:       "Central Cylindrical",
	Operations: []Operation{{Name: "cc", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ cc",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes up to 89.9999°", Source: album + ", page 30",
	Samples: []string{"+proj=cc"},
	New:     pointwise(newCentralCylindrical),
}

// centralCylindrical is the perspective from the sphere's centre on a cylinder about the equator.
type centralCylindrical struct{}

const centralPole = 89.9999 * degree

func newCentralCylindrical(*Projection) (centralCylindrical, error) { return centralCylindrical{}, nil }

func (centralCylindrical) extent() Extent {
	top := portable.Tan(centralPole)
	b := everywhere
	b.YMin, b.YMax = -top*(1+coneSlack), top*(1+coneSlack)
	return Extent{Period: 2 * math.Pi, Top: top, Bounds: b}
}

func (centralCylindrical) project(lam, phi float64) (x, y float64) {
	if !(math.Abs(phi) <= centralPole) {
		return math.NaN(), math.NaN()
	}
	return lam, portable.Tan(phi)
}

func (centralCylindrical) unproject(x, y float64) (lam, phi float64) {
	phi = portable.Atan(y)
	if !(math.Abs(phi) <= centralPole+coneSlack) {
		return math.NaN(), math.NaN()
	}
	return x, max(-centralPole, min(centralPole, phi))
}
