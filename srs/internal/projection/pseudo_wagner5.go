package projection

var wagner5Projection = Descriptor{
	ID: "wag5", Name: "Wagner V",
	New: pointwise(newWagner5),
}

// Wagner's fifth projection does not keep areas; these are the coefficients that PROJ documents.
func newWagner5(*Projection) (mollweide, error) { return mollweide{0.90977, 1.65014, 3.00896}, nil }
