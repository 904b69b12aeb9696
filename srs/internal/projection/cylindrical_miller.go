package projection

import "math"

var millerProjection = Descriptor{
	ID: "mill", Name: "Miller Cylindrical",
	New: pointwise(newMiller),
}

// miller is O. M. Miller's cylindrical projection of the sphere. Source: Snyder (1987), pages 86 to 89. The domain is
// all of the earth.
type miller struct{}

func newMiller(*Projection) (miller, error) { return miller{}, nil }

func (p miller) extent() Extent { return cylinderExtent(p) }

func (miller) project(lam, phi float64) (x, y float64) {
	return lam, 1.25 * math.Asinh(math.Tan(0.8*phi))
}

func (miller) unproject(x, y float64) (lam, phi float64) {
	return x, latitude(1.25 * math.Atan(math.Sinh(0.8*y)))
}
