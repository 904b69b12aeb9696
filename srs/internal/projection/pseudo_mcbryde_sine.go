package projection

var mcBrydeSineProjection = Descriptor{
	Name:       "McBryde-Thomas Flat-Polar Sine (No. 1)",
	Operations: []Operation{{Name: "mbt_s", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ mbt_s",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=mbt_s"},
	New:     pointwise(newMcBrydeSine),
}

func newMcBrydeSine(*Projection) (sineParallels, error) { return sineParallels{1.48875, 1.36509}, nil }
