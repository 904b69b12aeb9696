package exportimage

import (
	"context"
	"net/url"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// drawn is what is known of a service's pixels as the request's renderingRule draws them, which clients ask for in order to
// set up a picture. Without a rule, they are the rasters' own.
func (a *answer) drawn(about *about, form url.Values) (*about, error) {
	only := url.Values{}
	for name, values := range form {
		if strings.EqualFold(strings.TrimSpace(name), "renderingRule") {
			only[name] = values
		}
	}
	req, err := ParseRequest(only)
	if err != nil || req.RenderingRule == nil {
		return about, err
	}
	p, err := a.service.compileRule(a.r.Context(), req, about)
	if err != nil {
		return nil, err
	}
	out := *about
	out.typ, out.palette, out.bands = p.out.typ, p.out.palette, nil
	out.rasters, out.origin = about, p.out.bands
	names := bandNames(about)
	for _, b := range p.out.bands {
		band := raster.Band{}
		if b.id >= 0 {
			band = about.bands[b.id]
			band.Name = names[b.id]
		}
		if out.typ != about.typ {
			band.NoData = nil
		}
		out.bands = append(out.bands, band)
	}
	return &out, nil
}

// drawnStatistics are those of the bands; nil where a rule computes them, since only their range is known.
func (s *Service) drawnStatistics(ctx context.Context, a *about) ([]raster.Statistics, error) {
	if a.rasters == nil {
		return s.bandStatistics(ctx, a)
	}
	if a.typ != a.rasters.typ {
		return nil, nil
	}
	all, err := s.bandStatistics(ctx, a.rasters)
	if err != nil {
		return nil, err
	}
	var out []raster.Statistics
	for _, b := range a.origin {
		if b.id < 0 {
			return nil, nil
		}
		out = append(out, all[b.id])
	}
	return out, nil
}
