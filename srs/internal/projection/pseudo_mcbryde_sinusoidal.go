package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var mcBrydeSinusoidalProjection = Descriptor{
	Name:       "McBryde-Thomas Flat-Polar Sinusoidal",
	Operations: []Operation{{Name: "mbtfps", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ mbtfps",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=mbtfps"},
	New:     pointwise(newMcBrydeSinusoidal),
}

// mcBrydeSinusoidal is an equal-area projection with sine curves as meridians: θ/2 + sin θ = (1 + π/4) sin φ.
type mcBrydeSinusoidal struct{}

func newMcBrydeSinusoidal(*Projection) (mcBrydeSinusoidal, error) { return mcBrydeSinusoidal{}, nil }

func (p mcBrydeSinusoidal) extent() Extent { return worldExtent(p) }

var mcBrydeScale = math.Sqrt(1.5 / (1 + math.Pi/4))

func (mcBrydeSinusoidal) project(lam, phi float64) (x, y float64) {
	k := (1 + math.Pi/4) * portable.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.6*k, func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		return float64(0.5*t) + sin - k, 0.5 + cos
	})
	return mcBrydeScale / 1.5 * lam * (0.5 + portable.Cos(theta)), mcBrydeScale * theta
}

func (mcBrydeSinusoidal) unproject(x, y float64) (lam, phi float64) {
	theta := latitude(y / mcBrydeScale)
	sin, cos := portable.Sincos(theta)
	return longitude(x, mcBrydeScale/1.5*(0.5+cos)), arcsine((float64(0.5*theta) + sin) / (1 + math.Pi/4))
}
