package projection

import (
	"math"
)

var apianProjection = Descriptor{
	Name:       "Apian Globular I",
	Operations: []Operation{{Name: "apian", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ apian",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "all of the earth but where no circle reaches, beyond 90° of longitude",
	Source:  "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=apian"},
	New:     pointwise(newApian),
}

// apian is P. Apian's globular projection of 1524: y = φ, and meridians are circles through both poles of the plane.
type apian struct{ globe }

func newApian(*Projection) (apian, error) { return apian{}, nil }

func (p apian) extent() Extent { return globeExtent }

func (p apian) project(lam, phi float64) (x, y float64) { return p.onMeridian(lam, phi), phi }

func (p apian) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(y) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return p.meridianOf(x, y), latitude(y)
}
