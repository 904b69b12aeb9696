package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var gallProjection = Descriptor{
	Name:       "Gall Stereographic",
	Operations: []Operation{{Name: "gall", Sphere: true}},
	Methods: []Method{{
		EPSG: "Gall Stereographic", Esri: "Gall_Stereographic",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 221",
	Samples: []string{"+proj=gall"},
	New:     pointwise(newGall),
}

// gall is J. Gall's stereographic projection of the sphere onto a cylinder through 45°. Source: Snyder & Voxland (1989),
// page 221. The domain is all of the earth.
type gall struct{}

func newGall(*Projection) (gall, error) { return gall{}, nil }

func (p gall) extent() Extent { return cylinderExtent(p) }

func (gall) project(lam, phi float64) (x, y float64) {
	return lam / math.Sqrt2, (1 + 1/math.Sqrt2) * portable.Tan(0.5*phi)
}

func (gall) unproject(x, y float64) (lam, phi float64) {
	return x * math.Sqrt2, latitude(2 * portable.Atan(y/(1+1/math.Sqrt2)))
}
