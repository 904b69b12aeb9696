package projection

var tobler1Projection = Descriptor{
	Name:       "Tobler Cylindrical I",
	Operations: []Operation{{Name: "tobler1", Sphere: true}},
	Methods: []Method{{
		EPSG: "Tobler_Cylindrical_I", Esri: "Tobler_Cylindrical_I",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksPROJ | LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "W. R. Tobler, Cartography and Geographic Information Systems 24 (1997)",
	Samples: []string{"+proj=tobler1"},
	New:     pointwise(newTobler1),
}

// Tobler's cylindrical projections: W. R. Tobler, Alternatives to Miller's projection, Cartography and Geographic
// Information Systems 24 (1997).
func newTobler1(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6}}, nil
}
