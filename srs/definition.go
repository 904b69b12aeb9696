package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

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
	projection projection.Projection
}

const (
	degree = math.Pi / 180 // in radians
	grad   = math.Pi / 200
	metre  = 1
)

func (s system) geographic() bool { return s.projection.Descriptor == nil }
