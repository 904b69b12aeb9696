package projection

import "math"

var wagner4Projection = Descriptor{
	Name:       "Wagner IV",
	Operations: []Operation{{Name: "wag4", Sphere: true}},
	Methods: []Method{{
		EPSG: "Wagner IV", Esri: "Wagner_IV",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wag4"},
	New:     pointwise(newWagner4),
}

func newWagner4(*Projection) (mollweide, error) { return newMollweideTo(math.Pi / 3), nil }
