package projection

var wagner5Projection = Descriptor{
	Name:       "Wagner V",
	Operations: []Operation{{Name: "wag5", Sphere: true}},
	Methods: []Method{{
		EPSG: "Wagner V", Esri: "Wagner_V",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "the coefficients that PROJ documents",
	Samples: []string{"+proj=wag5"},
	New:     pointwise(newWagner5),
}

// Wagner's fifth projection does not keep areas; these are the coefficients that PROJ documents.
func newWagner5(*Projection) (mollweide, error) { return mollweide{0.90977, 1.65014, 3.00896}, nil }
