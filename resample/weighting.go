package resample

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// A tapRow is a kernel placed along one axis.
type tapRow struct {
	first   int32     // the first tap, counted from the start of the source window
	near    int32     // which tap is the sample whose pixel holds the point
	weights []float64 // of the taps
}

// in reports whether all taps are in a source window of the given size.
func (t *tapRow) in(size int) bool { return t.first >= 0 && int(t.first)+len(t.weights) <= size }

// clip drops taps that are not in a source window of the given size. The nearest sample must be in it.
func (t *tapRow) clip(size int) {
	if t.first < 0 {
		t.weights, t.near, t.first = t.weights[-t.first:], t.near+t.first, 0
	}
	if n := size - int(t.first); n < len(t.weights) {
		t.weights = t.weights[:n]
	}
}

// A mixture is a kernel of which some samples are missing or hold data only in part: a rectangle of samples in the
// source window and the weight of each, by the law below. A sample whose weight is zero is not looked at.
type mixture struct {
	x, y         int32     // the first sample
	nearX, nearY int32     // the nearest sample, counted from the first
	cols         int       // samples in a row
	weights      []float64 // row by row
}

// mix makes m the mixture of a kernel, and returns the validity of the pixel, from 1 to 255. Near is that of the
// nearest sample, and not 0. The mixture's weights are put into store, which has room for all.
//
// This is the weighting law. A sample weighs as its distance says, times its validity. Weights are divided by their
// sum, but at least by half the sum of their sizes: else negative weights, those of Cubic, could leave next to nothing
// to divide by. The pixel's validity is weighted in the same way over the samples that hold data, each as much as its
// distance says.
func (s *source) mix(m *mixture, x, y tapRow, near uint8, store []float64) (valid uint8) {
	x.clip(s.rect.Dx())
	y.clip(s.rect.Dy())
	cols := len(x.weights)
	*m = mixture{x.first, y.first, x.near, y.near, cols, store[:cols*len(y.weights)]}
	centre := float64(near)
	var whole, wholeSize, offset float64 // for the validity: sums of weights, of their sizes, of weighted differences
	var sum, size float64                // for the samples: sums of weights times validity, and of their sizes
	for j, wy := range y.weights {
		alpha, out := s.validities(x.first, y.first+int32(j), cols), m.weights[j*cols:][:cols]
		for i, wx := range x.weights {
			a := uint8(math.MaxUint8)
			if alpha != nil {
				a = alpha[i]
			}
			if a == 0 {
				out[i] = 0
				continue
			}
			w := float64(wx * wy)
			whole += w
			wholeSize += math.Abs(w)
			offset += float64(w * (float64(a) - centre))
			if a != math.MaxUint8 {
				w = float64(w * (float64(a) / math.MaxUint8))
			}
			sum += w
			size += math.Abs(w)
			out[i] = w
		}
	}
	divisor := max(sum, size/2)
	for i, w := range m.weights {
		m.weights[i] = w / divisor
	}
	v := centre + offset/max(whole, wholeSize/2)
	return uint8(min(max(v, 1), math.MaxUint8) + 0.5)
}

// whole returns the mixture of a kernel that is complete, for a result that is not finite.
func whole(x, y tapRow, store []float64) mixture {
	cols := len(x.weights)
	m := mixture{x.first, y.first, x.near, y.near, cols, store[:0]}
	for _, wy := range y.weights {
		for _, wx := range x.weights {
			m.weights = append(m.weights, float64(wx*wy))
		}
	}
	return m
}

// mixed returns the value of a mixture, kept within the range of its samples. Weighted are differences to the nearest
// sample, so that a constant stays what it is; if infinite samples leave no number, the nearest sample is the value.
func mixed[T raster.Real](p *raster.PlaneOf[T], m *mixture) float64 {
	o := int(m.y)*p.Stride + int(m.x)
	centre := float64(p.Pix[o+int(m.nearY)*p.Stride+int(m.nearX)])
	lo, hi := centre, centre
	var sum float64
	for ws := m.weights; len(ws) > 0; ws = ws[m.cols:] {
		for i, w := range ws[:m.cols] {
			if w == 0 {
				continue
			}
			v := float64(p.Pix[o+i])
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
			sum += float64(w * (v - centre))
		}
		o += p.Stride
	}
	if v := centre + sum; !math.IsNaN(v) {
		return signed(min(max(v, lo), hi), centre)
	}
	return centre
}

// signed returns v, or the nearest sample if both are zero: a negative zero, too, stays what it is.
func signed(v, nearest float64) float64 {
	if v == 0 && nearest == 0 {
		return nearest
	}
	return v
}

// extend makes a store longer by n elements, and returns these. They may hold anything.
func extend[T any](store *[]T, n int) []T {
	used := len(*store)
	if used+n > cap(*store) {
		*store = slices.Grow(*store, n)
	}
	*store = (*store)[:used+n]
	return (*store)[used:]
}
