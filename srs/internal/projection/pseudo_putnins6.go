package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var putnins6Projection = Descriptor{
	Name:       "Putniņš P6",
	Operations: []Operation{{Name: "putp6", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp6",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=putp6"},
	New:         pointwise(newPutnins6),
}

// putnins6 is an equal-area projection with hyperbolas as meridians: with 4 sinh u − sinh 2u/2 − u = B sin φ,
// x = cx λ (2 − cosh u), y = cy sinh u. The poles are at cosh u = 2.
type putnins6 struct{}

// putnins6P is B: the left side at the pole, 2√3 − arcosh 2.
const putnins6X, putnins6Y, putnins6P = 1.01346, 0.91910, 2.1471437182129378784

func newPutnins6(*Projection) (putnins6, error) { return putnins6{}, nil }

func (p putnins6) extent() Extent { return worldExtent(p) }

// project solves the equation for the distance ε of u from the pole, as its root is double there:
// −8√3 sinh² ε/2 + 4√3 sinh² ε + 8 sinh ε − 7/2 sinh 2ε − ε = B (1 − |sin φ|).
func (putnins6) project(lam, phi float64) (x, y float64) {
	pole, root3 := portable.Asinh(math.Sqrt(3)), math.Sqrt(3)
	half := portable.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
	k := 2 * putnins6P * half * half
	e := solve(0, pole, min(pole, math.Sqrt(k/root3)), func(e float64) (float64, float64) {
		sinh, cosh, sinhHalf := portable.Sinh(e), portable.Cosh(e), portable.Sinh(0.5*e)
		v := float64(4*root3*(float64(sinh*sinh)-float64(2*sinhHalf*sinhHalf))) + float64(8*sinh) - float64(7*sinh*cosh) - e - k
		rest := float64(root3*sinh) - float64(4*sinhHalf*sinhHalf) // 2 − cosh u
		return v, float64(2 * rest * (2 - rest))
	})
	sinh, cosh, sinhHalf := portable.Sinh(e), portable.Cosh(e), portable.Sinh(0.5*e)
	x = putnins6X * lam * (float64(root3*sinh) - float64(4*sinhHalf*sinhHalf))
	return x, math.Copysign(putnins6Y*(float64(root3*cosh)-float64(2*sinh)), phi)
}

func (putnins6) unproject(x, y float64) (lam, phi float64) {
	sinh := y / putnins6Y
	if !(math.Abs(sinh) <= math.Sqrt(3)+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinh = max(-math.Sqrt(3), min(math.Sqrt(3), sinh))
	cosh := math.Sqrt(1 + float64(sinh*sinh))
	return longitude(x, putnins6X*max(0, 2-cosh)), arcsine((float64(sinh*(4-cosh)) - portable.Asinh(sinh)) / putnins6P)
}
