package exportimage

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// GeometryType is the shape of a Geometry.
type GeometryType uint8

// The types of geometries. The zero value is none of them.
const (
	PointGeometry GeometryType = iota + 1
	MultipointGeometry
	PolylineGeometry
	PolygonGeometry
	EnvelopeGeometry
)

// A Geometry is a place or an area that a request is about.
type Geometry struct {
	Type GeometryType
	CRS  srs.CRS // of the coordinates; zero means that of the service
	// Parts are the vertices, as x and y: all of a point or multipoint in one part, one part for each path of a
	// polyline and for each ring of a polygon, whose last vertex equals its first. An envelope has none.
	Parts [][][2]float64
	// Envelope is the box around the vertices, or the envelope itself.
	Envelope srs.Envelope
}

// box returns the box of an envelope with its corners in order, which requests may give in any: one with both x and y
// swapped, or y alone, is the same box. One with x alone swapped crosses the antimeridian where x is a longitude, and its
// XMax is then turned to beyond it; elsewhere it has no meaning. The boxes of exports are read like that, too.
func (g Geometry) box(crs srs.CRS) (srs.Envelope, error) {
	e := g.Envelope
	if !e.Finite() {
		return e, errNotFinite
	}
	xSwapped, ySwapped := e.XMin > e.XMax, e.YMin > e.YMax
	if ySwapped {
		e.YMin, e.YMax = e.YMax, e.YMin
	}
	switch turn := crs.Period(); {
	case !xSwapped:
	case ySwapped:
		e.XMin, e.XMax = e.XMax, e.XMin
	case !crs.Geographic():
		return e, fmt.Errorf("xmin %v is greater than xmax %v", e.XMin, e.XMax)
	default:
		e.XMax += float64(turn * math.Ceil((e.XMin-e.XMax)/turn))
	}
	return e, nil
}

// wrapped returns an x that a turn has brought beyond the antimeridian on the side from which it came.
func wrapped(x float64, crs srs.CRS) float64 {
	if turn := crs.Period(); turn > 0 && x > turn/2 {
		x -= turn
	}
	return x
}
