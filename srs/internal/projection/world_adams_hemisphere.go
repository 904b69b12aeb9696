package projection

var adamsHemisphereProjection = Descriptor{
	Name:       "Adams Hemisphere in a Square",
	Operations: []Operation{{Name: "adams_hemi", Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ adams_hemi", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "the hemisphere about the central meridian", Source: "O. S. Adams, U.S. Coast and Geodetic Survey Special Publication 153 (1929)",
	Samples: []string{"+proj=adams_hemi"},
	New:     pointwise(newAdamsHemisphere),
}

func newAdamsHemisphere(*Projection) (adams, error) {
	return adams{jacobi: newJacobi(), hemisphere: true, turned: true}, nil
}
