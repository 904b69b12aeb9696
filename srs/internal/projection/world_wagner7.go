package projection

var wagner7Projection = Descriptor{
	ID: "wag7", Name: "Wagner VII",
	New: pointwise(newWagner7),
}

func newWagner7(*Projection) (hammer, error) {
	return hammer{2.66723, 1.24104, 0.90630778703664996, 3}, nil
}
