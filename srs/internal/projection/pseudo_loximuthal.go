package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var loximuthalProjection = Descriptor{
	Name:       "Loximuthal",
	Operations: []Operation{{Name: "loxim", Keys: []Key{lat1.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "Loximuthal", Esri: "Loximuthal",
		Parameters: of(atNaturalOrigin, originAsOnlyParallel, firstParallel.onlyEsri().esriAs("Central_Parallel"),
			longitudeOfNaturalOrigin),
		Surface: onSphere,
		Renames: originIsParallel,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 224",
	Samples: []string{"+proj=loxim +lat_1=40"},
	New:     pointwise(newLoximuthal),
}

// loximuthal shows rhumb lines from the point on the central meridian at a given latitude as straight lines, at their
// length and azimuth: Snyder & Voxland, page 224.
type loximuthal struct{ phi1, cos, psi float64 }

func newLoximuthal(def *Projection) (loximuthal, error) {
	phi1 := def.phi1()
	return loximuthal{phi1, portable.Cos(phi1), isometric(phi1, 0)}, nil
}

func (p loximuthal) extent() Extent {
	y := math.Pi + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-4, -y, 4, y}}
}

func (p loximuthal) width(phi float64) float64 {
	switch d := phi - p.phi1; {
	case math.Abs(phi) > math.Pi/2-1e-15:
		return 0
	case math.Abs(d) < 1e-5:
		// The mean of the cosine along the rhumb line, to third order.
		sin, cos := portable.Sincos(p.phi1 + float64(0.5*d))
		return cos - float64(d*d*(1+float64(sin*sin))/(24*cos))
	default:
		return d / (isometric(phi, 0) - p.psi)
	}
}

func (p loximuthal) project(lam, phi float64) (x, y float64) {
	return lam * p.width(phi), phi - p.phi1
}

func (p loximuthal) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y + p.phi1)
	return longitude(x, p.width(phi)), phi
}
