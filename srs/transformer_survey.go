package srs

import (
	"math"
	"slices"
)

// A survey is a box of the source CRS with the images of a lattice of samples × samples points in it.
type survey struct {
	t      *Transformer
	box    Envelope
	images [2][]float64 // x and y, row by row; NaN where there is none
	lost   int

	// period is that of the target if the x of the images, which may differ by multiples of it, were brought together;
	// else 0.
	period float64

	// polar are the y of poles that do not count for x, which has any value there.
	polar []float64

	// middle is where they were brought to, if some points have no image.
	middle float64
}

// survey maps the lattice of a box.
func (t *Transformer) survey(box Envelope) *survey {
	s := &survey{t: t, box: box}
	xs, ys := make([]float64, 0, samples*samples), make([]float64, 0, samples*samples)
	for j := range samples {
		for i := range samples {
			xs = append(xs, between(box.XMin, box.XMax, i))
			ys = append(ys, between(box.YMin, box.YMax, j))
		}
	}
	s.lost = t.Transform(xs, ys)
	s.images = [2][]float64{xs, ys}
	return s
}

// between returns the i-th of the lattice's coordinates from a to b. The first and the last are a and b exactly.
func between(a, b float64, i int) float64 {
	if i == samples-1 {
		return b
	}
	return a + (b-a)*float64(i)/(samples-1)
}

// near returns x plus the multiple of period that brings it nearest to y.
func near(x, y, period float64) float64 { return x - float64(period*math.Round((x-y)/period)) }

// unwrapEdges makes x continuous around the box's edges, and drops the images of the interior, which holds no extreme
// if every point has an image. It reports whether x differs by a period after going around: the box then holds a pole.
func (s *survey) unwrapEdges(period float64) (around bool) {
	const last = samples - 1
	var edge []int
	for i := range last {
		edge = append(edge, i)
	}
	for j := range last {
		edge = append(edge, j*samples+last)
	}
	for i := last; i > 0; i-- {
		edge = append(edge, last*samples+i)
	}
	for j := last; j > 0; j-- {
		edge = append(edge, j*samples)
	}

	s.period = period
	images := [2][]float64{make([]float64, len(s.images[0])), make([]float64, len(s.images[1]))}
	for k := range images[0] {
		images[0][k], images[1][k] = math.NaN(), math.NaN()
	}
	x := s.images[0][edge[0]]
	for _, k := range edge {
		x = near(s.images[0][k], x, period)
		images[0][k], images[1][k] = x, s.images[1][k]
	}
	start := s.images[0][edge[0]]
	s.images = images
	return math.Abs(near(start, x, period)-start) > period/2
}

// dropPoles leaves out the x of images of poles that lie on the box's edge.
func (s *survey) dropPoles(p poles) {
	if p.north {
		s.polar = append(s.polar, p.yNorth)
	}
	if p.south {
		s.polar = append(s.polar, p.ySouth)
	}
	for i, y := range s.images[1] {
		if s.isPole(y) {
			s.images[0][i] = math.NaN()
		}
	}
}

// reference returns the x to which others are brought near: that of a neighbour, or the middle of all where neighbours may
// lie on two sides of a pole.
func (s *survey) reference(neighbour float64) float64 {
	if len(s.polar) > 0 {
		return s.middle
	}
	return neighbour
}

// isPole reports whether y is that of a pole that does not count for x, within 0.1 mm.
func (s *survey) isPole(y float64) bool {
	for _, pole := range s.polar {
		if math.Abs(y-pole) <= 2e-12*s.t.to.period {
			return true
		}
	}
	return false
}

// unwrapAll brings the x of all images into the shortest interval that holds them and some more x, modulo the period:
// the one that leaves out the widest gap between them.
func (s *survey) unwrapAll(period float64, more []float64) {
	s.period = period
	xs := slices.Clone(more)
	for _, x := range s.images[0] {
		if !math.IsNaN(x) {
			xs = append(xs, x)
		}
	}
	if len(xs) == 0 {
		return
	}
	for i, x := range xs {
		xs[i] = x - float64(period*math.Floor(x/period))
	}
	slices.Sort(xs)
	start, gap := xs[0], xs[0]+period-xs[len(xs)-1]
	for i := 1; i < len(xs); i++ {
		if d := xs[i] - xs[i-1]; d > gap {
			start, gap = xs[i], d
		}
	}
	s.middle = start + (period-gap)/2
	for i, x := range s.images[0] {
		s.images[0][i] = near(x, s.middle, period)
	}
}

// envelope returns the box around the images; ok is false if there are none.
func (s *survey) envelope() (e Envelope, ok bool) {
	cut := s.box.Width() > 0 && s.box.Height() > 0 && s.t.to.period == 0 && (s.lost > 0 || s.isTorn())
	e = nowhere
	switch {
	case s.box.Width() > 0 && s.box.Height() > 0 && s.t.to.bounded() && (s.lost > 0 || cut):
		e = s.rimEnvelope()
	case s.lost < len(s.images[0]):
		e = Envelope{s.extreme(0, -1), s.extreme(1, -1), s.extreme(0, 1), s.extreme(1, 1)}
	}
	if cut {
		e = s.addCuts(e)
	}
	if !e.Finite() {
		return Envelope{}, false
	}
	return e, true
}

// extreme returns the least (sign -1) or greatest (sign 1) x (axis 0) or y (axis 1). Where all points have images, it
// lies on an edge.
func (s *survey) extreme(axis int, sign float64) float64 {
	best, value := -1, math.Inf(-1)
	for k, v := range s.images[axis] {
		if sign*v > value {
			best, value = k, sign*v
		}
	}
	const last = samples - 1
	i, j := best%samples, best/samples
	alongX, alongY := j == 0 || j == last, i == 0 || i == last
	x, y := between(s.box.XMin, s.box.XMax, i), between(s.box.YMin, s.box.YMax, j)
	// In so thin a box, rounding decides which of the points across it has the extreme.
	thin := min(s.box.Width(), s.box.Height()) < 1e-6*max(s.box.Width(), s.box.Height())
	if s.lost > 0 || thin || !alongX && !alongY {
		return s.search(axis, sign, value*sign, x, y, true, true)
	}
	value *= sign
	if alongX {
		value = s.search(axis, sign, value, x, y, true, false)
	}
	if alongY {
		v := s.search(axis, sign, value, x, y, false, true)
		value = sign * max(sign*value, sign*v)
	}
	return value
}

// search narrows in on an extreme, from a point (x, y) of the lattice and its value, along x, along y or both.
func (s *survey) search(axis int, sign, value, x, y float64, alongX, alongY bool) float64 {
	steps := [...]float64{-1, -0.5, 0, 0.5, 1}
	still := steps[2:3]
	dxs, dys := steps[:], steps[:]
	if !alongX {
		dxs = still
	}
	if !alongY {
		dys = still
	}
	var at, images [2][len(steps) * len(steps)]float64
	hx, hy := s.box.Width()/(samples-1), s.box.Height()/(samples-1)
	for range halvings {
		n := 0
		for _, dy := range dys {
			for _, dx := range dxs {
				at[0][n] = max(s.box.XMin, min(s.box.XMax, x+float64(dx*hx)))
				at[1][n] = max(s.box.YMin, min(s.box.YMax, y+float64(dy*hy)))
				n++
			}
		}
		images = at
		s.t.Transform(images[0][:n], images[1][:n])
		for k, v := range images[axis][:n] {
			if axis == 0 && s.period > 0 {
				if s.isPole(images[1][k]) {
					continue
				}
				v = near(v, s.reference(value), s.period)
			}
			if sign*v > sign*value {
				value, x, y = v, at[0][k], at[1][k]
			}
		}
		hx /= 2
		hy /= 2
	}
	return value
}
