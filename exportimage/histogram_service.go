package exportimage

import (
	"context"
	"slices"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// Histograms returns the histograms of the bands that pixels have after f, which is of what Defaults.ItemFunction
// makes of the rasters, or of the rasters' own bands if there is neither. They are found once, of the same samples as
// Statistics: the coarsest levels of the rasters with the lowest IDs, whole or in even samples of them, and what f
// makes of these. A StatisticsHistogram around f does not count: samples are what there is. It returns nil if no
// sample is known.
func (s *Service) Histograms(ctx context.Context, f function.Function) ([]Histogram, error) {
	return observed(ctx, s, "finding histograms", nil, func() ([]Histogram, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		if f, err = s.ofItems(f); err != nil {
			return nil, err
		}
		found, err := s.serviceCounts(ctx, f, d)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		return found[0].histograms, nil
	})
}

// countsFound is what the samples of a service or of a function are.
type countsFound struct {
	statistics []BandStatistics
	histograms []Histogram
	values     []float64 // of the first band, at most maxSwatches; nil of types with many
}

// serviceCounts returns one countsFound.
func (s *Service) serviceCounts(ctx context.Context, f function.Function, d *Description) ([]countsFound, error) {
	if noFunction(f) {
		f = nil
	}
	key, known := "", knownSummaries(nil)
	if f != nil {
		var err error
		if f, err = s.resolved(f); err != nil {
			return nil, err
		}
		text, err := function.Marshal(f)
		if err != nil {
			return nil, blame("renderingRule", err)
		}
		key = string(text)
		if known, err = s.inputSummaries(ctx, f, d); err != nil {
			return nil, err
		}
	}
	return remembered(ctx, s, func(found *findings) *[]countsFound { return found.count(key) },
		func(found *findings) bool { return same(found.known, d) },
		func(ctx context.Context) ([]countsFound, error) {
			one, err := s.findCounts(ctx, f, d, known)
			return []countsFound{one}, err
		})
}

// count returns the place of what is found for the text of a function.
func (f *findings) count(key string) *[]countsFound {
	if f.counts[key] == nil {
		if f.counts == nil || len(f.counts) >= maxChains {
			f.counts = map[string]*[]countsFound{}
		}
		f.counts[key] = new([]countsFound)
	}
	return f.counts[key]
}

func (s *Service) findCounts(
	ctx context.Context, f function.Function, d *Description, known knownSummaries,
) (out countsFound, err error) {
	each := func(yield func(*raster.Block)) error { return s.eachBlock(ctx, d, yield) }
	if f != nil {
		if each, err = s.sampleImages(ctx, f, d, known, raster.Unknown); err != nil {
			return out, err
		}
	}
	var sums counters
	for pass := range 2 {
		err := each(func(b *raster.Block) {
			if sums == nil {
				sums = make(counters, len(b.Bands))
				for i := range sums {
					sums[i] = newCounter(b.Type)
				}
			}
			sums.countAll(b, pass > 0)
		})
		if err != nil {
			return out, err
		}
		if pass == 0 {
			sums.begin()
		}
		if !sums.twice() {
			break
		}
	}
	out.statistics, out.histograms = sums.results()
	if len(sums) > 0 {
		out.values = sums[0].values(maxSwatches)
	}
	return out, nil
}

// eachBlock yields the samples of the service's first rasters, in the type of the service.
func (s *Service) eachBlock(ctx context.Context, d *Description, yield func(*raster.Block)) error {
	if d.PixelType.Complex() {
		return unsupported("", "histograms of complex pixels are not supported")
	}
	return s.eachSample(ctx, d, func(ds raster.Dataset) error {
		info := ds.Info()
		level := len(info.Levels) - 1
		bands := make([]int, len(d.Bands))
		for i := range bands {
			if bands[i] = i; i >= len(info.Bands) {
				return nil // it has fewer than the service, and no image is of those that it lacks
			}
		}
		for _, win := range sampleWindows(info.Levels[level]) {
			var whole *raster.Block
			for some := range slices.Chunk(bands, 16) {
				b, err := ds.Read(ctx, nil, level, win, some)
				if err != nil {
					return err
				}
				if b, err = raster.Convert(b, d.PixelType); err != nil {
					return err
				}
				if whole == nil {
					whole = &raster.Block{Type: b.Type, Valid: b.Valid}
				}
				whole.Bands = append(whole.Bands, b.Bands...)
			}
			if whole != nil {
				yield(whole)
			}
		}
		return nil
	})
}
