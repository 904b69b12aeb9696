package projection

var homolosineOceanProjection = Descriptor{
	ID: "igh_o", Name: "Interrupted Goode Homolosine, ocean",
	New: pointwise(newHomolosineOcean),
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
