package srs

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// Where part of a box has no image, the extremes of the rest often lie where its images end: on the rim of a projection's
// domain, which cuts through the box anywhere, or where the plane was cut open. Both are found between neighbours of a
// lattice: of which one has an image, or whose images are far apart.
const (
	rimCells   = 64 // along each side of the lattice in which the rim is found first
	zoomCells  = 8  // along each side of those that close in on an extreme
	zooms      = 7  // of them, each a quarter as wide as the one before
	rimHalves  = 30 // of the distance between two neighbours
	candidates = 3  // places from which an extreme is looked for
)

// A rim holds points of a box that have images, with these: those of a lattice, and points next to the domain's rim.
type rim struct {
	s          *survey
	jump       float64 // from how far apart on the images of neighbours lie on two sides of a cut
	at, images [2][]float64
}

// newRim maps a lattice of a part of the box, with cells along each side, and the rim within it.
// jump is that of the rim around it, and 0 for the whole box.
func (s *survey) newRim(e Envelope, cells int, jump float64) *rim {
	r := &rim{s: s, jump: jump}
	n := cells + 1
	var xs, ys []float64
	for j := range n {
		for i := range n {
			xs = append(xs, e.XMin+float64(e.Width()*float64(i)/float64(cells)))
			ys = append(ys, e.YMin+float64(e.Height()*float64(j)/float64(cells)))
		}
	}
	us, vs := slices.Clone(xs), slices.Clone(ys)
	s.t.Transform(us, vs)
	if r.jump == 0 {
		r.jump = widest(us, vs) / 6
	}
	// Pairs of neighbours: a point with an image, and one without or on the other side of a cut.
	var in, out [2][]float64
	pair := func(a, b int) {
		switch lostA, lostB := math.IsNaN(us[a]), math.IsNaN(us[b]); {
		case lostA && lostB, !lostA && !lostB && r.distance(us[a]-us[b], vs[a]-vs[b]) < r.jump:
			return
		case lostA:
			a, b = b, a
		}
		in[0], in[1] = append(in[0], xs[a]), append(in[1], ys[a])
		out[0], out[1] = append(out[0], xs[b]), append(out[1], ys[b])
	}
	for j := range n {
		for i := range n {
			k := j*n + i
			if i < cells {
				pair(k, k+1)
			}
			if j < cells {
				pair(k, k+n)
			}
			if !math.IsNaN(us[k]) {
				r.add(xs[k], ys[k], us[k], vs[k])
			}
		}
	}
	r.addRim(in, out)
	return r
}

// addRim halves the distance between points with an image and points without one, and adds the former.
func (r *rim) addRim(in, out [2][]float64) {
	n := len(in[0])
	us, vs := make([]float64, n), make([]float64, n)
	inside := [2][]float64{slices.Clone(in[0]), slices.Clone(in[1])}
	r.s.t.Transform(inside[0], inside[1])
	for range rimHalves {
		for i := range n {
			us[i], vs[i] = (in[0][i]+out[0][i])/2, (in[1][i]+out[1][i])/2
		}
		xs, ys := slices.Clone(us), slices.Clone(vs)
		r.s.t.Transform(us, vs)
		for i := range n {
			to := &in
			if math.IsNaN(us[i]) || r.distance(us[i]-inside[0][i], vs[i]-inside[1][i]) > r.jump {
				to = &out
			} else {
				inside[0][i], inside[1][i] = us[i], vs[i]
			}
			to[0][i], to[1][i] = xs[i], ys[i]
		}
	}
	for _, side := range [...][2][]float64{in, out} {
		copy(us, side[0])
		copy(vs, side[1])
		r.s.t.Transform(us, vs)
		for i := range n {
			if !math.IsNaN(us[i]) {
				r.add(side[0][i], side[1][i], us[i], vs[i])
			}
		}
	}
}

// distance returns the length of a difference between images, whose x may repeat.
func (r *rim) distance(dx, dy float64) float64 {
	if r.s.period > 0 {
		dx = near(dx, 0, r.s.period)
	}
	return portable.Hypot(dx, dy)
}

// widest returns the diagonal of the box around some points.
func widest(xs, ys []float64) float64 {
	e := nowhere
	for i, x := range xs {
		if !math.IsNaN(x) {
			e = Envelope{min(e.XMin, x), min(e.YMin, ys[i]), max(e.XMax, x), max(e.YMax, ys[i])}
		}
	}
	return portable.Hypot(e.Width(), e.Height())
}

// add adds a point and its image, whose x is brought near to those of all others if it repeats.
func (r *rim) add(x, y, u, v float64) {
	if r.s.period > 0 {
		u = near(u, r.s.middle, r.s.period)
	}
	r.at[0], r.at[1] = append(r.at[0], x), append(r.at[1], y)
	r.images[0], r.images[1] = append(r.images[0], u), append(r.images[1], v)
}

// best returns the point with the least (sign -1) or greatest (sign 1) x (axis 0) or y (axis 1) of those that are more than
// two cells away from all others, or -1.
func (r *rim) best(axis int, sign float64, cell [2]float64, others []int) int {
	best := -1
	for k, v := range r.images[axis] {
		if best >= 0 && sign*v <= sign*r.images[axis][best] {
			continue
		}
		far := true
		for _, o := range others {
			far = far && (math.Abs(r.at[0][k]-r.at[0][o]) > 2*cell[0] || math.Abs(r.at[1][k]-r.at[1][o]) > 2*cell[1])
		}
		if far {
			best = k
		}
	}
	return best
}

// rimEnvelope returns the box around the images where some points have none: nowhere if none is found.
func (s *survey) rimEnvelope() Envelope {
	r := s.newRim(s.box, rimCells, 0)
	if len(r.at[0]) == 0 {
		r = s.newRim(s.box, 4*rimCells, 0)
	}
	if len(r.at[0]) == 0 {
		return nowhere
	}
	return Envelope{r.extreme(0, -1), r.extreme(1, -1), r.extreme(0, 1), r.extreme(1, 1)}
}

// extreme closes in on an extreme from the best places of a lattice.
func (r *rim) extreme(axis int, sign float64) float64 {
	box := r.s.box
	cell := [2]float64{box.Width() / rimCells, box.Height() / rimCells}
	var starts []int
	out := math.Inf(-1)
	for range candidates {
		k := r.best(axis, sign, cell, starts)
		if k < 0 {
			break
		}
		starts = append(starts, k)
		x, y, half := r.at[0][k], r.at[1][k], cell
		out = max(out, sign*r.images[axis][k])
		for range zooms {
			part := Envelope{
				max(box.XMin, x-half[0]), max(box.YMin, y-half[1]), min(box.XMax, x+half[0]), min(box.YMax, y+half[1]),
			}
			z := r.s.newRim(part, zoomCells, r.jump)
			b := z.best(axis, sign, cell, nil)
			if b < 0 {
				break
			}
			if v := sign * z.images[axis][b]; v > out {
				out = v
			}
			x, y = z.at[0][b], z.at[1][b]
			half[0] /= 4
			half[1] /= 4
		}
	}
	return sign * out
}
