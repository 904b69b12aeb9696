package srs

import (
	"errors"
	"math"

	"github.com/go-spatial/proj/core"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// RegisterWithGoSpatial offers this package's projections to a program that uses github.com/go-spatial/proj directly:
// it adds each to that module's global table of operations, as "x_" and PROJ's name, such as x_tmerc and x_laea.
// Nothing in this package depends on it or calls it. Further calls do nothing.
//
// The table is not safe for concurrent use: call it before any other goroutine uses go-spatial.
func RegisterWithGoSpatial() {
	for _, d := range projection.All {
		id := "x_" + d.ID()
		if _, ok := core.OperationDescriptionTable[id]; ok {
			continue
		}
		core.RegisterConvertLPToXY(id, d.Name, "",
			func(sys *core.System, desc *core.OperationDescription) (core.IConvertLPToXY, error) {
				p, err := fromGoSpatial(d, sys)
				if err != nil {
					return nil, err
				}
				k, err := projection.NewKernel(p)
				if err != nil {
					return nil, err
				}
				return &operation{core.Operation{System: sys, Description: desc}, k}, nil
			})
	}
}

// fromGoSpatial reads the ellipsoid and the parameters of a go-spatial system. False origin and central meridian are
// left to go-spatial, which applies them itself.
func fromGoSpatial(d *projection.Descriptor, sys *core.System) (projection.Projection, error) {
	e := ellipsoid{A: sys.Ellipsoid.A}
	if sys.Ellipsoid.Es != 0 {
		e.RF = sys.Ellipsoid.Rf
	}
	args := projection.Arguments{}
	for _, pair := range sys.ProjString.Pairs {
		switch pair.Key {
		case "proj", "lon_0", "x_0", "y_0":
		default:
			args[pair.Key] = projection.Value{Word: pair.Value}
		}
	}
	return parseProjection(d.ID(), e, args)
}

// operation lets go-spatial call a kernel.
//
// The other way is closed: go-spatial's own projections work a point at a time at the cost of an allocation, overwrite
// their argument, treat points outside of their domain in four different ways, and its Albers writes a scratch field,
// so that two goroutines cannot share it. Tests compare with them. Its units, false origins, prime meridians, axes and
// datum shifts are read but only partly applied.
type operation struct {
	core.Operation
	kernel projection.Kernel
}

var _ core.IConvertLPToXY = (*operation)(nil)

var errNoImage = errors.New("srs: point has no image")

// Forward maps a longitude from the central meridian and a latitude, in radians, to the unit ellipsoid's plane.
func (o *operation) Forward(lp *core.CoordLP) (*core.CoordXY, error) {
	x, y := []float64{lp.Lam}, []float64{lp.Phi}
	o.kernel.Forward(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordXY{X: x[0], Y: y[0]}, nil
}

// Inverse maps a point of the unit ellipsoid's plane back.
func (o *operation) Inverse(xy *core.CoordXY) (*core.CoordLP, error) {
	x, y := []float64{xy.X}, []float64{xy.Y}
	o.kernel.Inverse(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordLP{Lam: x[0], Phi: y[0]}, nil
}
