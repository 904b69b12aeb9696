package projection

import "github.com/geoexport/geoexport/internal/portable"

var wagner2Projection = Descriptor{
	Name:       "Wagner II",
	Operations: []Operation{{Name: "wag2", Sphere: true}},
	Methods: []Method{{
		EPSG:       "Wagner II",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wag2"},
	New:     pointwise(newWagner2),
}

// wagner2 shows areas nearly true: with sin θ = 0.88022 sin 0.8855 φ, x = cx λ cos θ, y = cy θ.
type wagner2 struct{}

func newWagner2(*Projection) (wagner2, error) { return wagner2{}, nil }

func (p wagner2) extent() Extent { return worldExtent(p) }

const wagner2X, wagner2Y, wagner2Sine, wagner2Latitude = 0.92483, 1.38725, 0.88022, 0.88550

func (wagner2) project(lam, phi float64) (x, y float64) {
	theta := portable.Asin(wagner2Sine * portable.Sin(wagner2Latitude*phi))
	return wagner2X * lam * portable.Cos(theta), wagner2Y * theta
}

func (wagner2) unproject(x, y float64) (lam, phi float64) {
	sin, cos := portable.Sincos(latitude(y / wagner2Y))
	return longitude(x, wagner2X*cos), latitude(arcsine(sin/wagner2Sine) / wagner2Latitude)
}
