package resample

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A sampler makes the samples of one band, a run of pixels at a time.
type sampler interface {
	// stride is that of the source's plane.
	stride() int
	// begin turns to row y of the destination.
	begin(y int)

	// These make the samples of pixels lo to hi, counted from the left of the destination.

	zero(lo, hi int)                // no data
	copy(x, y int32, lo, hi int)    // the samples from x, y of the source window on, as they are
	axes(l *line, lo, hi int)       // complete kernels, placed by columns and row
	points(l *line, lo, hi int)     // complete kernels, placed by pts
	mixed(ms []mixture, lo, hi int) // incomplete kernels, one mixture a pixel
	widened(l *line, lo, hi int)    // widened kernels
}

// A spanSampler takes points as spans.
type spanSampler interface {
	spans(l *line, spans []span) // full kernels, placed by spans that begin at the source's first sample
}

// newSampler is the sampler of band n.
func newSampler(dst, src *raster.Block, n int, k kernel) (sampler, error) {
	switch d := dst.Bands[n].(type) {
	case *raster.PlaneOf[uint8]:
		return integerSampler[uint8, int32](d, src, n, k), nil
	case *raster.PlaneOf[int8]:
		return integerSampler[int8, int32](d, src, n, k), nil
	case *raster.PlaneOf[uint16]:
		return integerSampler[uint16, int64](d, src, n, k), nil
	case *raster.PlaneOf[int16]:
		return integerSampler[int16, int64](d, src, n, k), nil
	case *raster.PlaneOf[uint32]:
		return realSampler(d, src, n, k), nil
	case *raster.PlaneOf[int32]:
		return realSampler(d, src, n, k), nil
	case *raster.PlaneOf[float32]:
		return realSampler(d, src, n, k), nil
	case *raster.PlaneOf[float64]:
		return realSampler(d, src, n, k), nil
	case *raster.PlaneOf[complex64]:
		return complexSampler(d, src, n, k)
	case *raster.PlaneOf[complex128]:
		return complexSampler(d, src, n, k)
	}
	return nil, unsupported("samples of type %v", dst.Type)
}

// realSampler is the sampler of a band whose samples can be weighted.
func realSampler[T raster.Real](d *raster.PlaneOf[T], src *raster.Block, n int, k kernel) sampler {
	s := smoothOf(d, src, n, k)
	switch {
	case k.majority:
		return &majoritySampler[T]{nearestSampler: nearestSampler[T]{planes: s.planes}}
	case k.taps == 1:
		return &nearestSampler[T]{planes: s.planes}
	case k.taps == 2:
		return &bilinearSampler[T]{smooth: s}
	}
	return &cubicSampler[T]{smooth: s}
}

// integerSampler is realSampler for samples of 8 and 16 bits. A is wide enough for what a kernel makes of a row of them.
func integerSampler[T small, A int32 | int64](d *raster.PlaneOf[T], src *raster.Block, n int, k kernel) sampler {
	s := smoothOf(d, src, n, k)
	switch {
	case k.taps == 1 || !k.exact:
		return realSampler(d, src, n, k)
	case k.taps == 2:
		return &bilinearInteger[T, A]{smooth: s}
	}
	return &cubicInteger[T, A]{smooth: s, least: int64(s.lo), most: int64(s.hi)}
}

// small is the samples that a kernel takes in whole numbers.
type small interface{ uint8 | int8 | uint16 | int16 }

// complexSampler is the sampler of a band that nothing weights: see warpComplex.
func complexSampler[T complex64 | complex128](d *raster.PlaneOf[T], src *raster.Block, n int, k kernel) (sampler, error) {
	if k.majority {
		return nil, unsupported("Majority of samples of type %v, which have no order", src.Type)
	}
	return &nearestSampler[T]{planes: planesOf(d, src, n)}, nil
}

// planes is what samplers of all kernels share.
type planes[T raster.Sample] struct {
	dst, src *raster.PlaneOf[T]
	row      []T
}

// planesOf is band n of both sides, which check has found to be of one type.
func planesOf[T raster.Sample](d *raster.PlaneOf[T], src *raster.Block, n int) planes[T] {
	return planes[T]{dst: d, src: src.Bands[n].(*raster.PlaneOf[T])}
}

func (p *planes[T]) stride() int { return p.src.Stride }

func (p *planes[T]) begin(y int) { p.row = p.dst.Row(y) }

func (p *planes[T]) zero(lo, hi int) { clear(p.row[lo:hi]) }

func (p *planes[T]) copy(x, y int32, lo, hi int) { copy(p.row[lo:hi], p.srcRow(y)[x:]) }

// srcRow is row y of the source window, counted from its top.
func (p *planes[T]) srcRow(y int32) []T {
	return p.src.Row(p.src.Rect.Min.Y + int(y))
}

// nearestSampler is the sampler of Nearest.
type nearestSampler[T raster.Sample] struct{ planes[T] }

func (s *nearestSampler[T]) axes(l *line, lo, hi int) {
	src, row := s.srcRow(l.row.first), s.row[lo:hi]
	cols := l.columns[lo:hi][:len(row)]
	for i := range row {
		row[i] = src[cols[i].first]
	}
}

func (s *nearestSampler[T]) points(l *line, lo, hi int) {
	pix, row := s.src.Pix, s.row[lo:hi]
	at := l.offsets(&l.samples, s.src.Stride)[lo:hi][:len(row)]
	for i := range row {
		row[i] = pix[at[i]]
	}
}

// mixed is never called: one sample is there or it is not.
func (s *nearestSampler[T]) mixed([]mixture, int, int) {}

// Nor is widened.
func (s *nearestSampler[T]) widened(*line, int, int) {}

// smooth is what samplers of kernels with weights share: double precision, into buf, and storing from there.
type smooth[T raster.Real] struct {
	planes[T]
	taps    int
	buf     []float64
	integer bool
	lo, hi  float64 // the range of T
	wide    wideCache
}

func smoothOf[T raster.Real](d *raster.PlaneOf[T], src *raster.Block, n int, k kernel) smooth[T] {
	s := smooth[T]{planes: planesOf(d, src, n)}
	if k.taps == 1 {
		return s
	}
	s.taps, s.buf, s.integer = k.taps, make([]float64, d.Rect.Dx()), src.Type.Integer()
	s.lo, s.hi = src.Type.Range()
	return s
}

func (s *smooth[T]) mixed(ms []mixture, lo, hi int) {
	for i := range ms {
		s.buf[lo+i] = mixed(s.src, s.taps, &ms[i])
	}
	s.store(lo, hi)
}

// store rounds pixels lo to hi from the buffer into the row.
func (s *smooth[T]) store(lo, hi int) {
	row := s.row[lo:hi]
	buf := s.buf[lo:hi][:len(row)]
	if !s.integer {
		for i, v := range buf {
			row[i] = T(v)
		}
		return
	}
	// Adding the number before 0.5 and cutting off rounds half away from zero, also where adding 0.5 would carry the
	// number before 0.5 up to 1.
	const half = 0.49999999999999994
	if s.lo == 0 {
		for i, v := range buf {
			if v < 0 {
				v = 0
			}
			if v > s.hi {
				v = s.hi
			}
			row[i] = T(int64(v + half))
		}
		return
	}
	for i, v := range buf {
		if v < s.lo {
			v = s.lo
		}
		if v > s.hi {
			v = s.hi
		}
		row[i] = T(int64(v + math.Copysign(half, v)))
	}
}

// finish stores complete kernels, after it has seen to results that are not finite and to the sign of zero.
func (s *smooth[T]) finish(l *line, lo, hi int) {
	if s.integer {
		s.store(lo, hi)
		return
	}
	row := s.row[lo:hi]
	buf := s.buf[lo:hi][:len(row)]
	for i, v := range buf {
		if odd(v) {
			v = s.settle(l, l.at(lo+i), v)
		}
		row[i] = T(v)
	}
}

// odd says whether the result of a complete kernel is zero or not finite, and settle has to see to it.
func odd(v float64) bool {
	const infinity = 0x7ff << 53 // without the sign
	return math.Float64bits(v)<<1-1 >= infinity-1
}

// settle is the result of the complete kernel at p in place of v, which is odd.
func (s *smooth[T]) settle(l *line, p point, v float64) float64 {
	if v == 0 {
		return signed(v, float64(s.srcRow(p.y + int32(l.nearest(p.fy)))[int(p.x)+l.nearest(p.fx)]))
	}
	m := l.whole(p)
	return mixed(s.src, s.taps, &m)
}

// signed is v, or the nearest sample if both are zero: a negative zero, too, stays what it is.
func signed(v, nearest float64) float64 {
	if v == 0 && nearest == 0 {
		return nearest
	}
	return v
}

// A rowCache holds source rows that a kernel was already run along, for separable mappings: neighbouring rows of the
// destination mostly need the same ones.
type rowCache[A int32 | int64 | float64] struct {
	rows [maxTaps][]A   // by row modulo maxTaps
	have [maxTaps]int32 // which row it is, plus one
}

// row gives the buffer for row y of the source, and whether it has to be filled.
func (c *rowCache[A]) row(y int32, width int) (buf []A, fill bool) {
	n := y % maxTaps
	if c.rows[n] == nil {
		c.rows[n] = make([]A, width)
	}
	fill = c.have[n] != y+1
	c.have[n] = y + 1
	return c.rows[n], fill
}
