package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// equidistantCylindrical is plate carrée if the latitude of true scale is 0. It is the form for the sphere (Snyder
// 1987, page 91), which is what ArcGIS means by Plate_Carree and Equidistant_Cylindrical, on ellipsoids too.
type equidistantCylindrical struct {
	cos  float64 // of the latitude of true scale
	phi0 float64 // where y is 0
}

func newEquidistantCylindrical(sys *core.System) (kernel, error) {
	return &equidistantCylindrical{math.Cos(parameter(sys, "lat_ts")), sys.Phi0}, nil
}

func (p *equidistantCylindrical) extent() extent {
	return extent{period: 2 * math.Pi * p.cos, top: math.Inf(1), bounds: everywhere}
}

func (p *equidistantCylindrical) forward(x, y []float64) {
	for i := range x {
		x[i] *= p.cos
	}
	if p.phi0 != 0 {
		for i := range y {
			y[i] -= p.phi0
		}
	}
}

func (p *equidistantCylindrical) inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] /= p.cos
		y[i] += p.phi0
		if !(math.Abs(y[i]) <= maxLatitude) {
			y[i] = math.NaN()
		}
		y[i] = max(-math.Pi/2, min(math.Pi/2, y[i]))
	}
}
