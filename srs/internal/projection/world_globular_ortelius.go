package projection

import (
	"math"
)

var orteliusProjection = Descriptor{
	Name:       "Ortelius Oval",
	Operations: []Operation{{Name: "ortel", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ ortel",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=ortel"},
	New:     pointwise(newOrtelius),
}

// ortelius is A. Ortelius's oval projection of 1570: Apian's up to 90° from the central meridian, and beyond that the
// circle's halves, moved apart.
type ortelius struct{ globe }

func newOrtelius(*Projection) (ortelius, error) { return ortelius{}, nil }

func (p ortelius) extent() Extent { return globeExtent }

// circle returns x of the meridian 90° from the central one.
func (ortelius) circle(phi float64) float64 {
	return math.Sqrt(max(0, (math.Pi/2-phi)*(math.Pi/2+phi)))
}

func (p ortelius) project(lam, phi float64) (x, y float64) {
	if l := math.Abs(lam); l >= math.Pi/2 {
		return math.Copysign(p.circle(phi)+l-math.Pi/2, lam), phi
	}
	return p.onMeridian(lam, phi), phi
}

func (p ortelius) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(y) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	phi = latitude(y)
	beyond := math.Abs(x) - p.circle(phi)
	switch {
	case !(beyond <= math.Pi/2+planeSlack):
		return math.NaN(), math.NaN()
	case beyond >= 0:
		return math.Copysign(min(math.Pi, math.Pi/2+beyond), x), phi
	}
	return p.meridianOf(x, y), phi
}
