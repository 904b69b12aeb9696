package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var flatPolarQuarticProjection = Descriptor{
	Name:       "McBryde-Thomas Flat-Polar Quartic",
	Operations: []Operation{{Name: "mbtfpq", Sphere: true}},
	Methods: []Method{{
		EPSG: "Flat Polar Quartic", Esri: "Flat_Polar_Quartic",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=mbtfpq"},
	New:     pointwise(newFlatPolarQuartic),
}

// flatPolarQuartic is F. W. McBryde and P. D. Thomas's projection 4.
type flatPolarQuartic struct{}

func newFlatPolarQuartic(*Projection) (flatPolarQuartic, error) { return flatPolarQuartic{}, nil }

func (p flatPolarQuartic) extent() Extent { return worldExtent(p) }

var (
	quarticX = 1 / math.Sqrt(3*math.Sqrt2+6)
	quarticY = 2 * math.Sqrt(3) / math.Sqrt(2+math.Sqrt2)
)

// project solves sin θ/2 + sin θ = (1 + 1/√2) sin φ.
func (flatPolarQuartic) project(lam, phi float64) (x, y float64) {
	k := (1 + 1/math.Sqrt2) * portable.Sin(phi)
	theta := solve(-math.Pi/2, math.Pi/2, 0.7*k, func(t float64) (float64, float64) {
		return portable.Sin(0.5*t) + portable.Sin(t) - k, float64(0.5*portable.Cos(0.5*t)) + portable.Cos(t)
	})
	return quarticX * lam * (1 + 2*portable.Cos(theta)/portable.Cos(0.5*theta)), quarticY * portable.Sin(0.5*theta)
}

func (flatPolarQuartic) unproject(x, y float64) (lam, phi float64) {
	theta := 2 * arcsine(y/quarticY)
	if !(math.Abs(theta) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return longitude(x, quarticX*(1+2*portable.Cos(theta)/portable.Cos(0.5*theta))),
		arcsine((portable.Sin(0.5*theta) + portable.Sin(theta)) / (1 + 1/math.Sqrt2))
}
