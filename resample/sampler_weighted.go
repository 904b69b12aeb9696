package resample

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// weighted is the part that samplers of kernels with weights share: they compute in double precision, into buf, and
// store from there.
type weighted[T raster.Real] struct {
	planes[T]
	method  *method
	buf     []float64 // nil until values is called
	integer bool
	lo, hi  float64 // the range of the samples' type

	wideRows rowCache[*wideKernels, float64]
	shared   [][]float64 // rows of wideRows that the kernels of a piece share
}

// prepare sets s up for samples of a type.
func (s *weighted[T]) prepare(p planes[T], typ raster.PixelType, m *method) {
	s.planes, s.method = p, m
	s.buf, s.integer = nil, typ.Integer()
	s.lo, s.hi = typ.Range()
	s.wideRows.run = s.wideColumns
}

// values returns the row of values, which not every sampler needs.
func (s *weighted[T]) values() []float64 {
	if s.buf == nil {
		s.buf = make([]float64, s.dst.Rect.Dx())
	}
	return s.buf
}

// mixed implements weightingSampler.
func (s *weighted[T]) mixed(ms []mixture, lo, hi int) {
	buf := s.values()
	for i := range ms {
		buf[lo+i] = mixed(s.src, &ms[i])
	}
	s.store(lo, hi)
}

// store rounds pixels lo to hi from the buffer into the row.
func (s *weighted[T]) store(lo, hi int) {
	row := s.row[lo:hi]
	buf := s.values()[lo:hi][:len(row)]
	if !s.integer {
		for i, v := range buf {
			row[i] = T(v)
		}
		return
	}
	// Adding the number before 0.5 and cutting off rounds half away from zero, also where adding 0.5 would carry the
	// number before 0.5 up to 1.
	const half = 0.49999999999999994
	if s.lo == 0 {
		for i, v := range buf {
			if v < 0 {
				v = 0
			}
			if v > s.hi {
				v = s.hi
			}
			row[i] = T(int64(v + half))
		}
		return
	}
	for i, v := range buf {
		if v < s.lo {
			v = s.lo
		}
		if v > s.hi {
			v = s.hi
		}
		row[i] = T(int64(v + math.Copysign(half, v)))
	}
}

// finish stores complete kernels, after it has settled those that are odd.
func (s *weighted[T]) finish(pos positions, lo, hi int) {
	if s.integer {
		s.store(lo, hi)
		return
	}
	row := s.row[lo:hi]
	buf := s.values()[lo:hi][:len(row)]
	for i, v := range buf {
		if special(v) {
			v = s.settle(pos.at(lo+i), v)
		}
		row[i] = T(v)
	}
}

// odd reports whether the result of a complete kernel is zero or not finite, and has to be settled.
func special(v float64) bool {
	const infinity = 0x7ff << 53 // without the sign
	return math.Float64bits(v)<<1-1 >= infinity-1
}

// settle returns the result of the complete kernel at p in place of v, which is odd.
func (s *weighted[T]) settle(p point, v float64) float64 {
	m := s.method
	nearX, nearY := m.nearestTap(p.fx), m.nearestTap(p.fy)
	if v == 0 {
		return signed(v, float64(s.srcRow(p.y + nearY)[p.x+nearX]))
	}
	wx, wy := m.weigh(fraction(p.fx)), m.weigh(fraction(p.fy))
	var store [maxTaps * maxTaps]float64
	all := whole(tapRow{p.x, nearX, wx[:m.taps]}, tapRow{p.y, nearY, wy[:m.taps]}, store[:0])
	return mixed(s.src, &all)
}
