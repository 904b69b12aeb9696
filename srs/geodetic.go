package srs

// Ellipsoid returns the ellipsoid of the CRS's datum: its semi-major axis in metres and its flattening, which is 0 for a
// sphere. Both are 0 for the zero CRS. Web Mercator, which projects from a sphere, has the ellipsoid of WGS 84.
func (c CRS) Ellipsoid() (semiMajor, flattening float64) {
	e := c.definition().datum.ellipsoid
	if e.RF == 0 {
		return e.A, 0
	}
	return e.A, 1 / e.RF
}

// Geodetic returns the geographic CRS on the datum of c, in degrees from the datum's prime meridian. Coordinates in it are
// those of c before they were projected: no operation between datums is involved. The error is ErrNotStated for the zero CRS.
func (c CRS) Geodetic() (CRS, error) {
	d := c.definition()
	if c.IsZero() {
		return CRS{}, ErrNotStated
	}
	return makeCRS(definition{name: d.datum.name, system: system{datum: d.datum, unit: degree}})
}
