package resample

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A Mapping leads from a destination to a source.
//
// Map replaces destination pixel coordinates by source pixel coordinates, in place; xs and ys have the same length, and on
// input all ys of one call are equal. A point without an image becomes NaN, NaN. What becomes of a point must not depend
// on the others of the call. Warp asks for the centres of pixels, x+0.5 and y+0.5; for Majority and Antialias also for their
// corners.
//
// Implementations must be safe for concurrent use.
type Mapping interface {
	Map(xs, ys []float64)
}

// A Placement places the pixels of a destination and of a source on the map, each in the map coordinates of its own spatial
// reference.
type Placement struct {
	DstToMap raster.Affine // destination pixels to map coordinates
	MapToSrc raster.Affine // map coordinates to source pixels: the inverse of the source's own
}

// Through returns the mapping that takes destination pixels to map coordinates, these through transform to the source's
// spatial reference, and the result to source pixels.
//
// Transform works in place, x before y, and sets points without an image to NaN, NaN; nil means that both sides have the
// same spatial reference. It must be safe for concurrent use, and the image of a point must not depend on the other points
// of a call.
func (p Placement) Through(transform func(xs, ys []float64)) Mapping {
	if transform == nil && p.axisParallel() {
		return separable{Placement: p}
	}
	return through{Placement: p, transform: transform}
}

// Separable is Through for a transformation in which x depends on x alone and y on y alone, as between longitude, latitude
// and Mercator. An image of w by h pixels then takes w+h points to map instead of w·h. Each function works in place, sets
// coordinates without an image to NaN, and may be nil if the coordinate stays the same.
func (p Placement) Separable(x, y func([]float64)) Mapping {
	m := separable{Placement: p, x: x, y: y}
	if p.axisParallel() {
		return m
	}
	return p.Through(m.transform)
}

func (p Placement) axisParallel() bool { return p.DstToMap.AxisParallel() && p.MapToSrc.AxisParallel() }

type through struct {
	Placement
	transform func(xs, ys []float64)
}

func (m through) Map(xs, ys []float64) {
	apply(m.DstToMap, xs, ys)
	if m.transform != nil {
		m.transform(xs, ys)
	}
	apply(m.MapToSrc, xs, ys)
}

type separable struct {
	Placement // axis-parallel
	x, y      func([]float64)
}

func (m separable) Map(xs, ys []float64) {
	m.columns(xs)
	m.rows(ys)
	for i, x := range xs {
		if math.IsNaN(x) || math.IsNaN(ys[i]) {
			xs[i], ys[i] = math.NaN(), math.NaN()
		}
	}
}

func (m separable) columns(xs []float64) {
	applyAxis(m.DstToMap.A, m.DstToMap.C, xs)
	if m.x != nil {
		m.x(xs)
	}
	applyAxis(m.MapToSrc.A, m.MapToSrc.C, xs)
}

func (m separable) rows(ys []float64) {
	applyAxis(m.DstToMap.E, m.DstToMap.F, ys)
	if m.y != nil {
		m.y(ys)
	}
	applyAxis(m.MapToSrc.E, m.MapToSrc.F, ys)
}

func (m separable) transform(xs, ys []float64) {
	if m.x != nil {
		m.x(xs)
	}
	if m.y != nil {
		m.y(ys)
	}
}

func apply(a raster.Affine, xs, ys []float64) {
	for i, x := range xs {
		xs[i], ys[i] = a.Apply(x, ys[i])
	}
}

func applyAxis(scale, offset float64, vs []float64) {
	for i, v := range vs {
		vs[i] = float64(scale*v) + offset
	}
}

// An axesMapping may map each axis by itself, with the same bits as Map gives. A coordinate without an image is NaN.
type axesMapping interface {
	Mapping
	columns(xs []float64)
	rows(ys []float64)
}

// A lattice says which points of destination pixels are asked for, by how far these are from the pixel's first corner.
// That of the corners has one point more than there are pixels, along each axis.
type lattice float64

const (
	centred  lattice = 0.5
	cornered lattice = 0
)

// more is how many points there are more than pixels.
func (l lattice) more() int {
	if l == cornered {
		return 1
	}
	return 0
}

// points writes the coordinates for the pixels from start on.
func (l lattice) points(vs []float64, start int) {
	for i := range vs {
		vs[i] = float64(start+i) + float64(l)
	}
}

// axesOf gives the source coordinates of the columns and the rows of r if m maps each axis by itself.
func axesOf(m Mapping, r image.Rectangle, at lattice) (xs, ys []float64, ok bool) {
	a, ok := m.(axesMapping)
	if !ok {
		return nil, nil, false
	}
	xs, ys = make([]float64, r.Dx()+at.more()), make([]float64, r.Dy()+at.more())
	at.points(xs, r.Min.X)
	at.points(ys, r.Min.Y)
	a.columns(xs)
	a.rows(ys)
	return xs, ys, true
}

// A liner gives the source coordinates of a row of points of a lattice, for a fixed range of columns: some as spans, in
// their order, which hold until the next call, and all others in xs and ys. It is not for concurrent use, and fastest when
// rows are asked for in their order.
type liner interface {
	line(y int, xs, ys []float64) []span
}

// An areaMapping shares work between the rows of a rectangle. Its liner gives the same points as Map, once they are snapped.
type areaMapping interface {
	Mapping
	area(r image.Rectangle, at lattice) liner
}

// linerOf is the liner of m for the columns and rows of r.
func linerOf(m Mapping, r image.Rectangle, at lattice) liner {
	if a, ok := m.(areaMapping); ok {
		return a.area(r, at)
	}
	return mapLiner{m, r.Min.X, at}
}

type mapLiner struct {
	m     Mapping
	start int
	at    lattice
}

func (l mapLiner) line(y int, xs, ys []float64) []span {
	l.at.points(xs, l.start)
	for i := range ys {
		ys[i] = float64(y) + float64(l.at)
	}
	l.m.Map(xs, ys)
	return nil
}
