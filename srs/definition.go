package srs

import "math"

// definition is everything that makes a CRS what it is. It must stay comparable, for it is interned.
type definition struct {
	wkid, latest int    // 0 if there is no code
	authority    string // "EPSG" or "ESRI", or "" if it is not known
	name         string
	wkt          string  // the text that defined it, if no code did
	esriName     string  // Esri's name, if it is another one and known
	period       float64 // follows from the system
	area         int     // the registry's area of use by number, from 1; 0 if unknown, -1 the world
	base         int     // the registry's geographic system by number, from 1; 0 if none or the same
	axisRow      int     // the registry's axes in the authority's order by number, from 1; 0 if none

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

// projection holds a kernel's id and parameters, all angles in degrees. parseProjection makes it from PROJ's spelling.
type projection struct {
	kernel string // "x_merc" and so on, as registered with go-spatial/proj

	// ellipsoid is the datum's, or a sphere where the method is defined on one.
	ellipsoid ellipsoid

	lon0, lat0   float64 // of the natural or false origin, or of the projection's centre
	lat1, lat2   float64 // standard parallels or two points; lat1 is the latitude of true scale where there is one
	lon1, lon2   float64 // of the two points that define a line, counted from lon0
	k0           float64 // scale factor at the natural origin; 0 is 1
	x0, y0       float64 // what x and y are at the origin, in units of the CRS
	alpha, gamma float64 // azimuth of the initial line, and from the rectified to the oblique grid
	height       float64 // of the viewpoint, or of the projection plane, in metres

	// variant is a form of the method, by the name of PROJ's flag if it has one: "no_uoff", "hyperbolic", "guam".
	variant string

	// axes are the directions of x and y. They turn the kernel's plane before x0 and y0 are added.
	axes axes
}

const (
	degree = math.Pi / 180 // in radians
	grad   = math.Pi / 200
	metre  = 1
)

func (s system) geographic() bool { return s.projection.kernel == "" }
