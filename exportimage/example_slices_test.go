package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"log"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// ExampleService_Slices draws a slice of a raster whose bands state a variable and a dimension, as those do that GDAL made
// of netCDF. Each slice becomes an item of the catalogue.
func ExampleService_Slices() {
	crs, err := srs.FromWKID(4326)
	if err != nil {
		log.Fatal(err)
	}
	box := srs.Envelope{XMin: 0, YMin: 0, XMax: 10, YMax: 10}
	ds := rastertest.FromFunc(raster.NorthUp(crs, box, image.Pt(10, 10)), 3, func(band, x, y int) uint8 { return uint8(20 + band) })
	ds.Bands = make([]raster.Band, 3)
	for i := range ds.Bands {
		depth := raster.Coordinate{Dimension: "StdZ", Unit: "m", Value: float64(-100 * i)}
		ds.Bands[i].Slice = &raster.Slice{Variable: "temperature", Unit: "degC", Coordinates: []raster.Coordinate{depth}}
	}
	whole := &mosaic.Item{
		ID: 1, Name: "ocean", Footprint: mosaic.Footprint{CRS: crs, Envelope: box},
		Open: func(context.Context) (raster.Dataset, error) { return ds, nil },
	}
	service := &exportimage.Service{Catalog: mosaic.Slice(mosaic.SplitSlices([]*mosaic.Item{whole}, []raster.Info{ds.Info()}))}

	slices, err := service.Slices(context.Background(), []mosaic.SliceCondition{
		{Variable: "temperature", Dimension: "StdZ", Values: []mosaic.Interval{{From: -150, To: -50}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range slices {
		fmt.Println(s.ID, s.Variable, s.Coordinates[0].Value)
	}
	res, err := service.Identify(context.Background(), exportimage.IdentifyRequest{
		Geometry: exportimage.Geometry{Type: exportimage.PointGeometry, Envelope: srs.Envelope{XMin: 5, YMin: 5, XMax: 5, YMax: 5}},
		Export:   exportimage.Request{SliceID: &slices[0].ID},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Values)
	// Output:
	// 1 temperature -100
	// [21]
}
