package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var eckert4Projection = Descriptor{
	Name:       "Eckert IV",
	Operations: []Operation{{Name: "eck4", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert IV", Esri: "Eckert_IV",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck4"},
	New:     pointwise(newEckert4),
}

type eckert4 struct{}

func newEckert4(*Projection) (eckert4, error) { return eckert4{}, nil }

func (p eckert4) extent() Extent { return worldExtent(p) }

var eckert4X, eckert4Y = 2 / math.Sqrt(math.Pi*(4+math.Pi)), 2 * math.Sqrt(math.Pi/(4+math.Pi))

// project solves θ + sin θ cos θ + 2 sin θ = (2 + π/2) sin φ. At the poles the root is double, where δ = π/2 − θ
// takes over: δ − sin δ cos δ + 4 sin² δ/2 is what is lacking.
func (eckert4) project(lam, phi float64) (x, y float64) {
	const c = 2 + math.Pi/2
	half := portable.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
	r := 2 * c * half * half
	delta := solve(0, math.Pi/2, min(1.5, math.Sqrt(r)), func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		s := portable.Sin(0.5 * t)
		return t - float64(sin*cos) + float64(4*s*s) - r, float64(2*sin*sin) + float64(2*sin)
	})
	sin, cos := portable.Sincos(delta)
	return eckert4X * lam * (1 + sin), math.Copysign(eckert4Y*cos, phi)
}

func (eckert4) unproject(x, y float64) (lam, phi float64) {
	theta := arcsine(y / eckert4Y)
	sin, cos := portable.Sincos(theta)
	return longitude(x, eckert4X*(1+cos)), arcsine((theta + float64(sin*cos) + float64(2*sin)) / (2 + math.Pi/2))
}
