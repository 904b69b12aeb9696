package srs

import "math"

// An ellipsoid is given by its semi-major axis in metres and its inverse flattening, which is 0 for a sphere.
type ellipsoid struct{ a, rf float64 }

var (
	wgs84Ellipsoid = ellipsoid{6378137, 298.257223563}
	grs80          = ellipsoid{6378137, 298.257222101}
)

// sphere is the sphere whose radius is the semi-major axis.
func (e ellipsoid) sphere() ellipsoid { return ellipsoid{a: e.a} }

// near says whether two ellipsoids are the same but for the rounding of texts that define them: 1 mm, and 1e-6 in 1/f,
// which is 0.1 mm at the pole.
func (e ellipsoid) near(f ellipsoid) bool {
	return math.Abs(e.a-f.a) < 1e-3 && math.Abs(e.rf-f.rf) < 1e-6
}

// A datum is a geodetic reference frame with Greenwich as its prime meridian.
//
// Every datum here is tied to WGS 84 by a null transformation: latitudes and longitudes are the same numbers in both.
// GRS 1980 and the ellipsoid of WGS 84 differ by 0.1 mm at the poles.
type datum struct {
	name      string
	ellipsoid ellipsoid

	// accuracy is that of the null transformation to WGS 84, in metres, from the EPSG data set: 1188 for NAD83, 1149
	// for ETRS89, 15894 for SIRGAS 2000.
	accuracy float64
}

var (
	wgs84      = datum{"World Geodetic System 1984", wgs84Ellipsoid, 0}
	nad83      = datum{"North American Datum 1983", grs80, 4}
	etrs89     = datum{"European Terrestrial Reference System 1989", grs80, 1}
	sirgas2000 = datum{"Sistema de Referencia Geocentrico para las AmericaS 2000", grs80, 1}
)

// shiftAccuracy is the accuracy in metres of going from one datum to another by way of WGS 84, and 0 if they are the
// same.
func shiftAccuracy(from, to datum) float64 {
	if from == to {
		return 0
	}
	return from.accuracy + to.accuracy
}
