package exportimage

import (
	"math"

	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// clipped returns the part of points, a line or a closed ring that is in a box.
func clipped(kind GeometryType, line []function.Point, box srs.Envelope) [][]function.Point {
	if !clips(line, box) {
		return [][]function.Point{line}
	}
	switch kind {
	case PointGeometry, MultipointGeometry:
		return [][]function.Point{pointsIn(line, box)}
	case PolylineGeometry:
		return linesIn(line, box)
	}
	// Against one side of the box after the other (Sutherland and Hodgman 1974). What a ring that leaves the box and
	// comes back several times gets along a side lies on the side twice, and has nothing inside by the even-odd rule.
	for _, h := range halfPlanes(box) {
		line = h.ringIn(line)
	}
	if len(line) == 0 {
		return nil
	}
	return [][]function.Point{line}
}

func clips(line []function.Point, box srs.Envelope) bool {
	for _, p := range line {
		if p.X < box.XMin || p.X > box.XMax || p.Y < box.YMin || p.Y > box.YMax {
			return true
		}
	}
	return false
}

func pointsIn(points []function.Point, box srs.Envelope) (out []function.Point) {
	for i := range points {
		if p := points[i : i+1]; !clips(p, box) {
			out = append(out, p[0])
		}
	}
	return out
}

// linesIn returns the parts of a line in a box.
func linesIn(line []function.Point, box srs.Envelope) (out [][]function.Point) {
	var part []function.Point
	for i := 1; i < len(line); i++ {
		a, b, ok := segmentIn(line[i-1], line[i], box)
		if !ok {
			continue
		}
		if len(part) == 0 || part[len(part)-1] != a {
			if len(part) > 0 {
				out = append(out, part)
			}
			part = []function.Point{a}
		}
		part = append(part, b)
	}
	if len(part) > 0 {
		out = append(out, part)
	}
	return out
}

// segmentIn returns the part of a segment in a box, if there is one.
func segmentIn(a, b function.Point, box srs.Envelope) (_, _ function.Point, ok bool) {
	for _, h := range halfPlanes(box) {
		switch in, other := h.inside(a), h.inside(b); {
		case !in && !other:
			return a, b, false
		case !in:
			a = h.crossing(a, b)
		case !other:
			b = h.crossing(a, b)
		}
	}
	return a, b, true
}

// A halfPlane is the points on one side of a line of equal x or equal y.
type halfPlane struct {
	vertical bool // the line is one of equal x
	at       float64
	above    bool // coordinates from at on
}

func halfPlanes(e srs.Envelope) []halfPlane {
	var out []halfPlane
	for _, h := range []halfPlane{
		{true, e.XMin, true}, {true, e.XMax, false}, {false, e.YMin, true}, {false, e.YMax, false},
	} {
		if !math.IsInf(h.at, 0) {
			out = append(out, h)
		}
	}
	return out
}

func (h halfPlane) inside(p function.Point) bool {
	v := p.Y
	if h.vertical {
		v = p.X
	}
	return v == h.at || (v > h.at) == h.above
}

// crossing returns where a segment crosses the line, the same for either direction of the segment.
func (h halfPlane) crossing(a, b function.Point) function.Point {
	if a.X > b.X || a.X == b.X && a.Y > b.Y {
		a, b = b, a
	}
	if h.vertical {
		return function.Point{X: h.at, Y: a.Y + float64((h.at-a.X)/(b.X-a.X)*(b.Y-a.Y))}
	}
	return function.Point{X: a.X + float64((h.at-a.Y)/(b.Y-a.Y)*(b.X-a.X)), Y: h.at}
}

// ringIn returns the part of a closed ring in the half plane, closed.
func (h halfPlane) ringIn(ring []function.Point) (out []function.Point) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		in, next := h.inside(a), h.inside(b)
		if in != next {
			out = append(out, h.crossing(a, b))
		}
		if next {
			out = append(out, b)
		}
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out
}
