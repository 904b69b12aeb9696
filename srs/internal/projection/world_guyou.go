package projection

var guyouProjection = Descriptor{
	Name:       "Guyou",
	Operations: []Operation{{Name: "guyou", Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ guyou", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "the hemisphere about the central meridian", Source: "É. Guyou, Annales Hydrographiques 9 (1887)",
	Samples: []string{"+proj=guyou"},
	New:     pointwise(newGuyou),
}

func newGuyou(*Projection) (adams, error) { return adams{jacobi: newJacobi(), hemisphere: true}, nil }
