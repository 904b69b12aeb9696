package exportimage

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster/function"
)

// Limits of what a region may be made of. They bound the time and memory that its rows take, whatever a geometry is.
const (
	maxRegionRows      = 1 << 22 // from its first row to its last
	maxRegionCrossings = 1 << 24 // of sides with the middles of rows
	maxRegionRuns      = 1 << 20 // pieces of rows under lines and points
)

// A region is the pixels of a lattice that belong to a geometry, row by row. Rows count downwards.
//
//   - Of an area they are those whose middles are inside, by the even-odd rule, so that holes are left out and so is
//     what two rings cover, or one ring twice. A middle on a left or upper side is inside, and one on a right or lower
//     side is outside, so that areas with a side in common have no pixel in common.
//   - Of a line they are those that it touches, and of points those in which the points are.
type region struct {
	bounds image.Rectangle // pixels outside do not belong to it
	edges  []regionEdge    // of areas, by their first rows
	runs   []regionRun     // under lines and points, by their rows
	rows   span            // that have any
	cost   int64           // crossings and runs
}

// A regionEdge is a side of an area, from its upper end to its lower one.
type regionEdge struct {
	shape  int // areas of different numbers are united; rings of one number are one area
	a, b   function.Point
	middle span // the rows whose middles it crosses
}

// A regionRun is a piece of a row.
type regionRun struct {
	row     int
	columns span
}

// A span is the whole numbers from one to before the other.
type span struct{ from, to int }

// outline is the vertices of a geometry in pixels of a lattice.
type outline struct {
	kind  GeometryType
	parts []outlinePart
}

type outlinePart struct {
	shape  int
	points []function.Point
}

// halved returns the outline on a lattice whose pixels are 2^n times as wide and as high.
func (o outline) halved(n int) outline {
	out := outline{o.kind, make([]outlinePart, len(o.parts))}
	for i, p := range o.parts {
		points := make([]function.Point, len(p.points))
		for j, v := range p.points {
			points[j] = function.Point{X: math.Ldexp(v.X, -n), Y: math.Ldexp(v.Y, -n)}
		}
		out.parts[i] = outlinePart{p.shape, points}
	}
	return out
}

// region returns the pixels of an outline in bounds; false if it exceeds the limits of regions.
func (o outline) region(bounds image.Rectangle) (r *region, ok bool) {
	r = &region{bounds: bounds, rows: span{math.MaxInt, math.MinInt}}
	for _, p := range o.parts {
		switch o.kind {
		case PointGeometry, MultipointGeometry:
			for _, v := range p.points {
				ok = r.addRun(math.Floor(v.Y), v.X, v.X)
				if !ok {
					return nil, false
				}
			}
		case PolylineGeometry:
			ok = r.addLine(p.points)
		default:
			ok = r.addRing(p.shape, p.points)
		}
		if !ok {
			return nil, false
		}
	}
	r.rows = span{max(r.rows.from, bounds.Min.Y), min(r.rows.to, bounds.Max.Y)}
	if r.rows.to-r.rows.from > maxRegionRows {
		return nil, false
	}
	slices.SortFunc(r.edges, func(a, b regionEdge) int { return cmp.Compare(a.middle.from, b.middle.from) })
	slices.SortFunc(r.runs, func(a, b regionRun) int { return cmp.Compare(a.row, b.row) })
	return r, true
}

// farPixel bounds the pixels' numbers: beyond it, they would not be whole numbers that a plan can count.
const farPixel = 1 << 30

func near(values ...float64) bool {
	for _, v := range values {
		if !(math.Abs(v) < farPixel) {
			return false
		}
	}
	return true
}

func (r *region) addRows(rows span) {
	r.rows.from, r.rows.to = min(r.rows.from, rows.from), max(r.rows.to, rows.to)
}

// addRing adds the sides of a closed ring.
func (r *region) addRing(shape int, ring []function.Point) bool {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if !near(a.X, a.Y, b.X, b.Y) {
			return false
		}
		if a.Y > b.Y || a.Y == b.Y && a.X > b.X { // so that both areas at a side round it alike
			a, b = b, a
		}
		e := regionEdge{shape, a, b, span{int(math.Ceil(a.Y - 0.5)), int(math.Ceil(b.Y - 0.5))}}
		if e.middle.from == e.middle.to {
			continue
		}
		r.edges = append(r.edges, e)
		r.addRows(e.middle)
		if r.cost += int64(e.middle.to - e.middle.from); r.cost > maxRegionCrossings {
			return false
		}
	}
	return true
}

// addLine adds the pixels that a line touches.
func (r *region) addLine(line []function.Point) bool {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if !near(a.X, a.Y, b.X, b.Y) {
			return false
		}
		if a.Y > b.Y {
			a, b = b, a
		}
		at := func(y float64) float64 { // y is between a and b
			if a.Y == b.Y {
				return b.X
			}
			return a.X + float64((y-a.Y)/(b.Y-a.Y)*(b.X-a.X))
		}
		for row := math.Floor(a.Y); row <= b.Y; row++ {
			from, to := a.X, b.X
			if row > a.Y {
				from = at(row)
			}
			if row+1 < b.Y {
				to = at(row + 1)
			}
			if !r.addRun(row, min(from, to), max(from, to)) {
				return false
			}
		}
	}
	return true
}

// addRun adds the pixels of a row from one x to another, both of which are in it.
func (r *region) addRun(row, from, to float64) bool {
	if !near(row, from, to) || len(r.runs) == maxRegionRuns {
		return false
	}
	y := int(row)
	r.runs = append(r.runs, regionRun{y, span{int(math.Floor(from)), int(math.Floor(to)) + 1}})
	r.addRows(span{y, y + 1})
	r.cost++
	return true
}

// A regionCursor goes through a region's rows from the first to the last.
type regionCursor struct {
	region *region
	active []int // edges that the current row may cross
	edge   int   // the first that has not been active
	run    int   // the first that has not been passed
	cuts   []regionCut
	spans  []span
}

// A regionCut is where an edge crosses the middle of a row: the first column whose middle is at it or right of it.
type regionCut struct{ shape, column int }

// next returns the first row from the given one on that may have pixels; false if there is none.
func (c *regionCursor) next(row int) (int, bool) {
	at, ok := c.after(row)
	return at, ok && at < c.region.rows.to
}

// after is next for a region without bounds.
func (c *regionCursor) after(row int) (int, bool) {
	c.drop(row)
	if len(c.active) > 0 {
		return row, true
	}
	next, ok := 0, false
	if c.edge < len(c.region.edges) {
		next, ok = max(row, c.region.edges[c.edge].middle.from), true
	}
	for c.run < len(c.region.runs) && c.region.runs[c.run].row < row {
		c.run++
	}
	if c.run < len(c.region.runs) {
		if at := c.region.runs[c.run].row; !ok || at < next {
			next, ok = at, true
		}
	}
	return next, ok
}

// drop brings the active edges up to a row.
func (c *regionCursor) drop(row int) {
	for c.edge < len(c.region.edges) && c.region.edges[c.edge].middle.from <= row {
		c.active = append(c.active, c.edge)
		c.edge++
	}
	c.active = slices.DeleteFunc(c.active, func(i int) bool { return c.region.edges[i].middle.to <= row })
}

// row returns the columns of a row, in order and apart. Rows must be asked for in their order. The result is good until
// the next call.
func (c *regionCursor) row(row int) []span {
	c.drop(row)
	c.cuts, c.spans = c.cuts[:0], c.spans[:0]
	y := float64(row) + 0.5
	for _, i := range c.active {
		e := &c.region.edges[i]
		x := e.a.X + float64((y-e.a.Y)/(e.b.Y-e.a.Y)*(e.b.X-e.a.X))
		c.cuts = append(c.cuts, regionCut{e.shape, int(math.Ceil(x - 0.5))})
	}
	slices.SortFunc(c.cuts, func(a, b regionCut) int {
		return cmp.Or(cmp.Compare(a.shape, b.shape), cmp.Compare(a.column, b.column))
	})
	for i := 0; i+1 < len(c.cuts); i += 2 { // rings are closed: each shape has an even number
		if from, to := c.cuts[i].column, c.cuts[i+1].column; from < to {
			c.spans = append(c.spans, span{from, to})
		}
	}
	for ; c.run < len(c.region.runs) && c.region.runs[c.run].row <= row; c.run++ {
		if r := c.region.runs[c.run]; r.row == row {
			c.spans = append(c.spans, r.columns)
		}
	}
	c.spans = united(c.spans, span{c.region.bounds.Min.X, c.region.bounds.Max.X})
	return c.spans
}

// united returns the parts of spans in bounds in order, with one for those that meet.
func united(spans []span, bounds span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := spans[:0]
	for _, s := range spans {
		if s = (span{max(s.from, bounds.from), min(s.to, bounds.to)}); s.from >= s.to {
			continue
		}
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// windows returns the rectangles in which a region's pixels lie, at most rows high and columns wide each, from the top
// down. Those of one band of rows begin and end in the same band. It reports false if they have more than most pixels.
func (r *region) windows(rows, columns int, most int64) (out []image.Rectangle, pixels int64, ok bool) {
	c := regionCursor{region: r}
	band := map[int]image.Rectangle{} // by the number of the window's columns
	var drawn int64
	flush := func() {
		first := len(out)
		for _, w := range band {
			out = append(out, w)
			drawn += area(w)
		}
		clear(band)
		slices.SortFunc(out[first:], func(a, b image.Rectangle) int { return cmp.Compare(a.Min.X, b.Min.X) })
	}
	current := math.MinInt
	for row, more := c.next(r.rows.from); more; row, more = c.next(row + 1) {
		if n := floorDiv(row, rows); n != current {
			flush()
			current = n
		}
		for _, s := range c.row(row) {
			if pixels += int64(s.to - s.from); pixels > most || drawn > most {
				return nil, 0, false
			}
			for i := floorDiv(s.from, columns); i*columns < s.to; i++ {
				part := image.Rect(max(s.from, i*columns), row, min(s.to, (i+1)*columns), row+1)
				band[i] = band[i].Union(part)
			}
		}
	}
	flush()
	return out, pixels, drawn <= most
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
