package srs

import "unique"

// What tests outside the package use.
var (
	EachCode        = eachCode
	SameCoordinates = sameCoordinates
)

// OwnBase returns the geographic CRS under a CRS, in degrees from the prime meridian of its datum.
func OwnBase(c CRS) CRS {
	d := c.definition()
	d.system = system{datum: d.datum, unit: degree}
	return CRS{unique.Make(d)}
}

// Ellipsoid returns the size and inverse flattening of a CRS's ellipsoid.
func Ellipsoid(c CRS) (semiMajor, inverseFlattening float64) {
	e := c.definition().datum.ellipsoid
	return e.A, e.RF
}

// Meridian returns the prime meridian of a CRS in degrees from Greenwich.
func Meridian(c CRS) float64 { return c.definition().datum.meridian }
