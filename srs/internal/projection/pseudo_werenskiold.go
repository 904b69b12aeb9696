package projection

var werenskioldProjection = Descriptor{
	Name:       "Werenskiold I",
	Operations: []Operation{{Name: "weren", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ weren",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=weren"},
	New:     pointwise(newWerenskiold),
}

func newWerenskiold(*Projection) (thirdMeridians, error) { return thirdMeridians{1, 4.442882938}, nil }
