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
	buf := s.buf[lo:hi]
	pts, at := l.pts[lo:hi][:len(buf)], l.offsets(&l.samples, stride)[lo:hi][:len(buf)]
	lower := pix[stride:]
	for i := range buf {
		o, p := at[i], &pts[i]
		buf[i] = bilinear(pix[o], pix[o+1], lower[o], lower[o+1], fraction(p.fx), fraction(p.fy))
	}
	s.finish(l, lo, hi)
}

// spans is points without lists in between.
func (s *bilinearSampler[T]) spans(l *line, spans []span) {
	pix, stride := s.src.Pix, s.src.Stride
	for n := range spans {
		p := &spans[n]
		for i := p.lo; i < p.hi; i++ {
			rest := p.from(i)
			if s.integer {
				i += bilinearSpan(s.buf[i:p.hi], pix, stride, &rest)
			} else {
				i += bilinearSpan(s.row[i:p.hi], pix, stride, &rest)
			}
			if i == p.hi {
				break
			}
			at := p.point(i)
			o := int(at.y)*stride + int(at.x)
			v := bilinear(pix[o], pix[o+1], pix[o+stride], pix[o+stride+1], fraction(at.fx), fraction(at.fy))
			if s.integer {
				s.buf[i] = v
			} else {
				s.row[i] = T(s.settle(l, at, v))
			}
		}
		if s.integer {
			s.store(p.lo, p.hi)
		}
	}
}

// bilinearSpan interpolates the pixels of a span from its first on, up to the first that comes out odd, and gives how many.
// It calls nothing, so that its variables stay in registers.
func bilinearSpan[T, R raster.Real](row []R, pix []T, stride int, s *span) int {
	x, y, dx, dy := s.x, s.y, s.dx, s.dy
	for i := range row {
		o := int(y>>fineBits)*stride + int(x>>fineBits)
		tx, ty := fraction(int32(uint32(x)>>finer)), fraction(int32(uint32(y)>>finer))
		v := bilinear(pix[o], pix[o+1], pix[o+stride], pix[o+stride+1], tx, ty)
		if odd(v) {
			return i
		}
		row[i] = R(v)
		x += dx
		y += dy
	}
	return len(row)
}

// bilinear is what lies tx of the way from the left to the right, and ty of the way from the upper to the lower samples.
func bilinear[T raster.Real](ul, ur, ll, lr T, tx, ty float64) float64 {
	a, b := float64(ul), float64(ll)
	a += float64(tx * (float64(ur) - a))
	b += float64(tx * (float64(lr) - b))
	return a + float64(ty*(b-a))
}
