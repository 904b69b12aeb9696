package projection

import "github.com/geoexport/geoexport/internal/portable"

var millerProjection = Descriptor{
	Name:       "Miller Cylindrical",
	Operations: []Operation{{Name: "mill", Authalic: true}},
	Methods: []Method{{
		EPSG: "Miller Cylindrical", Esri: "Miller_Cylindrical", GeoTIFF: 20,
		OGC:        []string{"Miller_Cylindrical"},
		Aliases:    []string{"Miller"},
		Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre.onlyGeoTIFF(), longitudeOfAzimuthalCentre),
		Surface:    onAuthalic,
	}},
	Lacks:  LacksEPSG,
	Domain: "all of the earth", Source: snyder + ", pages 86 to 89",
	Samples: []string{"+proj=mill"},
	New:     pointwise(newMiller),
}

// miller is O. M. Miller's cylindrical projection of the sphere. Source: Snyder (1987), pages 86 to 89. The domain is
// all of the earth.
type miller struct{}

func newMiller(*Projection) (miller, error) { return miller{}, nil }

func (p miller) extent() Extent { return cylinderExtent(p) }

func (miller) project(lam, phi float64) (x, y float64) {
	return lam, 1.25 * portable.Asinh(portable.Tan(0.8*phi))
}

func (miller) unproject(x, y float64) (lam, phi float64) {
	return x, latitude(1.25 * portable.Atan(portable.Sinh(0.8*y)))
}
