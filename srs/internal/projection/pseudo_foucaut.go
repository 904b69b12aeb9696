package projection

import "github.com/geoexport/geoexport/internal/portable"

var foucautProjection = Descriptor{
	Name:       "Foucaut",
	Operations: []Operation{{Name: "fouc", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ fouc",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=fouc"},
	New:     pointwise(newFoucaut),
}

// foucaut is the equal-area projection of H. Foucaut (1862), with parallels as in the stereographic projection.
type foucaut struct{}

func newFoucaut(*Projection) (foucaut, error) { return foucaut{}, nil }

func (p foucaut) extent() Extent { return worldExtent(p) }

func (foucaut) scale(phi float64) float64 {
	cos := portable.Cos(0.5 * phi)
	return max(0, portable.Cos(phi)) * cos * cos
}

func (p foucaut) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), 2 * portable.Tan(0.5*phi)
}

func (p foucaut) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(2 * portable.Atan(0.5*y))
	return longitude(x, p.scale(phi)), phi
}
