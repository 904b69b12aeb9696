package projection

import "github.com/geoexport/geoexport/internal/portable"

var quarticAuthalicProjection = Descriptor{
	Name:       "Quartic Authalic",
	Operations: []Operation{{Name: "qua_aut", Sphere: true}},
	Methods: []Method{{
		EPSG: "Quartic Authalic", Esri: "Quartic_Authalic",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=qua_aut"},
	New:     pointwise(newQuarticAuthalic),
}

type quarticAuthalic struct{}

func newQuarticAuthalic(*Projection) (quarticAuthalic, error) { return quarticAuthalic{}, nil }

func (p quarticAuthalic) extent() Extent { return worldExtent(p) }

func (quarticAuthalic) project(lam, phi float64) (x, y float64) {
	return lam * portable.Cos(phi) / portable.Cos(0.5*phi), 2 * portable.Sin(0.5*phi)
}

func (quarticAuthalic) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(2 * arcsine(0.5*y))
	return longitude(x, portable.Cos(phi)/portable.Cos(0.5*phi)), phi
}
