package projection

var adams1Projection = Descriptor{
	Name:       "Adams World in a Square I",
	Operations: []Operation{{Name: "adams_ws1", Sphere: true}},
	Methods: []Method{{
		EPSG: "Adams_Square_I", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "O. S. Adams, U.S. Coast and Geodetic Survey Special Publication 153 (1929)",
	Samples: []string{"+proj=adams_ws1"},
	New:     pointwise(newAdams1),
}

func newAdams1(*Projection) (adams, error) { return adams{jacobi: newJacobi()}, nil }
