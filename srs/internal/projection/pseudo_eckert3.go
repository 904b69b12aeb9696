package projection

import "math"

var eckert3Projection = Descriptor{
	Name:       "Eckert III",
	Operations: []Operation{{Name: "eck3", Sphere: true}},
	Methods: []Method{{
		EPSG: "Eckert III", Esri: "Eckert_III",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=eck3"},
	New:     pointwise(newEckert3),
}

type eckert3 struct{}

func newEckert3(*Projection) (eckert3, error) { return eckert3{}, nil }

func (p eckert3) extent() Extent { return worldExtent(p) }

var eckert3Scale = 2 / math.Sqrt(math.Pi*(4+math.Pi))

func (eckert3) project(lam, phi float64) (x, y float64) {
	t := 2 * phi / math.Pi
	return eckert3Scale * lam * (1 + math.Sqrt(max(0, (1-t)*(1+t)))), 2 * eckert3Scale * phi
}

func (eckert3) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / (2 * eckert3Scale))
	t := 2 * phi / math.Pi
	return longitude(x, eckert3Scale*(1+math.Sqrt(max(0, (1-t)*(1+t))))), phi
}
