package resample

import "math"

const (
	// leastWidening is what scales have to exceed for a kernel to be widened: less is the noise of snapped coordinates.
	leastWidening = 1 + 1.0/4096
	// mostWidening bounds how many samples a kernel takes: Cubic up to 257 along an axis.
	mostWidening = 64
	// widePiece and wideWeights bound how many pixels are made together, and the weights of their mixtures: half a
	// megabyte, unless one pixel has more.
	widePiece   = 64
	wideWeights = 1 << 16
)

// wideKernels holds the kernels that are summed tap by tap, however many taps they have: those that are widened, and
// all of a kernel without loops of its own.
type wideKernels struct {
	*method
	src        *source
	footprints *footprints // nil if no kernel is widened

	scales  []scale // of the pixels of the row
	covers  []run   // of the row, with kernels that are wide
	columns []wideTaps
	row     wideTaps
	rowTaps []float64 // weights of row

	first   int // the first pixel of the piece at hand
	kernels []wideKernel
	weights []float64 // of kernels, unless they are those of columns and row
	mixed   []float64 // weights of their mixtures
}

// A scale is how much a kernel is widened, along x and y; 1 is not at all.
type scale struct{ x, y float64 }

// wideTaps are the taps of a kernel along one axis of a separable mapping.
type wideTaps struct {
	tapRow
	scale float64
}

// A wideKernel is where the kernel of one pixel stands.
type wideKernel struct {
	x, y     tapRow
	shared   bool    // x is that of the pixel's column, y that of the row
	valid    uint8   // validity of the pixel
	complete bool    // all samples are there and fully hold data
	mixture  mixture // if not complete
}

// newWideKernels prepares for rows of a number of pixels.
func newWideKernels(m *method, src *source, f *footprints, pixels int) *wideKernels {
	return &wideKernels{method: m, src: src, footprints: f, scales: make([]scale, pixels)}
}

// widening returns the scale at which the kernel of pixel i is used.
func (w *wideKernels) widening(i int, centre snapped) scale {
	if w.footprints != nil {
		if q, ok := w.footprints.at(i, centre); ok {
			x, y := q.scale()
			return scale{widening(x), widening(y)}
		}
	}
	return scale{1, 1}
}

// widening returns by how much a kernel is widened where a pixel spans s source pixels.
func widening(s float64) float64 {
	if s > leastWidening {
		return min(s, mostWidening)
	}
	return 1
}

// wide reports whether the kernel is widened.
func (s scale) wide() bool { return s.x > 1 || s.y > 1 }

// wideTapsAt returns the samples of a kernel about the snapped coordinate n along one axis, when it is widened.
func (k *kernel) wideTapsAt(n int64, scale float64) pixels {
	r := int64(math.Ceil(float64(k.support*scale) * snapOne))
	p := between(n-r, n+r)
	if p.lo<<snapBits+snapHalf == n-r {
		p.lo++ // a weight of zero
	}
	return p
}

// place returns the kernel about the snapped coordinate n, widened, with its weights appended to store. Start is where
// the source window begins.
func (k *kernel) place(n, start int64, scale float64, store []float64) (tapRow, []float64) {
	taps := k.wideTapsAt(n, scale)
	from := len(store)
	sum := 0.0
	for i := taps.lo; i < taps.hi; i++ {
		w := k.weight(math.Abs(float64(i<<snapBits+snapHalf-n)) / snapOne / scale)
		store = append(store, w)
		sum += w
	}
	weights := store[from:]
	for i := range weights {
		weights[i] /= sum
	}
	return tapRow{first: int32(taps.lo - start), near: int32(n>>snapBits - taps.lo), weights: weights}, store
}

// setRow finds which kernels of the row are wide, and returns the covers with these among them.
func (w *wideKernels) setRow(pos positions) []run {
	w.covers = w.covers[:0]
	a := pos.axes
	if a != nil && w.columns == nil {
		w.setColumns(a)
	}
	for _, r := range pos.covers() {
		if r.cover == outside || a != nil && a.row.cover == outside {
			w.covers = appendRun(w.covers, run{r.lo, r.hi, outside})
			continue
		}
		for i := r.lo; i < r.hi; i++ {
			c := r.cover
			if a != nil {
				c = min(c, a.row.cover)
			}
			w.scales[i] = w.widening(i, w.src.centre(w.method, pos.at(i)))
			if w.scales[i].wide() || w.loops == wideLoops {
				c = wide
			}
			w.covers = appendPixel(w.covers, i, c)
		}
	}
	if a != nil && a.row.cover != outside {
		scale := 1.0
		if w.footprints != nil {
			scale = w.footprints.row.widening()
		}
		n := w.src.centre(w.method, point{y: a.row.first, fy: a.row.frac}).y
		w.row.scale = scale
		w.row.tapRow, w.rowTaps = w.place(n, w.src.y.start, scale, w.rowTaps[:0])
	}
	return w.covers
}

// setColumns places the kernels of a separable mapping along x.
func (w *wideKernels) setColumns(a *axes) {
	w.columns = make([]wideTaps, len(a.columns))
	var store []float64
	for i, p := range a.columns {
		if p.cover == outside {
			continue
		}
		scale := 1.0
		if w.footprints != nil {
			scale = w.footprints.cols[i].widening()
		}
		n := w.src.centre(w.method, point{x: p.first, fx: p.frac}).x
		w.columns[i].scale = scale
		w.columns[i].tapRow, store = w.place(n, w.src.x.start, scale, store)
	}
}

// widening returns by how much the footprint widens a kernel along its axis.
func (s interval) widening() float64 {
	if !s.ok {
		return 1
	}
	return widening(stretch(s.from, s.to, s.to, s.from))
}

// placePiece places the kernels of pixels from lo on, which are wide, finds their validity, and returns where the piece
// ends: at hi or before it.
func (w *wideKernels) placePiece(lo, hi int, pos positions, valid []uint8) int {
	w.first, w.kernels, w.weights, w.mixed = lo, w.kernels[:0], w.weights[:0], w.mixed[:0]
	for i := lo; i < hi; i++ {
		if i-lo == widePiece || len(w.mixed) > wideWeights {
			return i
		}
		k := &extend(&w.kernels, 1)[0]
		w.placePixel(k, i, pos)
		w.weigh(k)
		valid[i] = k.valid
	}
	return hi
}

// placePixel places the kernel of pixel i.
func (w *wideKernels) placePixel(k *wideKernel, i int, pos positions) {
	scale := w.scales[i]
	if k.shared = pos.axes != nil && w.columns[i].scale == scale.x && w.row.scale == scale.y; k.shared {
		k.x, k.y = w.columns[i].tapRow, w.row.tapRow
		return
	}
	centre := w.src.centre(w.method, pos.at(i))
	k.x, w.weights = w.place(centre.x, w.src.x.start, scale.x, w.weights)
	k.y, w.weights = w.place(centre.y, w.src.y.start, scale.y, w.weights)
}

// weigh finds the validity of a pixel, and its mixture if the kernel is incomplete.
func (w *wideKernels) weigh(k *wideKernel) {
	k.complete = k.x.in(w.src.rect.Dx()) && k.y.in(w.src.rect.Dy()) &&
		w.src.opaque(k.x.first, k.y.first, len(k.x.weights), len(k.y.weights))
	if k.complete {
		k.valid = math.MaxUint8
		return
	}
	if k.valid = w.src.validity(k.x.first+k.x.near, k.y.first+k.y.near); k.valid != 0 {
		k.valid = w.src.mix(&k.mixture, k.x, k.y, k.valid, extend(&w.mixed, len(k.x.weights)*len(k.y.weights)))
	}
}
