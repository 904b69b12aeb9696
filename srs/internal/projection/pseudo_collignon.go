package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var collignonProjection = Descriptor{
	Name:       "Collignon",
	Operations: []Operation{{Name: "collg", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ collg",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=collg"},
	New:     pointwise(newCollignon),
}

// collignon is the equal-area projection of É. Collignon (1865), with straight meridians in a triangle.
type collignon struct{}

func newCollignon(*Projection) (collignon, error) { return collignon{}, nil }

func (p collignon) extent() Extent { return worldExtent(p) }

// project takes √(1 − sin φ) as √2 sin of half the distance from the pole, which keeps its precision there.
func (collignon) project(lam, phi float64) (x, y float64) {
	r := math.Sqrt2 * portable.Sin(0.5*float64(math.Pi/2-phi))
	return 2 / math.Sqrt(math.Pi) * lam * r, math.Sqrt(math.Pi) * (1 - float64(r))
}

func (collignon) unproject(x, y float64) (lam, phi float64) {
	r := max(0, 1-y/math.Sqrt(math.Pi))
	phi = latitude(math.Pi/2 - float64(2*arcsine(r/math.Sqrt2)))
	if y > math.Sqrt(math.Pi)+planeSlack {
		return math.NaN(), math.NaN()
	}
	return longitude(x, 2/math.Sqrt(math.Pi)*r), phi
}
