package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// An ellipsoid has a semi-major axis in metres and an inverse flattening, which is 0 for a sphere.
type ellipsoid = projection.Ellipsoid

var wgs84Ellipsoid = ellipsoid{A: 6378137, RF: 298.257223563}

// nearEllipsoid reports whether two ellipsoids are the same but for the rounding of texts that define them: 1 mm, and
// 1e-6 in 1/f, which is 0.1 mm at the pole.
func nearEllipsoid(e, f ellipsoid) bool {
	return math.Abs(e.A-f.A) < 1e-3 && math.Abs(e.RF-f.RF) < 1e-6
}

// squares returns the semi-minor axis, and the squares of the first and second eccentricity.
func squares(e ellipsoid) (b, es, e2s float64) {
	if e.RF == 0 {
		return e.A, 0, 0
	}
	f := 1 / e.RF
	b = float64(e.A * (1 - f))
	es = float64(f * (2 - f))
	return b, es, es / (1 - es)
}

// A datum is a geodetic reference frame with a prime meridian. It must stay comparable.
type datum struct {
	id   string // P for EPSG or S for Esri, and the code, such as "P6326"; "" if a text defined the datum
	name string

	ellipsoid ellipsoid
	meridian  float64 // the prime meridian's longitude from Greenwich in degrees
	body      string  // the celestial body, or "" for the Earth

	operations operations
}

// operations lead from WGS 84 to a datum.
type operations struct {
	list int    // the number of a list of operations in the registry, from 1; 0 is none
	text string // one operation in the registry's spelling, in place of the list
}

// same reports whether latitudes and longitudes on two datums are the same, but for the prime meridian.
func (d datum) same(e datum) bool {
	if d.id != "" && e.id != "" && d.id == e.id {
		return d.operations.text == e.operations.text
	}
	return d.ellipsoid == e.ellipsoid && d.operations == e.operations && d.body == e.body &&
		(d.operations != operations{} || d.name == e.name)
}

// coincides reports whether no operation leads from a datum to another: they are the same, and none of their own operations
// says otherwise, or one counts longitudes of the other from elsewhere.
func (d datum) coincides(e datum) bool {
	plain := d.operations.text == "" && e.operations.text == ""
	switch {
	case d.id != "" && d.id == e.id:
		return d.operations.text == e.operations.text
	case plain && d.id != "" && e.id != "" && sameUnderMeridian(d, e):
		return true
	}
	if !d.same(e) || !plain || d.id == "" || e.id == "" {
		return d.same(e)
	}
	neighbours := openNeighbours()
	return len(neighbours[d.id]) == 0 || len(neighbours[e.id]) == 0
}

// bodyName returns the name of the celestial body, for messages.
func (d datum) bodyName() string {
	if d.body == "" {
		return "Earth"
	}
	return d.body
}
