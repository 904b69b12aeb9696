package projection

var pattersonProjection = Descriptor{
	Name:       "Patterson",
	Operations: []Operation{{Name: "patterson", Sphere: true}},
	Methods: []Method{{
		EPSG: "Patterson", Esri: "Patterson",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "T. Patterson and others, Cartographic Perspectives 78 (2014)",
	Samples: []string{"+proj=patterson"},
	New:     pointwise(newPatterson),
}

// The Patterson projection: T. Patterson, B. Šavrič and B. Jenny, Introducing the Patterson cylindrical projection,
// Cartographic Perspectives 78 (2014).
func newPatterson(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1.0148, 0, 0.23185, -0.14499, 0.02406}}, nil
}
