package projection

var homolosineOceanProjection = Descriptor{
	Name:       "Interrupted Goode Homolosine, ocean",
	Operations: []Operation{{Name: "igh_o", Sphere: true}},
	Methods: []Method{
		{
			EPSG:       "Interrupted Goode Homolosine Ocean",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
		},
		{
			Esri:       "Goode_Homolosine",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, option.fixedAt(2)), Surface: onSphere,
		},
	},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 67",
	Samples: []string{"+proj=igh_o"},
	New:     pointwise(newHomolosineOcean),
}

// newHomolosineOcean cuts the continents.
func newHomolosineOcean(*Projection) (homolosine, error) {
	p := newHomolosine(
		[]lobe{{-180, -90, -140}, {-90, 60, -10}, {60, 180, 130}},
		[]lobe{{-180, -60, -110}, {-60, 90, 20}, {90, 180, 150}},
	)
	p.eastward = true
	return p, nil
}
