package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var goodeProjection = Descriptor{
	Name:       "Goode Homolosine",
	Operations: []Operation{{Name: "goode", Sphere: true}},
	Methods: []Method{{
		EPSG: "Goode Homolosine", Esri: "Goode_Homolosine",
		OGC:        []string{"Goode_Homolosine"},
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, option.fixedAt(0)), Surface: onSphere,
		Read: readHomolosine,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 67; constants of PROJ",
	Accuracy: 25, RimAccuracy: 25, // about the parallels where the parts meet, see below
	Samples: []string{"+proj=goode"},
	New:     pointwise(newGoode),
}

// goode is J. P. Goode's homolosine without interruptions: sinusoidal up to a latitude, and Mollweide's beyond. The
// latitude and the distance by which Mollweide's parallels are moved are PROJ's, and rounded, so that the parts overlap by
// 22 m where they meet; all maps that are called so are made with them. The interrupted form, homolosine, is exact.
type goode struct{ polar mollweide }

const (
	goodeLatitude = 40.7333333333333 * degree
	goodeShift    = 0.0528
)

func newGoode(*Projection) (goode, error) { return goode{newMollweideTo(math.Pi / 2)}, nil }

func (p goode) extent() Extent { return worldExtent(p) }

func (p goode) project(lam, phi float64) (x, y float64) {
	if math.Abs(phi) <= goodeLatitude {
		return lam * portable.Cos(phi), phi
	}
	x, y = p.polar.project(lam, phi)
	return x, y - math.Copysign(goodeShift, phi)
}

func (p goode) unproject(x, y float64) (lam, phi float64) {
	if math.Abs(y) <= goodeLatitude {
		return longitude(x, portable.Cos(y)), y
	}
	return p.polar.unproject(x, y+math.Copysign(goodeShift, y))
}
