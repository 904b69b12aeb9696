package projection

var tobler2Projection = Descriptor{
	Name:       "Tobler Cylindrical II",
	Operations: []Operation{{Name: "tobler2", Sphere: true}},
	Methods: []Method{{
		EPSG: "Tobler_Cylindrical_II", Esri: "Tobler_Cylindrical_II",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksPROJ | LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "W. R. Tobler, Cartography and Geographic Information Systems 24 (1997)",
	Samples: []string{"+proj=tobler2"},
	New:     pointwise(newTobler2),
}

func newTobler2(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6, 1. / 24}}, nil
}
