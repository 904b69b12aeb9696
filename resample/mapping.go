package resample

import (
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A Mapping leads from the pixels of a destination to those of a source.
//
// Map replaces destination pixel coordinates by source pixel coordinates, in place; xs and ys have the same length, and
// on input all ys of one call are equal. A point without an image becomes NaN, NaN. The image of a point must not
// depend on the other points of the call. Warp maps the centres of pixels, x+0.5 and y+0.5; for Majority and Antialias
// also their corners.
//
// Implementations must be safe for concurrent use.
type Mapping interface {
	Map(xs, ys []float64)
}

// A Placement places the pixels of a destination and of a source on the map, each in the map coordinates of its own
// spatial reference.
type Placement struct {
	DstToMap raster.Affine // destination pixels to map coordinates
	MapToSrc raster.Affine // map coordinates to source pixels: the inverse of the source's own
}

// Through returns the mapping that takes destination pixels to map coordinates, these through transform to the source's
// spatial reference, and the result to source pixels.
//
// Transform works in place, x before y, and sets points without an image to NaN, NaN; nil means that both sides have
// the same spatial reference. It must be safe for concurrent use, and the image of a point must not depend on the other
// points of a call.
func (p Placement) Through(transform func(xs, ys []float64)) Mapping {
	if transform == nil && p.axisParallel() {
		return separable{Placement: p}
	}
	return through{Placement: p, transform: transform}
}

// Separable returns the mapping of Through for a transformation in which x depends on x alone and y on y alone, as
// between longitude, latitude and Mercator. An image of w by h pixels then takes w+h points to map instead of w·h. Each
// function works in place, sets coordinates without an image to NaN, and may be nil if the coordinate stays the same.
func (p Placement) Separable(x, y func([]float64)) Mapping {
	m := separable{Placement: p, x: x, y: y}
	if p.axisParallel() {
		return m
	}
	return p.Through(m.transform)
}

func (p Placement) axisParallel() bool { return p.DstToMap.AxisParallel() && p.MapToSrc.AxisParallel() }

// through is the mapping that Placement.Through makes.
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

// separable is the mapping that Placement.Separable makes.
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

// apply maps points by a, in place.
func apply(a raster.Affine, xs, ys []float64) {
	for i, x := range xs {
		xs[i], ys[i] = a.Apply(x, ys[i])
	}
}

// applyAxis maps coordinates by scale and offset, in place.
func applyAxis(scale, offset float64, vs []float64) {
	for i, v := range vs {
		vs[i] = float64(scale*v) + offset
	}
}

// An axesMapping maps each axis by itself, to the same bits as Map. A coordinate without an image becomes NaN.
type axesMapping interface {
	Mapping
	columns(xs []float64)
	rows(ys []float64)
}

// A lattice is the centres or the corners of destination pixels: the distance of its points from the pixels' first
// corners. There is one more corner than there are pixels, along each axis.
type lattice float64

const (
	centred  lattice = 0.5
	cornered lattice = 0
)

// extra returns the number of points beyond the number of pixels, along each axis.
func (l lattice) extra() int {
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

// axesOf returns the source coordinates of the columns and the rows of r, if m maps each axis by itself.
func axesOf(m Mapping, r image.Rectangle, at lattice) (xs, ys []float64, ok bool) {
	a, ok := m.(axesMapping)
	if !ok {
		return nil, nil, false
	}
	xs, ys = make([]float64, r.Dx()+at.extra()), make([]float64, r.Dy()+at.extra())
	at.points(xs, r.Min.X)
	at.points(ys, r.Min.Y)
	a.columns(xs)
	a.rows(ys)
	return xs, ys, true
}

// A rowMapper maps rows of a lattice, for a fixed range of columns. It is not for concurrent use, and fastest when rows
// are mapped in their order.
type rowMapper interface {
	// mapRow returns the source coordinates of some points of row y as spans, in their order, which are valid until the
	// next call, and writes those of all others to xs and ys.
	mapRow(y int, xs, ys []float64) []span
}

// An areaMapping shares work between the rows of a rectangle. Its rowMapper maps to the same points as Map, once these
// are snapped.
type areaMapping interface {
	Mapping
	area(r image.Rectangle, at lattice) rowMapper
}

// rowMapperOf returns the rowMapper of m for the columns and rows of r.
func rowMapperOf(m Mapping, r image.Rectangle, at lattice) rowMapper {
	if a, ok := m.(areaMapping); ok {
		return a.area(r, at)
	}
	return plainMapper{m, r.Min.X, at}
}

// plainMapper is the rowMapper of mappings that have none of their own: it calls Map.
type plainMapper struct {
	m     Mapping
	start int
	at    lattice
}

func (l plainMapper) mapRow(y int, xs, ys []float64) []span {
	l.at.points(xs, l.start)
	for i := range ys {
		ys[i] = float64(y) + float64(l.at)
	}
	l.m.Map(xs, ys)
	return nil
}
