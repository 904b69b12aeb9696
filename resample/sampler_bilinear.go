package resample

import "github.com/geoexport/geoexport/raster"

// bilinearSampler is the sampler of Bilinear. Both ways to place the kernel interpolate along x, then along y, from the
// first sample by a part of the difference; so they give the same bits, and constants stay what they are.
type bilinearSampler[T raster.Real] struct {
	weighted[T]
	rows rowCache[*axes, float64]
}

func newBilinearSampler[T raster.Real](p planes[T], typ raster.PixelType, m *method) *bilinearSampler[T] {
	s := new(bilinearSampler[T])
	s.prepare(p, typ, m)
	s.rows = newRowCache(&s.planes, bilinearRun[T])
	return s
}

func (s *bilinearSampler[T]) axes(a *axes, lo, hi int) {
	upper := s.rows.row(a, a.row.first, 2, len(a.columns))
	lower := s.rows.row(a, a.row.first+1, 2, len(a.columns))
	buf, t := s.values()[lo:hi], fraction(a.row.frac)
	upper, lower = upper[lo:hi][:len(buf)], lower[lo:hi][:len(buf)]
	for i, u := range upper {
		buf[i] = u + float64(t*(lower[i]-u))
	}
	s.finish(positions{axes: a}, lo, hi)
}

// bilinearRun interpolates along x: it is a columnRun.
func bilinearRun[T raster.Real](out []float64, row []T, a *axes, lo, hi int) {
	cols := a.columns[lo:hi][:len(out)]
	for i := range out {
		c := &cols[i]
		v := float64(row[c.first])
		out[i] = v + float64(fraction(c.frac)*(float64(row[c.first+1])-v))
	}
}

func (s *bilinearSampler[T]) points(p *points, lo, hi int) {
	pix, stride := s.src.Pix, s.src.Stride
	buf := s.values()[lo:hi]
	list, at := p.list[lo:hi][:len(buf)], p.offsets(stride)[lo:hi][:len(buf)]
	lower := pix[stride:]
	for i := range buf {
		o, t := at[i], &list[i]
		buf[i] = interpolate(pix[o], pix[o+1], lower[o], lower[o+1], fraction(t.fx), fraction(t.fy))
	}
	s.finish(positions{points: p}, lo, hi)
}

// spans makes complete kernels from spans, without lists of points in between.
func (s *bilinearSampler[T]) spans(spans []span) {
	pix, stride, buf := s.src.Pix, s.src.Stride, s.values()
	for n := range spans {
		p := &spans[n]
		for i := p.lo; i < p.hi; i++ {
			rest := p.from(i)
			if s.integer {
				i += bilinearSpan(buf[i:p.hi], pix, stride, &rest)
			} else {
				i += bilinearSpan(s.row[i:p.hi], pix, stride, &rest)
			}
			if i == p.hi {
				break
			}
			at := p.point(i)
			o := int(at.y)*stride + int(at.x)
			v := interpolate(pix[o], pix[o+1], pix[o+stride], pix[o+stride+1], fraction(at.fx), fraction(at.fy))
			if s.integer {
				buf[i] = v
			} else {
				s.row[i] = T(s.settle(at, v))
			}
		}
		if s.integer {
			s.store(p.lo, p.hi)
		}
	}
}

// bilinearSpan interpolates the pixels of a span from its first on, up to the first that comes out odd, and gives how
// many. It calls nothing, so that its variables stay in registers.
func bilinearSpan[T, R raster.Real](row []R, pix []T, stride int, s *span) int {
	x, y, dx, dy := s.x, s.y, s.dx, s.dy
	for i := range row {
		o := int(y>>fineBits)*stride + int(x>>fineBits)
		tx, ty := fraction(int32(uint32(x)>>finer)), fraction(int32(uint32(y)>>finer))
		v := interpolate(pix[o], pix[o+1], pix[o+stride], pix[o+stride+1], tx, ty)
		if special(v) {
			return i
		}
		row[i] = R(v)
		x += dx
		y += dy
	}
	return len(row)
}

// interpolate returns the value tx of the way from the left to the right, and ty of the way from the upper to the lower
// samples.
func interpolate[T raster.Real](ul, ur, ll, lr T, tx, ty float64) float64 {
	a, b := float64(ul), float64(ll)
	a += float64(tx * (float64(ur) - a))
	b += float64(tx * (float64(lr) - b))
	return a + float64(ty*(b-a))
}
