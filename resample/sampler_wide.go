package resample

import "github.com/geoexport/geoexport/raster"

// wideSampler is the sampler of kernels without loops of their own: all their pixels are wide.
type wideSampler[T raster.Real] struct{ weighted[T] }

func newWideSampler[T raster.Real](p planes[T], typ raster.PixelType, m *method) *wideSampler[T] {
	s := new(wideSampler[T])
	s.prepare(p, typ, m)
	return s
}

// wide makes the samples of pixels lo to hi, whose kernels k has placed. As with other kernels, those that are complete
// run along x, then along y, weighting differences to the nearest sample.
func (s *weighted[T]) wide(k *wideKernels, lo, hi int) {
	s.shared = s.shared[:0]
	buf := s.values()
	for i := lo; i < hi; i++ {
		p := &k.kernels[i-k.first]
		switch {
		case p.valid == 0:
			buf[i] = 0
		case !p.complete:
			buf[i] = mixed(s.src, &p.mixture)
		default:
			v := s.wideComplete(k, p, i)
			if !s.integer && special(v) {
				v = s.settleWide(p, v)
			}
			buf[i] = v
		}
	}
	s.store(lo, hi)
}

// wideComplete returns the value of a complete kernel, that of pixel i.
func (s *weighted[T]) wideComplete(k *wideKernels, p *wideKernel, i int) float64 {
	if !p.shared {
		row := func(j int32) float64 { return sumRow(s.srcRow(p.y.first + j)[p.x.first:][:len(p.x.weights)], &p.x) }
		near, sum := row(p.y.near), 0.0
		for j, w := range p.y.weights {
			sum += float64(w * (row(int32(j)) - near))
		}
		return near + sum
	}
	if len(s.shared) == 0 { // so far
		for j := range p.y.weights {
			s.shared = append(s.shared, s.wideRows.row(k, p.y.first+int32(j), len(p.y.weights), len(k.columns)))
		}
	}
	near, sum := s.shared[p.y.near][i], 0.0
	for j, w := range p.y.weights {
		sum += float64(w * (s.shared[j][i] - near))
	}
	return near + sum
}

// wideColumns runs the kernels of all columns that are in the source along a row.
func (s *weighted[T]) wideColumns(k *wideKernels, y int32, out []float64) {
	row := s.srcRow(y)
	for i := range k.columns {
		if c := &k.columns[i].tapRow; len(c.weights) > 0 && c.in(k.src.rect.Dx()) {
			out[i] = sumRow(row[c.first:][:len(c.weights)], c)
		}
	}
}

// sumRow returns the kernel k run along its samples vs.
func sumRow[T raster.Real](vs []T, k *tapRow) float64 {
	near, sum := float64(vs[k.near]), 0.0
	for i, w := range k.weights[:len(vs)] {
		sum += float64(w * (float64(vs[i]) - near))
	}
	return near + sum
}

// settleWide returns the value of a complete kernel in place of v, which is odd.
func (s *weighted[T]) settleWide(p *wideKernel, v float64) float64 {
	if v == 0 {
		return signed(v, float64(s.srcRow(p.y.first + p.y.near)[p.x.first+p.x.near]))
	}
	m := whole(p.x, p.y, nil)
	return mixed(s.src, &m)
}
