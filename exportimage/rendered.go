package exportimage

import (
	"context"
	"image"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// DescribeRendered returns the service's description with the type, bands and palette that pixels have after f, which
// is of what Defaults.ItemFunction makes of the rasters. With neither it is that of Describe: the service's default
// function counts only if it is passed.
func (s *Service) DescribeRendered(ctx context.Context, f function.Function) (Description, error) {
	return observed(ctx, s, "describing", nil, func() (Description, error) { return s.describeRendered(ctx, f) })
}

func (s *Service) describeRendered(ctx context.Context, f function.Function) (Description, error) {
	d, err := s.describe(ctx)
	if err != nil {
		return Description{}, err
	}
	if f == nil && noFunction(s.Defaults.ItemFunction) {
		return *d, nil
	}
	p, err := s.describing(ctx, f, d)
	if err != nil {
		return Description{}, err
	}
	out := p.rule.out
	r := *d
	r.PixelType, r.Palette, r.Bands = out.Type, out.Palette, nil
	r.Interpolation = interpolation(s.Defaults.Interpolation, r.Palette != nil)
	for _, b := range out.Bands {
		band := raster.Band{Name: b.Name}
		if id := serviceBand(d, b); id >= 0 {
			band = d.Bands[id]
		}
		if r.PixelType != d.PixelType {
			band.NoData = nil
		}
		r.Bands = append(r.Bands, band)
	}
	r.Bands = named(r.Bands)
	return r, nil
}

// describing returns a plan with f compiled for an image of the whole service.
func (s *Service) describing(ctx context.Context, f function.Function, d *Description) (*plan, error) {
	const side = 400 // the operation's default
	p := &plan{
		grid: raster.NorthUp(d.CRS, squarePixels(d.Extent, image.Pt(side, side)), image.Pt(side, side)),
		req:  Request{Function: f, ItemFunction: s.Defaults.ItemFunction},
	}
	return p, s.begin(ctx, p, d)
}

// Statistics returns the statistics of the bands that pixels have after f, which is of what Defaults.ItemFunction
// makes of the rasters, or of the rasters' own bands if there is neither. They are found once, from the rasters with
// the lowest IDs: those of the rasters' own samples from what these state, or else from their coarsest levels, and
// those of computed bands by computing them there.
func (s *Service) Statistics(ctx context.Context, f function.Function) ([]raster.Statistics, error) {
	return observed(ctx, s, "finding statistics", nil, func() ([]raster.Statistics, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		return s.renderedStatistics(ctx, f, d)
	})
}

func (s *Service) renderedStatistics(
	ctx context.Context, f function.Function, d *Description,
) ([]raster.Statistics, error) {
	if f == nil && noFunction(s.Defaults.ItemFunction) {
		return s.bandStatistics(ctx, d)
	}
	p, err := s.describing(ctx, f, d)
	if err != nil {
		return nil, err
	}
	all, err := s.bandStatistics(ctx, d)
	if err != nil {
		return nil, err
	}
	var out []raster.Statistics
	var computed []function.Summary
	for i, b := range p.rule.out.Bands {
		if id := serviceBand(d, b); id >= 0 && p.rule.out.Type == d.PixelType {
			out = append(out, all[id])
			continue
		}
		if computed == nil {
			if computed, err = s.summaries(ctx, p.rule.function, d, false); err != nil {
				return nil, err
			}
		}
		out = append(out, computed[i].Statistics)
	}
	return out, nil
}
