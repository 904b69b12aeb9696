package function

import (
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// A span is a part of the real numbers, which may run downwards.
type span struct{ min, max float64 }

// fraction returns where v lies between min (0) and max (1). It is computed from halves, which are exact and whose
// differences are finite.
func (r span) fraction(v float64) float64 { return (v/2 - r.min/2) / (r.max/2 - r.min/2) }

// A curve maps samples: those up to in.min to out.min, those from in.max on to out.max, and those between in
// proportion, or by steps or a sigmoid if there is one.
type curve struct {
	in, out span
	steps   []float64 // fractions of out, at the ends of equal parts of in; nil means in proportion
	sigmoid float64   // the half-width of the part of the logistic function that is used; 0 means in proportion
	gamma   float64   // exponent of the fraction; 0 counts as 1
	lift    func(fraction float64) float64
	table   func() []float64 // values of the integers from first on; nil if samples are no integers or there are too many
	first   float64
}

// curve returns a band's curve, whose ends are as the operation and its clients define them.
func (f *Stretch) curve(b Summary, to span) curve {
	c := curve{in: span{b.Min, b.Max}, out: to}
	switch f.Type {
	case StretchStandardDeviation:
		n := f.Deviations
		if n == 0 {
			n = 2
		}
		if b.StdDev > 0 {
			within := func(v float64) float64 { return math.Min(math.Max(v, b.Min), b.Max) } // also of a mean outside
			c.in = span{within(b.Mean - float64(n*b.StdDev)), within(b.Mean + float64(n*b.StdDev))}
		}
	case StretchPercentClip:
		c.in = percentClip(b, f.MinPercent/100, f.MaxPercent/100)
	case StretchEqualize:
		var sum float64
		for _, share := range b.Shares {
			sum += share
			c.steps = append(c.steps, sum)
		}
	case StretchSigmoid:
		c.sigmoid = float64(f.SigmoidStrength)
		if c.sigmoid == 0 {
			c.sigmoid = 2
		}
	}
	return c
}

// percentClip cuts the given shares of samples off both ends of a range, by whole bins of its histogram.
func percentClip(b Summary, low, high float64) span {
	if len(b.Shares) == 0 {
		return span{b.Min, b.Max}
	}
	n := float64(len(b.Shares))
	bin := b.Max/n - b.Min/n // each term first, so that it does not overflow
	first, last := 0, len(b.Shares)-1
	for sum := b.Shares[first]; sum <= low && first < last; sum += b.Shares[first] {
		first++
	}
	for sum := b.Shares[last]; sum <= high && last > first; sum += b.Shares[last] {
		last--
	}
	return span{b.Min + float64(bin*float64(first)), b.Min + float64(bin*float64(last+1))}
}

// gammaLift returns the factor that goes with a gamma above 1: it draws the darkest values to black again, which the
// power alone would leave grey. It is nil if the gamma has none. The formula and its numbers are those by which the
// ArcGIS Maps SDK for JavaScript 4.26 stretches pixels in the browser; the SDK does not state what they were derived
// from.
func gammaLift(gamma float64, to span) func(float64) float64 {
	if gamma <= 1 || to.max-to.min <= 1 {
		return nil
	}
	g := 6.5
	if gamma <= 2 {
		g += float64(100 * portable.Pow(2-gamma, 4))
	} else {
		g += portable.Pow(gamma-2, 2.5)
	}
	base := 1 / (to.max - to.min)
	return func(fraction float64) float64 { return 1 - portable.Pow(base, fraction*g) }
}

// computeGamma returns the gamma that moves a band's mean towards the middle, as the ArcGIS Maps SDK for JavaScript does
// for bands that state none: means of bytes count as they are, others by where they lie between least and greatest, and
// those of red, green and blue by their share of the luma.
func computeGamma(b Summary, t raster.PixelType, band, bands int) float64 {
	mean := b.Mean
	if t != raster.U8 {
		mean = 255 * (b.Mean - b.Min) / (b.Max - b.Min)
	}
	if bands == 3 {
		mean *= [3]float64{0.299, 0.587, 0.114}[band]
	}
	if !(mean > 0 && mean < 255) {
		return 1
	}
	wanted := mean
	switch {
	case mean < 150:
		wanted += float64(45 * portable.Cos(0.01047*mean))
	case mean > 150:
		wanted += float64(17 * portable.Sin(0.021*mean))
	}
	gamma := portable.Log(mean/255) / portable.Log(wanted/255)
	if gamma != gamma {
		return 1
	}
	return min(max(gamma, 0.01), 9.9)
}

// at returns the curve's value.
func (c *curve) at(v float64) float64 {
	var t float64
	switch {
	case math.IsNaN(v):
		return v
	case v <= c.in.min:
		return c.out.min
	case v >= c.in.max:
		return c.out.max
	default:
		t = c.in.fraction(v)
	}
	switch n := len(c.steps); {
	case n > 0:
		t = c.steps[min(int(t*float64(n)), n-1)]
	case c.sigmoid > 0:
		low := logistic(-c.sigmoid)
		t = (logistic(c.sigmoid*(t+t-1)) - low) / (logistic(c.sigmoid) - low)
	}
	if c.gamma != 0 && c.gamma != 1 {
		scale := 1.0
		if c.lift != nil {
			scale = c.lift(t)
		}
		t = scale * portable.Pow(t, c.gamma)
	}
	return c.out.min + float64((c.out.max-c.out.min)*t)
}

func logistic(x float64) float64 { return 1 / (1 + portable.Exp(-x)) }

// linear reports whether values between the ends are in proportion.
func (c *curve) linear() bool { return len(c.steps) == 0 && c.sigmoid == 0 && c.gamma == 0 }

// maxTable bounds how many values a table may have that is made for one image.
const maxTable = 1 << 16

// tabulate prepares a table of the curve's values, if samples are integers and few enough lie between the ends. The
// table extends one value beyond either end: its own ends stand for all samples further out. Where in runs downwards, at
// steps from one end of out to the other just above in.min.
func (c *curve) tabulate(t raster.PixelType) {
	const most = 1 << 33 // beyond the samples of any integer type
	clamp := func(v float64) float64 { return min(max(v, -most), most) }
	first, last := clamp(math.Floor(c.in.min)-1), clamp(math.Ceil(max(c.in.min, c.in.max))+1)
	if !t.Integer() || last-first >= maxTable {
		return
	}
	c.first = first
	c.table = sync.OnceValue(func() []float64 {
		table := make([]float64, int(last-first)+1)
		for i := range table {
			table[i] = c.at(first + float64(i))
		}
		return table
	})
}

// row maps the samples of a row.
func (c *curve) row(dst, src []float64) {
	switch {
	case c.table != nil:
		table := c.table()
		last := int64(len(table) - 1)
		for x, v := range src {
			dst[x] = table[min(max(int64(v-c.first), 0), last)]
		}
	case c.linear():
		c.rowInProportion(dst, src)
	default:
		for x, v := range src {
			dst[x] = c.at(v)
		}
	}
}

// rowInProportion is row for a curve without steps, sigmoid and gamma.
func (c *curve) rowInProportion(dst, src []float64) {
	lo, hi := c.in.min, c.in.max
	half, width, height := float64(lo/2), float64(hi/2)-float64(lo/2), c.out.max-c.out.min
	if c.meetsEnds() {
		dst, from := dst[:len(src)], c.out.min
		for x, v := range src {
			v = min(max(v, lo), hi) // NaN stays one
			dst[x] = from + float64(height*((float64(v/2)-half)/width))
		}
		return
	}
	for x, v := range src {
		switch {
		case v <= lo:
			v = c.out.min
		case v >= hi:
			v = c.out.max
		default: // NaN stays one
			v = c.out.min + float64(height*((float64(v/2)-half)/width))
		}
		dst[x] = v
	}
}

// meetsEnds reports whether the formula for values between the ends gives exactly the ends of out for those of in, so that
// samples can be clamped first, without branches.
func (c *curve) meetsEnds() bool {
	width, height := float64(c.in.max/2)-float64(c.in.min/2), c.out.max-c.out.min
	negativeZero := c.out.min == 0 && math.Signbit(c.out.min)
	return c.in.min < c.in.max && width > 0 && width-width == 0 && height-height == 0 && !negativeZero && c.out.min+height == c.out.max
}
