package exportimage

import (
	"context"

	"github.com/geoexport/geoexport/mosaic"
)

// UsualSlices returns the slices that an image shows whose request says nothing about slices, times or rasters: one, unless
// the service's defaults leave several. It is an *Error of kind Unsupported if no raster is a slice.
func (s *Service) UsualSlices(ctx context.Context) ([]Slice, error) {
	return guarded(ctx, s, "listing slices", func() ([]Slice, error) {
		d, err := s.describe(ctx)
		if err != nil {
			return nil, err
		}
		if d.Multidimensional == nil {
			return nil, notMultidimensional("")
		}
		_, req, err := s.sliced(ctx, Request{}, d)
		if err != nil {
			return nil, err
		}
		var out []Slice
		for _, one := range d.Multidimensional.slices {
			if mosaic.MatchSlice(req.MosaicRule.Slices, &one.Slice) {
				out = append(out, one)
			}
		}
		return out, nil
	})
}
