package projection

import (
	"math"
)

var ginsburg8Projection = Descriptor{
	Name:       "Ginsburg VIII",
	Operations: []Operation{{Name: "gins8", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ gins8",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "G. A. Ginsburg's coefficients of 1944, which PROJ documents",
	Samples: []string{"+proj=gins8"},
	New:     pointwise(newGinsburg8),
}

// ginsburg8 is the eighth projection of the TsNIIGAiK: y = φ (1 + φ²/12), x = λ (0.87 − 0.000952426 λ⁴) (1 − 0.162388
// φ²).
type ginsburg8 struct{}

func newGinsburg8(*Projection) (ginsburg8, error) { return ginsburg8{}, nil }

func (p ginsburg8) extent() Extent { return worldExtent(p) }

func (ginsburg8) parallel(phi float64) float64 { return 1 - float64(0.162388*phi*phi) }

// meridian returns x of a meridian at the equator, and its derivative.
func (ginsburg8) meridian(lam float64) (x, slope float64) {
	l4 := float64(0.000952426 * lam * lam * lam * lam)
	return float64(lam * (0.87 - l4)), 0.87 - float64(5*l4)
}

func (p ginsburg8) project(lam, phi float64) (x, y float64) {
	x, _ = p.meridian(lam)
	return x * p.parallel(phi), phi * (1 + float64(phi*phi/12))
}

func (p ginsburg8) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, func(phi float64) (float64, float64) {
		return phi * (1 + float64(phi*phi/12)), 1 + float64(0.25*phi*phi)
	})
	x /= p.parallel(phi)
	edge, _ := p.meridian(math.Pi)
	if !(math.Abs(x) <= edge+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return solve(-math.Pi, math.Pi, x/0.87, func(lam float64) (float64, float64) {
		v, slope := p.meridian(lam)
		return v - x, slope
	}), phi
}
