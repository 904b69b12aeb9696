package resample

import "math"

// A span is a run of pixels of a row whose source points lie on a line at equal distances: the point of pixel lo is at
// x, y, that of each further pixel dx, dy on. All four are whole numbers of 2^-fineBits pixel. A point is therefore the
// same from whatever pixel one counts, and adding takes the place of converting and rounding. x and y have half a unit
// of snap added, so that cutting off rounds half up.
type span struct {
	lo, hi       int
	x, y, dx, dy int64
}

const (
	// fineBits leaves 31 bits to the pixel. Over the 64 pixels of a cell, steps are off by up to 64·2^-33 = 2^-27 pixel.
	fineBits = 32
	fineOne  = 1 << fineBits
	finer    = fineBits - snapBits // bits that a span has beyond snap
	// farthest is how far from zero, in pixels, a span may reach: differences to it, too, are numbers of 64 bits.
	farthest = 1 << 30
)

// newSpan returns the span of pixels lo to hi. It lies on a line that starts at x, y and advances by dx, dy over size
// pixels of the row, all in source pixels; pixel lo is that number of half pixels past the line's start.
func newSpan(lo, hi int, x, dx, y, dy float64, size, halves int) span {
	hx, hy, n := halfStep(dx, size), halfStep(dy, size), int64(halves)
	return span{lo, hi, fine(x) + n*hx, fine(y) + n*hy, 2 * hx, 2 * hy}
}

// onLine returns the snapped coordinate at any number of half pixels past the start of a line, as newSpan takes it.
func onLine(x, dx float64, size int, halves float64) float64 {
	step, whole := halfStep(dx, size), math.Floor(halves)
	n := fine(x) + int64(whole)*step + int64(math.RoundToEven((halves-whole)*float64(step)))
	return float64(n>>finer) / snapOne
}

// fine returns x in units of 2^-fineBits, with half a unit of snap added.
func fine(x float64) int64 { return int64(math.RoundToEven(x*fineOne)) + 1<<(finer-1) }

// halfStep returns the step of half a pixel, in units of 2^-fineBits, where size pixels make d source pixels.
func halfStep(d float64, size int) int64 {
	return int64(math.RoundToEven(d * fineOne / float64(2*size)))
}

// at returns the snapped point of pixel i.
func (s *span) at(i int) snapped {
	n := int64(i - s.lo)
	return snapped{(s.x + n*s.dx) >> finer, (s.y + n*s.dy) >> finer}
}

// ends returns the first and the last point. Each coordinate of the others is between theirs.
func (s *span) ends() (a, b snapped) { return s.at(s.lo), s.at(s.hi - 1) }

// from returns the span from pixel i on.
func (s *span) from(i int) span {
	n := int64(i - s.lo)
	return span{i, s.hi, s.x + n*s.dx, s.y + n*s.dy, s.dx, s.dy}
}

// point returns where the stencil of pixel i lies, for a span counted from the stencil of the source's first sample.
func (s *span) point(i int) point {
	n := int64(i - s.lo)
	x, y := s.x+n*s.dx, s.y+n*s.dy
	return point{int32(x >> fineBits), int32(y >> fineBits), int32(uint32(x) >> finer), int32(uint32(y) >> finer)}
}

// snapRow writes the snapped points of a row that a rowMapper mapped.
func snapRow(cs []snapped, xs, ys []float64, spans []span) {
	next := 0
	for i := range spans {
		s := &spans[i]
		snapPoints(cs[next:s.lo], xs[next:s.lo], ys[next:s.lo])
		x, y, dx, dy, out := s.x, s.y, s.dx, s.dy, cs[s.lo:s.hi]
		for i := range out {
			out[i] = snapped{x >> finer, y >> finer}
			x += dx
			y += dy
		}
		next = s.hi
	}
	snapPoints(cs[next:], xs[next:], ys[next:])
}

// snapPoints writes snapped points.
func snapPoints(cs []snapped, xs, ys []float64) {
	xs, ys = xs[:len(cs)], ys[:len(cs)]
	for i := range cs {
		cs[i] = snapped{snap(xs[i]), snap(ys[i])}
	}
}

// addSpan extends the extent by those points of a span that are on both axes.
func (e *extent) addSpan(s *span, x, y axis) {
	on := func(c snapped) bool { return x.has(c.x>>snapBits) && y.has(c.y>>snapBits) }
	a, b := s.ends()
	switch {
	case on(a) && on(b): // and so are all between
		e.add(a)
		e.add(b)
	case x.beside(a.x>>snapBits, b.x>>snapBits) || y.beside(a.y>>snapBits, b.y>>snapBits):
	default:
		for i := s.lo; i < s.hi; i++ {
			if c := s.at(i); on(c) {
				e.add(c)
			}
		}
	}
}
