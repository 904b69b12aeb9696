package exportimage

import (
	"context"
	"math"
	"sync"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster"
)

// StretchType determines how a StretchFunction finds, band by band, which values become its Min and its Max. The
// numbers are the operation's.
type StretchType uint8

// The types of stretch. Values between the two are drawn in proportion, but for StretchEqualize.
const (
	StretchNone              StretchType = 0 // samples stay as they are
	StretchStandardDeviation StretchType = 3 // the mean ± Deviations standard deviations, within the least and greatest
	StretchEqualize          StretchType = 4 // each value by the share of samples below it
	StretchMinMax            StretchType = 5 // the least and the greatest sample
	StretchPercentClip       StretchType = 6 // all but the lowest MinPercent and the highest MaxPercent of samples
)

// A StretchFunction spreads the samples of each band over Min to Max.
type StretchFunction struct {
	Input RasterFunction
	Type  StretchType

	Min, Max               float64 // of the output; both 0 mean 0 to 255
	Deviations             float64 // of StretchStandardDeviation; 0 means 2
	MinPercent, MaxPercent float64 // of StretchPercentClip

	// Statistics, if not nil, replace the service's, one a band or one for all. The service's come from rasters'
	// metadata or from their coarsest levels, and do not depend on the request.
	Statistics []raster.Statistics
	// Gamma brightens (above 1) or darkens (below 1) the middle, one number a band or one for all. Nil means 1.
	Gamma []float64

	// Output is the type of the output. Unknown means U8 if that holds Min and Max, else F32.
	Output raster.PixelType
}

func (f *StretchFunction) input() RasterFunction { return f.Input }

// rangeOut returns the range over which samples are spread.
func (f *StretchFunction) rangeOut() Range {
	if f.Min == 0 && f.Max == 0 {
		return Range{0, 255}
	}
	return Range{f.Min, f.Max}
}

// Validate returns an *Error without a Param if a field has a value without a meaning.
func (f *StretchFunction) Validate() error {
	switch {
	case !known(f.Output):
		return invalid("", "there is no pixel type %d", f.Output)
	case f.Type > StretchPercentClip || f.Type == 1 || f.Type == 2:
		return unsupported("", "Stretch with StretchType %d is not supported", f.Type)
	case !finite(f.Min, f.Max):
		return invalid("", "Min and Max must be finite")
	case !(f.MinPercent >= 0 && f.MaxPercent >= 0 && f.MinPercent+f.MaxPercent < 100):
		return invalid("", "what MinPercent and MaxPercent cut off must leave something between them")
	case !(f.Deviations >= 0 && finite(f.Deviations)):
		return invalid("", "the number of standard deviations must be positive")
	}
	for _, s := range f.Statistics {
		if !usableStatistics(s) {
			return invalid("",
				"Statistics must be finite, the least at most the greatest, and the standard deviation not negative")
		}
	}
	for _, g := range f.Gamma {
		if !(g > 0 && g <= 100) {
			return invalid("", "a gamma of %v is not between 0 and 100", g)
		}
	}
	return nil
}

func (f *StretchFunction) compile(ctx context.Context, s *Service, d *Description, in samples) (step, samples, error) {
	if err := f.Validate(); err != nil {
		return nil, in, err
	}
	if f.Type == StretchNone && (f.Output == raster.Unknown || f.Output == in.typ) {
		return nil, in, nil
	}
	if in.typ.Complex() {
		return nil, in, unsupported("", "Stretch of pixels of type %v is not supported", in.typ)
	}
	to := f.rangeOut()
	out := samples{typ: f.Output, bands: make([]sampleBand, len(in.bands))}
	if f.Type == StretchNone {
		copy(out.bands, in.bands) // of a palette the indices, as with pixelType
		return func(b *raster.Block) (*raster.Block, error) { return raster.Convert(b, out.typ) }, out, nil
	}
	if in.palette != nil {
		return nil, in, invalid("", "a stretch of palette indices has no meaning")
	}
	if out.typ == raster.Unknown {
		if out.typ = raster.F32; to.Min >= 0 && to.Min <= to.Max && to.Max <= 255 {
			out.typ = raster.U8
		}
	}
	curves := make([]curve, len(in.bands))
	for i, b := range in.bands {
		out.bands[i] = sampleBand{id: -1, known: Range{math.Min(to.Min, to.Max), math.Max(to.Min, to.Max)}}
		sum, err := f.summary(ctx, s, d, i, b)
		if err != nil {
			return nil, in, err
		}
		if curves[i], err = f.curve(sum, to); err != nil {
			return nil, in, err
		}
		if g, err := ofBand(f.Gamma, i, "Gamma"); err != nil {
			return nil, in, err
		} else if g != nil {
			curves[i].gamma, curves[i].lift = 1 / *g, gammaLift(*g, to)
		}
		curves[i].tabulate(in.typ)
	}
	return func(b *raster.Block) (*raster.Block, error) { return stretchBlock(b, curves, out.typ) }, out, nil
}

// ofBand returns a list's value for a band: a list of one is for all bands, and an empty one has none.
func ofBand[T any](list []T, band int, what string) (*T, error) {
	switch {
	case len(list) == 0:
		return nil, nil
	case len(list) == 1:
		return &list[0], nil
	case band < len(list):
		return &list[band], nil
	}
	return nil, invalid("", "%s has values for %d bands, and there is one more", what, len(list))
}

// summary returns what is known of the samples of band i.
func (f *StretchFunction) summary(
	ctx context.Context, s *Service, d *Description, i int, b sampleBand,
) (bandSummary, error) {
	if stated, err := ofBand(f.Statistics, i, "Statistics"); err != nil {
		return bandSummary{}, err
	} else if stated != nil {
		return bandSummary{Statistics: *stated}, nil
	}
	if b.id < 0 {
		mid := b.known.Min + (b.known.Max-b.known.Min)/2
		// Only the range of a computed band is known. With a deviation that reaches its ends, any stretch is by the range.
		known := raster.Statistics{Min: b.known.Min, Max: b.known.Max, Mean: mid, StdDev: b.known.Max - mid}
		return bandSummary{Statistics: known}, nil
	}
	if f.Type == StretchEqualize || f.Type == StretchPercentClip {
		all, err := s.bandSummaries(ctx, d)
		if err != nil {
			return bandSummary{}, err
		}
		return all[b.id], nil
	}
	all, err := s.bandStatistics(ctx, d)
	if err != nil {
		return bandSummary{}, err
	}
	return bandSummary{Statistics: all[b.id]}, nil
}

// A curve maps samples: those up to in.Min to out.Min, those from in.Max on to out.Max, and those between in
// proportion, or by steps if there are any.
type curve struct {
	in, out Range
	steps   []float64 // fractions of out, at the ends of equal parts of in; nil means in proportion
	gamma   float64   // exponent of the fraction; 0 counts as 1
	lift    func(fraction float64) float64
	table   func() []float64 // values of the integers from first on; nil if samples are no integers or there are too many
	first   float64
}

// curve returns a band's curve, whose ends are as the operation and its clients define them.
func (f *StretchFunction) curve(b bandSummary, to Range) (curve, error) {
	c := curve{in: Range{b.Min, b.Max}, out: to}
	switch f.Type {
	case StretchMinMax:
	case StretchStandardDeviation:
		n := f.Deviations
		fill(&n, 2)
		if b.StdDev > 0 {
			c.in = Range{math.Max(b.Min, b.Mean-float64(n*b.StdDev)), math.Min(b.Max, b.Mean+float64(n*b.StdDev))}
		}
	case StretchPercentClip:
		c.in = percentClip(b, f.MinPercent/100, f.MaxPercent/100)
	case StretchEqualize:
		if len(b.shares) > 0 {
			var sum float64
			for _, share := range b.shares {
				sum += share
				c.steps = append(c.steps, sum)
			}
		}
	default:
		return c, unsupported("", "Stretch with StretchType %d is not supported", f.Type)
	}
	return c, nil
}

// percentClip cuts the given shares of samples off both ends of a range, by whole bins of its histogram.
func percentClip(b bandSummary, low, high float64) Range {
	if len(b.shares) == 0 {
		return Range{b.Min, b.Max}
	}
	// The number of bins is a power of 2, so that this is exact and does not overflow.
	bin := b.Max/float64(len(b.shares)) - b.Min/float64(len(b.shares))
	first, last := 0, len(b.shares)-1
	for sum := b.shares[first]; sum <= low && first < last; sum += b.shares[first] {
		first++
	}
	for sum := b.shares[last]; sum <= high && last > first; sum += b.shares[last] {
		last--
	}
	return Range{b.Min + float64(bin*float64(first)), b.Min + float64(bin*float64(last+1))}
}

// gammaLift returns the factor that goes with a gamma above 1: it draws the darkest values to black again, which the
// power alone would leave grey. It is nil if the gamma has none. The formula and its numbers are those by which the
// ArcGIS Maps SDK for JavaScript 4.26 stretches pixels in the browser; the SDK does not state what they were derived
// from.
func gammaLift(gamma float64, to Range) func(float64) float64 {
	if gamma <= 1 || to.Max-to.Min <= 1 {
		return nil
	}
	g := 6.5
	if gamma <= 2 {
		g += float64(100 * portable.Pow(2-gamma, 4))
	} else {
		g += portable.Pow(gamma-2, 2.5)
	}
	base := 1 / (to.Max - to.Min)
	return func(fraction float64) float64 { return 1 - portable.Pow(base, fraction*g) }
}

// at returns the curve's value.
func (c *curve) at(v float64) float64 {
	var t float64
	switch {
	case math.IsNaN(v):
		return v
	case v <= c.in.Min:
		return c.out.Min
	case v >= c.in.Max:
		return c.out.Max
	default:
		t = c.in.fraction(v)
	}
	if n := len(c.steps); n > 0 {
		t = c.steps[min(int(t*float64(n)), n-1)]
	}
	if c.gamma != 0 && c.gamma != 1 {
		scale := 1.0
		if c.lift != nil {
			scale = c.lift(t)
		}
		t = scale * portable.Pow(t, c.gamma)
	}
	return c.out.Min + float64((c.out.Max-c.out.Min)*t)
}

// fraction returns where v lies between Min (0) and Max (1). It is computed from halves, which are exact and whose
// differences are finite.
func (r Range) fraction(v float64) float64 { return (v/2 - r.Min/2) / (r.Max/2 - r.Min/2) }

// maxTable bounds how many values a table may have that is made for one image.
const maxTable = 1 << 16

// tabulate prepares a table of the curve's values, if samples are integers and few enough lie between the ends. The
// table extends one value beyond either end: its own ends stand for all samples further out.
func (c *curve) tabulate(t raster.PixelType) {
	const most = 1 << 33 // beyond the samples of any integer type
	clamp := func(v float64) float64 { return min(max(v, -most), most) }
	first, last := clamp(math.Floor(c.in.Min)-1), clamp(math.Ceil(c.in.Max)+1)
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
	if c.table == nil {
		for x, v := range src {
			dst[x] = c.at(v)
		}
		return
	}
	table := c.table()
	last := int64(len(table) - 1)
	for x, v := range src {
		dst[x] = table[min(max(int64(v-c.first), 0), last)]
	}
}

// stretchBlock maps each band by its curve.
func stretchBlock(b *raster.Block, curves []curve, t raster.PixelType) (*raster.Block, error) {
	if b.Type == raster.U8 && t == raster.U8 {
		return stretchBytes(b, curves), nil
	}
	wide, err := raster.Convert(b, raster.F64)
	if err != nil {
		return nil, err
	}
	out := raster.NewBlock(raster.F64, len(b.Bands), b.Bounds())
	out.Valid = wide.Valid
	for i, p := range wide.Bands {
		src, dst := p.(*raster.PlaneOf[float64]), out.Bands[i].(*raster.PlaneOf[float64])
		for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
			curves[i].row(dst.Row(y), src.Row(y))
		}
	}
	return raster.Convert(out, t)
}

// stretchBytes is stretchBlock from bytes to bytes, by a table.
func stretchBytes(b *raster.Block, curves []curve) *raster.Block {
	out := raster.NewBlock(raster.U8, len(b.Bands), b.Bounds())
	out.Valid = b.Valid
	for i, p := range b.Bands {
		var table [256]uint8
		for v := range table {
			table[v] = uint8(math.Min(math.Max(math.Round(curves[i].at(float64(v))), 0), 255))
		}
		src, dst := p.(*raster.PlaneOf[uint8]), out.Bands[i].(*raster.PlaneOf[uint8])
		for y := src.Rect.Min.Y; y < src.Rect.Max.Y; y++ {
			row := dst.Row(y)
			for x, v := range src.Row(y) {
				row[x] = table[v]
			}
		}
	}
	return out
}
