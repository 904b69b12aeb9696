package resample

import "github.com/geoexport/geoexport/raster"

// bilinearInteger is the sampler of Bilinear for samples of 8 and 16 bits. Since points lie on multiples of 2^-20
// pixel, values times 2^40 are whole numbers, below 2^57 in size: they are exact until they are rounded.
type bilinearInteger[T small, A int32 | int64] struct {
	weighted[T] // for mixtures
	rows        rowCache[*axes, A]
}

func newBilinearInteger[T small, A int32 | int64](p planes[T], typ raster.PixelType, m *method) *bilinearInteger[T, A] {
	s := new(bilinearInteger[T, A])
	s.prepare(p, typ, m)
	s.rows = newRowCache(&s.planes, bilinearIntegerRun[T, A])
	return s
}

func (s *bilinearInteger[T, A]) axes(a *axes, lo, hi int) {
	upper := s.rows.row(a, a.row.first, 2, len(a.columns))
	lower := s.rows.row(a, a.row.first+1, 2, len(a.columns))
	row, t := s.row[lo:hi], int64(a.row.frac)
	upper, lower = upper[lo:hi][:len(row)], lower[lo:hi][:len(row)]
	for i, u := range upper {
		row[i] = T(roundOff(int64(u)<<snapBits+t*int64(lower[i]-u), 2*snapBits))
	}
}

// bilinearIntegerRun interpolates along x, to values times 2^20: it is a columnRun.
func bilinearIntegerRun[T small, A int32 | int64](out []A, row []T, a *axes, lo, hi int) {
	cols := a.columns[lo:hi][:len(out)]
	for i := range out {
		c := &cols[i]
		v := row[c.first:][:2]
		out[i] = lerp(A(v[0]), A(v[1]), A(c.frac))
	}
}

func (s *bilinearInteger[T, A]) points(p *points, lo, hi int) {
	pix, stride, row := s.src.Pix, s.src.Stride, s.row[lo:hi]
	list, at := p.list[lo:hi][:len(row)], p.offsets(stride)[lo:hi][:len(row)]
	for i := range row {
		t, o := &list[i], at[i]
		upper, lower := (*[2]T)(pix[o:o+2]), (*[2]T)(pix[o+stride:o+stride+2])
		a := lerp(A(upper[0]), A(upper[1]), A(t.fx))
		b := lerp(A(lower[0]), A(lower[1]), A(t.fx))
		row[i] = T(roundOff(int64(a)<<snapBits+int64(t.fy)*int64(b-a), 2*snapBits))
	}
}

// lerp returns the value f·2^-20 of the way from a to b, times 2^20.
func lerp[A int32 | int64](a, b, f A) A { return a<<snapBits + f*(b-a) }

// roundOff returns v·2^-bits, rounded half away from zero.
func roundOff(v int64, bits uint) int64 { return (v + 1<<(bits-1) + v>>63) >> bits }
