package resample

import "math"

// Source coordinates are rounded to multiples of 2^-snapBits pixel. That is a thousandth of what can be seen and a
// thousand times the noise of double precision at ten million pixels, so what should lie on a pixel's centre or edge does.
const (
	snapBits = 20
	snapOne  = 1 << snapBits
	snapHalf = snapOne / 2
)

// snap rounds a coordinate to multiples of 2^-snapBits, half to even, and gives it in that unit.
//
// Added to 3·2^51, a number below 2^51 in size leaves its rounded value in the mantissa's last bits. What is too large, and
// NaN, gives something of 2^51 or more in size, which as a pixel is outside of every axis.
func snap(x float64) int64 {
	const shift = 3 << 51
	const shiftBits = 0x4338 << 48 // of the float64
	return int64(math.Float64bits(float64(x*snapOne)+shift) - shiftBits)
}

// An axis is the pixels that a source has along x or y, less those that snap cannot tell: past 2^31.
type axis struct {
	start int64  // where the source begins; taps are counted from there
	lo    int64  // the first pixel
	size  uint64 // how many pixels
}

func newAxis(start, end int) axis {
	lo, hi := max(int64(start), math.MinInt32), min(int64(end), math.MaxInt32)
	return axis{int64(start), lo, uint64(max(lo, hi) - lo)}
}

// has says whether pixel n is one of the axis.
func (a axis) has(n int64) bool { return uint64(n-a.lo) < a.size }

// A place is where a kernel stands along one axis.
type place struct {
	first int32 // the first tap, counted from the start of the source window; may be outside of it
	frac  int32 // how far the point lies past the centre of the pixel before it, in 2^-snapBits; for nearest unspecified
	fit   fit   // how the taps lie in the window
}

// A fit says how a kernel's taps lie in a source.
type fit uint8

const (
	outside fit = iota // the sample nearest to the point is missing: the pixel is invalid
	partial            // the nearest sample is there, others are missing or soft
	inside             // all samples are there and fully hold data, or may: see classify
	full               // all samples are known to be there and to hold data fully
	widened            // the nearest sample is there, and the kernel is wider than usual
)

// locate places the kernel at the snapped coordinate n.
func (k kernel) locate(n int64, a axis) place {
	if !a.has(n >> snapBits) {
		return place{}
	}
	n -= k.shift() // to count from centre to centre
	p := place{
		first: int32(n>>snapBits - a.start - int64(k.before)),
		frac:  int32(n & (snapOne - 1)),
		fit:   partial,
	}
	if p.first >= 0 && int64(p.first)+int64(k.taps) <= a.lo-a.start+int64(a.size) {
		p.fit = inside
	}
	return p
}

// room is the snapped coordinate at which the first kernel stands that has all its taps on the axis, and how many pixels on
// from there others do. Where the source window begins or ends beyond what snap can tell, that is none: locate sees to those.
func (k kernel) room(a axis) (first int64, size uint64) {
	if a.start != a.lo || a.size < uint64(k.taps) {
		return 0, 0
	}
	return (a.start+int64(k.before))<<snapBits + k.shift(), a.size - uint64(k.taps) + 1
}

// shift is how far, in 2^-snapBits pixel, the first sample of a pair that a kernel stands between is from its pixel's edge.
func (k kernel) shift() int64 {
	if k.taps == 1 {
		return 0
	}
	return snapHalf
}

// fraction is f, in 2^-snapBits, as a number.
func fraction(f int32) float64 { return float64(f) * (1.0 / snapOne) }

// nearest is which of the taps is the sample whose pixel holds the point.
func (k kernel) nearest(frac int32) int {
	n := k.before
	if k.taps > 1 && frac >= snapHalf {
		n++
	}
	return n
}

// end is the pixel past the last one.
func (a axis) end() int64 { return a.lo + int64(a.size) }

// beside says whether pixels m and n are both before the axis, or both after it.
func (a axis) beside(m, n int64) bool { return max(m, n) < a.lo || min(m, n) >= a.end() }

// centre is the snapped point where a kernel stands.
func (l *line) centre(p point) corner {
	shift, before := l.shift(), int64(l.before)
	return corner{
		(int64(p.x)+before+l.x.start)<<snapBits + int64(p.fx) + shift,
		(int64(p.y)+before+l.y.start)<<snapBits + int64(p.fy) + shift,
	}
}
