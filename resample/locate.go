package resample

import "math"

// Source coordinates are rounded to multiples of 2^-snapBits pixel. That is a thousandth of what can be seen and a
// thousand times the noise of double precision at ten million pixels, so what should lie on a pixel's centre or edge does.
const (
	snapBits = 20
	snapOne  = 1 << snapBits
)

// A place is where a kernel stands along one axis.
type place struct {
	first int32   // the first tap, counted from the start of the source window; may be outside of it
	fit   fit     // how the taps lie in the window
	t     float64 // how far the point lies past the centre of the pixel before it, in [0, 1); 0 for nearest
}

// A fit says how a kernel's taps lie in a source.
type fit uint8

const (
	outside fit = iota // the sample nearest to the point is missing: the pixel is invalid
	partial            // the nearest sample is there, others are missing or soft
	inside             // all samples are there and fully hold data
)

// locate places the kernel at coordinate x, along an axis on which the source has size pixels from pixel start on.
func (k kernel) locate(x float64, start, size int) place {
	if lo, hi := locatable(start, start+size); !(x > lo && x < hi) { // which NaN is not either
		return place{}
	}
	n := snap(x)
	nearest := int(n>>snapBits) - start
	if nearest < 0 || nearest >= size {
		return place{}
	}
	if k.taps == 1 {
		return place{first: int32(nearest), fit: inside}
	}
	n -= snapOne / 2 // to count from centre to centre
	p := place{
		first: int32(int(n>>snapBits) - start - k.before()),
		t:     float64(n&(snapOne-1)) / snapOne,
		fit:   partial,
	}
	if p.first >= 0 && int(p.first)+k.taps <= size {
		p.fit = inside
	}
	return p
}

// locatable is a range about the pixels from start to end, with whatever may be rounded into it. Outside of it, and for
// NaN, snap is not defined.
func locatable(start, end int) (lo, hi float64) { return float64(start - 1), float64(end + 1) }

// snap rounds a coordinate, in multiples of 2^-snapBits.
func snap(x float64) int64 { return int64(math.Floor(float64(x*snapOne) + 0.5)) }

// nearest is which of the taps is the sample whose pixel holds the point.
func (k kernel) nearest(t float64) int {
	n := k.before()
	if t >= 0.5 {
		n++
	}
	return n
}
