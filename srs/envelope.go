package srs

import (
	"math"
	"strconv"
)

// An Envelope is an axis-parallel box in the units of some CRS. X is always east or longitude and Y north or latitude,
// whatever order of axes the authority defines. The zero value is the point at the origin, which is empty.
//
// In a geographic CRS XMax may exceed 180: a box across the antimeridian runs from 170 to 190, never from 170 to -170.
type Envelope struct{ XMin, YMin, XMax, YMax float64 }

// Width returns the extent along x, in units of the CRS.
func (e Envelope) Width() float64 { return e.XMax - e.XMin }

// Height returns the extent along y, in units of the CRS.
func (e Envelope) Height() float64 { return e.YMax - e.YMin }

// Empty reports whether e has no area. An Envelope with a NaN is empty.
func (e Envelope) Empty() bool { return !(e.XMin < e.XMax && e.YMin < e.YMax) }

// Finite reports whether all four sides are finite numbers.
func (e Envelope) Finite() bool {
	for _, v := range [...]float64{e.XMin, e.YMin, e.XMax, e.YMax} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Center returns the middle of e.
func (e Envelope) Center() (x, y float64) {
	return e.XMin + (e.XMax-e.XMin)/2, e.YMin + (e.YMax-e.YMin)/2
}

// Intersects reports whether the open interiors of e and f share a point: boxes that only touch do not intersect.
func (e Envelope) Intersects(f Envelope) bool {
	return e.XMin < f.XMax && f.XMin < e.XMax && e.YMin < f.YMax && f.YMin < e.YMax
}

// Union returns the smallest Envelope around e and f. Unlike a union of sets of points it treats neither as empty.
func (e Envelope) Union(f Envelope) Envelope {
	return Envelope{
		math.Min(e.XMin, f.XMin), math.Min(e.YMin, f.YMin),
		math.Max(e.XMax, f.XMax), math.Max(e.YMax, f.YMax),
	}
}

// Contains reports whether all of f, its edges too, lies inside e or on its edges.
func (e Envelope) Contains(f Envelope) bool {
	return f.XMin >= e.XMin && f.XMax <= e.XMax && f.YMin >= e.YMin && f.YMax <= e.YMax
}

// String returns XMin, YMin, XMax and YMax, exactly, with commas between them, as requests state boxes.
func (e Envelope) String() string {
	var b []byte
	for i, v := range [...]float64{e.XMin, e.YMin, e.XMax, e.YMax} {
		if i > 0 {
			b = append(b, ',')
		}
		format := byte('f')
		if v != 0 && (math.Abs(v) < 1e-6 || math.Abs(v) >= 1e21) {
			format = 'e' // as JSON does
		}
		b = strconv.AppendFloat(b, v, format, -1, 64)
	}
	return string(b)
}
