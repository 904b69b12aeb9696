package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var toblerMercatorProjection = Descriptor{
	Name:       "Tobler-Mercator",
	Operations: []Operation{{Name: "tobmerc", Keys: []Key{k0}}},
	Methods: []Method{{
		EPSG:       "PROJ tobmerc",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("k_0", ScaleFactor)),
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes up to 89.9999°", Source: "the formulas that PROJ documents",
	Samples: []string{"+proj=tobmerc"},
	New:     pointwise(newToblerMercator),
}

// toblerMercator has Mercator's parallels, and equal areas: x = k λ cos² φ, y = k artanh sin φ. Latitudes are taken as
// those of a sphere, whatever the ellipsoid is, as in PROJ.
type toblerMercator struct{ k float64 }

const toblerMercatorPole = 89.9999 * degree

func newToblerMercator(def *Projection) (toblerMercator, error) { return toblerMercator{def.k0()}, nil }

func (p toblerMercator) extent() Extent {
	x, y := float64(math.Pi*p.k)+planeSlack, float64(15*p.k)
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (p toblerMercator) project(lam, phi float64) (x, y float64) {
	if !(math.Abs(phi) <= toblerMercatorPole) {
		return math.NaN(), math.NaN()
	}
	cos := portable.Cos(phi)
	return p.k * lam * cos * cos, p.k * isometric(phi, 0)
}

func (p toblerMercator) unproject(x, y float64) (lam, phi float64) {
	phi = portable.Atan(portable.Sinh(y / p.k))
	if !(math.Abs(phi) <= toblerMercatorPole+planeSlack) {
		return math.NaN(), math.NaN()
	}
	cos := portable.Cos(phi)
	return longitude(x, p.k*cos*cos), phi
}
