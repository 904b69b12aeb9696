package projection

import "github.com/geoexport/geoexport/internal/portable"

var nellHammerProjection = Descriptor{
	Name:       "Nell-Hammer",
	Operations: []Operation{{Name: "nell_h", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ nell_h",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "J. P. Snyder, Flattening the Earth (1993)",
	Samples: []string{"+proj=nell_h"},
	New:     pointwise(newNellHammer),
}

// nellHammer is E. Hammer's equal-area projection (1900): x = λ (1 + cos φ)/2, y = 2 (φ − tan φ/2).
type nellHammer struct{}

func newNellHammer(*Projection) (nellHammer, error) { return nellHammer{}, nil }

func (p nellHammer) extent() Extent { return worldExtent(p) }

func (nellHammer) project(lam, phi float64) (x, y float64) {
	return 0.5 * lam * (1 + portable.Cos(phi)), 2 * (phi - portable.Tan(0.5*phi))
}

func (nellHammer) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, func(t float64) (float64, float64) {
		tan := portable.Tan(0.5 * t)
		return 2 * (t - tan), 1 - float64(tan*tan)
	})
	return longitude(x, 0.5*(1+portable.Cos(phi))), phi
}
