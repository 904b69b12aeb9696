package resample

// bilinearInteger is the sampler of Bilinear for samples of 8 and 16 bits. Since points lie on multiples of 2^-20 pixel,
// values times 2^40 are whole numbers, below 2^57 in size: they are exact until they are rounded.
type bilinearInteger[T small, A int32 | int64] struct {
	smooth[T] // for mixtures
	cache     rowCache[A]
}

func (s *bilinearInteger[T, A]) axes(l *line, lo, hi int) {
	upper, lower := s.along(l, l.row.first), s.along(l, l.row.first+1)
	row, t := s.row[lo:hi], int64(l.row.frac)
	upper, lower = upper[lo:hi][:len(row)], lower[lo:hi][:len(row)]
	for i, u := range upper {
		row[i] = T(roundOff(int64(u)<<snapBits+t*int64(lower[i]-u), 2*snapBits))
	}
}

// along is row y of the source, interpolated at the columns whose kernel is in the source, times 2^20.
func (s *bilinearInteger[T, A]) along(l *line, y int32) []A {
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
		cols := l.columns[r.lo:r.hi][:len(out)]
		for i := range out {
			c := &cols[i]
			v := src[c.first:][:2]
			out[i] = lerp(A(v[0]), A(v[1]), A(c.frac))
		}
	}
	return buf
}

func (s *bilinearInteger[T, A]) points(l *line, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row[lo:hi]
	pts, at := l.pts[lo:hi][:len(row)], l.offsets(&l.samples, stride)[lo:hi][:len(row)]
	for i := range row {
		p, o := &pts[i], at[i]
		upper, lower := (*[2]T)(pix[o:o+2]), (*[2]T)(pix[o+stride:o+stride+2])
		a := lerp(A(upper[0]), A(upper[1]), A(p.fx))
		b := lerp(A(lower[0]), A(lower[1]), A(p.fx))
		row[i] = T(roundOff(int64(a)<<snapBits+int64(p.fy)*int64(b-a), 2*snapBits))
	}
}

// lerp is what lies f·2^-20 of the way from a to b, times 2^20.
func lerp[A int32 | int64](a, b, f A) A { return a<<snapBits + f*(b-a) }

// roundOff is v·2^-bits, rounded half away from zero.
func roundOff(v int64, bits uint) int64 { return (v + 1<<(bits-1) + v>>63) >> bits }
