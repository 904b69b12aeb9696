package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var transverseCentralProjection = Descriptor{
	Name:       "Transverse Central Cylindrical",
	Operations: []Operation{{Name: "tcc", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ tcc",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "all of the earth but 0.0006° around the points 90° from the central meridian on the equator",
	Source:  album + ", page 30, turned",
	Samples: []string{"+proj=tcc"},
	New:     pointwise(newTransverseCentral),
}

// transverseCentral is the perspective from the sphere's centre on a cylinder about the central meridian.
type transverseCentral struct{}

// transverseCentralReach bounds x, as PROJ does: 1 − sin² of the distance from the central meridian is at least 1e-10.
const transverseCentralReach = 1e5

func newTransverseCentral(*Projection) (transverseCentral, error) { return transverseCentral{}, nil }

func (transverseCentral) extent() Extent {
	const y = math.Pi + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-transverseCentralReach, -y, transverseCentralReach, y}}
}

func (transverseCentral) project(lam, phi float64) (x, y float64) {
	sinLam, cosLam := portable.Sincos(lam)
	sin, cos := portable.Sincos(phi)
	up := float64(cos * cosLam)
	x = cos * sinLam / portable.Hypot(sin, up)
	if !(math.Abs(x) < transverseCentralReach) {
		return math.NaN(), math.NaN()
	}
	return x, portable.Atan2(sin, up)
}

func (transverseCentral) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(x) < transverseCentralReach && math.Abs(y) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sin, cos := portable.Sincos(y)
	return portable.Atan2(x, cos), portable.Atan2(sin, portable.Hypot(x, cos))
}
