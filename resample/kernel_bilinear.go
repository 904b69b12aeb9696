package resample

import "github.com/geoexport/geoexport/raster"

// bilinearSampler is the sampler of Bilinear. Both ways to place the kernel interpolate along x, then along y, from the
// first sample by a part of the difference; so they give the same bits, and constants stay what they are.
type bilinearSampler[T raster.Real] struct {
	smooth[T]
	cache rowCache[float64]
}

func (s *bilinearSampler[T]) axes(l *line, lo, hi int) {
	upper, lower := s.along(l, l.row.first), s.along(l, l.row.first+1)
	buf, t := s.buf[lo:hi], fraction(l.row.frac)
	upper, lower = upper[lo:hi][:len(buf)], lower[lo:hi][:len(buf)]
	for i, u := range upper {
		buf[i] = u + float64(t*(lower[i]-u))
	}
	s.finish(l, lo, hi)
}

// along is row y of the source, interpolated at the columns whose kernel is in the source.
func (s *bilinearSampler[T]) along(l *line, y int32) []float64 {
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
			a := float64(src[c.first])
			out[i] = a + float64(fraction(c.frac)*(float64(src[c.first+1])-a))
		}
	}
	return buf
}

func (s *bilinearSampler[T]) points(l *line, lo, hi int) {
	pix, stride := s.src.Pix, s.src.Stride
	row, integer := s.row[lo:hi], s.integer
	buf := s.buf[lo:hi][:len(row)]
	pts, at := l.pts[lo:hi][:len(row)], l.offsets(&l.samples, stride)[lo:hi][:len(row)]
	for i := range row {
		o, tx, ty := at[i], fraction(pts[i].fx), fraction(pts[i].fy)
		upper, lower := (*[2]T)(pix[o:o+2]), (*[2]T)(pix[o+stride:o+stride+2])
		a, b := float64(upper[0]), float64(lower[0])
		a += float64(tx * (float64(upper[1]) - a))
		b += float64(tx * (float64(lower[1]) - b))
		v := a + float64(ty*(b-a))
		if integer {
			buf[i] = v
			continue
		}
		if odd(v) {
			v = s.settle(l, lo+i, v)
		}
		row[i] = T(v)
	}
	if integer {
		s.store(lo, hi)
	}
}
