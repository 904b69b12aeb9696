package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var mcBrydeSine2Projection = Descriptor{
	Name:       "McBryde-Thomas Flat-Polar Sine (No. 2)",
	Operations: []Operation{{Name: "mbt_fps", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ mbt_fps",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=mbt_fps"},
	New:         pointwise(newMcBrydeSine2),
}

// mcBrydeSine2 is F. W. McBryde and P. D. Thomas's projection 2, of equal areas: with t = θ/1.36509 and
// 0.45503 sin t + sin θ = 1.41546 sin φ, x = 0.22248 λ (1 + 3 cos θ/cos t), y = 1.44492 sin t.
type mcBrydeSine2 struct{}

const mcBrydeSine2Angle, mcBrydeSine2Share, mcBrydeSine2P = 1.36509, 0.45503, 1.41546
const mcBrydeSine2X, mcBrydeSine2Y = 0.22248, 1.44492

func newMcBrydeSine2(*Projection) (mcBrydeSine2, error) { return mcBrydeSine2{}, nil }

func (p mcBrydeSine2) extent() Extent { return worldExtent(p) }

func (mcBrydeSine2) project(lam, phi float64) (x, y float64) {
	k := mcBrydeSine2P * portable.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, phi, func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		sinPart, cosPart := portable.Sincos(t / mcBrydeSine2Angle)
		return float64(mcBrydeSine2Share*sinPart) + sin - k, float64(mcBrydeSine2Share/mcBrydeSine2Angle*cosPart) + cos
	})
	sin, cos := portable.Sincos(theta / mcBrydeSine2Angle)
	return mcBrydeSine2X * lam * (1 + 3*portable.Cos(theta)/cos), mcBrydeSine2Y * sin
}

func (mcBrydeSine2) unproject(x, y float64) (lam, phi float64) {
	t := arcsine(y / mcBrydeSine2Y)
	theta := float64(mcBrydeSine2Angle * t)
	if !(math.Abs(theta) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinPart, cosPart := portable.Sincos(t)
	sin, cos := portable.Sincos(theta)
	return longitude(x, mcBrydeSine2X*(1+3*cos/cosPart)),
		arcsine((float64(mcBrydeSine2Share*sinPart) + sin) / mcBrydeSine2P)
}
