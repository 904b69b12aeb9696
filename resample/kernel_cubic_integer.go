package resample

// cubicInteger is the sampler of Cubic for samples of 8 and 16 bits. Its weights are whole numbers times 2^-22, and what it
// makes of them is exact until it is rounded.
type cubicInteger[T small, A int32 | int64] struct {
	smooth[T]   // for mixtures
	least, most int64
	cache       rowCache[A]
}

func (s *cubicInteger[T, A]) axes(l *line, lo, hi int) {
	var rows [maxTaps][]A
	row := s.row[lo:hi]
	for j := range rows {
		rows[j] = s.along(l, l.row.first+int32(j))[lo:hi][:len(row)]
	}
	var w [maxTaps]int32
	cubicIntegers(&w, l.row.frac)
	a, b, c, d := rows[0], rows[1], rows[2], rows[3]
	for i := range row {
		row[i] = s.rounded(weighted(&w, int64(a[i]), int64(b[i]), int64(c[i]), int64(d[i])))
	}
}

// along is row y of the source with the kernel run along it, at the columns whose kernel is in the source, times 2^22.
func (s *cubicInteger[T, A]) along(l *line, y int32) []A {
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
		cols, ws := l.columns[r.lo:r.hi][:len(out)], l.colWeights.integers[r.lo:r.hi][:len(out)]
		for i := range out {
			v := src[cols[i].first:][:maxTaps]
			out[i] = weighted(&ws[i], A(v[0]), A(v[1]), A(v[2]), A(v[3]))
		}
	}
	return buf
}

func (s *cubicInteger[T, A]) points(l *line, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row[lo:hi]
	ws, at := l.ptWeights.integers[lo:hi][:len(row)], l.offsets(&l.samples, stride)[lo:hi][:len(row)]
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
		row[i] = s.rounded(weighted(&w[1], int64(a), int64(b), int64(c), int64(d)))
	}
}

func (s *cubicInteger[T, A]) rounded(v int64) T {
	return T(min(max(roundOff(v, 2*weightBits), s.least), s.most))
}

// weighted is the sum of four values by their weights, times 2^22.
func weighted[A int32 | int64](w *[maxTaps]int32, a, b, c, d A) A {
	return A(w[0])*a + A(w[1])*b + A(w[2])*c + A(w[3])*d
}
