package mosaic

import (
	"math"

	"github.com/geoexport/geoexport/srs"
)

// A Point is a place in a CRS.
type Point struct {
	CRS  srs.CRS
	X, Y float64
}

// A Ring is a polygon without holes: its corners as x, y, in either direction; the first may be repeated at the end. In
// a CRS whose x repeats, an edge goes the short way round, so that a polygon across the antimeridian may have
// longitudes 179 and -179 as well as 179 and 181. Edges are straight in the ring's CRS.
type Ring [][2]float64

// A Footprint is the position and outline of a raster, in a CRS that is usually the raster's own.
type Footprint struct {
	CRS      srs.CRS
	Envelope srs.Envelope // the box around it
	// Ring is the outline of the raster's data, if that is in one piece and fits better than the box; it may be nil. It
	// must lie inside the box, or inside the box moved by whole periods, and must enclose every pixel with data: pixels
	// outside it show only in views that intersect the ring. Items are found by box and ring, and the weights of Blend
	// fall off towards the ring's edge.
	Ring Ring
}

// center returns the ring's centre of area, or else the box's centre.
func (f Footprint) center() (x, y float64) {
	if r := f.Ring.unwrapped(f.CRS.Period()); r != nil {
		return r.centroid()
	}
	return f.Envelope.Center()
}

// unwrapped returns the ring as one piece without jumps and without a repeated corner; nil if it has fewer than three
// corners, a corner that is not finite or no area, or goes around a pole.
func (r Ring) unwrapped(period float64) Ring {
	var out Ring
	for i, p := range r {
		if p[0]-p[0] != 0 || p[1]-p[1] != 0 {
			return nil
		}
		if i > 0 && period > 0 {
			p[0] -= float64(period * math.Round((p[0]-out[len(out)-1][0])/period))
		}
		if i > 0 && p == out[len(out)-1] {
			continue
		}
		out = append(out, p)
	}
	if n := len(out) - 1; n > 0 && out[0] == out[n] {
		out = out[:n]
	}
	if len(out) < 3 || out.area() == 0 {
		return nil
	}
	// Where the way back to the first corner is not the short one, the ring goes around a pole.
	if period > 0 && math.Abs(out[0][0]-out[len(out)-1][0]) > period/2 {
		return nil
	}
	return out
}

// edges calls f for every edge until f returns false, and reports whether it never did.
func (r Ring) edges(f func(a, b [2]float64) bool) bool {
	for i, b := range r {
		if a := r[(i+len(r)-1)%len(r)]; !f(a, b) {
			return false
		}
	}
	return true
}

// area returns the signed area. Corners are taken relative to the first, so that large coordinates cost no digits.
func (r Ring) area() (sum float64) {
	o := r[0]
	r.edges(func(a, b [2]float64) bool {
		sum += float64((a[0]-o[0])*(b[1]-o[1])) - float64((b[0]-o[0])*(a[1]-o[1]))
		return true
	})
	return sum / 2
}

func (r Ring) centroid() (x, y float64) {
	o, area := r[0], r.area()
	r.edges(func(a, b [2]float64) bool {
		ax, ay, bx, by := a[0]-o[0], a[1]-o[1], b[0]-o[0], b[1]-o[1]
		c := float64(ax*by) - float64(bx*ay)
		x += float64((ax + bx) * c)
		y += float64((ay + by) * c)
		return true
	})
	return o[0] + x/(6*area), o[1] + y/(6*area)
}

func (r Ring) envelope() srs.Envelope {
	e := srs.Envelope{XMin: r[0][0], XMax: r[0][0], YMin: r[0][1], YMax: r[0][1]}
	for _, p := range r {
		e = e.Union(srs.Envelope{XMin: p[0], XMax: p[0], YMin: p[1], YMax: p[1]})
	}
	return e
}

// contains reports whether the point is inside, by the number of edges on its right.
func (r Ring) contains(x, y float64) bool {
	inside := false
	r.edges(func(a, b [2]float64) bool {
		if (a[1] > y) != (b[1] > y) && x < a[0]+float64((b[0]-a[0])*((y-a[1])/(b[1]-a[1]))) {
			inside = !inside
		}
		return true
	})
	return inside
}

// intersects reports whether the ring and the open box share a point.
func (r Ring) intersects(e srs.Envelope) bool {
	if !r.edges(func(a, b [2]float64) bool { return !crosses(a, b, e) }) {
		return true
	}
	// No edge enters the box, so it is inside or outside as a whole.
	return r.contains(e.Center())
}

// crosses reports whether a part of the segment lies inside the open box, by cutting the segment at the box's four
// sides.
func crosses(a, b [2]float64, e srs.Envelope) bool {
	t0, t1 := 0.0, 1.0
	cut := func(from, to, low, high float64) bool {
		d := to - from
		if d == 0 {
			return low < from && from < high
		}
		u, v := (low-from)/d, (high-from)/d
		t0, t1 = max(t0, min(u, v)), min(t1, max(u, v))
		return t0 < t1
	}
	return cut(a[0], b[0], e.XMin, e.XMax) && cut(a[1], b[1], e.YMin, e.YMax)
}
