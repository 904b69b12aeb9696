package resample

import "image"

// SourceWindow returns the part of bounds, the rectangle of the source level, that Warp needs for the pixels of dst:
// the smallest rectangle that holds the samples of every pixel whose centre falls into bounds. A pixel's samples are
// those its kernel takes; for Majority the nearest one and those in the box around the pixel's footprint. Warp of this
// window gives the same bits as Warp of the whole level. The window is empty if no centre falls into bounds.
//
// It is found by mapping every pixel, or each column and row where the mapping is separable, never from corners alone.
// An interpolation that Warp does not support has an empty window.
func (o Options) SourceWindow(m Mapping, dst, bounds image.Rectangle) image.Rectangle {
	k, err := o.method()
	if err != nil {
		return image.Rectangle{}
	}
	return sourceWindow(m, dst, bounds, k)
}

// sourceWindow does what SourceWindow does, for a method.
func sourceWindow(m Mapping, dst, bounds image.Rectangle, k method) image.Rectangle {
	if dst.Empty() || bounds.Empty() {
		return image.Rectangle{}
	}
	x, y := newAxis(bounds.Min.X, bounds.Max.X), newAxis(bounds.Min.Y, bounds.Max.Y)
	var w window
	if xs, ys, ok := axesOf(m, dst, centred); ok {
		w = k.windowOfAxes(m, dst, xs, ys, x, y)
	} else if k.footprints() {
		w = k.windowOfFootprints(m, dst, x, y)
	} else {
		w = k.windowOf(extentOf(m, dst, x, y))
	}
	w.x, w.y = w.x.within(bounds.Min.X, bounds.Max.X), w.y.within(bounds.Min.Y, bounds.Max.Y)
	if w.x.empty() || w.y.empty() {
		return image.Rectangle{}
	}
	return image.Rect(int(w.x.lo), int(w.y.lo), int(w.x.hi), int(w.y.hi))
}

// A window is a rectangle of samples.
type window struct{ x, y pixels }

// add extends the window.
func (w *window) add(x, y pixels) { w.x, w.y = w.x.union(x), w.y.union(y) }

func (p pixels) empty() bool { return p.lo >= p.hi }

// within returns the part between lo and hi, which an int of 32 bits can hold.
func (p pixels) within(lo, hi int) pixels { return pixels{max(p.lo, int64(lo)), min(p.hi, int64(hi))} }

// union returns the smallest range that holds both.
func (p pixels) union(q pixels) pixels {
	switch {
	case q.empty():
		return p
	case p.empty():
		return q
	}
	return pixels{min(p.lo, q.lo), max(p.hi, q.hi)}
}

// samplesAt returns the samples of the kernel about the snapped coordinate n along one axis.
func (m *method) samplesAt(n int64) pixels {
	if m.loops == wideLoops {
		return m.wideTapsAt(n, 1)
	}
	return m.tapsAt(n)
}

// samplesOver returns what samplesAt does, and the samples of the kernel when it is widened.
func (m *method) samplesOver(n int64, scale float64) pixels {
	return m.samplesAt(n).union(m.wideTapsAt(n, widening(scale)))
}

// windowOfAxes returns the window for a separable mapping.
func (m *method) windowOfAxes(by Mapping, dst image.Rectangle, xs, ys []float64, x, y axis) (w window) {
	var f footprints
	if m.footprints() {
		f = *newFootprints(by, dst)
	}
	w.x = m.windowOfAxis(xs, x, f.cols, anyUsed(ys, y, f.rows))
	w.y = m.windowOfAxis(ys, y, f.rows, anyUsed(xs, x, f.cols))
	return w
}

// windowOfAxis returns the window along one axis. Footprints reports whether any pixel has one along the other.
func (m *method) windowOfAxis(vs []float64, a axis, intervals []interval, footprints bool) (w pixels) {
	var box extent // of footprints, for Majority
	for i, v := range vs {
		n := snap(v)
		switch {
		case !a.has(n >> snapBits):
		case footprints && intervals[i].ok && m.majority:
			w = w.union(m.samplesAt(n))
			box.add(snapped{x: intervals[i].from})
			box.add(snapped{x: intervals[i].to})
		case footprints && intervals[i].ok:
			s := intervals[i]
			w = w.union(m.samplesOver(n, stretch(s.from, s.to, s.to, s.from)))
		default:
			w = w.union(m.samplesAt(n))
		}
	}
	if box.any {
		w = w.union(between(box.lo.x, box.hi.x))
	}
	return w
}

// anyUsed reports whether a coordinate that is on the axis has a footprint.
func anyUsed(vs []float64, a axis, intervals []interval) bool {
	for i, s := range intervals {
		if s.ok && a.has(snap(vs[i])>>snapBits) {
			return true
		}
	}
	return false
}

// windowOfFootprints returns the window for a method that depends on footprints.
func (m *method) windowOfFootprints(by Mapping, dst image.Rectangle, x, y axis) (w window) {
	var points, box extent // of pixels, and of their footprints for Majority
	lines, f := rowMapperOf(by, dst, centred), newFootprints(by, dst)
	xs, ys, cs := make([]float64, dst.Dx()), make([]float64, dst.Dx()), make([]snapped, dst.Dx())
	for row := dst.Min.Y; row < dst.Max.Y; row++ {
		snapRow(cs, xs, ys, lines.mapRow(row, xs, ys))
		f.setRow(row, row-dst.Min.Y)
		left, right := false, box.has(f.upper[0]) && box.has(f.lower[0]) // corners in the box already
		for i, c := range cs {
			left, right = right, box.has(f.upper[i+1]) && box.has(f.lower[i+1])
			if !x.has(c.x>>snapBits) || !y.has(c.y>>snapBits) {
				continue
			}
			points.add(c)
			if left && right {
				continue // whether it is a footprint or not, the box stays
			}
			q, ok := f.at(i, c)
			switch {
			case !ok:
			case m.majority:
				for _, c := range q {
					box.add(c)
				}
			default:
				scaleX, scaleY := q.scale()
				w.add(m.samplesOver(c.x, scaleX), m.samplesOver(c.y, scaleY))
			}
		}
	}
	all := m.windowOf(points)
	w.add(all.x, all.y)
	if box.any {
		w.add(between(box.lo.x, box.hi.x), between(box.lo.y, box.hi.y))
	}
	return w
}

// An extent is the range of the snapped points of some pixels, both ends included.
type extent struct {
	lo, hi snapped
	any    bool
}

// windowOf returns the window of kernels whose points are in e, and reach its ends along each axis.
func (m *method) windowOf(e extent) (w window) {
	if e.any {
		w.add(m.samplesAt(e.lo.x), m.samplesAt(e.lo.y))
		w.add(m.samplesAt(e.hi.x), m.samplesAt(e.hi.y))
	}
	return w
}

// extentOf returns the extent of the pixels whose centres are on both axes.
func extentOf(m Mapping, dst image.Rectangle, x, y axis) (e extent) {
	if a, ok := m.(*approximate); ok {
		return a.extent(dst, x, y)
	}
	lines := rowMapperOf(m, dst, centred)
	xs, ys := make([]float64, dst.Dx()), make([]float64, dst.Dx())
	for row := dst.Min.Y; row < dst.Max.Y; row++ {
		lines.mapRow(row, xs, ys)
		e.addPoints(xs, ys, x, y)
	}
	return e
}

// addPoints extends the extent by those points that are on both axes.
func (e *extent) addPoints(xs, ys []float64, x, y axis) {
	ys = ys[:len(xs)]
	for i, v := range xs {
		c := snapped{snap(v), snap(ys[i])}
		if !x.has(c.x>>snapBits) || !y.has(c.y>>snapBits) {
			continue
		}
		e.add(c)
	}
}

func (e *extent) has(c snapped) bool {
	return e.any && c.x >= e.lo.x && c.x <= e.hi.x && c.y >= e.lo.y && c.y <= e.hi.y
}

// add extends the extent by a point.
func (e *extent) add(c snapped) {
	if !e.any {
		*e = extent{c, c, true}
	}
	e.lo.x, e.hi.x = min(e.lo.x, c.x), max(e.hi.x, c.x)
	e.lo.y, e.hi.y = min(e.lo.y, c.y), max(e.hi.y, c.y)
}
