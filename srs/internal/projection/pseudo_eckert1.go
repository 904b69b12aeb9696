package projection

import "math"

var eckert1Projection = Descriptor{
	Name:       "Eckert I",
	Operations: []Operation{{Name: "eck1", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert I", Esri: "Eckert_I",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck1"},
	New:     pointwise(newEckert1),
}

type eckert1 struct{}

func newEckert1(*Projection) (eckert1, error) { return eckert1{}, nil }

func (p eckert1) extent() Extent { return worldExtent(p) }

var eckert1Scale = math.Sqrt(8 / (3 * math.Pi))

func (eckert1) project(lam, phi float64) (x, y float64) {
	return eckert1Scale * lam * (1 - math.Abs(phi)/math.Pi), eckert1Scale * phi
}

func (eckert1) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / eckert1Scale)
	return longitude(x, eckert1Scale*(1-math.Abs(phi)/math.Pi)), phi
}
