package resample

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

const (
	// leastWidening is what scales have to pass for a kernel to be widened: less is the noise of snapped coordinates.
	leastWidening = 1 + 1.0/4096
	// mostWidening bounds how many samples a kernel takes: up to 257 along an axis.
	mostWidening = 64
	// widePiece is how many pixels with widened kernels are made at once, to bound the memory for their weights.
	widePiece = 64
)

// widths is what widened kernels add to a line.
type widths struct {
	scales   []scale // of the pixels of the row
	fits     []run   // the line's, with kernels that are widened
	columns  []spread
	row      spread
	first    int // the first pixel of the piece at hand
	kernels  []wideKernel
	weights  []float64 // of kernels, unless the mapping is separable
	rowStore []float64 // of row
}

// A scale is how much a kernel is widened, along x and y; 1 is not at all.
type scale struct{ x, y float64 }

// A spread is a widened kernel along one axis.
type spread struct {
	first   int32     // the first tap, counted from the start of the source window
	near    int32     // which tap is the sample whose pixel holds the point
	weights []float64 // they sum to one, but for rounding
}

// A wideKernel is where the kernel of one pixel stands.
type wideKernel struct {
	x, y     spread
	valid    uint8 // of the pixel
	complete bool  // all samples are there and fully hold data; else
	sum      float64
}

// reach is how far a kernel's taps are from its centre at most, in pixels.
func (k kernel) reach() float64 { return float64(k.taps) / 2 }

// widening is the scale at which a pixel's kernel is used.
func (f *footprints) widening(i int, centre corner) scale {
	q, ok := f.at(i, centre)
	if !ok {
		return scale{1, 1}
	}
	x, y := q.scale()
	return scale{widening(x), widening(y)}
}

// widening is by how much a kernel is widened where a pixel spans s source pixels.
func widening(s float64) float64 {
	if s > leastWidening {
		return min(s, mostWidening)
	}
	return 1
}

func (s scale) wide() bool { return s.x > 1 || s.y > 1 }

// taps are the pixels that a kernel about the snapped coordinate n takes in, when it is widened.
func (k kernel) wideTaps(n int64, scale float64) pixels {
	r := int64(math.Ceil(float64(k.reach()*scale) * snapOne))
	p := between(n-r, n+r)
	if p.lo<<snapBits+snapHalf == n-r {
		p.lo++ // a weight of zero
	}
	return p
}

// spread is the kernel about the snapped coordinate n, widened, with its weights appended to store. Start is where the
// source window begins.
func (k kernel) spread(n, start int64, scale float64, store []float64) (spread, []float64) {
	taps := k.wideTaps(n, scale)
	from := len(store)
	sum := 0.0
	for i := taps.lo; i < taps.hi; i++ {
		w := k.weightAt(math.Abs(float64(i<<snapBits+snapHalf-n)) / snapOne / scale)
		store = append(store, w)
		sum += w
	}
	weights := store[from:]
	for i := range weights {
		weights[i] /= sum
	}
	return spread{first: int32(taps.lo - start), near: int32(n>>snapBits - taps.lo), weights: weights}, store
}

// weightAt is the weight of a sample at distance d. For Cubic it is Keys's equation 15, as in cubicWeights.
func (k kernel) weightAt(d float64) float64 {
	switch {
	case k.taps == 2:
		return max(0, 1-d)
	case d < 1:
		return float64(float64((float64(1.5*d)-2.5)*d)*d) + 1
	case d < 2:
		return float64((float64((float64(-0.5*d)+2.5)*d)-4)*d) + 2
	}
	return 0
}

// setWidths finds which kernels of the row are widened.
func (l *line) setWidths() {
	w := l.wide
	w.fits = w.fits[:0]
	if l.separable && w.columns == nil {
		w.columns = make([]spread, len(l.columns))
		var store []float64
		for i, p := range l.columns {
			if s := l.footprints.cols[i]; p.fit != outside && s.ok {
				n := l.centre(point{x: p.first, fx: p.frac}).x
				w.columns[i], store = l.spread(n, l.x.start, s.widening(), store)
			}
		}
	}
	for _, r := range l.fits {
		if r.fit == outside || l.separable && l.row.fit == outside {
			w.fits = appendRuns(w.fits, run{r.lo, r.hi, outside})
			continue
		}
		for i := r.lo; i < r.hi; i++ {
			f := r.fit
			if l.separable {
				f = min(f, l.row.fit)
			}
			if w.scales[i] = l.footprints.widening(i, l.centre(l.at(i))); w.scales[i].wide() {
				f = widened
			}
			w.fits = appendRun(w.fits, i, f)
		}
	}
	if l.separable && l.row.fit != outside && l.footprints.row.ok {
		n := l.centre(point{y: l.row.first, fy: l.row.frac}).y
		w.row, w.rowStore = l.spread(n, l.y.start, l.footprints.row.widening(), w.rowStore[:0])
	}
}

func (s side) widening() float64 { return widening(stretch(s.from, s.to, s.to, s.from)) }

// spreadOut places the kernels of pixels lo to hi, which are widened, and finds the pixels' validity.
func (l *line) spreadOut(lo, hi int) {
	w := l.wide
	w.first, w.kernels, w.weights = lo, w.kernels[:0], w.weights[:0]
	for i := lo; i < hi; i++ {
		var k wideKernel
		if l.separable {
			k.x, k.y = w.columns[i], w.row
		} else {
			c := l.centre(l.pts[i])
			k.x, w.weights = l.spread(c.x, l.x.start, w.scales[i].x, w.weights)
			k.y, w.weights = l.spread(c.y, l.y.start, w.scales[i].y, w.weights)
		}
		l.weighWide(&k)
		l.validRow[i] = k.valid
		w.kernels = append(w.kernels, k)
	}
}

// weighWide finds the validity and, for incomplete kernels, the sum of weights, as mix does.
func (l *line) weighWide(k *wideKernel) {
	k.complete = k.x.in(l.src.Dx()) && k.y.in(l.src.Dy())
	if k.complete && l.mask != nil {
		o := l.maskOffset(k.x.first, k.y.first)
		for range k.y.weights {
			if !allOpaque(l.mask.Pix[o : o+len(k.x.weights)]) {
				k.complete = false
				break
			}
			o += l.mask.Stride
		}
	}
	if k.complete {
		k.valid = math.MaxUint8
		return
	}
	centre := l.validity(k.x.first+k.x.near, k.y.first+k.y.near)
	if centre == 0 {
		return
	}
	var whole, wholeSize, offset, sum, size float64
	for j, wy := range k.y.weights {
		for i, wx := range k.x.weights {
			a := l.validity(k.x.first+int32(i), k.y.first+int32(j))
			if a == 0 {
				continue
			}
			w := float64(wx * wy)
			whole += w
			wholeSize += math.Abs(w)
			offset += float64(w * (float64(a) - float64(centre)))
			w = part(w, a)
			sum += w
			size += math.Abs(w)
		}
	}
	k.sum = max(sum, size/2)
	v := float64(centre) + offset/max(whole, wholeSize/2)
	k.valid = uint8(min(max(v, 1), math.MaxUint8) + 0.5)
}

// in says whether all taps are in a source window of the given size.
func (s *spread) in(size int) bool { return s.first >= 0 && int(s.first)+len(s.weights) <= size }

func allOpaque(row []uint8) bool {
	for _, a := range row {
		if a != math.MaxUint8 {
			return false
		}
	}
	return true
}

// part is w, as far as a sample holds data: by exactly 1 where it does fully.
func part(w float64, a uint8) float64 {
	if a == math.MaxUint8 {
		return w
	}
	return float64(w * (float64(a) / math.MaxUint8))
}

// widened makes the samples of pixels lo to hi, whose kernels spreadOut has placed. As with other kernels, those that are
// complete run along x, then along y, weighting differences to the nearest sample.
func (s *smooth[T]) widened(l *line, lo, hi int) {
	for i := lo; i < hi; i++ {
		k := &l.wide.kernels[i-l.wide.first]
		if k.valid == 0 {
			s.buf[i] = 0
			continue
		}
		var v float64
		if k.complete {
			v = s.wideComplete(l, k, i)
		}
		if !k.complete || v-v != 0 || v == 0 && !s.integer {
			v = s.wideMixed(l, k, v)
		}
		s.buf[i] = v
	}
	s.store(lo, hi)
}

func (s *smooth[T]) wideComplete(l *line, k *wideKernel, i int) float64 {
	near := s.alongWide(l, k, k.y.near, i)
	sum := 0.0
	for j, w := range k.y.weights {
		sum += float64(w * (s.alongWide(l, k, int32(j), i) - near))
	}
	return near + sum
}

// alongWide is the kernel run along its j-th row. For separable mappings that is kept for the next rows.
func (s *smooth[T]) alongWide(l *line, k *wideKernel, j int32, i int) float64 {
	y := k.y.first + j
	if !l.separable {
		return alongRow(s.srcRow(y)[k.x.first:][:len(k.x.weights)], &k.x)
	}
	buf, fill := s.wide.row(y, len(l.columns), len(k.y.weights))
	if fill {
		src := s.srcRow(y)
		for i := range l.wide.columns {
			if c := &l.wide.columns[i]; len(c.weights) > 0 && c.in(l.src.Dx()) {
				buf[i] = alongRow(src[c.first:][:len(c.weights)], c)
			}
		}
	}
	return buf[i]
}

func alongRow[T raster.Real](vs []T, k *spread) float64 {
	near, sum := float64(vs[k.near]), 0.0
	for i, w := range k.weights[:len(vs)] {
		sum += float64(w * (float64(vs[i]) - near))
	}
	return near + sum
}

// wideMixed is mixed for a widened kernel. For a complete one whose result is v, zero or not finite, it finds the sign of
// zero and a finite result.
func (s *smooth[T]) wideMixed(l *line, k *wideKernel, v float64) float64 {
	centre := float64(s.srcRow(k.y.first + k.y.near)[k.x.first+k.x.near])
	if k.complete && v == 0 {
		return signed(v, centre)
	}
	total := k.sum
	if k.complete {
		total = 1
	}
	lo, hi, sum := centre, centre, 0.0
	for j, wy := range k.y.weights {
		for i, wx := range k.x.weights {
			x, y := k.x.first+int32(i), k.y.first+int32(j)
			a := l.validity(x, y)
			w := part(float64(wx*wy), a)
			if a == 0 || w == 0 {
				continue
			}
			v := float64(s.srcRow(y)[x])
			lo, hi = min(lo, v), max(hi, v)
			sum += float64(w / total * (v - centre))
		}
	}
	if v := centre + sum; !math.IsNaN(v) {
		return signed(min(max(v, lo), hi), centre)
	}
	return centre
}

// A wideCache is a rowCache for any number of rows.
type wideCache struct {
	rows [][]float64
	have []int32
}

func (c *wideCache) row(y int32, width, need int) (buf []float64, fill bool) {
	if need > len(c.rows) {
		c.rows, c.have = make([][]float64, 2*need), make([]int32, 2*need)
	}
	n := int(y) % len(c.rows)
	if c.rows[n] == nil {
		c.rows[n] = make([]float64, width)
	}
	fill = c.have[n] != y+1
	c.have[n] = y + 1
	return c.rows[n], fill
}
