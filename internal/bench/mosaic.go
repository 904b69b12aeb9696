package main

import (
	"context"
	"errors"
	"image"
	"math"
	"runtime"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// timeMosaic returns the median time for a picture of a mosaic of n rasters, which share the pixels of one file. The
// rasters lie side by side, and the picture shows the corner that the middle four share, or the only one.
func timeMosaic(ctx context.Context, name string, n int) (_ float64, err error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	file, err := geotiff.OpenFile(name, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	grid := file.Info().Grid
	side := float64(grid.Size.X)
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	items := make([]*mosaic.Item, n)
	for i := range items {
		x, y := 3e5+float64(i%columns)*side, 55e5-float64(i/columns)*side
		e := srs.Envelope{XMin: x, YMin: y - side, XMax: x + side, YMax: y}
		ds := placed{file, raster.NorthUp(grid.CRS, e, grid.Size)}
		items[i] = &mosaic.Item{
			ID: int64(i + 1), Name: "scene", Type: raster.U8, PixelSize: 1,
			Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: e},
			Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
		}
	}
	index, err := mosaic.NewIndex(items)
	if err != nil {
		return 0, err
	}
	s := &exportimage.Service{Catalog: index}
	column, row := float64(columns/2), float64(n/columns/2)
	if n == 1 {
		column, row = .5, .5
	}
	x, y := 3e5+column*side, 55e5-row*side
	req := exportimage.Request{
		BBox: srs.Envelope{XMin: x - 300, YMin: y - 300, XMax: x + 300, YMax: y + 300}, BBoxSR: grid.CRS, ImageSR: grid.CRS,
		Size: image.Pt(400, 400),
	}
	var seconds []float64
	for i := range repeats + 1 {
		start := time.Now()
		if _, err := s.Export(ctx, req); err != nil {
			return 0, err
		}
		if i > 0 { // the first one reads the catalogue
			seconds = append(seconds, time.Since(start).Seconds())
		}
	}
	return median(seconds), nil
}

// placed is a dataset somewhere else.
type placed struct {
	raster.Dataset
	grid raster.Grid
}

// Info returns that of the dataset, with the other place.
func (p placed) Info() raster.Info {
	info := p.Dataset.Info()
	info.Grid = p.grid
	return info
}
