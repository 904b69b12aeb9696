package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var mcBrydeParabolicProjection = Descriptor{
	Name:       "McBryde-Thomas Flat-Polar Parabolic",
	Operations: []Operation{{Name: "mbtfpp", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ mbtfpp",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=mbtfpp"},
	New:         pointwise(newMcBrydeParabolic),
}

// mcBrydeParabolic is F. W. McBryde and P. D. Thomas's projection 5, of equal areas: with sin θ = 7/(3√6) sin φ,
// x = √(6/7) λ (2 cos 2θ/3 − 1), y = 9/√7 sin θ/3.
type mcBrydeParabolic struct{}

var (
	mcBrydeParabolicSine = 7 / (3 * math.Sqrt(6))
	mcBrydeParabolicX    = math.Sqrt(6. / 7)
	mcBrydeParabolicY    = 9 / math.Sqrt(7)
)

func newMcBrydeParabolic(*Projection) (mcBrydeParabolic, error) { return mcBrydeParabolic{}, nil }

func (p mcBrydeParabolic) extent() Extent { return worldExtent(p) }

func (mcBrydeParabolic) project(lam, phi float64) (x, y float64) {
	theta := portable.Asin(mcBrydeParabolicSine * portable.Sin(phi))
	return mcBrydeParabolicX * lam * (float64(2*portable.Cos(2./3*theta)) - 1),
		mcBrydeParabolicY * portable.Sin(1./3*theta)
}

func (mcBrydeParabolic) unproject(x, y float64) (lam, phi float64) {
	theta := 3 * arcsine(y/mcBrydeParabolicY)
	if !(math.Abs(theta) <= math.Pi/2) {
		return math.NaN(), math.NaN()
	}
	return longitude(x, mcBrydeParabolicX*(float64(2*portable.Cos(2./3*theta))-1)),
		arcsine(portable.Sin(theta) / mcBrydeParabolicSine)
}
