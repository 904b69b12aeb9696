package exportimage

import (
	"math"

	"github.com/geoexport/geoexport/raster"
)

// A Histogram counts samples in bins of equal width from Min to Max. A sample on the border of two bins is in the upper
// one, and one at Max in the last bin.
type Histogram struct {
	Min, Max float64
	Counts   []int64 // of each bin
}

// BandStatistics sum up the samples of a band.
type BandStatistics struct {
	raster.Statistics
	Count int64 // of samples; if it is 0, all other numbers are
	Sum   float64
	// Median is between as many greater samples as less ones, and Mode is the most frequent value, the least of several.
	// They are exact if a bin of the histogram stands for one value, as for types of up to 16 bits. Otherwise the median
	// is where its bin has it if the samples of the bin are evenly spread, and the mode is the middle of the fullest bin.
	Median, Mode float64
}

// tableTypes have a counter for each value, so that one pass over the samples is enough.
func tableType(t raster.PixelType) bool { return t.Integer() && t.Size() <= 2 }

// A counter counts the samples of one band. Of types with many values, it must see all samples twice: the first time it
// finds their range, the second time it counts.
type counter struct {
	typ    raster.PixelType
	lowest int     // of a type with a table
	table  []int64 // of each value from lowest on
	m      moments // of a type without one
	sum    float64
	bins   []int64 // from m.min to m.max
	scale  float64 // bins to a unit
	origin float64 // where the first begins
	width  float64
}

func newCounter(t raster.PixelType) *counter {
	c := &counter{typ: t}
	if tableType(t) {
		lo, hi := t.Range()
		c.lowest, c.table = int(lo), make([]int64, int(hi-lo)+1)
	}
	return c
}

// counterBytes returns the memory of a counter.
func counterBytes(t raster.PixelType) int64 {
	if !tableType(t) {
		return histogramBins * 8
	}
	lo, hi := t.Range()
	return int64(hi-lo+1) * 8
}

// begin prepares for the second pass.
func (c *counter) begin() {
	if c.table != nil {
		return
	}
	var n int
	c.origin, c.width, n = binsOf(c.m.min, c.m.max, c.typ.Integer())
	c.bins = make([]int64, n)
	c.scale = 1 / c.width
}

// binsOf returns where the first of at most histogramBins bins begins, their width and their number. Those of whole
// numbers hold equally many values each, and a value that is alone in one is in its middle. Values that a byte holds
// have the bins of bytes, since programs look up a class by its number.
func binsOf(lo, hi float64, whole bool) (origin, width float64, n int) {
	switch {
	case !whole:
		return lo, float64(hi/histogramBins) - float64(lo/histogramBins), histogramBins
	case lo >= 0 && hi < histogramBins:
		return -0.5, 1, histogramBins
	}
	width = math.Ceil((hi - lo + 1) / histogramBins)
	return lo - 0.5, width, int(math.Ceil((hi - lo + 1) / width))
}

// count counts the pixels of one row from one column to another. valid is nil if all hold data.
func (c *counter) count(p raster.Plane, valid []uint8, y, from, to int, second bool) {
	switch p := p.(type) {
	case *raster.PlaneOf[uint8]:
		countTable(c.table, c.lowest, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid)
	case *raster.PlaneOf[int8]:
		countTable(c.table, c.lowest, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid)
	case *raster.PlaneOf[uint16]:
		countTable(c.table, c.lowest, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid)
	case *raster.PlaneOf[int16]:
		countTable(c.table, c.lowest, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid)
	case *raster.PlaneOf[uint32]:
		countWide(c, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid, second)
	case *raster.PlaneOf[int32]:
		countWide(c, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid, second)
	case *raster.PlaneOf[float32]:
		countWide(c, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid, second)
	case *raster.PlaneOf[float64]:
		countWide(c, p.Row(y)[from-p.Rect.Min.X:to-p.Rect.Min.X], valid, second)
	}
}

func countTable[T uint8 | int8 | uint16 | int16](table []int64, lowest int, row []T, valid []uint8) {
	if valid == nil {
		for _, v := range row {
			if i := int(v) - lowest; i < len(table) { // bytes of a type of fewer bits
				table[i]++
			}
		}
		return
	}
	valid = valid[:len(row)]
	for x, v := range row {
		if i := int(v) - lowest; valid[x] >= halfValid && i < len(table) {
			table[i]++
		}
	}
}

func countWide[T uint32 | int32 | float32 | float64](c *counter, row []T, valid []uint8, second bool) {
	if second {
		binWide(c, row, valid)
		return
	}
	// The moments of a row are found around its own mean, and rows are merged.
	n, sum, lo, hi := 0.0, 0.0, math.Inf(1), math.Inf(-1)
	for x, s := range row {
		if v := float64(s); v-v == 0 && (valid == nil || valid[x] >= halfValid) {
			n++
			sum += v
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if n == 0 {
		return
	}
	mean, m2 := sum/n, 0.0
	for x, s := range row {
		if v := float64(s); v-v == 0 && (valid == nil || valid[x] >= halfValid) {
			d := v - mean
			m2 += float64(d * d)
		}
	}
	c.m.merge(moments{n, lo, hi, mean, m2})
	c.sum += sum
}

func binWide[T uint32 | int32 | float32 | float64](c *counter, row []T, valid []uint8) {
	last := len(c.bins) - 1
	for x, s := range row {
		if v := float64(s); v-v == 0 && (valid == nil || valid[x] >= halfValid) {
			c.bins[c.bin(v, last)]++
		}
	}
}

// bin returns the bin of a sample. Halves are subtracted, whose difference is finite.
func (c *counter) bin(v float64, last int) int {
	if !(c.width > 0) || math.IsInf(c.scale, 0) {
		return 0
	}
	return min(max(int((float64(v/2)-float64(c.origin/2))*2*c.scale), 0), last)
}

// histogram returns what was counted.
func (c *counter) histogram() Histogram {
	if c.table == nil {
		h := Histogram{Min: c.m.min, Max: c.m.max, Counts: c.bins}
		if c.typ.Integer() {
			h.Min, h.Max = c.origin, c.origin+float64(c.width*float64(len(c.bins)))
		}
		return h
	}
	if len(c.table) <= histogramBins {
		return Histogram{Min: float64(c.lowest) - 0.5, Max: float64(c.lowest+len(c.table)) - 0.5, Counts: c.table}
	}
	first, end := c.span()
	if first == end {
		first, end = -c.lowest, 1-c.lowest // as of zeros
	}
	origin, width, n := binsOf(float64(c.lowest+first), float64(c.lowest+end-1), true)
	h := Histogram{Min: origin, Max: origin + float64(width*float64(n)), Counts: make([]int64, n)}
	start := c.lowest + first - int(origin+0.5) // of the first value, in the first bin
	for i, count := range c.table[first:end] {
		h.Counts[(start+i)/int(width)] += count
	}
	return h
}

// span returns the first value that occurs, and the one after the last, as indices of the table.
func (c *counter) span() (first, end int) {
	for end = len(c.table); end > 0 && c.table[end-1] == 0; end-- {
	}
	for first < end && c.table[first] == 0 {
		first++
	}
	return first, end
}

// statistics returns those of the samples that were counted.
func (c *counter) statistics() BandStatistics {
	if c.table == nil {
		s := BandStatistics{Statistics: c.m.statistics(), Count: int64(c.m.n), Sum: c.sum}
		if !finite(s.Sum) {
			s.Sum = math.Copysign(math.MaxFloat64, s.Mean) // more than can be written
		}
		s.Median, s.Mode = c.middle(int64(c.m.n))
		return s
	}
	s := BandStatistics{}
	first, end := c.span()
	sum, most := int64(0), int64(0)
	for i, n := range c.table[first:end] {
		s.Count += n
		sum += n * int64(c.lowest+first+i)
		if n > most {
			most, s.Mode = n, float64(c.lowest+first+i)
		}
	}
	if s.Count == 0 {
		return s
	}
	s.Min, s.Max, s.Sum = float64(c.lowest+first), float64(c.lowest+end-1), float64(sum)
	s.Mean = s.Sum / float64(s.Count)
	m2 := 0.0
	for i, n := range c.table[first:end] {
		d := float64(c.lowest+first+i) - s.Mean
		m2 += float64(d * d * float64(n))
	}
	s.StdDev = math.Sqrt(m2 / float64(s.Count))
	s.Median = (float64(c.value((s.Count-1)/2)) + float64(c.value(s.Count/2))) / 2
	return s
}

// value returns the sample with n smaller or equal ones before it.
func (c *counter) value(n int64) int {
	for i, count := range c.table {
		if n -= count; n < 0 {
			return c.lowest + i
		}
	}
	return 0
}

// values returns the values that occur, the least first and at most a number of them; nil of a type without a table.
func (c *counter) values(most int) (out []float64) {
	for i, n := range c.table {
		if n > 0 && len(out) < most {
			out = append(out, float64(c.lowest+i))
		}
	}
	return out
}

// middle returns median and mode as the bins have them.
func (c *counter) middle(all int64) (median, mode float64) {
	if all == 0 {
		return 0, 0
	}
	if c.m.min == c.m.max {
		return c.m.min, c.m.min
	}
	before, most, found := int64(0), int64(0), false
	half := float64(float64(all) / 2)
	one := c.typ.Integer() && c.width == 1
	for i, n := range c.bins {
		start := c.origin + float64(c.width*float64(i))
		if n > most {
			most, mode = n, start+float64(c.width/2)
		}
		if before += n; !found && float64(before) >= half && n > 0 {
			found = true
			median = start + float64(c.width*float64(float64(half-float64(before-n))/float64(n)))
			if one {
				median = start + 0.5
				if float64(before) == half { // between this value and the next that occurs
					median = (median + c.nextValue(i)) / 2
				}
			}
		}
	}
	return min(max(median, c.m.min), c.m.max), min(max(mode, c.m.min), c.m.max)
}

// nextValue returns the value of the first bin after i that is not empty, of bins of one value.
func (c *counter) nextValue(i int) float64 {
	for j, n := range c.bins[i+1:] {
		if n > 0 {
			return c.origin + float64(i+1+j) + 0.5
		}
	}
	return c.m.max
}

// counters count the bands of blocks.
type counters []*counter

// twice reports whether all samples have to be seen twice.
func (c counters) twice() bool { return len(c) > 0 && c[0].table == nil }

// begin prepares all for the second pass.
func (c counters) begin() {
	for _, one := range c {
		one.begin()
	}
}

// count counts the pixels of a block in spans of one row.
func (c counters) count(b *raster.Block, y int, spans []span, second bool) {
	r := b.Bounds()
	for _, s := range spans {
		from, to := max(s.from, r.Min.X), min(s.to, r.Max.X)
		if from >= to {
			continue
		}
		var valid []uint8
		if b.Valid != nil {
			valid = b.Valid.Pix[b.Valid.PixOffset(from, y):][:to-from]
		}
		for i, p := range b.Bands {
			c[i].count(p, valid, y, from, to, second)
		}
	}
}

// countAll counts all pixels of a block.
func (c counters) countAll(b *raster.Block, second bool) {
	r := b.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		c.count(b, y, []span{{r.Min.X, r.Max.X}}, second)
	}
}

// results returns what was counted; nothing if there was nothing to count.
func (c counters) results() (stats []BandStatistics, histograms []Histogram) {
	some := false
	for _, one := range c {
		s := one.statistics()
		stats, histograms = append(stats, s), append(histograms, one.histogram())
		some = some || s.Count > 0
	}
	if !some {
		return nil, nil
	}
	return stats, histograms
}
