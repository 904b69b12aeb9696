package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var transverseEqualAreaProjection = Descriptor{
	Name:       "Transverse Cylindrical Equal Area",
	Operations: []Operation{{Name: "tcea", Keys: []Key{lat0, k0}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ tcea", OGC: []string{"Transverse_Cylindrical_Equal_Area"},
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
			projNamed("k_0", ScaleFactor)),
		Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", pages 76 to 80",
	RimAccuracy: 0.2, // distances from the central meridian crowd 90° from it
	Samples:     []string{"+proj=tcea +lat_0=30", "+proj=tcea +k_0=0.9"},
	New:         pointwise(newTransverseEqualArea),
}

// transverseEqualArea is the cylindrical equal-area projection about the central meridian.
type transverseEqualArea struct{ k, phi0 float64 }

func newTransverseEqualArea(def *Projection) (transverseEqualArea, error) {
	return transverseEqualArea{def.k0(), def.phi0()}, nil
}

func (p transverseEqualArea) extent() Extent {
	x, y := 1/p.k+planeSlack, float64(p.k*math.Pi)+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -float64(p.k*p.phi0) - y, x, y - float64(p.k*p.phi0)}}
}

func (p transverseEqualArea) project(lam, phi float64) (x, y float64) {
	sinLam, cosLam := portable.Sincos(lam)
	sin, cos := portable.Sincos(phi)
	return cos * sinLam / p.k, p.k * (portable.Atan2(sin, cos*cosLam) - p.phi0)
}

func (p transverseEqualArea) unproject(x, y float64) (lam, phi float64) {
	d, y := arcsine(x*p.k), y/p.k+p.phi0
	if !(math.Abs(y) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinD, cosD := portable.Sincos(d)
	sin, cos := portable.Sincos(y)
	return portable.Atan2(sinD, cosD*cos), portable.Atan2(cosD*sin, portable.Hypot(sinD, cosD*cos))
}
