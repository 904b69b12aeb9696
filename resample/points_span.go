package resample

// placeSpan places the kernel for the pixels of a span.
func (p *points) placeSpan(s *span) {
	left, cols := p.interior(p.src.x)
	top, rows := p.interior(p.src.y)
	within := func(c snapped) bool {
		return uint64((c.x-left)>>snapBits) < cols && uint64((c.y-top)>>snapBits) < rows
	}
	a, b := s.ends()
	switch {
	case within(a) && within(b):
		at := span{s.lo, s.hi, s.x - left<<finer, s.y - top<<finer, s.dx, s.dy}
		c := p.coverOf(&at)
		p.covers = appendRun(p.covers, run{s.lo, s.hi, c})
		switch {
		case c == outside:
		case c == full && p.direct:
			p.spans = append(p.spans, at)
		default:
			p.listSpan(&at)
		}
	case p.src.x.beside(a.x>>snapBits, b.x>>snapBits) || p.src.y.beside(a.y>>snapBits, b.y>>snapBits):
		p.covers = appendRun(p.covers, run{s.lo, s.hi, outside})
	default:
		for i := s.lo; i < s.hi; i++ {
			p.covers = appendPixel(p.covers, i, p.placeOne(i, s.at(i)))
		}
	}
}

// listSpan places, one by one, the kernels of a span that are all inside the source. The span is counted as in point.
func (p *points) listSpan(s *span) {
	x, y, dx, dy, stride := s.x, s.y, s.dx, s.dy, int64(p.stride)
	at := p.inBands.at[s.lo:s.hi]
	if p.list == nil {
		for i := range at {
			at[i] = int(y>>fineBits*stride + x>>fineBits)
			x += dx
			y += dy
		}
		return
	}
	list := p.list[s.lo:s.hi][:len(at)]
	for i := range at {
		tx, ty := x>>fineBits, y>>fineBits
		at[i] = int(ty*stride + tx)
		list[i] = point{int32(tx), int32(ty), int32(uint32(x) >> finer), int32(uint32(y) >> finer)}
		x += dx
		y += dy
	}
}

// coverOf returns how the kernels of a span are covered, which are all inside the source's rectangle: full, or outside
// if no sample around them holds data, or inside if that is not known. It looks at the box around the span, unless
// looking around each pixel takes less: the pixels of an image much coarser than the source are far apart. The span is
// counted as in point.
func (p *points) coverOf(s *span) cover {
	switch {
	case p.taps == 1:
		return inside
	case p.src.mask == nil:
		return full
	}
	const bits = snapBits + solidBits
	a, b := s.ends()
	lo, hi := min(a.x, b.x)>>bits, max(a.x, b.x)>>bits
	top, bottom := min(a.y, b.y)>>bits, max(a.y, b.y)>>bits
	if (hi-lo+1)*(bottom-top+1) > int64(4*(s.hi-s.lo)) {
		return inside
	}
	all := solidFull | solidEmpty
	for y := top; y <= bottom; y++ {
		for _, f := range p.src.solid.flags[int(y)*p.src.solid.stride:][lo : hi+1] {
			all &= f
		}
	}
	switch all {
	case solidFull:
		return full
	case solidEmpty:
		return outside
	}
	return inside
}
