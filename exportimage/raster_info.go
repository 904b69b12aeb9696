package exportimage

import (
	"context"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// RasterInfo is what is known of one raster of a service, by itself.
type RasterInfo struct {
	Item      *mosaic.Item
	Info      raster.Info  // whose bands all have names
	Extent    srs.Envelope // the box around the raster's grid, in the CRS of the grid
	PixelSize PixelSize    // in the CRS of the grid
}

// RasterInfo opens a raster of the catalogue and describes it. Errors are of type *Error; of Kind NotFound if there is no
// raster with that ID.
func (s *Service) RasterInfo(ctx context.Context, id int64) (RasterInfo, error) {
	return observed(ctx, s, "describing a raster", nil, func() (RasterInfo, error) { return s.rasterInfo(ctx, id) })
}

func (s *Service) rasterInfo(ctx context.Context, id int64) (out RasterInfo, err error) {
	ctx, t, leave, err := s.enter(ctx, planPixels)
	if err != nil {
		return out, err
	}
	defer leave()
	defer t.keep(need{})
	if out.Item, err = s.itemByID(ctx, id); err != nil {
		return out, err
	}
	ds, err := open(ctx, out.Item)
	if err != nil {
		return out, err
	}
	out.Info = ds.Info()
	out.Info.Bands = named(out.Info.Bands)
	out.Extent = out.Info.Grid.Envelope()
	out.PixelSize = cellSize(out.Info.Grid)
	return out, nil
}

// itemByID returns a raster of the catalogue.
func (s *Service) itemByID(ctx context.Context, id int64) (*mosaic.Item, error) {
	if s.Catalog == nil {
		return nil, &Error{Err: errors.New("the service has no catalogue")}
	}
	items, err := mosaic.Find(ctx, s.Catalog, id)
	if _, ok := errors.AsType[*mosaic.NotFoundError](err); ok {
		return nil, &Error{Kind: NotFound, Err: fmt.Errorf("there is no raster %d", id)}
	}
	if err != nil {
		return nil, queryError(err)
	}
	return items[0], nil
}
