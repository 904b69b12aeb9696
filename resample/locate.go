package resample

import "math"

// Source coordinates are rounded to multiples of 2^-snapBits pixel. That is a thousandth of the smallest visible shift
// and a thousand times the noise of double precision at ten million pixels. So a point that should lie on a pixel's
// centre or edge does.
const (
	snapBits = 20
	snapOne  = 1 << snapBits
	snapHalf = snapOne / 2
)

// snap rounds a coordinate to multiples of 2^-snapBits, half to even, and returns it in that unit.
//
// Added to 3·2^51, a number below 2^51 in size leaves its rounded value in the mantissa's last bits. Larger numbers and
// NaN become numbers of 2^51 or more in size, which as pixels are outside of every axis.
func snap(x float64) int64 {
	const shift = 3 << 51
	const shiftBits = 0x4338 << 48 // of the float64
	return int64(math.Float64bits(float64(x*snapOne)+shift) - shiftBits)
}

// An axis is the range of pixels that a source has along x or y, less those past 2^31, which snap does not represent.
type axis struct {
	start int64  // where the source begins; taps are counted from there
	lo    int64  // the first pixel
	size  uint64 // how many pixels
}

// newAxis returns the axis of the pixels from start to end.
func newAxis(start, end int) axis {
	lo, hi := max(int64(start), math.MinInt32), min(int64(end), math.MaxInt32)
	return axis{int64(start), lo, uint64(max(lo, hi) - lo)}
}

// has reports whether pixel n is on the axis.
func (a axis) has(n int64) bool { return uint64(n-a.lo) < a.size }

// A stencil is the square of samples that a kernel with loops of its own takes about a point.
type stencil struct {
	taps   int // how many samples it takes along each axis
	before int // how many of the taps precede the pixel whose centre is at or before the point
	// shift is the place in a pixel from which the fraction of a point is counted: its centre if taps come in pairs, else
	// its edge.
	shift int64
}

// newStencil returns the stencil of a kernel: the samples within its support. A kernel without loops is only located by
// the sample nearest to the point: wideKernels finds its taps.
func newStencil(k kernel) stencil {
	if k.loops == wideLoops {
		k = nearestKernel
	}
	s := stencil{taps: int(2 * k.support)}
	if s.before = (s.taps - 1) / 2; s.taps > 1 {
		s.shift = snapHalf
	}
	return s
}

// A place is where a stencil lies along one axis.
type place struct {
	first int32 // the first tap, counted from the start of the source window; may be outside of it
	frac  int32 // how far the point lies past the stencil's shift in its pixel, in 2^-snapBits
	cover cover // how the taps lie in the window
}

// A cover says which of a kernel's samples a source has.
type cover uint8

const (
	outside cover = iota // the sample nearest to the point is missing: the pixel is invalid
	partial              // the nearest sample is there, others are missing or hold data in part
	inside               // all samples are there and hold data fully, or may: see classify
	full                 // all samples are known to be there and to hold data fully
	wide                 // the nearest sample is there, and the wide loops sum the kernel: see wideKernels
)

// locate places the stencil at the snapped coordinate n.
func (s *stencil) locate(n int64, a axis) place {
	if !a.has(n >> snapBits) {
		return place{}
	}
	n -= s.shift // to count from centre to centre
	p := place{
		first: int32(n>>snapBits - a.start - int64(s.before)),
		frac:  int32(n & (snapOne - 1)),
		cover: partial,
	}
	if p.first >= 0 && int64(p.first)+int64(s.taps) <= a.lo-a.start+int64(a.size) {
		p.cover = inside
	}
	return p
}

// interior returns the first snapped coordinate at which all taps are on the axis, and how many pixels on from there
// they are. A source window that begins or ends beyond what snap represents has no interior, and locate places each
// kernel.
func (s *stencil) interior(a axis) (first int64, size uint64) {
	if a.start != a.lo || a.size < uint64(s.taps) {
		return 0, 0
	}
	return (a.start+int64(s.before))<<snapBits + s.shift, a.size - uint64(s.taps) + 1
}

// nearestTap returns which of the taps is the sample whose pixel holds the point.
func (s *stencil) nearestTap(frac int32) int32 {
	n := int32(s.before)
	if s.shift != 0 && frac >= snapHalf {
		n++
	}
	return n
}

// tapsAt returns the samples of the stencil about the snapped coordinate n along one axis.
func (s *stencil) tapsAt(n int64) pixels {
	first := (n-s.shift)>>snapBits - int64(s.before)
	return pixels{first, first + int64(s.taps)}
}

// fraction converts f from units of 2^-snapBits.
func fraction(f int32) float64 { return float64(f) * (1.0 / snapOne) }

// end returns the pixel past the last one.
func (a axis) end() int64 { return a.lo + int64(a.size) }

// beside reports whether pixels m and n are both before the axis, or both after it.
func (a axis) beside(m, n int64) bool { return max(m, n) < a.lo || min(m, n) >= a.end() }
