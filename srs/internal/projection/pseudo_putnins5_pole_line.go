package projection

var putnins5PoleLineProjection = Descriptor{
	Name:       "Putniņš P5'",
	Operations: []Operation{{Name: "putp5p", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp5p",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=putp5p"},
	New:     pointwise(newPutnins5PoleLine),
}

func newPutnins5PoleLine(*Projection) (hyperbolicMeridians, error) {
	return hyperbolicMeridians{1.5, 0.5}, nil
}
