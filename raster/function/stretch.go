package function

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/raster"
)

// StretchType determines how Stretch finds, band by band, which values become its Min and its Max. The numbers are
// ArcGIS's.
type StretchType uint8

// The types of stretch. Values between the two ends are drawn in proportion, but for StretchEqualize and StretchSigmoid.
const (
	StretchNone              StretchType = 0 // the range of the input's type, of integers; other samples are only cut off
	StretchStandardDeviation StretchType = 3 // the mean ± Deviations standard deviations, within the least and greatest
	StretchEqualize          StretchType = 4 // each value by the share of samples below it
	StretchMinMax            StretchType = 5 // the least and the greatest sample
	StretchPercentClip       StretchType = 6 // all but the lowest MinPercent and the highest MaxPercent of samples
	StretchSigmoid           StretchType = 9 // the least and the greatest sample, by an S-shaped curve
)

// Stretch spreads the samples of each band over Min to Max.
type Stretch struct {
	Input Function
	Type  StretchType

	Min, Max               float64 // of the output; both 0 mean 0 to 255
	Deviations             float64 // of StretchStandardDeviation; 0 means 2
	MinPercent, MaxPercent float64 // of StretchPercentClip
	SigmoidStrength        int     // of StretchSigmoid, 1 to 6, the last with the most contrast; 0 means 2

	// Statistics, if not nil, replace the input's, one a band or one for all. A StdDev of -1 is not known. So do
	// Histograms, for StretchPercentClip and StretchEqualize.
	Statistics []raster.Statistics
	Histograms []Histogram
	// Gamma brightens (above 1) or darkens (below 1) the middle, one number a band or one for all. Nil means 1.
	Gamma []float64
	// ComputeGamma finds a gamma for each band from its mean, if there is no Gamma.
	ComputeGamma bool
	// WindowStatistics asks for the statistics of what an image shows, in place of all others: see Options.
	WindowStatistics bool

	// Output is the type of the output. Unknown means U8 if that holds Min and Max, else F32; of StretchNone the input's.
	Output raster.PixelType

	passed []string // notes on what a rule states and what does not count
}

// A Histogram counts samples in equal parts of the range from Min to Max.
type Histogram struct {
	Min, Max float64
	Counts   []float64
}

// maxBins bounds the length of a histogram.
const maxBins = 1 << 16

// NewStretch returns a Stretch with the operation's defaults.
func NewStretch() *Stretch {
	return &Stretch{Max: 255, Deviations: 2, MinPercent: 0.25, MaxPercent: 0.5, SigmoidStrength: 2}
}

var stretchTypes = []choice{
	{0, []string{"None"}}, {3, []string{"StandardDeviation", "StandardDeviations"}},
	{4, []string{"HistogramEqualization", "HistogramEqualize"}}, {5, []string{"MinMax", "MinimumMaximum"}}, {6, []string{"PercentMinimumMaximum", "PercentClip"}},
	{9, []string{"Sigmoid"}},
}

// useGamma is read into a list of its own: a Gamma that is not used is passed over.
var stretchSpec = newSpec("Stretch", NewStretch,
	func(f *Stretch) *raster.PixelType { return &f.Output },
	rasterArg("Raster", func(f *Stretch) *Function { return &f.Input }),
	enum("StretchType", func(f *Stretch) *StretchType { return &f.Type }, stretchTypes),
	number("Min", func(f *Stretch) *float64 { return &f.Min }),
	number("Max", func(f *Stretch) *float64 { return &f.Max }),
	moot(number("NumberOfStandardDeviations", func(f *Stretch) *float64 { return &f.Deviations }), func(f *Stretch) string {
		return onlyFor(f.Type == StretchStandardDeviation, "StretchType", "3 (StandardDeviation)")
	}).alias("NumberOfStandardDeviation"),
	moot(number("MinPercent", func(f *Stretch) *float64 { return &f.MinPercent }), func(f *Stretch) string {
		return onlyFor(f.Type == StretchPercentClip, "StretchType", "6 (PercentMinimumMaximum)")
	}),
	moot(number("MaxPercent", func(f *Stretch) *float64 { return &f.MaxPercent }), func(f *Stretch) string {
		return onlyFor(f.Type == StretchPercentClip, "StretchType", "6 (PercentMinimumMaximum)")
	}),
	moot(whole("SigmoidStrengthLevel", func(f *Stretch) *int { return &f.SigmoidStrength }),
		func(f *Stretch) string { return onlyFor(f.Type == StretchSigmoid, "StretchType", "9 (Sigmoid)") }),
	statisticsArg(func(f *Stretch) *[]raster.Statistics { return &f.Statistics }),
	histogramsArg(func(f *Stretch) *[]Histogram { return &f.Histograms }),
	flag("DRA", func(f *Stretch) *bool { return &f.WindowStatistics }),
	numbers("Gamma", func(f *Stretch) *[]float64 { return &f.Gamma }),
	flag("ComputeGamma", func(f *Stretch) *bool { return &f.ComputeGamma }),
	switchArg("UseGamma", "true or false", readBool),
	ignoredArg("EstimateStatsHistogram", "true or false", readBool),
).finished(func(f Function, switches map[string]any) error {
	s := f.(*Stretch)
	if use, stated := switches["UseGamma"].(bool); !use {
		if !stated && len(s.Gamma) > 0 {
			s.passed = append(s.passed, passedOver("Gamma", "UseGamma is not stated"))
		}
		if !stated && s.ComputeGamma {
			s.passed = append(s.passed, passedOver("ComputeGamma", "UseGamma is not stated"))
		}
		s.Gamma, s.ComputeGamma = nil, false
	}
	switch {
	case s.Deviations == 0: // which a Stretch takes for the default
		return invalid("NumberOfStandardDeviations", "it must be positive")
	case s.SigmoidStrength == 0:
		return invalid("SigmoidStrengthLevel", "it must be 1 to 6")
	case s.Min == 0 && s.Max == 0:
		return invalid("Max", "Min and Max are both 0")
	}
	return nil
}, func(f Function) map[string]any {
	s := f.(*Stretch)
	return map[string]any{"UseGamma": s.ComputeGamma || len(s.Gamma) > 0}
}).passing(func(f Function) []string { return f.(*Stretch).passed })

func (f *Stretch) spec() *spec { return &stretchSpec }

// rangeOut returns the range over which samples are spread.
func (f *Stretch) rangeOut() span {
	if f.Min == 0 && f.Max == 0 {
		return span{0, 255}
	}
	return span{f.Min, f.Max}
}

func finite(list ...float64) bool {
	for _, v := range list {
		if v-v != 0 {
			return false
		}
	}
	return true
}

func usableStatistics(s raster.Statistics) bool {
	return finite(s.Min, s.Max, s.Mean, s.StdDev) && s.Min <= s.Max && (s.StdDev >= 0 || s.StdDev == -1)
}

// Validate returns an *Error if a field has a value without a meaning.
func (f *Stretch) Validate() error { return of("Stretch", f.validate()) }

func (f *Stretch) validate() error {
	switch {
	case !slices.ContainsFunc(stretchTypes, func(c choice) bool { return c.value == int(f.Type) }):
		return invalid("StretchType", "%d is not one of %s", f.Type, choiceList(stretchTypes))
	case !finite(f.Min, f.Max):
		return invalid("Min", "Min and Max must be finite")
	case !(f.MinPercent >= 0 && f.MaxPercent >= 0 && f.MinPercent+f.MaxPercent < 100):
		return invalid("MinPercent", "what MinPercent and MaxPercent cut off must leave something between them")
	case !(f.Deviations >= 0 && finite(f.Deviations)):
		return invalid("NumberOfStandardDeviations", "it must be positive")
	case f.SigmoidStrength < 0 || f.SigmoidStrength > 6:
		return invalid("SigmoidStrengthLevel", "it must be 1 to 6")
	}
	for _, s := range f.Statistics {
		if !usableStatistics(s) {
			return invalid("Statistics",
				"they must be finite, the least at most the greatest, and the standard deviation not negative")
		}
	}
	for _, h := range f.Histograms {
		if err := h.validate(); err != nil {
			return err
		}
	}
	for _, g := range f.Gamma {
		if !(g > 0 && g <= 100) {
			return invalid("Gamma", "%v is not between 0 and 100", g)
		}
	}
	return nil
}

func (h Histogram) validate() error {
	switch {
	case !finite(h.Min, h.Max) || h.Min > h.Max:
		return invalid("Histograms", "the range of one must be finite, and its min at most its max")
	case len(h.Counts) == 0 || len(h.Counts) > maxBins:
		return tooLarge("Histograms", "one has %d counts, not 1 to %d", len(h.Counts), maxBins)
	case slices.ContainsFunc(h.Counts, func(n float64) bool { return !(n >= 0 && n <= math.MaxFloat64/maxBins) }):
		return invalid("Histograms", "counts must not be negative")
	}
	return nil
}

func (f *Stretch) compile(c *compilation, in []input) (step, error) {
	if err := f.validate(); err != nil {
		return step{}, err
	}
	src := in[0]
	to := f.rangeOut()
	if f.WindowStatistics && c.WindowStatistics == nil && f.Type != StretchNone {
		return step{}, unsupported("DRA", "statistics of what one image shows are not used here, because neighbouring images would disagree: leave it out for those of all rasters")
	}
	if f.Type == StretchNone && f.copies(src.Type, to) {
		return step{out: src.Samples}, realOutput(src, f.Output)
	}
	if err := realInput(src); err != nil {
		return step{}, err
	}
	if src.Palette != nil {
		return step{}, invalid("", "a stretch of palette indices has no meaning")
	}
	own := raster.F32
	if to.min >= 0 && to.min <= to.max && to.max <= 255 {
		own = raster.U8
	}
	known := ranged(math.Min(to.min, to.max), math.Max(to.min, to.max))
	out := computed(typeOr(f.Output, own), len(src.Bands), known)
	curves := make([]curve, len(src.Bands))
	for i := range src.Bands {
		out.Bands[i].Name = src.Bands[i].Name
		var err error
		if curves[i], err = f.curveOf(c, src, i, to); err != nil {
			return step{}, err
		}
		curves[i].tabulate(src.Type)
	}
	if src.Type == raster.U8 && out.Type == raster.U8 {
		return step{out: out, run: stretchBytes(curves)}, nil
	}
	if fast, ok := byteCurves(curves); ok && out.Type == raster.U8 {
		return step{out: out, run: stretchToBytes(fast)}, nil
	}
	return step{out: out, run: perRow(out.Type, len(curves), clamps, func(dst, src [][]float64, _ []uint8) {
		for i := range dst {
			curves[i].row(dst[i], src[i])
		}
	})}, nil
}

// copies reports whether StretchNone leaves samples as they are, but for what their type cannot hold: those without a
// range of their own, and those that have the output's type already.
func (f *Stretch) copies(in raster.PixelType, to span) bool {
	same := f.Output == raster.Unknown || f.Output == in
	return !in.Integer() || same && to == span{0, 255}
}

func realOutput(in input, t raster.PixelType) error {
	if in.Type.Complex() && t != raster.Unknown {
		return realInput(in)
	}
	return nil
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
	return nil, invalid(what, "it has values for %d bands, and there are more", len(list))
}

// curveOf returns the curve of band i.
func (f *Stretch) curveOf(c *compilation, in input, i int, to span) (curve, error) {
	sum, err := f.summary(c, in, i)
	if err != nil {
		return curve{}, err
	}
	out := f.curve(sum, to)
	gamma := 1.0
	g, err := ofBand(f.Gamma, i, "Gamma")
	switch {
	case err != nil:
		return curve{}, err
	case g != nil:
		gamma = *g
	case f.ComputeGamma:
		gamma = computeGamma(sum, in.Type, i, len(in.Bands))
	}
	if gamma != 1 {
		out.gamma, out.lift = 1/gamma, gammaLift(gamma, to)
	}
	return out, nil
}

// summary returns what is known of the samples of band i.
func (f *Stretch) summary(c *compilation, in input, i int) (Summary, error) {
	hist, err := ofBand(f.Histograms, i, "Histograms")
	if err != nil {
		return Summary{}, err
	}
	stated, err := ofBand(f.Statistics, i, "Statistics")
	if err != nil {
		return Summary{}, err
	}
	byShares := f.Type == StretchPercentClip || f.Type == StretchEqualize
	if f.WindowStatistics && f.Type != StretchNone {
		return summaryOf(c.WindowStatistics, in.function, i, byShares)
	}
	lo, hi := in.Type.Range()
	switch known := in.Bands[i].Known; {
	case f.Type == StretchNone:
		return *ranged(lo, hi), nil
	case byShares && hist != nil:
		return hist.summary(), nil
	case byShares && known == nil && c.Statistics != nil: // those that are stated have no shares
	case stated != nil:
		return Summary{Statistics: *stated}, nil
	case hist != nil:
		return hist.summary(), nil
	case known == nil && c.Statistics == nil && in.Type.Integer():
		return *ranged(lo, hi), nil // there are no statistics: whatever the type holds
	}
	return c.summary(in, i, byShares)
}

// summary returns the range, shares, mean and deviation of a histogram, whose samples count as in the middle of their
// parts.
func (h Histogram) summary() Summary {
	s := *ranged(h.Min, h.Max)
	var sum, mean, square float64
	for _, n := range h.Counts {
		sum += n
	}
	if sum == 0 {
		return s
	}
	s.Shares = make([]float64, len(h.Counts))
	part := (h.Max - h.Min) / float64(len(h.Counts))
	for i, n := range h.Counts {
		s.Shares[i] = n / sum
		mean += float64(s.Shares[i] * (h.Min + float64(part*(float64(i)+0.5))))
	}
	for i, share := range s.Shares {
		d := h.Min + float64(part*(float64(i)+0.5)) - mean
		square += float64(share * d * d)
	}
	s.Mean, s.StdDev = mean, math.Sqrt(square)
	return s
}

// statisticsArg reads lists of min, max, mean and standard deviation, or objects with these members.
func statisticsArg[F any](at func(*F) *[]raster.Statistics) arg {
	return field("Statistics", "a list of statistics a band", at, readStatistics, func(list []raster.Statistics) any {
		out := [][]float64{}
		for _, s := range list {
			out = append(out, []float64{s.Min, s.Max, s.Mean, s.StdDev})
		}
		return out
	})
}

func readStatistics(v any) ([]raster.Statistics, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) > 0 {
		if _, err := readNumber(list[0]); err == nil {
			list = []any{list} // the list of one band
		}
	}
	out := make([]raster.Statistics, len(list))
	for i, one := range list {
		var err error
		if out[i], err = readOneStatistics(one); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readOneStatistics(v any) (raster.Statistics, error) {
	parts := make([]any, 4)
	switch v := v.(type) {
	case []any:
		if len(v) < 2 || len(v) > 4 {
			return raster.Statistics{}, invalid("", "a band has min, max, mean and standard deviation, not %d numbers", len(v))
		}
		copy(parts, v)
	case *object:
		for i, names := range [][]string{{"min"}, {"max"}, {"mean", "avg"}, {"standardDeviation", "stddev", "std"}} {
			for _, name := range names {
				if m, ok := v.get(name); ok && parts[i] == nil {
					parts[i] = m
				}
			}
		}
		for _, m := range v.members {
			if !named(m.name, "min", []string{"max", "mean", "avg", "standardDeviation", "stddev", "std", "type", "_class", "count", "median", "mode", "skipX", "skipY", "skipFactorX", "skipFactorY"}) {
				return raster.Statistics{}, unsupported("", "member %s is not supported", m.name)
			}
		}
	default:
		return raster.Statistics{}, wrongKind(v, "a list of min, max, mean and standard deviation")
	}
	var n [4]float64
	for i, p := range parts {
		if p == nil {
			continue
		}
		var err error
		if n[i], err = readNumber(p); err != nil {
			return raster.Statistics{}, err
		}
	}
	if parts[0] == nil || parts[1] == nil {
		return raster.Statistics{}, invalid("", "a band has no min and max")
	}
	s := raster.Statistics{Min: n[0], Max: n[1], Mean: n[2], StdDev: n[3]}
	if parts[2] == nil {
		s.Mean = s.Min/2 + s.Max/2
	}
	if parts[3] == nil {
		s.StdDev = -1
	}
	return s, nil
}

// histogramsArg reads objects of size, min, max and counts.
func histogramsArg[F any](at func(*F) *[]Histogram) arg {
	return field("Histograms", "a list of histograms", at, func(v any) ([]Histogram, error) {
		return readList(v, readHistogram)
	}, func(list []Histogram) any {
		out := []map[string]any{}
		for _, h := range list {
			out = append(out, map[string]any{"size": len(h.Counts), "min": h.Min, "max": h.Max, "counts": h.Counts})
		}
		return out
	})
}

func readHistogram(v any) (h Histogram, err error) {
	o, ok := v.(*object)
	if !ok {
		return h, wrongKind(v, "a histogram")
	}
	size := -1
	for _, m := range o.members {
		switch {
		case named(m.name, "size", nil):
			size, err = readWhole(m.value)
		case named(m.name, "min", nil):
			h.Min, err = readNumber(m.value)
		case named(m.name, "max", nil):
			h.Max, err = readNumber(m.value)
		case named(m.name, "counts", nil):
			h.Counts, err = readList(m.value, readNumber)
		case named(m.name, "type", []string{"_class"}):
		default:
			err = unsupported("", "member %s of a histogram is not supported", m.name)
		}
		if err != nil {
			return h, err
		}
	}
	if size >= 0 && size != len(h.Counts) {
		return h, invalid("", "a histogram has %d counts and a size of %d", len(h.Counts), size)
	}
	return h, nil
}
