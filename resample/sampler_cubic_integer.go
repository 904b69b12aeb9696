package resample

import "github.com/geoexport/geoexport/raster"

// cubicInteger is the sampler of Cubic for samples of 8 and 16 bits. Its weights are whole numbers times 2^-22, and
// what it makes of them is exact until it is rounded.
type cubicInteger[T small, A int32 | int64] struct {
	weighted[T] // for mixtures
	least, most int64
	rows        rowCache[*axes, A]
}

func newCubicInteger[T small, A int32 | int64](p planes[T], typ raster.PixelType, m *method) *cubicInteger[T, A] {
	s := new(cubicInteger[T, A])
	s.prepare(p, typ, m)
	s.least, s.most = int64(s.lo), int64(s.hi)
	s.rows = newRowCache(&s.planes, cubicIntegerRun[T, A])
	return s
}

func (s *cubicInteger[T, A]) axes(a *axes, lo, hi int) {
	var rows [maxTaps][]A
	row := s.row[lo:hi]
	for j := range rows {
		rows[j] = s.rows.row(a, a.row.first+int32(j), maxTaps, len(a.columns))[lo:hi][:len(row)]
	}
	var w [maxTaps]int32
	cubicIntegers(&w, a.row.frac)
	v0, v1, v2, v3 := rows[0], rows[1], rows[2], rows[3]
	for i := range row {
		row[i] = s.rounded(convolveIntegers(&w, int64(v0[i]), int64(v1[i]), int64(v2[i]), int64(v3[i])))
	}
}

// cubicIntegerRun runs the kernel along x, to values times 2^22: it is a columnRun.
func cubicIntegerRun[T small, A int32 | int64](out []A, row []T, a *axes, lo, hi int) {
	cols, ws := a.columns[lo:hi][:len(out)], a.weights.integers[lo:hi][:len(out)]
	for i := range out {
		v := row[cols[i].first:][:maxTaps]
		out[i] = convolveIntegers(&ws[i], A(v[0]), A(v[1]), A(v[2]), A(v[3]))
	}
}

func (s *cubicInteger[T, A]) points(t *points, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row[lo:hi]
	ws, at := t.weights.integers[lo:hi][:len(row)], t.offsets(stride)[lo:hi][:len(row)]
	for i := range row {
		o, w := at[i], &ws[i]
		w0, w1, w2, w3 := A(w[0][0]), A(w[0][1]), A(w[0][2]), A(w[0][3])
		p, q := (*[maxTaps]T)(pix[o:o+maxTaps]), (*[maxTaps]T)(pix[o+stride:o+stride+maxTaps])
		a := w0*A(p[0]) + w1*A(p[1]) + w2*A(p[2]) + w3*A(p[3])
		b := w0*A(q[0]) + w1*A(q[1]) + w2*A(q[2]) + w3*A(q[3])
		o += 2 * stride
		p, q = (*[maxTaps]T)(pix[o:o+maxTaps]), (*[maxTaps]T)(pix[o+stride:o+stride+maxTaps])
		c := w0*A(p[0]) + w1*A(p[1]) + w2*A(p[2]) + w3*A(p[3])
		d := w0*A(q[0]) + w1*A(q[1]) + w2*A(q[2]) + w3*A(q[3])
		row[i] = s.rounded(convolveIntegers(&w[1], int64(a), int64(b), int64(c), int64(d)))
	}
}

// rounded returns a value, times 2^44, as a sample.
func (s *cubicInteger[T, A]) rounded(v int64) T {
	return T(min(max(roundOff(v, 2*weightBits), s.least), s.most))
}

// convolveIntegers returns the sum of four values by their weights, times 2^22.
func convolveIntegers[A int32 | int64](w *[maxTaps]int32, a, b, c, d A) A {
	return A(w[0])*a + A(w[1])*b + A(w[2])*c + A(w[3])*d
}
