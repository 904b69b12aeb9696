package relate

import (
	"math"
	"slices"
)

// A Relation is how a shape lies to an area.
type Relation struct {
	Meet        bool // they share a place
	Interiors   bool // their interiors share a place
	Outside     bool // a part of the shape's interior is outside the area
	AreaOutside bool // a part of the area's interior is outside the shape
}

// To returns how the shape lies to an area. Places closer than tolerance, which must be above zero, are the same.
func (s *Shape) To(area *Shape, tolerance float64, work *Work) Relation {
	if !s.box.grown(tolerance).meets(area.box) {
		return Relation{Outside: true, AreaOutside: true}
	}
	if s.rect && area.rect {
		return s.box.To(area.box, tolerance)
	}
	return s.slowTo(area, tolerance, work)
}

// FillsBox reports whether the shape is an area that fills its box.
func (s *Shape) FillsBox() bool { return s.rect }

// To is To for the areas of two boxes.
func (b Box) To(area Box, tolerance float64) Relation {
	a, b := b, area
	if !a.grown(tolerance).meets(b) {
		return Relation{Outside: true, AreaOutside: true}
	}
	inner := a.grown(-tolerance)
	return Relation{
		Meet: true,
		Interiors: inner.Min[0] < b.Max[0] && b.Min[0] < inner.Max[0] &&
			inner.Min[1] < b.Max[1] && b.Min[1] < inner.Max[1],
		Outside:     !b.grown(tolerance).holds(a),
		AreaOutside: !a.grown(tolerance).holds(b),
	}
}

func (s *Shape) slowTo(area *Shape, tolerance float64, work *Work) Relation {
	r := Relation{
		Outside:     !area.box.grown(tolerance).holds(s.box),
		AreaOutside: s.kind != Area || !s.box.grown(tolerance).holds(area.box),
	}
	if s.kind == Points {
		for _, p := range s.points {
			if !work.step() {
				break
			}
			switch on := area.onEdge(p, tolerance, work); {
			case on:
				r.Meet = true
			case area.inside(p, work):
				r.Meet, r.Interiors = true, true
			default:
				r.Outside = true
			}
		}
		return r
	}
	cuts := s.crossings(area, tolerance, work)
	r.Meet = cuts.meet
	near := area.box.grown(tolerance)
	s.near(near, func(i int) bool {
		for m := range cuts.pieces(s.segments[i], cuts.of[i], tolerance) {
			if s.kind == Lines {
				r.lookAtLine(area, m.at, tolerance, work)
			} else {
				r.lookBeside(s, area, m, tolerance, work)
			}
		}
		return work.step()
	})
	if s.kind == Area {
		for i, g := range area.segments {
			for m := range cuts.pieces(g, cuts.by[i], tolerance) {
				r.lookBeside(s, area, m, tolerance, work)
			}
			if !work.step() {
				break
			}
		}
	}
	r.Meet = r.Meet || r.Interiors || s.Meets(area, tolerance, work) // an area without an interior may lie inside
	return r
}

// lookAtLine looks at a place on a line between two crossings.
func (r *Relation) lookAtLine(area *Shape, at [2]float64, tolerance float64, work *Work) {
	switch {
	case area.onEdge(at, tolerance, work):
	case area.inside(at, work):
		r.Interiors = true
	default:
		r.Outside = true
	}
}

// lookBeside looks at either side of a place on an edge of one of two areas, between two crossings.
func (r *Relation) lookBeside(s, area *Shape, m middle, tolerance float64, work *Work) {
	for _, side := range []float64{-1, 1} {
		h := 4 * tolerance * side
		p := [2]float64{m.at[0] - float64(h*m.along[1]), m.at[1] + float64(h*m.along[0])}
		inS, inArea := s.inside(p, work), area.inside(p, work)
		r.Interiors = r.Interiors || inS && inArea
		r.Outside = r.Outside || inS && !inArea
		r.AreaOutside = r.AreaOutside || !inS && inArea
	}
}

// Meets is To(…).Meet, and faster.
func (s *Shape) Meets(area *Shape, tolerance float64, work *Work) bool {
	switch {
	case !s.box.grown(tolerance).meets(area.box):
		return false
	case s.rect && area.rect:
		return true
	case s.kind == Points:
		return slices.ContainsFunc(s.points, func(p [2]float64) bool {
			return work.step() && (area.inside(p, work) || area.onEdge(p, tolerance, work))
		})
	}
	for _, g := range area.segments {
		if !s.near(g.box().grown(tolerance), func(i int) bool {
			_, _, meet := cross(s.segments[i], g, tolerance, nil, nil)
			return !meet && work.step()
		}) {
			return true // also where the work is done
		}
	}
	// No edges meet: each part is inside or outside as a whole.
	in := func(of *Shape, points [][2]float64) bool {
		return slices.ContainsFunc(points, func(p [2]float64) bool { return work.step() && of.inside(p, work) })
	}
	return in(area, s.points) || in(s, area.points)
}

// onEdge reports whether a place is on the edge of an area.
func (s *Shape) onEdge(p [2]float64, tolerance float64, work *Work) bool {
	return !s.near(Box{p, p}.grown(tolerance), func(i int) bool {
		_, on := s.segments[i].foot(p, tolerance)
		return !on && work.step()
	})
}

// cuts are where the segments of a shape and an area meet, as parts of each segment's length.
type cuts struct {
	of   map[int][]float64 // the shape's
	by   map[int][]float64 // the area's
	meet bool
}

func (s *Shape) crossings(area *Shape, tolerance float64, work *Work) cuts {
	c := cuts{of: map[int][]float64{}, by: map[int][]float64{}}
	for j, g := range area.segments {
		s.near(g.box().grown(tolerance), func(i int) bool {
			of, by, meet := cross(s.segments[i], g, tolerance, c.of[i], c.by[j])
			if meet {
				c.of[i], c.by[j], c.meet = of, by, true
			}
			return work.step()
		})
		if work.Done() {
			break
		}
	}
	return c
}

// A middle is the middle of a piece of a segment, the segment's direction, and the ends of the piece.
type middle struct{ at, along, from, to [2]float64 }

// pieces yields the middles of what a segment is cut into.
func (c cuts) pieces(g segment, at []float64, tolerance float64) func(func(middle) bool) {
	return func(yield func(middle) bool) {
		d := [2]float64{g.b[0] - g.a[0], g.b[1] - g.a[1]}
		length := math.Sqrt(float64(d[0]*d[0]) + float64(d[1]*d[1]))
		along := [2]float64{d[0] / length, d[1] / length}
		at = append(slices.Clone(at), 0, 1)
		slices.Sort(at)
		for i := 1; i < len(at); i++ {
			if (at[i]-at[i-1])*length <= tolerance {
				continue
			}
			place := func(t float64) [2]float64 {
				switch t { // ends are exact
				case 0:
					return g.a
				case 1:
					return g.b
				}
				return [2]float64{g.a[0] + float64(t*d[0]), g.a[1] + float64(t*d[1])}
			}
			if !yield(middle{place((at[i] + at[i-1]) / 2), along, place(at[i-1]), place(at[i])}) {
				return
			}
		}
	}
}

// foot returns where on a segment the place nearest to p is, as a part of its length, and whether it is within tolerance.
func (s segment) foot(p [2]float64, tolerance float64) (t float64, on bool) {
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	px, py := p[0]-s.a[0], p[1]-s.a[1]
	t = (float64(px*dx) + float64(py*dy)) / (float64(dx*dx) + float64(dy*dy))
	t = min(max(t, 0), 1)
	x, y := px-float64(t*dx), py-float64(t*dy)
	return t, float64(x*x)+float64(y*y) <= tolerance*tolerance
}

// cross adds to ofP and ofQ where two segments meet: where an end of one lies on the other, or else where they cross.
func cross(p, q segment, tolerance float64, ofP, ofQ []float64) ([]float64, []float64, bool) {
	meet := false
	for i, end := range [2][2]float64{q.a, q.b} {
		if t, on := p.foot(end, tolerance); on {
			ofP, ofQ, meet = append(ofP, t), append(ofQ, float64(i)), true
		}
	}
	for i, end := range [2][2]float64{p.a, p.b} {
		if t, on := q.foot(end, tolerance); on {
			ofQ, ofP, meet = append(ofQ, t), append(ofP, float64(i)), true
		}
	}
	if meet {
		return ofP, ofQ, true
	}
	a, b := q.side(p.a), q.side(p.b)
	c, d := p.side(q.a), p.side(q.b)
	if (a > 0) == (b > 0) || (c > 0) == (d > 0) {
		return ofP, ofQ, false
	}
	return append(ofP, a/(a-b)), append(ofQ, c/(c-d)), true
}
