package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var putnins6PoleLineProjection = Descriptor{
	Name:       "Putniņš P6′",
	Operations: []Operation{{Name: "putp6p", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp6p",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=putp6p"},
	New:         pointwise(newPutnins6PoleLine),
}

// putnins6PoleLine is Putniņš P6 with lines for poles: with r = √(1 + θ²) and (6 − r) θ − arsinh θ = B sin φ,
// x = cx λ (3 − r), y = cy θ.
type putnins6PoleLine struct{}

const putnins6LineX, putnins6LineY, putnins6LineP = 0.44329, 0.80404, 5.61125

func newPutnins6PoleLine(*Projection) (putnins6PoleLine, error) { return putnins6PoleLine{}, nil }

func (p putnins6PoleLine) extent() Extent { return worldExtent(p) }

func (putnins6PoleLine) project(lam, phi float64) (x, y float64) {
	k := putnins6LineP * portable.Sin(phi)
	theta := solve(-2, 2, 1.1*phi, func(t float64) (float64, float64) {
		r := math.Sqrt(1 + float64(t*t))
		return float64((6-r)*t) - portable.Asinh(t) - k, 6 - float64(2*r)
	})
	return putnins6LineX * lam * (3 - math.Sqrt(1+float64(theta*theta))), putnins6LineY * theta
}

func (putnins6PoleLine) unproject(x, y float64) (lam, phi float64) {
	theta := y / putnins6LineY
	r := math.Sqrt(1 + float64(theta*theta))
	if !(r <= 2.1) {
		return math.NaN(), math.NaN()
	}
	return longitude(x, putnins6LineX*(3-r)), arcsine((float64((6-r)*theta) - portable.Asinh(theta)) / putnins6LineP)
}
