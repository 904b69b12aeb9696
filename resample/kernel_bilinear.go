package resample

import "github.com/geoexport/geoexport/raster"

// bilinearSampler is the sampler of Bilinear. Both ways to place the kernel interpolate along x, then along y, from the
// first sample by a part of the difference; so they give the same bits, and constants stay what they are.
type bilinearSampler[T raster.Real] struct {
	smooth[T]
	cache rowCache
}

func (s *bilinearSampler[T]) axes(l *line, lo, hi int) {
	upper, lower := s.along(l, l.row.first), s.along(l, l.row.first+1)
	buf := s.buf[lo:hi]
	upper, lower = upper[lo:hi][:len(buf)], lower[lo:hi][:len(buf)]
	for i, u := range upper {
		buf[i] = u + float64(l.row.t*(lower[i]-u))
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
			out[i] = a + float64(c.t*(float64(src[c.first+1])-a))
		}
	}
	return buf
}

func (s *bilinearSampler[T]) points(l *line, lo, hi int) {
	pix, stride := s.src.Pix, s.src.Stride
	buf := s.buf[lo:hi]
	pts := l.pts[lo:hi][:len(buf)]
	for i := range buf {
		p := &pts[i]
		o := int(p.y)*stride + int(p.x)
		a, b := float64(pix[o]), float64(pix[o+stride])
		a += float64(p.tx * (float64(pix[o+1]) - a))
		b += float64(p.tx * (float64(pix[o+stride+1]) - b))
		buf[i] = a + float64(p.ty*(b-a))
	}
	s.finish(l, lo, hi)
}
