// Package relate finds out how shapes in a plane lie to an area: whether they share a place, whether their interiors do,
// and whether one reaches outside the other, from which the relations of the nine-intersection model follow that are about
// areas. Coordinates must be finite. Shapes may cross themselves: what is inside is decided by the even-odd rule.
package relate

import (
	"math"

	"github.com/tidwall/rtree"
)

// Kind is the dimension of a shape.
type Kind uint8

// The kinds of shapes.
const (
	Points Kind = iota
	Lines
	Area // rings, which are closed whether or not the last vertex is the first
)

// A Box is what lies between two corners, with its edges.
type Box struct{ Min, Max [2]float64 }

func (b Box) grown(by float64) Box {
	return Box{[2]float64{b.Min[0] - by, b.Min[1] - by}, [2]float64{b.Max[0] + by, b.Max[1] + by}}
}

func (b Box) meets(c Box) bool {
	return b.Min[0] <= c.Max[0] && c.Min[0] <= b.Max[0] && b.Min[1] <= c.Max[1] && c.Min[1] <= b.Max[1]
}

func (b Box) holds(c Box) bool {
	return b.Min[0] <= c.Min[0] && c.Max[0] <= b.Max[0] && b.Min[1] <= c.Min[1] && c.Max[1] <= b.Max[1]
}

func (b Box) add(p [2]float64) Box {
	b.Min[0], b.Max[0] = min(b.Min[0], p[0]), max(b.Max[0], p[0])
	b.Min[1], b.Max[1] = min(b.Min[1], p[1]), max(b.Max[1], p[1])
	return b
}

// A Shape is points, lines or an area. It does not change, and may be used by several goroutines.
type Shape struct {
	kind     Kind
	box      Box
	points   [][2]float64 // of Points; of others, one vertex of each part
	segments []segment
	rect     bool                           // it is an area that fills its box
	tree     *rtree.RTreeGN[float64, int32] // of segments; nil for a few
}

type segment struct{ a, b [2]float64 }

func (s segment) box() Box {
	return Box{[2]float64{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])}, [2]float64{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}}
}

// few is the number of segments up to which they are looked through one by one.
const few = 24

// NewShape returns a shape of the given parts. A part without a vertex is none.
func NewShape(kind Kind, parts [][][2]float64) *Shape {
	far := math.Inf(1)
	s := &Shape{kind: kind, box: Box{[2]float64{far, far}, [2]float64{-far, -far}}}
	for _, part := range parts {
		for _, p := range part {
			s.box = s.box.add(p)
		}
		if len(part) == 0 {
			continue
		}
		if kind == Points {
			s.points = append(s.points, part...)
			continue
		}
		s.points = append(s.points, part[0])
		for i := 1; i < len(part); i++ {
			s.add(segment{part[i-1], part[i]})
		}
		if kind == Area {
			s.add(segment{part[len(part)-1], part[0]})
		}
	}
	s.rect = kind == Area && s.fillsBox()
	if len(s.segments) > few {
		s.tree = &rtree.RTreeGN[float64, int32]{}
		for i, g := range s.segments {
			b := g.box()
			s.tree.Insert(b.Min, b.Max, int32(i))
		}
	}
	return s
}

// NewBox returns the area of a box, or the line or the point that a box without an area is.
func NewBox(b Box) *Shape {
	switch wide, high := b.Min[0] < b.Max[0], b.Min[1] < b.Max[1]; {
	case wide && high:
		return NewShape(Area, [][][2]float64{{b.Min, {b.Min[0], b.Max[1]}, b.Max, {b.Max[0], b.Min[1]}}})
	case wide || high:
		return NewShape(Lines, [][][2]float64{{b.Min, b.Max}})
	}
	return NewShape(Points, [][][2]float64{{b.Min}})
}

// Kind returns the dimension of the shape.
func (s *Shape) Kind() Kind { return s.kind }

// Box returns the box around the shape.
func (s *Shape) Box() Box { return s.box }

// Size returns the number of segments, or of points.
func (s *Shape) Size() int { return max(len(s.segments), len(s.points)) }

func (s *Shape) add(g segment) {
	if g.a != g.b {
		s.segments = append(s.segments, g)
	}
}

// fillsBox reports whether four segments are the sides of the box.
func (s *Shape) fillsBox() bool {
	if len(s.segments) != 4 || s.box.Min[0] >= s.box.Max[0] || s.box.Min[1] >= s.box.Max[1] {
		return false
	}
	corners := 0
	for i, g := range s.segments {
		next := s.segments[(i+1)%4]
		turns := (g.a[0] == g.b[0]) != (next.a[0] == next.b[0]) && (g.a[0] == g.b[0]) != (g.a[1] == g.b[1])
		x, y := g.a[0] == s.box.Min[0] || g.a[0] == s.box.Max[0], g.a[1] == s.box.Min[1] || g.a[1] == s.box.Max[1]
		if turns && x && y && g.b == next.a {
			corners++
		}
	}
	return corners == 4
}

// near calls f with the segments whose boxes meet a box, until f returns false, and reports whether it never did.
func (s *Shape) near(b Box, f func(i int) bool) bool {
	if s.tree == nil {
		for i, g := range s.segments {
			if g.box().meets(b) && !f(i) {
				return false
			}
		}
		return true
	}
	all := true
	s.tree.Search(b.Min, b.Max, func(_, _ [2]float64, i int32) bool {
		all = f(int(i))
		return all
	})
	return all
}

// inside reports whether a place is inside an area, by the number of segments on its right. On an edge, it may be either.
func (s *Shape) inside(p [2]float64, work *Work) bool {
	if s.kind != Area || !s.box.meets(Box{p, p}) {
		return false
	}
	in := false
	s.near(Box{p, [2]float64{s.box.Max[0], p[1]}}, func(i int) bool {
		a, b := s.segments[i].a, s.segments[i].b
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+float64((b[0]-a[0])*((p[1]-a[1])/(b[1]-a[1]))) {
			in = !in
		}
		return work.step()
	})
	work.add(len(s.segments), s.tree == nil)
	return in
}

// A Work counts what comparing shapes takes, in steps of some nanoseconds, and bounds it. The zero Work allows nothing.
type Work struct{ Left int }

// Done reports whether the work was too much: what was found is then incomplete.
func (w *Work) Done() bool { return w.Left <= 0 }

func (w *Work) step() bool {
	w.Left--
	return w.Left > 0
}

func (w *Work) add(n int, yes bool) {
	if yes {
		w.Left -= n / 8
	}
}
