package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// An Ellipsoid is given by its semi-major axis in metres and its inverse flattening, which is 0 for a sphere.
type Ellipsoid struct{ A, RF float64 }

// Sphere returns the sphere whose radius is the semi-major axis.
func (e Ellipsoid) Sphere() Ellipsoid { return Ellipsoid{A: e.A} }

// authalicSphere returns the sphere with the same surface.
func (e Ellipsoid) authalicSphere() Ellipsoid {
	if e.RF == 0 {
		return e
	}
	f := 1 / e.RF
	ec := math.Sqrt(f * (2 - f))
	return Ellipsoid{A: e.A * math.Sqrt(0.5*(1+float64((1-float64(ec*ec))/ec*portable.Atanh(ec))))}
}

// f returns the flattening.
func (e Ellipsoid) f() float64 {
	if e.RF == 0 {
		return 0
	}
	return 1 / e.RF
}

// es returns the square of the eccentricity.
func (e Ellipsoid) es() float64 {
	f := e.f()
	return float64(2*f) - float64(f*f)
}

// e returns the eccentricity.
func (e Ellipsoid) e() float64 { return math.Sqrt(e.es()) }

// n returns the third flattening, f/(2 − f), which all series of math_series.go go by. It is 0 for a sphere.
func (e Ellipsoid) n() float64 {
	f := e.f()
	return f / (2 - f)
}

// esOfAxes returns es as it follows from f (2 − f), which differs from it by rounding.
func (e Ellipsoid) esOfAxes() float64 {
	f := e.f()
	return f * (2 - f)
}
