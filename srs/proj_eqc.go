package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// equidistantCylindrical is plate carrée if the latitude of true scale is 0. It is the form for the sphere (Snyder
// 1987, page 91), which is what ArcGIS means by Plate_Carree and Equidistant_Cylindrical, on ellipsoids too.
type equidistantCylindrical struct {
	cos float64 // of the latitude of true scale
}

func newEquidistantCylindrical(sys *core.System) (kernel, error) {
	return &equidistantCylindrical{cos: math.Cos(parameter(sys, "lat_ts"))}, nil
}

func (p *equidistantCylindrical) extent() extent {
	return extent{period: 2 * math.Pi * p.cos, top: math.Inf(1), bounds: everywhere}
}

func (p *equidistantCylindrical) forward(x, _ []float64) {
	for i := range x {
		x[i] *= p.cos
	}
}

func (p *equidistantCylindrical) inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] /= p.cos
		if !(math.Abs(y[i]) <= maxLatitude) {
			y[i] = math.NaN()
		}
		y[i] = max(-math.Pi/2, min(math.Pi/2, y[i]))
	}
}
