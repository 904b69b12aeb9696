package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var putnins2Projection = Descriptor{
	Name:       "Putniņš P2",
	Operations: []Operation{{Name: "putp2", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp2",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=putp2"},
	New:         pointwise(newPutnins2),
}

// putnins2 is an equal-area projection with parts of ellipses as meridians: with θ + sin θ cos θ − sin θ = C sin φ,
// x = cx λ (cos θ − 1/2), y = cy sin θ. The poles are at θ = 60°.
type putnins2 struct{}

// putnins2P is C: the left side at 60°, π/3 − √3/4.
const putnins2X, putnins2Y, putnins2P = 1.89490, 1.71848, 0.6141848493043784

func newPutnins2(*Projection) (putnins2, error) { return putnins2{}, nil }

func (p putnins2) extent() Extent { return worldExtent(p) }

// project solves the equation for the distance δ of θ from 60°, as its root is double there:
// δ − sin 2δ/4 − sin δ/2 + √3/2 sin² δ − √3 sin² δ/2 = C (1 − |sin φ|).
func (putnins2) project(lam, phi float64) (x, y float64) {
	half := portable.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
	k := 2 * putnins2P * half * half
	root3 := math.Sqrt(3)
	delta := solve(0, math.Pi/3, min(math.Pi/3, math.Sqrt(4/root3*k)), func(d float64) (float64, float64) {
		sin, cos := portable.Sincos(d)
		sinHalf := portable.Sin(0.5 * d)
		v := d - float64(0.5*sin*cos) - float64(0.5*sin) + float64(root3*(float64(0.5*sin*sin)-float64(sinHalf*sinHalf))) - k
		c := float64(0.5*cos) + float64(0.5*root3*sin) // cos θ
		return v, c * (float64(root3*sin) - float64(2*sinHalf*sinHalf))
	})
	sin, cos := portable.Sincos(delta)
	sinHalf := portable.Sin(0.5 * delta)
	x = putnins2X * lam * (float64(0.5*root3*sin) - float64(sinHalf*sinHalf))
	return x, math.Copysign(putnins2Y*(float64(0.5*root3*cos)-float64(0.5*sin)), phi)
}

func (putnins2) unproject(x, y float64) (lam, phi float64) {
	theta := arcsine(y / putnins2Y)
	if !(math.Abs(theta) <= math.Pi/3+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta = max(-math.Pi/3, min(math.Pi/3, theta))
	sin, cos := portable.Sincos(theta)
	return longitude(x, putnins2X*max(0, cos-0.5)), arcsine((theta + float64(sin*(cos-1))) / putnins2P)
}
