package resample

import (
	"bytes"
	"image"
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A line is one row of destination pixels on its way through Warp: where the kernel stands for each of them, which runs of
// them can be treated alike, and how incomplete kernels are to be mixed. All bands share it, and all rows in turn.
type line struct {
	kernel
	dst, src image.Rectangle
	x, y     axis         // of src
	mask     *image.Alpha // the source's; nil if every pixel fully holds data
	solid    solid        // of mask, for kernels with more than one tap
	valid    *image.Alpha // the destination's
	opaque   []uint8      // a row of full validity

	separable bool // columns and row hold, else pts
	columns   []place
	row       place
	aligned   bool // the columns are neighbours in the source, and all on centres if the kernel has more than one tap
	copying   bool // the row is a piece of a row of the source

	pts     []point
	samples offsets // of pts, in the bands
	masks   offsets // of pts, in the mask
	stride  int     // if not 0, that of all bands and the mask; Nearest then goes without pts
	direct  bool    // full kernels are taken from spans rather than pts
	spans   []span  // of the row at hand, if direct

	colWeights weights[[maxTaps]float64, [maxTaps]int32]       // of columns
	ptWeights  weights[[2][maxTaps]float64, [2][maxTaps]int32] // of pts, x before y

	fits     []run // how kernels lie in the source's rectangle; of the columns alone if separable
	runs     []run // how they lie in the source's valid pixels
	gaps     []run // invalid pixels that runs went over
	mixtures []mixture
	validRow []uint8 // the destination's validity, of the row at hand

	footprints *footprints // for kernels that depend on them, else nil
	ballots    ballots     // for Majority
	wide       *widths     // for kernels that are widened, else nil
}

// weights are those of Cubic, in double precision or as whole numbers: one of the two, or none for other kernels.
type weights[F, I any] struct {
	floats   []F
	integers []I
}

func (w *weights[F, I]) allocate(k kernel, n int) {
	switch {
	case k.taps != 4:
	case k.exact:
		w.integers = make([]I, n)
	default:
		w.floats = make([]F, n)
	}
}

// A point is where a kernel stands: its first tap, counted from the corner of the source window, and how far the point
// lies past the centre of the pixel before it, in 2^-snapBits.
type point struct {
	x, y   int32
	fx, fy int32
}

// offsets are where the first taps of a row's points lie in planes of one stride.
type offsets struct {
	at     []int
	stride int // 0: not of this row
}

// A run is pixels lo to hi of a line, which are alike.
type run struct {
	lo, hi int
	fit    fit
}

func newLine(dst, src *raster.Block, k kernel) *line {
	l := &line{kernel: k, dst: dst.Bounds(), src: src.Bounds(), valid: dst.Valid}
	l.x, l.y = newAxis(l.src.Min.X, l.src.Max.X), newAxis(l.src.Min.Y, l.src.Max.Y)
	if !src.Opaque() {
		l.mask = src.Valid
		if k.taps > 1 {
			l.solid = newSolid(l.mask, l.src)
		}
	}
	if k.antialias {
		l.wide = &widths{scales: make([]scale, l.dst.Dx())}
	}
	l.opaque = make([]uint8, l.dst.Dx())
	for i := range l.opaque {
		l.opaque[i] = math.MaxUint8
	}
	return l
}

// commonStride is the stride of all bands of the source and of its mask, or 0 if they differ.
func (l *line) commonStride(samplers []sampler) int {
	stride := samplers[0].stride()
	for _, s := range samplers {
		if s.stride() != stride || l.mask != nil && l.mask.Stride != stride {
			return 0
		}
	}
	return stride
}

// setColumns places the kernel along x, once for all rows.
func (l *line) setColumns(xs []float64) {
	l.separable = true
	l.columns = make([]place, len(xs))
	l.colWeights.allocate(l.kernel, len(xs))
	l.aligned = true
	last := -1
	for i, x := range xs {
		p := l.locate(snap(x), l.x)
		l.columns[i] = p
		l.fits = appendRun(l.fits, i, p.fit)
		if p.fit == outside {
			continue
		}
		if l.colWeights.floats != nil {
			l.colWeights.floats[i] = l.weigh(fraction(p.frac))
		}
		if l.colWeights.integers != nil {
			cubicIntegers(&l.colWeights.integers[i], p.frac)
		}
		if l.taps > 1 && p.frac != 0 || last >= 0 && int(p.first-l.columns[last].first) != i-last {
			l.aligned = false
		}
		last = i
	}
}

// setRow places the kernel along y.
func (l *line) setRow(y float64) {
	l.row = l.locate(snap(y), l.y)
	l.copying = l.aligned && (l.taps == 1 || l.row.frac == 0) && !l.majority
}

// setPoints places the kernel for each pixel of a row by itself, as a liner gave them.
func (l *line) setPoints(xs, ys []float64, spans []span) {
	l.masks.stride = 0
	l.offsetsFor(&l.samples, l.stride)
	if l.pts == nil && (l.stride == 0 || l.taps > 1 || l.majority) {
		l.pts = make([]point, len(xs))
		l.ptWeights.allocate(l.kernel, len(xs))
	}
	l.fits, l.spans = l.fits[:0], l.spans[:0]
	next := 0
	for i := range spans {
		s := &spans[i]
		l.placePoints(next, s.lo, xs, ys)
		l.setSpan(s)
		next = s.hi
	}
	l.placePoints(next, len(xs), xs, ys)
	for _, r := range l.fits {
		if l.taps > 2 && (r.fit == inside || r.fit == full) {
			l.weighPoints(r.lo, r.hi)
		}
	}
}

// placePoints places the kernel for pixels lo to hi.
func (l *line) placePoints(lo, hi int, xs, ys []float64) {
	for i := lo; i < hi; {
		if n := l.placeInside(i, xs[i:hi], ys[i:hi]); n > 0 {
			l.fits = appendRuns(l.fits, run{i, i + n, inside})
			i += n
		}
		for f := outside; i < hi && f != inside; i++ {
			f = l.placePoint(i, corner{snap(xs[i]), snap(ys[i])})
			l.fits = appendRun(l.fits, i, f)
		}
	}
}

// placePoint places the kernel of pixel i at a snapped point.
func (l *line) placePoint(i int, c corner) fit {
	x, y := l.locate(c.x, l.x), l.locate(c.y, l.y)
	if l.pts != nil {
		l.pts[i] = point{x.first, y.first, x.frac, y.frac}
	}
	l.samples.at[i] = int(y.first)*l.stride + int(x.first)
	return min(x.fit, y.fit)
}

// placeInside is placePoint for pixels from start on whose kernels are inside the source, up to the first that is not, and
// gives how many. A kernel inside has its nearest sample there, too, so that one comparison an axis does.
func (l *line) placeInside(start int, xs, ys []float64) int {
	left, roomX := l.room(l.x)
	top, roomY := l.room(l.y)
	stride := int64(l.stride) // if 0, offsets are found when they are asked for
	ys = ys[:len(xs)]
	at := l.samples.at[start:][:len(xs)]
	if l.pts == nil {
		for i, x := range xs {
			tx, ty := (snap(x)-left)>>snapBits, (snap(ys[i])-top)>>snapBits
			if uint64(tx) >= roomX || uint64(ty) >= roomY {
				return i
			}
			at[i] = int(ty*stride + tx)
		}
		return len(xs)
	}
	pts := l.pts[start:][:len(xs)]
	for i, x := range xs {
		nx, ny := snap(x)-left, snap(ys[i])-top
		tx, ty := nx>>snapBits, ny>>snapBits
		if uint64(tx) >= roomX || uint64(ty) >= roomY {
			return i
		}
		at[i] = int(ty*stride + tx)
		pts[i] = point{int32(tx), int32(ty), int32(nx & (snapOne - 1)), int32(ny & (snapOne - 1))}
	}
	return len(xs)
}

func (l *line) weighPoints(lo, hi int) {
	pts := l.pts[lo:hi]
	if l.ptWeights.floats != nil {
		ws := l.ptWeights.floats[lo:hi][:len(pts)]
		for i := range pts {
			ws[i][0], ws[i][1] = cubicWeights(fraction(pts[i].fx)), cubicWeights(fraction(pts[i].fy))
		}
	}
	if l.ptWeights.integers != nil {
		ws := l.ptWeights.integers[lo:hi][:len(pts)]
		for i := range pts {
			cubicIntegers(&ws[i][0], pts[i].fx)
			cubicIntegers(&ws[i][1], pts[i].fy)
		}
	}
}

// offsets gives where the first taps of the row's points lie in a plane of the given stride, counted from the corner of
// the source window. Those of points outside of it mean nothing.
func (l *line) offsets(o *offsets, stride int) []int {
	if o.stride == stride {
		return o.at
	}
	at := l.offsetsFor(o, stride)
	for i := range l.pts {
		p := &l.pts[i]
		at[i] = int(p.y)*stride + int(p.x)
	}
	return at
}

// offsetsFor is where to put offsets for a stride.
func (l *line) offsetsFor(o *offsets, stride int) []int {
	if o.at == nil {
		o.at = make([]int, l.dst.Dx())
	}
	o.stride = stride
	return o.at
}

func (l *line) at(i int) point {
	if l.separable {
		return point{l.columns[i].first, l.row.first, l.columns[i].frac, l.row.frac}
	}
	return l.pts[i]
}

// sample makes row y of the destination.
func (l *line) sample(y int, samplers []sampler) {
	if l.footprints != nil {
		l.footprints.setRow(y, y-l.dst.Min.Y)
		if l.wide != nil {
			l.setWidths()
		}
	}
	l.classify(y)
	for _, s := range samplers {
		s.begin(y)
	}
	if len(l.spans) > 0 {
		for _, s := range samplers {
			s.(spanSampler).spans(l, l.spans)
		}
	}
	ms := l.mixtures
	for _, r := range l.runs {
		if r.fit == full && l.direct {
			continue
		}
		size := l.pieces(r)
		for lo := r.lo; lo < r.hi; lo += size {
			piece := run{lo, min(lo+size, r.hi), r.fit}
			l.prepare(piece)
			for _, s := range samplers {
				l.make(s, piece, ms)
			}
		}
		if r.fit == partial {
			ms = ms[r.hi-r.lo:]
		}
	}
	for _, r := range l.gaps {
		for _, s := range samplers {
			s.zero(r.lo, r.hi)
		}
	}
}

// make makes a run of pixels of one band. ms begins with the mixtures for it.
func (l *line) make(s sampler, r run, ms []mixture) {
	switch {
	case r.fit == outside:
		s.zero(r.lo, r.hi)
	case r.fit == partial:
		s.mixed(ms[:r.hi-r.lo], r.lo, r.hi)
	case r.fit == widened:
		s.widened(l, r.lo, r.hi)
	case l.copying:
		p := l.at(r.lo)
		before := int32(l.before)
		s.copy(p.x+before, p.y+before, r.lo, r.hi)
	case l.separable:
		s.axes(l, r.lo, r.hi)
	default:
		s.points(l, r.lo, r.hi)
	}
}

// pieces is in how large pieces a run is made.
func (l *line) pieces(r run) int {
	switch {
	case r.fit == widened:
		return widePiece
	case l.majority && r.fit == inside:
		return pollPiece
	}
	return r.hi - r.lo
}

// prepare does what all bands share.
func (l *line) prepare(r run) {
	switch {
	case r.fit == widened:
		l.spreadOut(r.lo, r.hi)
	case l.majority && r.fit == inside:
		l.poll(r.lo, r.hi)
	}
}

// classify turns fits into runs, gaps and mixtures, and writes row y of the destination's validity.
func (l *line) classify(y int) {
	l.runs, l.gaps, l.mixtures = l.runs[:0], l.gaps[:0], l.mixtures[:0]
	valid := alphaRow(l.valid, y, l.dst.Min.X, l.dst.Max.X)
	l.validRow = valid
	fits := l.fits
	if l.wide != nil {
		fits = l.wide.fits
	}
	for _, r := range fits {
		if l.separable && r.fit != widened {
			r.fit = min(r.fit, l.row.fit)
		}
		if l.copying && r.fit == partial {
			r.fit = inside // the samples that are missing have no weight
		}
		switch {
		case r.fit == outside:
			clear(valid[r.lo:r.hi])
			l.runs = appendRuns(l.runs, r)
		case r.fit == widened: // see spreadOut
			l.runs = appendRuns(l.runs, r)
		case r.fit == full, r.fit == inside && l.mask == nil:
			copy(valid[r.lo:r.hi], l.opaque)
			l.runs = appendRuns(l.runs, r)
		case l.taps == 1 || l.copying:
			l.maskNearest(valid, r.lo, r.hi)
			l.runs = appendRuns(l.runs, r)
			l.findGaps(valid, r.lo, r.hi)
		default:
			l.classifyMasked(valid, r)
		}
	}
}

// maskNearest gives pixels the validity of their nearest samples.
func (l *line) maskNearest(valid []uint8, lo, hi int) {
	valid = valid[lo:hi]
	base := l.mask.PixOffset(l.src.Min.X, l.src.Min.Y)
	switch {
	case l.copying:
		p, before := l.at(lo), l.before
		copy(valid, l.mask.Pix[base+(int(p.y)+before)*l.mask.Stride+int(p.x)+before:])
	case l.separable:
		mask := l.mask.Pix[base+int(l.row.first)*l.mask.Stride:]
		cols := l.columns[lo:hi][:len(valid)]
		for i := range valid {
			valid[i] = mask[cols[i].first]
		}
	default:
		mask, at := l.mask.Pix[base:], l.offsetsInMask()[lo:hi][:len(valid)]
		for i := range valid {
			valid[i] = mask[at[i]]
		}
	}
}

// offsetsInMask is offsets for the mask.
func (l *line) offsetsInMask() []int {
	if l.samples.stride == l.mask.Stride {
		return l.samples.at
	}
	return l.offsets(&l.masks, l.mask.Stride)
}

// findGaps lists the runs of invalid pixels.
func (l *line) findGaps(valid []uint8, lo, hi int) {
	for lo < hi {
		n := bytes.IndexByte(valid[lo:hi], 0)
		if n < 0 {
			return
		}
		start := lo + n
		for lo = start; lo < hi && valid[lo] == 0; lo++ {
		}
		l.gaps = append(l.gaps, run{start, lo, outside})
	}
}

// classifyMasked is classify for a run that may have incomplete kernels.
func (l *line) classifyMasked(valid []uint8, r run) {
	start, current := r.lo, inside // of the run at hand
	for i := r.lo; i < r.hi; i++ {
		if r.fit == inside {
			n := l.solidRun(i, r.hi)
			copy(valid[i:n], l.opaque)
			if n > i && current != inside {
				if start < i {
					l.runs = appendRuns(l.runs, run{start, i, current})
				}
				start, current = i, inside
			}
			if i = n; i == r.hi {
				break
			}
		}
		f := l.classifyPixel(&valid[i], l.at(i), r.fit)
		if f != current {
			if start < i {
				l.runs = appendRuns(l.runs, run{start, i, current})
			}
			start, current = i, f
		}
	}
	l.runs = appendRuns(l.runs, run{start, r.hi, current})
}

// solidRun is where the run of pixels from lo on ends whose samples are known to hold data fully. All must be in the source.
func (l *line) solidRun(lo, hi int) int {
	if l.separable {
		flags := l.solid.row(l.row.first)
		cols := l.columns[:hi]
		for lo < len(cols) && flags[cols[lo].first>>solidBits]&solidFull != 0 {
			lo++
		}
		return lo
	}
	flags, stride, pts := l.solid.flags, l.solid.stride, l.pts[:hi]
	for lo < len(pts) && flags[int(pts[lo].y>>solidBits)*stride+int(pts[lo].x>>solidBits)]&solidFull != 0 {
		lo++
	}
	return lo
}

// classifyPixel finds the validity of one pixel, and adds its mixture if its kernel is incomplete.
func (l *line) classifyPixel(valid *uint8, p point, f fit) fit {
	if f == inside && l.complete(p) {
		*valid = math.MaxUint8
		return inside
	}
	n := len(l.mixtures)
	if n == cap(l.mixtures) {
		l.mixtures = append(l.mixtures, mixture{})[:n]
	}
	if *valid = l.mix(&l.mixtures[:n+1][n], p); *valid == 0 {
		return outside
	}
	l.mixtures = l.mixtures[:n+1]
	return partial
}

// maskOffset is where the mask has the pixel at x, y of the source window.
func (l *line) maskOffset(x, y int32) int {
	return l.mask.PixOffset(l.src.Min.X, l.src.Min.Y) + int(y)*l.mask.Stride + int(x)
}

// complete says whether all taps, which must lie in the source, fully hold data.
func (l *line) complete(p point) bool {
	o := l.maskOffset(p.x, p.y)
	for range l.taps {
		for _, a := range l.mask.Pix[o : o+l.taps] {
			if a != math.MaxUint8 {
				return false
			}
		}
		o += l.mask.Stride
	}
	return true
}

// appendRun adds pixel i, the next one.
func appendRun(rs []run, i int, f fit) []run { return appendRuns(rs, run{i, i + 1, f}) }

// appendRuns adds a run, the next one.
func appendRuns(rs []run, r run) []run {
	if n := len(rs) - 1; n >= 0 && rs[n].fit == r.fit {
		rs[n].hi = r.hi
		return rs
	}
	return append(rs, r)
}
