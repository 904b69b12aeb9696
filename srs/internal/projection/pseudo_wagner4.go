package projection

import "math"

var wagner4Projection = Descriptor{
	ID: "wag4", Name: "Wagner IV",
	New: pointwise(newWagner4),
}

func newWagner4(*Projection) (mollweide, error) { return newMollweideTo(math.Pi / 3), nil }
