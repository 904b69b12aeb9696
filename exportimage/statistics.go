package exportimage

import (
	"context"
	"image"
	"math"
	"slices"
	"strconv"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// Statistics come from at most statisticsPixels of each of the statisticsItems rasters with the lowest IDs. Neither
// depends on a request, so every image of a service is stretched alike.
const (
	statisticsPixels = 1 << 20
	statisticsItems  = mosaic.SummaryItems
)

// histogramBins is the number of equal parts of a band's range that its histogram counts, the same as ArcGIS's.
const histogramBins = 256

// A bandSummary sums up the samples of one band over a service's first rasters.
type bandSummary struct {
	raster.Statistics
	// shares of the samples that lie in each of histogramBins equal parts from Min to Max; Max is in the last. Their
	// sum is 1, or 0 if no sample is known.
	shares []float64
}

// bandRanges returns the ranges by which wider types are drawn in 8 bits: the service's stretch, or the least and
// largest value of each band.
func (s *Service) bandRanges(ctx context.Context, d *Description) ([]Range, error) {
	if s.Stretch != nil {
		return s.Stretch, nil
	}
	all, err := s.bandStatistics(ctx, d)
	if err != nil {
		return nil, err
	}
	ranges := make([]Range, len(all))
	for i, b := range all {
		ranges[i] = Range{b.Min, b.Max}
	}
	return ranges, nil
}

// bandStatistics returns the statistics of each band, which are found once for the rasters' present versions: from what the rasters state, or else from
// their coarsest levels. A band without any data has zeros.
func (s *Service) bandStatistics(ctx context.Context, d *Description) ([]raster.Statistics, error) {
	return remembered(ctx, s, func(f *findings) *[]raster.Statistics { return &f.statistics },
		func(f *findings) bool { return same(f.known, d) },
		func(ctx context.Context) ([]raster.Statistics, error) { return s.findStatistics(ctx, d) })
}

func (s *Service) findStatistics(ctx context.Context, d *Description) ([]raster.Statistics, error) {
	sums := make([]moments, len(d.Bands))
	err := s.eachSample(ctx, d, func(ds raster.Dataset) error { return addMoments(ctx, sums, ds) })
	if err != nil {
		return nil, err
	}
	out := make([]raster.Statistics, len(sums))
	for i, m := range sums {
		out[i] = m.statistics()
	}
	return out, nil
}

// bandSummaries returns the statistics of each band with histograms, which are found once.
func (s *Service) bandSummaries(ctx context.Context, d *Description) ([]bandSummary, error) {
	stats, err := s.bandStatistics(ctx, d)
	if err != nil {
		return nil, err
	}
	return remembered(ctx, s, func(f *findings) *[]bandSummary { return &f.summaries },
		func(f *findings) bool { return same(f.known, d) && (len(stats) == 0 || same(f.statistics, &stats[0])) },
		func(ctx context.Context) ([]bandSummary, error) { return s.findSummaries(ctx, d, stats) })
}

func (s *Service) findSummaries(
	ctx context.Context, d *Description, stats []raster.Statistics,
) ([]bandSummary, error) {
	out := make([]bandSummary, len(stats))
	for i := range out {
		out[i] = bandSummary{stats[i], make([]float64, histogramBins)}
	}
	err := s.eachSample(ctx, d, func(ds raster.Dataset) error {
		return readSamples(ctx, ds, func(band int, p *raster.PlaneOf[float64], valid *image.Alpha) {
			if band < len(out) {
				out[band].count(p, valid)
			}
		})
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].normalise()
	}
	return out, nil
}

// eachSample opens the rasters from which statistics come, one after the other.
func (s *Service) eachSample(ctx context.Context, d *Description, look func(raster.Dataset) error) error {
	ctx = s.budgeted(ctx)
	var refused error // is no fault of a raster
	counting := func(ds raster.Dataset) error {
		giveBack, err := s.borrow(ctx, sampleNeed(ds.Info()), false)
		if err != nil {
			refused = err
			return nil
		}
		defer giveBack()
		return look(ds)
	}
	for _, it := range d.first {
		err := s.lookAt(ctx, it, counting)
		if refused != nil {
			return refused
		}
		if err != nil {
			if changed(err) {
				seenOf(ctx).forget() // what is found without the raster is good for this time only
			}
			if _, ok := s.skips(ctx, err); !ok {
				return err
			}
		}
	}
	return nil
}

func (s *Service) lookAt(ctx context.Context, it *mosaic.Item, look func(raster.Dataset) error) error {
	ctx, release := s.holding(ctx)
	defer release()
	ds, err := open(ctx, it)
	if err != nil {
		return err
	}
	if err := seenOf(ctx).add(it, raster.VersionOf(ds)); err != nil {
		return err
	}
	err = guard.Call("looking at raster "+strconv.Quote(it.Name), func() error { return look(ds) })
	if err != nil {
		return &RasterError{"read", it.Name, err}
	}
	return nil
}

// sampleBands is how many bands are read at a time: files may have thousands.
const sampleBands = 16

// sampleNeed returns what readSamples takes for a raster: samples as they are read, and as F64.
func sampleNeed(info raster.Info) need {
	size := info.Levels[len(info.Levels)-1]
	pixels := int64(min(size.X, sampleSide)) * int64(min(size.Y, sampleSide))
	return need{memory: pixels * int64(min(len(info.Bands), sampleBands)*(info.Type.Size()+8)+1)}
}

// readSamples yields the pixels of a raster's coarsest level, or an even sample of them, band by band.
func readSamples(
	ctx context.Context, ds raster.Dataset, yield func(band int, p *raster.PlaneOf[float64], valid *image.Alpha),
) error {
	info := ds.Info()
	level := len(info.Levels) - 1
	bands := make([]int, len(info.Bands))
	for i := range bands {
		bands[i] = i
	}
	for _, win := range sampleWindows(info.Levels[level]) {
		for some := range slices.Chunk(bands, sampleBands) {
			b, err := ds.Read(ctx, nil, level, win, some)
			if err != nil {
				return err
			}
			if b, err = raster.Convert(b, raster.F64); err != nil {
				return err
			}
			for i, p := range b.Bands {
				yield(some[i], p.(*raster.PlaneOf[float64]), b.Valid)
			}
		}
	}
	return nil
}

// sampleSide is the side of the windows.
const sampleSide = 256

// sampleWindows returns windows that cover a level whole if it is small, and otherwise windows of 256 pixels on an even
// lattice.
func sampleWindows(size image.Point) []image.Rectangle {
	const side = sampleSide
	across, down := 1+(size.X-1)/side, 1+(size.Y-1)/side
	first := func(n, step int) int { return min(step, n) / 2 }
	count := func(n, step int) int64 { return 1 + int64((n-1-first(n, step))/step) }
	step := 1
	for count(across, step)*count(down, step) > statisticsPixels/(side*side) {
		step++
	}
	var out []image.Rectangle
	for y := first(down, step); y < down; y += step {
		for x := first(across, step); x < across; x += step {
			out = append(out, image.Rect(x*side, y*side, min((x+1)*side, size.X), min((y+1)*side, size.Y)))
		}
	}
	return out
}

// addMoments adds the statistics that a raster states, or else those of its pixels. Rasters count by their size.
func addMoments(ctx context.Context, sums []moments, ds raster.Dataset) error {
	info := ds.Info()
	bands := info.Bands[:min(len(info.Bands), len(sums))]
	weight := float64(info.Grid.Size.X) * float64(info.Grid.Size.Y)
	own := make([]moments, len(bands))
	known := true
	for i, b := range bands {
		if known = known && b.Stats != nil && usableStatistics(*b.Stats); known {
			s := b.Stats
			own[i] = moments{weight, s.Min, s.Max, s.Mean, s.StdDev * s.StdDev * weight}
		}
	}
	if !known {
		clear(own)
		err := readSamples(ctx, ds, func(band int, p *raster.PlaneOf[float64], valid *image.Alpha) {
			if band < len(own) {
				eachValue(p, valid, own[band].add)
			}
		})
		if err != nil {
			return err
		}
		for i := range own {
			if n := own[i].n; n > 0 {
				own[i].n, own[i].m2 = weight, own[i].m2/n*weight
			}
		}
	}
	for i := range own {
		sums[i].merge(own[i])
	}
	return nil
}

// moments are the count, extremes, mean and sum of squared differences from the mean of some numbers, updated number by
// number (Welford 1962) and merged with those of others (Chan, Golub, LeVeque 1983). The zero value is that of no
// numbers.
type moments struct{ n, min, max, mean, m2 float64 }

func (m *moments) add(v float64) {
	if m.n == 0 {
		m.min, m.max = v, v
	}
	m.n++
	m.min, m.max = math.Min(m.min, v), math.Max(m.max, v)
	d := v - m.mean
	m.mean += d / m.n
	m.m2 += float64(d * (v - m.mean))
}

func (m *moments) merge(o moments) {
	switch {
	case o.n == 0:
		return
	case m.n == 0:
		*m = o
		return
	}
	n := m.n + o.n
	d := o.mean - m.mean
	m.mean += float64(d * (o.n / n))
	m.m2 += o.m2 + float64(d*d*(m.n*o.n/n))
	m.min, m.max, m.n = math.Min(m.min, o.min), math.Max(m.max, o.max), n
}

func (m *moments) statistics() raster.Statistics {
	if m.n == 0 {
		return raster.Statistics{}
	}
	s := raster.Statistics{Min: m.min, Max: m.max, Mean: m.mean, StdDev: math.Sqrt(m.m2 / m.n)}
	if !usableStatistics(s) {
		// Squares of these samples overflow. No deviation is greater than half the range (Popoviciu 1935).
		s.Mean, s.StdDev = m.min/2+m.max/2, m.max/2-m.min/2
	}
	return s
}

// usableStatistics reports whether a band's statistics can be true: files may state anything.
func usableStatistics(s raster.Statistics) bool {
	return finite(s.Min, s.Max, s.Mean, s.StdDev) && s.Min <= s.Max && s.StdDev >= 0
}

func finite(list ...float64) bool {
	for _, v := range list {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// fraction returns where v lies between Min (0) and Max (1). It is computed from halves, which are exact and whose
// differences are finite.
func (r Range) fraction(v float64) float64 { return (v/2 - r.Min/2) / (r.Max/2 - r.Min/2) }

// count adds a plane's samples to the histogram. Until normalise is called, shares are counts.
func (b *bandSummary) count(p *raster.PlaneOf[float64], valid *image.Alpha) {
	span := Range{b.Min, b.Max}
	eachValue(p, valid, func(v float64) {
		bin := 0
		if v > span.Min && v <= span.Max {
			bin = min(int(span.fraction(v)*histogramBins), histogramBins-1)
		} else if v > span.Max {
			bin = histogramBins - 1
		}
		b.shares[bin]++
	})
}

func (b *bandSummary) normalise() {
	var sum float64
	for _, v := range b.shares {
		sum += v
	}
	if sum == 0 {
		return
	}
	for i := range b.shares {
		b.shares[i] /= sum
	}
}

// eachValue calls yield with the finite samples of pixels that hold data.
func eachValue(p *raster.PlaneOf[float64], valid *image.Alpha, yield func(float64)) {
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		var marks []uint8
		if valid != nil {
			marks = valid.Pix[valid.PixOffset(p.Rect.Min.X, y):]
		}
		for x, v := range p.Row(y) {
			if v-v == 0 && (marks == nil || marks[x] != 0) {
				yield(v)
			}
		}
	}
}
