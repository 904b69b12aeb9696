package projection

import "github.com/geoexport/geoexport/internal/portable"

var kavrayskiy5Projection = Descriptor{
	Name:       "Kavrayskiy V",
	Operations: []Operation{{Name: "kav5", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ kav5",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=kav5"},
	New:     pointwise(newKavrayskiy5),
}

// sineParallels is an equal-area projection of the sine series of A. M. Nell and others: x = q/p λ cos φ / cos(φ/q),
// y = p sin(φ/q).
type sineParallels struct{ p, q float64 }

func newKavrayskiy5(*Projection) (sineParallels, error) { return sineParallels{1.50488, 1.35439}, nil }

func (p sineParallels) extent() Extent { return worldExtent(p) }

// scale returns x per radian of longitude.
func (p sineParallels) scale(phi float64) float64 {
	return p.q / p.p * max(0, portable.Cos(phi)) / portable.Cos(phi/p.q)
}

func (p sineParallels) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), p.p * portable.Sin(phi/p.q)
}

func (p sineParallels) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(p.q * arcsine(y/p.p))
	return longitude(x, p.scale(phi)), phi
}
