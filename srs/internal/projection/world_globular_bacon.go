package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var baconProjection = Descriptor{
	Name:       "Bacon Globular",
	Operations: []Operation{{Name: "bacon", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ bacon",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:       LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:      "all of the earth but where no circle reaches, beyond 90° of longitude",
	Source:      "J. P. Snyder, Flattening the Earth (1993)",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=bacon"},
	New:         pointwise(newBacon),
}

// bacon is R. Bacon's globular projection of about 1265: as Apian's, with y = π/2 sin φ.
type bacon struct{ globe }

func newBacon(*Projection) (bacon, error) { return bacon{}, nil }

func (p bacon) extent() Extent { return globeExtent }

func (p bacon) project(lam, phi float64) (x, y float64) {
	y = float64(math.Pi / 2 * portable.Sin(phi))
	return p.onMeridian(lam, y), y
}

func (p bacon) unproject(x, y float64) (lam, phi float64) {
	return p.meridianOf(x, y), arcsine(y / (math.Pi / 2))
}
