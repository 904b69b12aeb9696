package resample

import (
	"image"
	"math"
)

const (
	// cellSize is the side, in destination pixels, of the cells that Approximate begins with. A map projection over 64
	// pixels usually misses a bilinear patch by less than 0.01 pixel, and then about ten points a cell are mapped instead
	// of 4096.
	cellSize = 64
	// leafSize is the side of the smallest cells that are tested. To test the quarters of one would map 46 points, of its
	// 64.
	leafSize = 8
	// maxCell is how far from zero, in destination pixels, Map uses cells. Farther out coordinates are too coarse for the
	// points of a cell, or an int does not hold them.
	maxCell = min(1<<40, math.MaxInt-2*cellSize)
	// margin is the part of the tolerance that the tested points may use up. They lie where the errors of second and third
	// order are largest; the rest is for errors of higher order.
	margin = 0.8
)

// Approximate returns a mapping that follows m to within tol destination pixels and maps far fewer points.
//
// Destination space is cut into cells of 64 by 64 pixels, at multiples of 64. A cell's corners are mapped exactly.
// Points between them are interpolated bilinearly, if that misses the exact source point by at most tol at the cell's
// centre, the middles of its sides and its quarter points. The distance is measured in destination pixels: the miss in
// source pixels is divided by the mapping's local scale. A cell that fails, or where one of these points has no image,
// is split in four, down to 8 by 8 pixels; of cells of that size that fail, every point is mapped exactly. Domain
// limits, poles and the antimeridian therefore come out right, as long as no part of them fits between the tested
// points, which are at most 32 pixels apart. Quarters of a cell of 64 are tested against the surface of second order
// through its corners, its centre and the middles of its sides, if that misses its quarter points by at most a tenth of
// tol.
//
// Cells do not depend on the window asked for, and so no point does. Interpolated points are multiples of 2^-20 pixel.
//
// Mappings that cost next to nothing, those without a transformation and those made by Placement.Separable, are
// returned unchanged; so is any m if tol is not above zero.
//
// SourceWindow finds the cells of an image once, and the next Warp of the same pixels takes them. Each call of Map
// finds the cells of its points anew.
func Approximate(m Mapping, tol float64) Mapping {
	switch m := m.(type) {
	case separable:
		return m
	case through:
		if m.transform == nil {
			return m
		}
	}
	if !(tol > 0) {
		return m
	}
	return &approximate{exact: m, tol: tol}
}

// approximate is the mapping that Approximate makes.
type approximate struct {
	exact  Mapping
	tol    float64
	shared shared
}

// Map implements Mapping.
func (a *approximate) Map(xs, ys []float64) {
	for i := 0; i < len(xs); {
		x, y := xs[i], ys[i]
		if !(math.Abs(x) < maxCell && math.Abs(y) < maxCell) {
			a.exact.Map(xs[i:i+1], ys[i:i+1])
			i++
			continue
		}
		left := float64(math.Floor(x/cellSize) * cellSize)
		end := i + 1
		lo, hi := x, x
		for end < len(xs) && xs[end] >= left && xs[end] < left+cellSize {
			lo, hi = min(lo, xs[end]), max(hi, xs[end])
			end++
		}
		row := int(math.Floor(y))
		l := a.cells(image.Rect(int(math.Floor(lo)), row, int(math.Floor(hi))+1, row+1))
		l.enter(row)
		for ; i < end; i++ {
			l.point(xs[i:i+1], ys[i:i+1])
		}
	}
}

// area implements areaMapping.
func (a *approximate) area(r image.Rectangle, at lattice) rowMapper {
	r.Max = r.Max.Add(image.Pt(at.extra(), at.extra()))
	c := a.cells(r)
	c.at = at
	return c
}

// extent returns the extent of the pixels of r whose centres are on both axes. Each coordinate is monotone along a row
// of a flat patch, also as computed, so that the row's ends are enough; every pixel is looked at only where an end is
// not on the axes.
func (a *approximate) extent(r image.Rectangle, x, y axis) (e extent) {
	c := a.cells(r)
	c.sharing = true
	xs, ys := make([]float64, r.Dx()), make([]float64, r.Dx())
	for row := r.Min.Y; row < r.Max.Y; row++ {
		c.enter(row)
		w := walk{cells: c, y: row, xs: xs, ys: ys, extent: &e, axisX: x, axisY: y}
		w.all()
	}
	return e
}

// cells returns the cells of a rectangle's centres.
func (a *approximate) cells(r image.Rectangle) *cells {
	return &cells{m: a, r: r, at: centred, first: floorDiv(r.Min.X, cellSize), band: math.MinInt, probed: math.MinInt}
}

// cells is the rowMapper of an approximated mapping. It holds one band of cells at a time: those that share their rows.
type cells struct {
	m     *approximate
	r     image.Rectangle // of points of the lattice
	at    lattice
	first int // column, in cells, of the first cell of a band
	band  int // row, in cells, of the band at hand

	sharing      bool    // keep the bands in shared
	probed       int     // the band whose probes coarse holds
	spans        []span  // of the row at hand
	tree         []patch // the band's cells from left to right, then the quarters of those that were split
	coarse, fine probes  // those of the band's cells, and of quarters
}

// Probes are points mapped exactly, for n cells of a row. In lines 0, 2 and 4 these are the cells' corners and middles,
// in lines 1 and 3 their quarter points:
//
//	0  +-------o-------+-------o-------+
//	1  |   o       o   |   o       o   |
//	2  o       o       o       o       o
//	3  |   o       o   |   o       o   |
//	4  +-------o-------+-------o-------+
type probes [5]struct{ xs, ys []float64 }

// A patch is a square cell: its corners' images, and whether to use them.
type patch struct {
	x, y  [4]float64 // source coordinates at the top left, top right, bottom left and bottom right
	state patchState
	child int32 // index in the tree of its first quarter, if it is divided; the others follow, in the same order
}

// A patchState says how the points of a patch are mapped.
type patchState uint8

const (
	failed  patchState = iota // not decided: interpolation misses by too much
	flat                      // interpolated
	divided                   // as in its quarters
	pointed                   // each exactly
)

// enter turns to the band that holds row y.
func (c *cells) enter(y int) {
	band := floorDiv(y, cellSize)
	if band == c.band {
		return
	}
	c.band = band
	if c.tree = c.m.shared.take(c.r, band); c.tree == nil {
		c.find(band)
	}
	if c.sharing {
		c.m.shared.put(c.r, band, c.tree)
	}
}

// find builds the tree of a band.
func (c *cells) find(band int) {
	next := band == c.probed+1
	c.probed = band
	n := floorDiv(c.r.Max.X-1, cellSize) - c.first + 1
	left, top := float64(c.first*cellSize), float64(band*cellSize)
	if next {
		// The last band's lower side is this one's upper side.
		c.coarse[0], c.coarse[4] = c.coarse[4], c.coarse[0]
	}
	c.coarse.fill(c.m.exact, left, top, cellSize, n, next)
	c.tree = make([]patch, 0, n)
	for i := range n {
		c.tree = append(c.tree, c.coarse.patch(i, cellSize, c.m.tol))
	}
	for i := range n {
		if c.tree[i].state == failed {
			x, y, quarters := (c.first+i)*cellSize, band*cellSize, c.m.exact
			if q, ok := c.coarse.quadratic(i, x, y, cellSize, c.m.tol); ok {
				quarters = &q
			}
			c.divide(i, x, y, cellSize, quarters)
		}
	}
}

// fill maps the points of n cells, the first of which is at left, top. SkipFirst leaves out the first line, which is
// mapped.
func (p *probes) fill(m Mapping, left, top float64, size, n int, skipFirst bool) {
	half := float64(size) / 2
	for j := range p {
		if j == 0 && skipFirst {
			continue
		}
		q := &p[j]
		count, start := 2*n+1, left
		if j%2 == 1 {
			count, start = 2*n, left+half/2
		}
		q.xs, q.ys = q.xs[:0], q.ys[:0]
		for i := range count {
			q.xs = append(q.xs, start+float64(float64(i)*half))
			q.ys = append(q.ys, top+float64(float64(j)*half/2))
		}
		m.Map(q.xs, q.ys)
	}
}

// corners returns a patch of the i-th cell's corners, failed so far.
func (p *probes) corners(i int) patch {
	l, r := 2*i, 2*i+2
	return patch{
		x: [4]float64{p[0].xs[l], p[0].xs[r], p[4].xs[l], p[4].xs[r]},
		y: [4]float64{p[0].ys[l], p[0].ys[r], p[4].ys[l], p[4].ys[r]},
	}
}

// patch returns a patch of the i-th cell, flat or failed.
func (p *probes) patch(i, size int, tol float64) patch {
	l, r := 2*i, 2*i+2
	q := p.corners(i)
	for i, x := range q.x {
		if !(math.Abs(x) < farthest && math.Abs(q.y[i]) < farthest) { // or is not a number
			return q
		}
	}
	m := q.metric(size)
	good := func(line, n int, u, v float64) bool {
		x, y := q.at(u, v)
		return m.within(p[line].xs[n]-x, p[line].ys[n]-y, tol*margin)
	}
	if good(0, l+1, 0.5, 0) && good(4, l+1, 0.5, 1) && good(2, l, 0, 0.5) && good(2, r, 1, 0.5) &&
		good(2, l+1, 0.5, 0.5) && good(1, l, 0.25, 0.25) && good(1, l+1, 0.75, 0.25) &&
		good(3, l, 0.25, 0.75) && good(3, l+1, 0.75, 0.75) {
		q.state = flat
	}
	return q
}

// A metric measures in destination pixels how far source points miss each other: by the derivatives of the source
// coordinates by the destination's, at the centre of a patch, and their determinant.
type metric struct{ xu, xv, yu, yv, det float64 }

// metric returns the metric of a patch whose side is size destination pixels.
func (p *patch) metric(size int) (m metric) {
	d := 1 / float64(2*size)
	m.xu, m.xv = (p.x[1]-p.x[0]+(p.x[3]-p.x[2]))*d, (p.x[2]-p.x[0]+(p.x[3]-p.x[1]))*d
	m.yu, m.yv = (p.y[1]-p.y[0]+(p.y[3]-p.y[2]))*d, (p.y[2]-p.y[0]+(p.y[3]-p.y[1]))*d
	m.det = float64(m.xu*m.yv) - float64(m.xv*m.yu)
	return m
}

// within reports whether a miss by dx, dy source pixels is below tol destination pixels.
func (m *metric) within(dx, dy, tol float64) bool {
	// The inverse of the derivatives takes the miss to destination pixels. Both sides are multiplied by det.
	limit := float64(tol * m.det)
	du := float64(m.yv*dx) - float64(m.xv*dy)
	dv := float64(m.xu*dy) - float64(m.yu*dx)
	// Not math.Hypot, whose last bit depends on the processor. NaN is not less.
	return float64(du*du)+float64(dv*dv) < float64(limit*limit)
}

// at returns the interpolated point at u, v, which go from 0 to 1 across and down the patch.
func (p *patch) at(u, v float64) (x, y float64) {
	xl, xd, yl, yd := p.along(v)
	return xl + float64(u*xd), yl + float64(u*yd)
}

// along returns the left end of the row at v, and how far the right end is from it.
func (p *patch) along(v float64) (x, dx, y, dy float64) {
	x = p.x[0] + float64(v*(p.x[2]-p.x[0]))
	y = p.y[0] + float64(v*(p.y[2]-p.y[0]))
	return x, p.x[1] + float64(v*(p.x[3]-p.x[1])) - x, y, p.y[1] + float64(v*(p.y[3]-p.y[1])) - y
}

// divide splits the failed patch i, whose corner is at left, top, in quarters, which m probes. Quarters that hold no
// pixel of the rectangle stay failed.
func (c *cells) divide(i, left, top, size int, m Mapping) {
	if size == leafSize {
		c.tree[i].state = pointed
		return
	}
	half := size / 2
	child := len(c.tree)
	c.tree[i].state, c.tree[i].child = divided, int32(child)
	for n := range 2 {
		c.fine.fill(m, float64(left), float64(top+n*half), half, 2, false)
		c.tree = append(c.tree, c.fine.patch(0, half, c.m.tol), c.fine.patch(1, half, c.m.tol))
	}
	for n := range 4 {
		x, y := left+n%2*half, top+n/2*half
		if c.tree[child+n].state == failed && image.Rect(x, y, x+half, y+half).Overlaps(c.r) {
			c.divide(child+n, x, y, half, c.m.exact)
		}
	}
}

// mapRow implements rowMapper.
func (c *cells) mapRow(y int, xs, ys []float64) []span {
	c.enter(y)
	c.spans = c.spans[:0]
	w := walk{cells: c, y: y, xs: xs, ys: ys}
	w.all()
	return c.spans
}

// A walk goes along a row of pixels, from patch to patch.
type walk struct {
	*cells
	y      int
	xs, ys []float64
	lo, hi int // pixels that wait to be mapped exactly, as indexes into xs

	extent       *extent // if not nil, it is extended by the points, and these are not returned
	axisX, axisY axis    // for extent
}

// all goes along the whole row.
func (w *walk) all() {
	for i, n := 0, floorDiv(w.r.Max.X-1, cellSize)-w.first+1; i < n; i++ {
		w.patch(i, (w.first+i)*cellSize, w.band*cellSize, cellSize)
	}
	w.flush()
}

// patch goes along the row within patch i, whose corner is at left, top.
func (w *walk) patch(i, left, top, size int) {
	lo, hi := max(left, w.r.Min.X), left+min(size, w.r.Max.X-left) // left+size may be past what an int holds
	if lo >= hi {
		return
	}
	p := &w.tree[i]
	switch p.state {
	case flat:
		x, dx, y, dy := p.along((float64(w.y-top) + float64(w.at)) / float64(size))
		s := newSpan(lo-w.r.Min.X, hi-w.r.Min.X, x, dx, y, dy, size, 2*(lo-left)+int(2*w.at))
		if w.extent != nil {
			w.extent.addSpan(&s, w.axisX, w.axisY)
			return
		}
		w.spans = append(w.spans, s)
	case divided:
		half := size / 2
		child, down := int(p.child), 0
		if w.y >= top+half {
			child, down = child+2, half
		}
		w.patch(child, left, top+down, half)
		w.patch(child+1, left+half, top+down, half)
	default:
		if lo-w.r.Min.X != w.hi {
			w.flush()
			w.lo = lo - w.r.Min.X
		}
		w.hi = hi - w.r.Min.X
		xs, ys := w.xs[lo-w.r.Min.X:w.hi], w.ys[lo-w.r.Min.X:w.hi]
		for n := range xs {
			xs[n], ys[n] = float64(lo+n)+float64(w.at), float64(w.y)+float64(w.at)
		}
	}
}

// flush maps the waiting pixels.
func (w *walk) flush() {
	if w.lo < w.hi {
		w.m.exact.Map(w.xs[w.lo:w.hi], w.ys[w.lo:w.hi])
		if w.extent != nil {
			w.extent.addPoints(w.xs[w.lo:w.hi], w.ys[w.lo:w.hi], w.axisX, w.axisY)
		}
	}
	w.lo = w.hi
}

// point maps a single point of the band at hand, in place.
func (c *cells) point(xs, ys []float64) {
	x, y := xs[0], ys[0]
	size := cellSize
	left, top := math.Floor(x/cellSize)*cellSize, float64(c.band*cellSize)
	p := &c.tree[int(left)/cellSize-c.first]
	for p.state == divided {
		size /= 2
		child := int(p.child)
		if y >= top+float64(size) {
			child += 2
			top += float64(size)
		}
		if x >= left+float64(size) {
			child++
			left += float64(size)
		}
		p = &c.tree[child]
	}
	if p.state == flat {
		fromX, dx, fromY, dy := p.along((y - top) / float64(size))
		xs[0], ys[0] = onLine(fromX, dx, size, 2*(x-left)), onLine(fromY, dy, size, 2*(x-left))
		return
	}
	c.m.exact.Map(xs, ys)
}

// floorDiv returns a/b, rounded down.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
