package projection

var tobler2Projection = Descriptor{
	ID: "tobler2", Name: "Tobler Cylindrical II",
	New: pointwise(newTobler2),
}

func newTobler2(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6, 1. / 24}}, nil
}
