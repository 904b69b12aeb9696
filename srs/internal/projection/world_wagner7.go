package projection

var wagner7Projection = Descriptor{
	Name:       "Wagner VII",
	Operations: []Operation{{Name: "wag7", Sphere: true}},
	Methods: []Method{{
		EPSG: "Wagner VII", Esri: "Wagner_VII",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 232 to 241",
	Samples: []string{"+proj=wag7"},
	New:     pointwise(newWagner7),
}

func newWagner7(*Projection) (hammer, error) {
	return hammer{2.66723, 1.24104, 0.90630778703664996, 3}, nil
}
