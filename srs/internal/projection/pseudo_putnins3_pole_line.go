package projection

var putnins3PoleLineProjection = Descriptor{
	Name:       "Putniņš P3'",
	Operations: []Operation{{Name: "putp3p", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp3p",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=putp3p"},
	New:     pointwise(newPutnins3PoleLine),
}

func newPutnins3PoleLine(*Projection) (parabolicMeridians, error) {
	return parabolicMeridians{2 * 0.1013211836}, nil
}
