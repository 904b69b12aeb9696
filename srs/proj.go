package srs

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/go-spatial/proj/core"
	"github.com/go-spatial/proj/support"
)

// A kernel is a map projection of the unit ellipsoid: semi-major axis 1, no false origin, longitudes counted from the
// central meridian. It works on many points at a time, in place. Points outside its domain become NaN in x, y or both.
// Kernels are immutable.
type kernel interface {
	// forward takes longitudes in x and latitudes in y, in radians, to the plane. Longitudes lie within ±π unless the
	// kernel is cylindrical, and latitudes within ±π/2; either may be NaN.
	forward(x, y []float64)

	// inverse takes the plane back to longitudes and latitudes, which lie in the ranges that forward accepts.
	inverse(x, y []float64)

	extent() extent
}

// extent tells what a kernel's plane looks like.
type extent struct {
	// period is the width of the world if the projection is cylindrical in the normal aspect: x is then proportional to
	// longitude without end, and y depends on latitude alone. It is 0 for all others.
	period float64

	// top is where boxes end at the top, and its negative at the bottom, if latitude 90° has no image; else it is +Inf.
	top float64

	// bounds is a box around all of the plane that has an inverse image. It may be infinite.
	bounds Envelope
}

var everywhere = Envelope{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// maxLatitude is π/2 with room for the rounding of coordinates that lie on a pole: 1e-9°, which is 0.1 mm.
const maxLatitude = math.Pi/2 + 1e-9*degree

// Kernels are registered with go-spatial under ids with a prefix, because registering an id twice panics and upstream
// may add plain ones.
func init() {
	register("x_tmerc", "Transverse Mercator (order 6, batch)", newTransverseMercator)
	register("x_merc", "Mercator (batch)", newMercator)
	register("x_aea", "Albers Equal Area (batch)", newAlbers)
	register("x_eqc", "Equidistant Cylindrical, sphere (batch)", newEquidistantCylindrical)
}

func register(id, description string, create func(*core.System) (kernel, error)) {
	core.RegisterConvertLPToXY(id, description, "",
		func(sys *core.System, desc *core.OperationDescription) (core.IConvertLPToXY, error) {
			k, err := create(sys)
			if err != nil {
				return nil, err
			}
			return &operation{core.Operation{System: sys, Description: desc}, k}, nil
		})
}

// newKernel sets a kernel up through go-spatial.
func newKernel(p projection) (kernel, error) {
	ps := &support.ProjString{}
	add := func(key string, value float64) {
		if value != 0 {
			ps.Add(support.Pair{Key: key, Value: strconv.FormatFloat(value, 'g', -1, 64)})
		}
	}
	ps.Add(support.Pair{Key: "proj", Value: p.kernel})
	if p.ellipsoid.rf == 0 {
		add("R", p.ellipsoid.a)
	} else {
		add("a", p.ellipsoid.a)
		add("rf", p.ellipsoid.rf)
	}
	add("lat_0", p.lat0)
	if p.kernel == "x_aea" {
		add("lat_1", p.lat1)
		add("lat_2", p.lat2)
	} else {
		add("lat_ts", p.lat1)
	}
	add("k_0", p.k0)

	_, op, err := core.NewSystem(ps)
	if err != nil {
		return nil, fmt.Errorf("srs: projection %s: %w", p.kernel, err)
	}
	return op.(*core.ConvertLPToXY).Algorithm.(*operation).kernel, nil
}

// parameter reads an angle of go-spatial's parameters, which is in degrees, in radians.
func parameter(sys *core.System, key string) float64 {
	v, _ := sys.ProjString.GetAsFloat(key)
	return v * degree
}

// scaleAt is the length of a parallel on the unit ellipsoid, in radians of longitude: cos φ / √(1 − e² sin² φ).
func scaleAt(phi, es float64) float64 {
	sin, cos := math.Sincos(phi)
	return cos / math.Sqrt(1-float64(es*sin*sin))
}

// operation lets go-spatial call a kernel.
type operation struct {
	core.Operation
	kernel kernel
}

var _ core.IConvertLPToXY = (*operation)(nil)

var errNoImage = errors.New("srs: point has no image")

// Forward takes a longitude from the central meridian and a latitude, in radians, to the unit ellipsoid's plane.
func (o *operation) Forward(lp *core.CoordLP) (*core.CoordXY, error) {
	x, y := []float64{lp.Lam}, []float64{lp.Phi}
	o.kernel.forward(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordXY{X: x[0], Y: y[0]}, nil
}

// Inverse undoes Forward.
func (o *operation) Inverse(xy *core.CoordXY) (*core.CoordLP, error) {
	x, y := []float64{xy.X}, []float64{xy.Y}
	o.kernel.inverse(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordLP{Lam: x[0], Phi: y[0]}, nil
}
