package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var gnomonicProjection = Descriptor{
	Name:       "Gnomonic",
	Operations: []Operation{{Name: "gnom", Keys: []Key{lat0}, Sphere: true}},
	Methods: []Method{{
		EPSG: "Gnomonic", Esri: "Gnomonic", GeoTIFF: 19,
		OGC:        []string{"Gnomonic"},
		Parameters: of(atNaturalOrigin, orthographicLatitude, orthographicLongitude), Surface: onSphere,
	}},
	Lacks:  LacksEPSG,
	Domain: "the hemisphere about the centre", Source: snyder + ", pages 164 to 168",
	Samples: []string{"+proj=gnom +lat_0=40"},
	New:     pointwise(newGnomonic),
}

// gnomonic is the gnomonic projection of the sphere, as Esri and PROJ up to 9.1 define it. Source: Snyder (1987), pages
// 164 to 168. The domain is the hemisphere about the centre, up to 0.6 mm from its edge, which is at infinity.
type gnomonic struct{ sin0, cos0 float64 }

func newGnomonic(def *Projection) (gnomonic, error) {
	sin, cos := portable.Sincos(def.phi0())
	return gnomonic{sin, cos}, nil
}

func (p gnomonic) extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p gnomonic) project(lam, phi float64) (x, y float64) {
	u, v, w := rotated(lam, phi, p.sin0, p.cos0)
	if !(w > planeSlack) {
		return math.NaN(), math.NaN()
	}
	return u / w, v / w
}

func (p gnomonic) unproject(x, y float64) (lam, phi float64) {
	if !(portable.Hypot(x, y) < 1/planeSlack) {
		return math.NaN(), math.NaN()
	}
	return unrotated(x, y, 1, p.sin0, p.cos0)
}
