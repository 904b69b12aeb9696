package projection

var wagner6Projection = Descriptor{
	Name:       "Wagner VI",
	Operations: []Operation{{Name: "wag6", Sphere: true}},
	Methods: []Method{{
		EPSG:       "Wagner VI",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wag6"},
	New:     pointwise(newWagner6),
}

func newWagner6(*Projection) (ellipticMeridians, error) {
	return ellipticMeridians{1, 1, 0}, nil
}
