package srs

import "math"

// definition is everything that makes a CRS what it is. It must stay comparable, for it is interned.
type definition struct {
	wkid, latest int    // 0 if there is no code
	authority    string // "EPSG" or "ESRI", or "" if it is not known
	name         string
	wkt          string  // the text that defined it, if no code did
	period       float64 // follows from the system

	system
}

// system is the part of a definition that decides about coordinates. Two definitions with equal systems are the same
// CRS under different names.
type system struct {
	datum datum

	// unit is metres per unit if there is a projection, and else radians per unit.
	unit float64

	// projection is zero for a geographic CRS.
	projection projection
}

// projection holds a kernel's id and parameters, all angles in degrees.
type projection struct {
	kernel string // "x_merc" and so on, as registered with go-spatial/proj

	// ellipsoid is the datum's, or a sphere where the method is defined on one.
	ellipsoid ellipsoid

	lon0, lat0 float64 // of the natural or false origin
	lat1, lat2 float64 // standard parallels; lat1 is the latitude of true scale of a cylindrical projection
	k0         float64 // scale factor at the natural origin
	x0, y0     float64 // false easting and northing, in units of the CRS
}

const (
	degree = math.Pi / 180 // in radians
	metre  = 1
)

func (s system) geographic() bool { return s.projection.kernel == "" }
