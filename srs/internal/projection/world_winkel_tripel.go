package projection

import (
	"errors"
	"math"
)

var winkelTripelProjection = Descriptor{
	ID: "wintri", Name: "Winkel Tripel",
	New: pointwise(newWinkelTripel),
}

func newWinkelTripel(def *Projection) (aitoff, error) {
	p := aitoff{tripel: true, cos: math.Cos(def.phi1())}
	p.bounds = worldExtent(p).Bounds
	if p.cos < 1e-10 {
		return p, errors.New("the standard parallel of a Winkel projection is a pole")
	}
	return p, nil
}
