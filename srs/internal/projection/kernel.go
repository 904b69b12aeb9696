package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// A Kernel is a map projection of the unit ellipsoid: semi-major axis 1, no false origin, longitudes counted from the
// central meridian. It works on many points at a time, in place. A point outside its domain becomes NaN in x, y or both.
// Kernels are immutable and safe for concurrent use.
type Kernel interface {
	// Forward maps longitudes in x and latitudes in y, in radians, to the plane. Longitudes lie within ±π unless the
	// kernel is cylindrical, and latitudes within ±π/2; either may be NaN.
	Forward(x, y []float64)

	// Inverse maps the plane back to longitudes and latitudes, which lie in the ranges that Forward accepts.
	Inverse(x, y []float64)

	// Extent describes the plane.
	Extent() Extent
}

// Extent describes a kernel's plane.
type Extent struct {
	// Period is the width of the world if the projection is cylindrical in the normal aspect: x is then proportional to
	// longitude without end, and y depends on latitude alone. It is 0 for all others.
	Period float64

	// Top is where boxes end at the top, and its negative at the bottom, if latitude 90° has no image; else it is +Inf.
	Top float64

	// Bounds is a box around all of the plane that has an inverse image. It may be infinite.
	Bounds Box
}

// A Box is a rectangle of the plane, in radii.
type Box struct{ XMin, YMin, XMax, YMax float64 }

var everywhere = Box{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

const degree = math.Pi / 180 // in radians

// maxLatitude is π/2 with room for the rounding of coordinates that lie on a pole: 1e-9°, which is 0.1 mm.
const maxLatitude = math.Pi/2 + 1e-9*degree

// scaleAt returns the length of a parallel on the unit ellipsoid, per radian of longitude: cos φ / √(1 − e² sin² φ).
func scaleAt(phi, es float64) float64 {
	sin, cos := portable.Sincos(phi)
	return cos / math.Sqrt(1-float64(es*sin*sin))
}
