package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var wagner1Projection = Descriptor{
	Name:       "Wagner I",
	Operations: []Operation{{Name: "wag1", Sphere: true}},
	Methods: []Method{{
		EPSG:       "Wagner I",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=wag1"},
	New:         pointwise(newWagner1),
}

// wagner1 is the equal-area projection also known as Kavrayskiy VI: with sin θ = √3/2 sin φ, x = cx λ cos θ, y = cy θ.
type wagner1 struct{}

func newWagner1(*Projection) (wagner1, error) { return wagner1{}, nil }

func (p wagner1) extent() Extent { return worldExtent(p) }

var wagner1Sine = math.Sqrt(3) / 2

const wagner1X, wagner1Y = 0.8773826753, 1.139753528477

func (wagner1) project(lam, phi float64) (x, y float64) {
	theta := portable.Asin(wagner1Sine * portable.Sin(phi))
	return wagner1X * lam * portable.Cos(theta), wagner1Y / wagner1Sine * theta
}

func (wagner1) unproject(x, y float64) (lam, phi float64) {
	sin, cos := portable.Sincos(latitude(y * wagner1Sine / wagner1Y))
	return longitude(x, wagner1X*cos), arcsine(sin / wagner1Sine)
}
