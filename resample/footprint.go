package resample

import (
	"image"
	"math"
)

// maxFootprint is the largest side of a footprint, in source pixels: 2^30 in the unit of snapped coordinates, so that
// products of two stay below 2^61.
const maxFootprint = 1024

// footprints holds the footprints of a row of destination pixels: the quadrilaterals that the images of their corners
// make in the source. They depend on the mapping and the pixel alone. Where a mapping is separable they are boxes.
//
// A pixel has no footprint if a corner has no image, if the footprint would be larger than maxFootprint, or if its
// middle would be far from the image of the pixel's centre, as where a seam runs through the pixel.
type footprints struct {
	separable bool
	cols      []interval // of the columns
	row       interval   // of the row at hand
	rows      []interval // of all rows

	corners      rowMapper // if not separable
	xs, ys       []float64
	upper, lower []snapped // of the row at hand
	next         int       // the row whose upper corners are in lower
}

// A snapped is a point of the source, its coordinates in 2^-snapBits pixel.
type snapped struct{ x, y int64 }

// An interval is a footprint that is a box, along one axis: from one snapped coordinate to another, in the pixel's
// order.
type interval struct {
	from, to int64
	ok       bool // the pixel has a footprint
}

// newFootprints prepares for the rows of r.
func newFootprints(m Mapping, r image.Rectangle) *footprints {
	f := &footprints{next: math.MinInt}
	if xs, ys, ok := axesOf(m, r, centred); ok {
		edgesX, edgesY, _ := axesOf(m, r, cornered)
		f.separable = true
		f.cols, f.rows = intervals(edgesX, xs), intervals(edgesY, ys)
		return f
	}
	f.corners = rowMapperOf(m, r, cornered)
	f.xs, f.ys = make([]float64, r.Dx()+1), make([]float64, r.Dx()+1)
	f.upper, f.lower = make([]snapped, r.Dx()+1), make([]snapped, r.Dx()+1)
	return f
}

// intervals returns the intervals between neighbouring edges, about centres.
func intervals(edges, centres []float64) []interval {
	out := make([]interval, len(centres))
	for i, c := range centres {
		from, to := snap(edges[i]), snap(edges[i+1])
		out[i] = interval{from, to, plausible(from, to, from, to, snap(c))}
	}
	return out
}

// plausible reports whether four corners make a footprint about a centre, along one axis: they are on the source's
// number line, no further apart than maxFootprint, and their mean is off the centre by at most a quarter of their
// range. (Sums of four are compared with the range, and rounding adds up to 8 to these.)
func plausible(a, b, c, d, centre int64) bool {
	const far = 1 << 50 // nearly the last coordinate that snap represents
	if lo, hi := min(a, b, c, d), max(a, b, c, d); lo > -far && hi < far && hi-lo < maxFootprint<<snapBits {
		off := a + b + c + d - 4*centre
		return max(off, -off) <= hi-lo+8
	}
	return false
}

// setRow turns to row y, the n-th of the rectangle.
func (f *footprints) setRow(y, n int) {
	if f.separable {
		f.row = f.rows[n]
		return
	}
	f.upper, f.lower = f.lower, f.upper
	if f.next != y {
		f.fill(f.upper, y)
	}
	f.fill(f.lower, y+1)
	f.next = y + 1
}

// fill writes the snapped images of the corners at y.
func (f *footprints) fill(cs []snapped, y int) {
	snapRow(cs, f.xs, f.ys, f.corners.mapRow(y, f.xs, f.ys))
}

// A footprint is its corners, in order around it, from that of the pixel's upper left.
type footprint [4]snapped

// at returns the footprint of pixel i of the row, whose centre is given, and whether it has one.
func (f *footprints) at(i int, centre snapped) (q footprint, ok bool) {
	if f.separable {
		c := f.cols[i]
		return footprint{{c.from, f.row.from}, {c.to, f.row.from}, {c.to, f.row.to}, {c.from, f.row.to}}, c.ok && f.row.ok
	}
	q = footprint{f.upper[i], f.upper[i+1], f.lower[i+1], f.lower[i]}
	return q, plausible(q[0].x, q[1].x, q[2].x, q[3].x, centre.x) && plausible(q[0].y, q[1].y, q[2].y, q[3].y, centre.y)
}

// nearestAlone reports whether the footprint of pixel i, if it has one, can hold no sample's centre but that of the
// sample nearest to the pixel's centre, which is given: all corners are less than a pixel before or at most a pixel
// after it.
func (f *footprints) nearestAlone(i int, centre snapped) bool {
	x, y := centre.x&^(snapOne-1)-snapHalf+1, centre.y&^(snapOne-1)-snapHalf+1
	by := func(n, from int64) bool { return uint64(n-from) < 2*snapOne }
	if f.separable {
		c, r := &f.cols[i], &f.row
		return by(c.from, x) && by(c.to, x) && by(r.from, y) && by(r.to, y)
	}
	a, b, c, d := &f.upper[i], &f.upper[i+1], &f.lower[i], &f.lower[i+1]
	return by(a.x, x) && by(b.x, x) && by(c.x, x) && by(d.x, x) && by(a.y, y) && by(b.y, y) && by(c.y, y) && by(d.y, y)
}

// bounds returns the pixels whose centres are in the box around the footprint.
func (q *footprint) bounds() (x, y pixels) {
	return between(min(q[0].x, q[1].x, q[2].x, q[3].x), max(q[0].x, q[1].x, q[2].x, q[3].x)),
		between(min(q[0].y, q[1].y, q[2].y, q[3].y), max(q[0].y, q[1].y, q[2].y, q[3].y))
}

// pixels is a range of pixels along one axis, half open.
type pixels struct{ lo, hi int64 }

// between returns the pixels whose centres are at lo or after it, and before hi.
func between(lo, hi int64) pixels {
	return pixels{(lo + snapHalf - 1) >> snapBits, (hi + snapHalf - 1) >> snapBits}
}

// crossing returns the first pixel of a row whose centre is on or right of the edge from a to b, and whether the row of
// centres at y crosses the edge: an upper end counts as crossed, a lower one does not.
func crossing(a, b snapped, y int64) (x int64, ok bool) {
	if a.y > b.y {
		a, b = b, a
	}
	if y < a.y || y >= b.y {
		return 0, false
	}
	// The edge is at a.x + (b.x-a.x)·(y-a.y)/(b.y-a.y). Counted from the pixel of a, no product passes 2^61.
	origin := a.x >> snapBits
	height := b.y - a.y
	n := (a.x-origin<<snapBits-snapHalf)*height + (b.x-a.x)*(y-a.y)
	d := height << snapBits
	x = n / d
	if n > x*d {
		x++
	}
	return origin + x, true
}

// scale returns how many source pixels a pixel spans along x and along y.
func (q *footprint) scale() (x, y float64) {
	return stretch(q[0].x, q[1].x, q[2].x, q[3].x), stretch(q[0].y, q[1].y, q[2].y, q[3].y)
}

// stretch returns the length of the gradient of a source coordinate, by the means of its differences across and down.
func stretch(a, b, c, d int64) float64 {
	u, v := float64(b-a+c-d), float64(d-a+c-b)
	// Not math.Hypot, whose last bit depends on the processor.
	return math.Sqrt(float64(u*u)+float64(v*v)) / (2 * snapOne)
}
