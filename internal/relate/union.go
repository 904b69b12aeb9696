package relate

import (
	"math"

	"github.com/tidwall/rtree"
)

// Union returns the boundary of all that any of some rings encloses: outer rings with the clock, holes against it, each
// closed. Places closer than tolerance are the same. It reports false if the work is too much, or if the pieces of the
// boundary make no rings, as they may where edges are about as close as the tolerance.
func Union(rings [][][2]float64, tolerance float64, work *Work) (out [][][2]float64, ok bool) {
	u := &union{tolerance: tolerance, work: work, ids: map[[2]int64]int{}, next: map[int][]int{}, taken: map[[2]int]bool{}}
	for _, ring := range rings {
		s := NewShape(Area, [][][2]float64{ring})
		if len(s.segments) == 0 {
			continue
		}
		u.boxes.Insert(s.box.Min, s.box.Max, s)
		for _, g := range s.segments {
			b := g.box()
			u.edges.Insert(b.Min, b.Max, g)
			u.all = append(u.all, g)
		}
	}
	for _, g := range u.all {
		u.cut(g)
		if work.Done() {
			return nil, false
		}
	}
	return u.chain()
}

type union struct {
	tolerance float64
	work      *Work
	all       []segment
	edges     rtree.RTreeGN[float64, segment]
	boxes     rtree.RTreeGN[float64, *Shape]

	ids      map[[2]int64]int // of vertices, by the cell of a lattice
	vertices [][2]float64
	next     map[int][]int   // where the boundary goes from a vertex, with the inside on its right
	taken    map[[2]int]bool // edges of the boundary
}

// cut cuts a segment at all others and keeps the pieces that have the union on one side alone.
func (u *union) cut(g segment) {
	var c cuts
	var at []float64
	b := g.box().grown(u.tolerance)
	u.edges.Search(b.Min, b.Max, func(_, _ [2]float64, other segment) bool {
		at, _, _ = cross(g, other, u.tolerance, at, nil)
		return u.work.step()
	})
	for m := range c.pieces(g, at, u.tolerance) {
		h := 4 * u.tolerance
		off := [2]float64{-float64(h * m.along[1]), float64(h * m.along[0])}
		left := u.inside([2]float64{m.at[0] + off[0], m.at[1] + off[1]})
		right := u.inside([2]float64{m.at[0] - off[0], m.at[1] - off[1]})
		if left == right {
			continue
		}
		from, to := u.vertex(m.from), u.vertex(m.to)
		if left {
			from, to = to, from
		}
		if key := [2]int{from, to}; from != to && !u.taken[key] {
			u.taken[key] = true
			u.next[from] = append(u.next[from], to)
		}
	}
}

// inside reports whether a place is inside any ring.
func (u *union) inside(p [2]float64) bool {
	in := false
	u.boxes.Search(p, p, func(_, _ [2]float64, s *Shape) bool {
		in = s.inside(p, u.work)
		return !in && u.work.step()
	})
	return in
}

// vertex returns the number of a place, the same for places closer than the tolerance.
func (u *union) vertex(p [2]float64) int {
	cell := 8 * u.tolerance
	x, y := int64(math.Floor(p[0]/cell)), int64(math.Floor(p[1]/cell))
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			if id, ok := u.ids[[2]int64{x + dx, y + dy}]; ok {
				q := u.vertices[id]
				if math.Abs(q[0]-p[0]) <= 4*u.tolerance && math.Abs(q[1]-p[1]) <= 4*u.tolerance {
					return id
				}
			}
		}
	}
	u.vertices = append(u.vertices, p)
	id := len(u.vertices) - 1
	u.ids[[2]int64{x, y}] = id
	return id
}

// chain joins the pieces of the boundary to rings.
func (u *union) chain() (out [][][2]float64, ok bool) {
	for start := range u.vertices {
		for len(u.next[start]) > 0 {
			ring := []int{start}
			for at := start; ; {
				onward := u.next[at]
				if len(onward) == 0 {
					return nil, false
				}
				to := onward[0]
				u.next[at] = onward[1:]
				ring = append(ring, to)
				if at = to; at == start {
					break
				}
			}
			if r := u.straightened(ring); len(r) > 3 {
				out = append(out, r)
			}
		}
	}
	return out, true
}

// straightened returns the places of a closed ring without those in the middle of a straight line.
func (u *union) straightened(ring []int) [][2]float64 {
	n := len(ring) - 1
	var out [][2]float64
	for i := range n {
		a, p, b := u.vertices[ring[(i+n-1)%n]], u.vertices[ring[i]], u.vertices[ring[(i+1)%n]]
		if a == b {
			out = append(out, p)
			continue
		}
		if t, on := (segment{a, b}).foot(p, u.tolerance); !on || t == 0 || t == 1 {
			out = append(out, p)
		}
	}
	if len(out) > 0 {
		out = append(out, out[0])
	}
	return out
}
