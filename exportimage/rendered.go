package exportimage

import (
	"context"

	"github.com/geoexport/geoexport/raster"
)

// DescribeRendered returns the service's description with the type, bands and palette that pixels have after f. With a
// nil f it is that of Describe: the service's default function counts only if it is passed.
func (s *Service) DescribeRendered(ctx context.Context, f RasterFunction) (Description, error) {
	return guarded(ctx, s, "describing", func() (Description, error) { return s.describeRendered(ctx, f) })
}

func (s *Service) describeRendered(ctx context.Context, f RasterFunction) (Description, error) {
	d, err := s.describe(ctx)
	if err != nil {
		return Description{}, err
	}
	if f == nil {
		return *d, nil
	}
	out, err := s.renderedSamples(ctx, f, d)
	if err != nil {
		return Description{}, err
	}
	r := *d
	r.PixelType, r.Palette, r.Bands = out.typ, out.palette, nil
	r.Interpolation = interpolation(s.Defaults.Interpolation, r.Palette != nil)
	for _, b := range out.bands {
		var band raster.Band
		if b.id >= 0 {
			band = d.Bands[b.id]
		}
		if r.PixelType != d.PixelType {
			band.NoData = nil
		}
		r.Bands = append(r.Bands, band)
	}
	r.Bands = named(r.Bands)
	return r, nil
}

// renderedSamples returns what is known of the service's pixels after f.
func (s *Service) renderedSamples(ctx context.Context, f RasterFunction, d *Description) (samples, error) {
	p, err := s.compileRule(ctx, Request{RenderingRule: f}, d)
	return p.out, err
}

// Statistics returns the statistics of the bands that pixels have after f, or of the rasters' own bands if f is nil.
// They are computed once, from the rasters with the lowest IDs: from the statistics that these state, or else from
// their coarsest levels. The result is nil if f computes a band, since only the range of that is known.
func (s *Service) Statistics(ctx context.Context, f RasterFunction) ([]raster.Statistics, error) {
	return guarded(ctx, s, "finding statistics", func() ([]raster.Statistics, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		return s.renderedStatistics(ctx, f, d)
	})
}

func (s *Service) renderedStatistics(
	ctx context.Context, f RasterFunction, d *Description,
) ([]raster.Statistics, error) {
	if f == nil {
		return s.bandStatistics(ctx, d)
	}
	r, err := s.renderedSamples(ctx, f, d)
	if err != nil || r.typ != d.PixelType {
		return nil, err
	}
	all, err := s.bandStatistics(ctx, d)
	if err != nil {
		return nil, err
	}
	var out []raster.Statistics
	for _, b := range r.bands {
		if b.id < 0 {
			return nil, nil
		}
		out = append(out, all[b.id])
	}
	return out, nil
}
