package geoexport_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// README.md shows the body of this example.
func Example() {
	ds, err := geotiff.OpenFile("testdata/demo/world.tif", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer ds.Close()
	grid := ds.Info().Grid
	service := &exportimage.Service{
		Name: "world",
		Catalog: mosaic.Slice{{
			ID: 1, Name: "world",
			Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
			Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
		}},
	}

	// As Go: res.Data is a PNG, res.Envelope its box, and res.Trace an account of how it was made.
	webMercator, err := srs.FromWKID(3857)
	if err != nil {
		log.Fatal(err)
	}
	res, err := service.Export(context.Background(), exportimage.Request{
		BBox: srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35}, BBoxSR: grid.CRS, ImageSR: webMercator,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.MediaType, res.Size, res.CRS)

	// Over HTTP: /world/exportImage and what clients ask for besides.
	http.Handle("/world/", http.StripPrefix("/world", rest.NewHandler(service, nil)))
	// Output: image/png (400,400) EPSG:3857
}
