package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A definition holds all properties of a CRS. It must stay comparable, as it is interned.
type definition struct {
	wkid, latest int    // 0 if there is no code
	authority    string // "EPSG" or "ESRI", or "" if unknown
	name         string
	wkt          string  // the text that defined the CRS, if it has no code
	note         string  // what was set aside in the text
	esriName     string  // Esri's name, if known and not the same
	period       float64 // follows from the system
	area         int     // the number of the area of use in the registry, from 1; 0 if unknown, -1 for the world
	base         int     // the number of the geographic system under the projection, from 1; 0 if unknown
	axisRow      int     // the number of the axes in the registry, from 1; 0 if unknown

	system
}

// A system is the part of a definition that coordinates depend on. Two definitions with equal systems are the same CRS
// under different names.
type system struct {
	datum datum

	// unit is in metres if there is a projection, otherwise in radians.
	unit float64

	// projection is zero for a geographic CRS.
	projection projection.Projection
}

const (
	degree = math.Pi / 180 // in radians
	grad   = math.Pi / 200
	metre  = 1
)

// geographic reports whether the system has no projection.
func (s system) geographic() bool { return s.projection.Descriptor == nil }
