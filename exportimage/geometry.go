package exportimage

import "github.com/geoexport/geoexport/srs"

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
