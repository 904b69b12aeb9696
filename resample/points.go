package resample

// A point is where a stencil lies: its first tap, counted from the corner of the source window, and how far the point
// lies past its shift, in 2^-snapBits.
type point struct {
	x, y   int32
	fx, fy int32
}

// centre returns the snapped coordinates of a point.
func (s *source) centre(m *method, p point) snapped {
	before := int64(m.before)
	return snapped{
		(int64(p.x)+before+s.x.start)<<snapBits + int64(p.fx) + m.shift,
		(int64(p.y)+before+s.y.start)<<snapBits + int64(p.fy) + m.shift,
	}
}

// points holds where the kernel stands for each pixel of a row, if the mapping is not separable.
type points struct {
	*method
	src    *source
	stride int  // of all bands and the mask, or 0 if they differ
	direct bool // kernels of spans that are full are taken from spans, and not from list

	covers  []run
	spans   []span                                              // if direct
	list    []point                                             // nil if offsets are enough
	weights weightTable[[2][maxTaps]float64, [2][maxTaps]int32] // of list, x before y

	inBands, inMask offsets // of the first taps
}

// offsets are where planes of one stride hold the first taps of a row's points, counted from the corner of the source
// window.
type offsets struct {
	at     []int
	stride int // 0 if they are not those of the row at hand
}

// newPoints prepares for rows of n pixels.
func newPoints(m *method, src *source, n, stride int, direct bool) *points {
	p := &points{method: m, src: src, stride: stride, direct: direct}
	p.inBands.at = make([]int, n)
	if stride == 0 || m.taps > 1 || m.majority || m.wide() {
		p.list = make([]point, n)
		p.weights = newWeightTable[[2][maxTaps]float64, [2][maxTaps]int32](m, n)
	}
	return p
}

// at returns where the kernel of pixel i stands.
func (p *points) at(i int) point { return p.list[i] }

// setRow places the kernel for each pixel of a row, as a rowMapper returned them.
func (p *points) setRow(xs, ys []float64, spans []span) {
	p.inMask.stride, p.inBands.stride = 0, p.stride
	p.covers, p.spans = p.covers[:0], p.spans[:0]
	next := 0
	for i := range spans {
		s := &spans[i]
		p.place(next, s.lo, xs, ys)
		p.placeSpan(s)
		next = s.hi
	}
	p.place(next, len(xs), xs, ys)
	if p.weights.floats == nil && p.weights.integers == nil {
		return
	}
	for _, r := range p.covers {
		if r.cover == inside || r.cover == full {
			p.weighPoints(r.lo, r.hi)
		}
	}
}

// place places the kernel for pixels lo to hi.
func (p *points) place(lo, hi int, xs, ys []float64) {
	for i := lo; i < hi; {
		if n := p.placeInside(i, xs[i:hi], ys[i:hi]); n > 0 {
			p.covers = appendRun(p.covers, run{i, i + n, inside})
			i += n
		}
		for c := outside; i < hi && c != inside; i++ {
			c = p.placeOne(i, snapped{snap(xs[i]), snap(ys[i])})
			p.covers = appendPixel(p.covers, i, c)
		}
	}
}

// placeOne places the kernel of pixel i at a snapped point.
func (p *points) placeOne(i int, c snapped) cover {
	x, y := p.locate(c.x, p.src.x), p.locate(c.y, p.src.y)
	if p.list != nil {
		p.list[i] = point{x.first, y.first, x.frac, y.frac}
	}
	p.inBands.at[i] = int(y.first)*p.stride + int(x.first)
	return min(x.cover, y.cover)
}

// placeInside does what placeOne does for pixels from start on whose kernels are inside the source, up to the first
// that is not, and returns their number. A kernel inside has its nearest sample there, too, so that one comparison an
// axis is enough.
func (p *points) placeInside(start int, xs, ys []float64) int {
	left, cols := p.interior(p.src.x)
	top, rows := p.interior(p.src.y)
	stride := int64(p.stride) // if 0, offsets are found when they are asked for
	ys = ys[:len(xs)]
	at := p.inBands.at[start:][:len(xs)]
	if p.list == nil {
		for i, x := range xs {
			tx, ty := (snap(x)-left)>>snapBits, (snap(ys[i])-top)>>snapBits
			if uint64(tx) >= cols || uint64(ty) >= rows {
				return i
			}
			at[i] = int(ty*stride + tx)
		}
		return len(xs)
	}
	list := p.list[start:][:len(xs)]
	for i, x := range xs {
		nx, ny := snap(x)-left, snap(ys[i])-top
		tx, ty := nx>>snapBits, ny>>snapBits
		if uint64(tx) >= cols || uint64(ty) >= rows {
			return i
		}
		at[i] = int(ty*stride + tx)
		list[i] = point{int32(tx), int32(ty), int32(nx & (snapOne - 1)), int32(ny & (snapOne - 1))}
	}
	return len(xs)
}

// weighPoints fills the weight table for pixels lo to hi.
func (p *points) weighPoints(lo, hi int) {
	list := p.list[lo:hi]
	if p.weights.floats != nil {
		ws := p.weights.floats[lo:hi][:len(list)]
		for i := range list {
			ws[i][0], ws[i][1] = cubicWeights(fraction(list[i].fx)), cubicWeights(fraction(list[i].fy))
		}
	}
	if p.weights.integers != nil {
		ws := p.weights.integers[lo:hi][:len(list)]
		for i := range list {
			cubicIntegers(&ws[i][0], list[i].fx)
			cubicIntegers(&ws[i][1], list[i].fy)
		}
	}
}

// offsets returns where a band of the given stride holds the points' first taps. Those of points outside of the source
// mean nothing.
func (p *points) offsets(stride int) []int { return p.fill(&p.inBands, stride) }

// offsetsInMask returns where the mask holds the points' first taps.
func (p *points) offsetsInMask() []int {
	if p.inBands.stride == p.src.mask.Stride {
		return p.inBands.at
	}
	return p.fill(&p.inMask, p.src.mask.Stride)
}

// fill makes the offsets those of a stride.
func (p *points) fill(o *offsets, stride int) []int {
	if o.stride == stride {
		return o.at
	}
	if o.at == nil {
		o.at = make([]int, len(p.list))
	}
	o.stride = stride
	for i := range p.list {
		t := &p.list[i]
		o.at[i] = int(t.y)*stride + int(t.x)
	}
	return o.at
}

// maskNearest gives pixels lo to hi the validity of their nearest samples, if the kernel takes a single sample.
func (p *points) maskNearest(valid []uint8, lo, hi int) {
	valid = valid[lo:hi]
	mask, at := p.src.mask.Pix[p.src.first:], p.offsetsInMask()[lo:hi][:len(valid)]
	for i := range valid {
		valid[i] = mask[at[i]]
	}
}

// solidRun returns where the run of pixels from lo on ends whose samples are known to hold data fully. All kernels from
// lo to hi must be inside the source.
func (p *points) solidRun(lo, hi int) int {
	flags, stride, list := p.src.solid.flags, p.src.solid.stride, p.list[:hi]
	for lo < len(list) && flags[int(list[lo].y>>solidBits)*stride+int(list[lo].x>>solidBits)]&solidFull != 0 {
		lo++
	}
	return lo
}
