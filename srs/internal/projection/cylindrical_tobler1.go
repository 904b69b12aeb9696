package projection

var tobler1Projection = Descriptor{
	ID: "tobler1", Name: "Tobler Cylindrical I",
	New: pointwise(newTobler1),
}

// Tobler's cylindrical projections: W. R. Tobler, Alternatives to Miller's projection, Cartography and Geographic
// Information Systems 24 (1997).
func newTobler1(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{1, 1. / 6}}, nil
}
