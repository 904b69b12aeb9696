package resample

import (
	"github.com/geoexport/geoexport/raster"
)

// A sampler makes the samples of one band, a run of pixels at a time. Pixels lo to hi are counted from the left of the
// destination.
type sampler interface {
	stride() int                    // that of the source's plane
	begin(y int)                    // turns to row y of the destination
	zero(lo, hi int)                // no data
	copyRow(x, y int32, lo, hi int) // the samples from x, y of the source window on, as they are
}

// A stencilSampler makes complete kernels of a stencil.
type stencilSampler interface {
	axes(a *axes, lo, hi int)     // placed by columns and row
	points(p *points, lo, hi int) // placed point by point
}

// A weightingSampler makes new values of samples.
type weightingSampler interface {
	mixed(ms []mixture, lo, hi int)  // incomplete kernels, one mixture a pixel
	wide(k *wideKernels, lo, hi int) // wide kernels
}

// A spanSampler takes points as spans.
type spanSampler interface {
	spans(spans []span) // complete kernels, placed by spans that begin at the source's first sample
}

// A votingSampler replaces samples by the most frequent of their pixels' footprints.
type votingSampler interface {
	vote(v *votes, lo, hi int)
}

// newSampler returns the sampler of band n.
func newSampler(dst, src *raster.Block, n int, m *method) (sampler, error) {
	switch d := dst.Bands[n].(type) {
	case *raster.PlaneOf[uint8]:
		return integerSampler[uint8, int32](d, src, n, m), nil
	case *raster.PlaneOf[int8]:
		return integerSampler[int8, int32](d, src, n, m), nil
	case *raster.PlaneOf[uint16]:
		return integerSampler[uint16, int64](d, src, n, m), nil
	case *raster.PlaneOf[int16]:
		return integerSampler[int16, int64](d, src, n, m), nil
	case *raster.PlaneOf[uint32]:
		return realSampler(d, src, n, m), nil
	case *raster.PlaneOf[int32]:
		return realSampler(d, src, n, m), nil
	case *raster.PlaneOf[float32]:
		return realSampler(d, src, n, m), nil
	case *raster.PlaneOf[float64]:
		return realSampler(d, src, n, m), nil
	case *raster.PlaneOf[complex64]:
		return complexSampler(d, src, n, m)
	case *raster.PlaneOf[complex128]:
		return complexSampler(d, src, n, m)
	}
	return nil, unsupported("samples of type %v", dst.Type)
}

// realSampler returns the sampler of a band whose samples can be weighted.
func realSampler[T raster.Real](d *raster.PlaneOf[T], src *raster.Block, n int, m *method) sampler {
	p := planesOf(d, src, n)
	switch {
	case m.majority:
		return &majoritySampler[T]{nearestSampler: nearestSampler[T]{planes: p}}
	case m.loops == nearestLoops:
		return &nearestSampler[T]{planes: p}
	case m.loops == bilinearLoops:
		return newBilinearSampler(p, src.Type, m)
	case m.loops == cubicLoops:
		return newCubicSampler(p, src.Type, m)
	}
	return newWideSampler(p, src.Type, m)
}

// integerSampler returns what realSampler does, for samples of 8 and 16 bits. A is wide enough for the sums that a
// kernel makes of a row.
func integerSampler[T small, A int32 | int64](d *raster.PlaneOf[T], src *raster.Block, n int, m *method) sampler {
	p := planesOf(d, src, n)
	switch {
	case m.exact && m.loops == bilinearLoops:
		return newBilinearInteger[T, A](p, src.Type, m)
	case m.exact && m.loops == cubicLoops:
		return newCubicInteger[T, A](p, src.Type, m)
	}
	return realSampler(d, src, n, m)
}

// small is the samples that the loops of kernels take in whole numbers.
type small interface{ uint8 | int8 | uint16 | int16 }

// complexSampler returns the sampler of a band that no kernel weights: see warpComplex.
func complexSampler[T complex64 | complex128](
	d *raster.PlaneOf[T], src *raster.Block, n int, m *method,
) (sampler, error) {
	if m.majority {
		return nil, unsupported("Majority of samples of type %v, which have no order", src.Type)
	}
	return &nearestSampler[T]{planes: planesOf(d, src, n)}, nil
}

// planes holds both sides of a band.
type planes[T raster.Sample] struct {
	dst, src *raster.PlaneOf[T]
	row      []T // of dst, at hand
}

// planesOf returns band n of both sides, which check has found to be of one type.
func planesOf[T raster.Sample](d *raster.PlaneOf[T], src *raster.Block, n int) planes[T] {
	return planes[T]{dst: d, src: src.Bands[n].(*raster.PlaneOf[T])}
}

func (p *planes[T]) stride() int { return p.src.Stride }

func (p *planes[T]) begin(y int) { p.row = p.dst.Row(y) }

func (p *planes[T]) zero(lo, hi int) { clear(p.row[lo:hi]) }

func (p *planes[T]) copyRow(x, y int32, lo, hi int) { copy(p.row[lo:hi], p.srcRow(y)[x:]) }

// srcRow returns row y of the source window, counted from its top.
func (p *planes[T]) srcRow(y int32) []T {
	return p.src.Row(p.src.Rect.Min.Y + int(y))
}

// nearestSampler is the sampler of Nearest.
type nearestSampler[T raster.Sample] struct{ planes[T] }

func (s *nearestSampler[T]) axes(a *axes, lo, hi int) {
	src, row := s.srcRow(a.row.first), s.row[lo:hi]
	cols := a.columns[lo:hi][:len(row)]
	for i := range row {
		row[i] = src[cols[i].first]
	}
}

func (s *nearestSampler[T]) points(p *points, lo, hi int) {
	pix, row := s.src.Pix, s.row[lo:hi]
	at := p.offsets(s.src.Stride)[lo:hi][:len(row)]
	for i := range row {
		row[i] = pix[at[i]]
	}
}
