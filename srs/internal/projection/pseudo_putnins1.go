package projection

var putnins1Projection = Descriptor{
	Name:       "Putniņš P1",
	Operations: []Operation{{Name: "putp1", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp1",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=putp1"},
	New:     pointwise(newPutnins1),
}

func newPutnins1(*Projection) (ellipticMeridians, error) {
	return ellipticMeridians{1.89490, 0.94745, -0.5}, nil
}
