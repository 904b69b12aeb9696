package resample

import "github.com/geoexport/geoexport/raster"

// cubicSampler is the sampler of Cubic. Both ways to place the kernel run it along x, then along y, weighting
// differences to the second sample; so they give the same bits, and constants stay what they are.
type cubicSampler[T raster.Real] struct {
	weighted[T]
	rows rowCache[*axes, float64]
}

func newCubicSampler[T raster.Real](p planes[T], typ raster.PixelType, m *method) *cubicSampler[T] {
	s := new(cubicSampler[T])
	s.prepare(p, typ, m)
	s.rows = newRowCache(&s.planes, cubicRun[T])
	return s
}

// convolve weights four values. The second weight is what the others leave of one.
func convolve(w *[maxTaps]float64, a, b, c, d float64) float64 {
	return b + (float64(w[0]*(a-b)) + float64(w[2]*(c-b)) + float64(w[3]*(d-b)))
}

func (s *cubicSampler[T]) axes(a *axes, lo, hi int) {
	var rows [maxTaps][]float64
	buf := s.values()[lo:hi]
	for j := range rows {
		rows[j] = s.rows.row(a, a.row.first+int32(j), maxTaps, len(a.columns))[lo:hi][:len(buf)]
	}
	w := cubicWeights(fraction(a.row.frac))
	v0, v1, v2, v3 := rows[0], rows[1], rows[2], rows[3]
	for i := range buf {
		buf[i] = convolve(&w, v0[i], v1[i], v2[i], v3[i])
	}
	s.finish(positions{axes: a}, lo, hi)
}

// cubicRun runs the kernel along x: it is a columnRun.
func cubicRun[T raster.Real](out []float64, row []T, a *axes, lo, hi int) {
	cols, ws := a.columns[lo:hi][:len(out)], a.weights.floats[lo:hi][:len(out)]
	for i := range out {
		v := row[cols[i].first:][:maxTaps]
		out[i] = convolve(&ws[i], float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3]))
	}
}

func (s *cubicSampler[T]) points(p *points, lo, hi int) {
	pix, stride := s.src.Pix, s.src.Stride
	buf := s.values()[lo:hi]
	ws, at := p.weights.floats[lo:hi][:len(buf)], p.offsets(stride)[lo:hi][:len(buf)]
	for i := range buf {
		o, w := at[i], &ws[i]
		var h [maxTaps]float64
		for j := range h {
			v := pix[o:][:maxTaps]
			h[j] = convolve(&w[0], float64(v[0]), float64(v[1]), float64(v[2]), float64(v[3]))
			o += stride
		}
		buf[i] = convolve(&w[1], h[0], h[1], h[2], h[3])
	}
	s.finish(positions{points: p}, lo, hi)
}
