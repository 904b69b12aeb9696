package resample

import "github.com/geoexport/geoexport/raster"

// cubicSampler is the sampler of Cubic. Both ways to place the kernel run it along x, then along y, weighting differences
// to the second sample; so they give the same bits, and constants stay what they are.
type cubicSampler[T raster.Real] struct {
	smooth[T]
	cache rowCache[float64]
}

// cubic weights four values. The second weight is what the others leave of one.
func cubic(w *[maxTaps]float64, a, b, c, d float64) float64 {
	return b + (float64(w[0]*(a-b)) + float64(w[2]*(c-b)) + float64(w[3]*(d-b)))
}

func (s *cubicSampler[T]) axes(l *line, lo, hi int) {
	var rows [maxTaps][]float64
	buf := s.buf[lo:hi]
	for j := range rows {
		rows[j] = s.along(l, l.row.first+int32(j))[lo:hi][:len(buf)]
	}
	w := l.weigh(fraction(l.row.frac))
	a, b, c, d := rows[0], rows[1], rows[2], rows[3]
	for i := range buf {
		buf[i] = cubic(&w, a[i], b[i], c[i], d[i])
	}
	s.finish(l, lo, hi)
}

// along is row y of the source with the kernel run along it, at the columns whose kernel is in the source.
func (s *cubicSampler[T]) along(l *line, y int32) []float64 {
	buf, fill := s.cache.row(y, len(l.columns))
	if !fill {
		return buf
	}
	src := s.srcRow(y)
	for _, r := range l.fits {
		if r.fit != inside {
			continue
		}
		out := buf[r.lo:r.hi]
		cols, ws := l.columns[r.lo:r.hi][:len(out)], l.colWeights.floats[r.lo:r.hi][:len(out)]
		for i := range out {
			v := src[cols[i].first:][:maxTaps]
			out[i] = cubic(&ws[i], float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3]))
		}
	}
	return buf
}

func (s *cubicSampler[T]) points(l *line, lo, hi int) {
	pix, stride := s.src.Pix, s.src.Stride
	buf := s.buf[lo:hi]
	ws, at := l.ptWeights.floats[lo:hi][:len(buf)], l.offsets(&l.samples, stride)[lo:hi][:len(buf)]
	for i := range buf {
		o, w := at[i], &ws[i]
		var h [maxTaps]float64
		for j := range h {
			v := pix[o:][:maxTaps]
			h[j] = cubic(&w[0], float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3]))
			o += stride
		}
		buf[i] = cubic(&w[1], h[0], h[1], h[2], h[3])
	}
	s.finish(l, lo, hi)
}
