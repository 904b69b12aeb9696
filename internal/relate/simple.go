package relate

// CrossesItself returns a place at which two segments of a shape cross between their ends, and reports whether there is
// one. Segments that only touch do not cross. If there was too much work, the result may be incomplete.
func (s *Shape) CrossesItself(work *Work) (at [2]float64, ok bool) {
	for i, p := range s.segments {
		s.near(p.box(), func(j int) bool {
			if j > i {
				at, ok = p.crossing(s.segments[j])
			}
			return work.step() && !ok
		})
		if work.add(len(s.segments), s.tree == nil); ok || work.Done() {
			break
		}
	}
	return at, ok
}

// crossing returns where two segments cross between their ends, if they do.
func (s segment) crossing(t segment) (at [2]float64, ok bool) {
	a, b := s.side(t.a), s.side(t.b)
	if c, d := t.side(s.a), t.side(s.b); !(float64(a*b) < 0 && float64(c*d) < 0) {
		return at, false
	}
	f := a / (a - b)
	return [2]float64{t.a[0] + float64(f*(t.b[0]-t.a[0])), t.a[1] + float64(f*(t.b[1]-t.a[1]))}, true
}

// side returns twice the area of the triangle of a segment and a place: positive if the place is on its left.
func (s segment) side(p [2]float64) float64 {
	return float64((s.b[0]-s.a[0])*(p[1]-s.a[1])) - float64((s.b[1]-s.a[1])*(p[0]-s.a[0]))
}

// Holds reports whether a place is inside an area. On an edge, it may be either.
func (s *Shape) Holds(p [2]float64, work *Work) bool { return s.inside(p, work) }

// Has reports whether a place is in the box or on its edges.
func (b Box) Has(p [2]float64) bool { return b.meets(Box{p, p}) }
