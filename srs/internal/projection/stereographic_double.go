package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var doubleStereographicProjection = Descriptor{
	Name:       "Oblique Stereographic",
	Operations: []Operation{{Name: "sterea", Keys: []Key{lat0, k0}}},
	Methods: []Method{{
		EPSG: "Oblique Stereographic", Code: 9809, Esri: "Double_Stereographic", GeoTIFF: 16,
		OGC:        []string{"Oblique_Stereographic"},
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin),
	}},
	Domain: "all of the earth but the point opposite the centre and a sliver next to the meridian there", Source: guidance,
	Samples: []string{"+proj=sterea +lat_0=52.16 +lon_0=5.39 +k_0=0.9999079"},
	New:     pointwise(newDoubleStereographic),
}

// doubleStereographic is EPSG method 9809, Oblique Stereographic, which Esri calls Double_Stereographic and PROJ
// sterea: the stereographic projection of a Gaussian sphere. Source: IOGP Guidance Note 7-2.
//
// The domain is all of the earth but the point opposite the centre and a sliver of some tenths of a degree next to the
// meridian opposite the central one.
type doubleStereographic struct {
	gaussSphere
	scale, sin0, cos0 float64
}

func newDoubleStereographic(def *Projection) (doubleStereographic, error) {
	p := doubleStereographic{gaussSphere: newGaussSphere(def)}
	p.scale = def.k0() * p.radius
	p.sin0, p.cos0 = portable.Sincos(p.chi0)
	return p, nil
}

func (p doubleStereographic) extent() Extent { return Extent{Top: math.Inf(1), Bounds: everywhere} }

func (p doubleStereographic) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	return stereographic(sin, cos, p.longitude(lam), p.sin0, p.cos0, p.scale)
}

func (p doubleStereographic) unproject(x, y float64) (lam, phi float64) {
	return p.geodetic(unstereographic(x, y, p.sin0, p.cos0, p.scale))
}
