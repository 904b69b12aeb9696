package exportimage_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"log"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/srs"
)

// openWorld serves one file. Catalogues of many are in package mosaic.
func openWorld() (s *exportimage.Service, closeFile func() error) {
	ds, err := geotiff.OpenFile("../testdata/demo/world.tif", nil)
	if err != nil {
		log.Fatal(err)
	}
	grid := ds.Info().Grid
	return &exportimage.Service{
		Name: "world",
		Catalog: mosaic.Slice{{
			ID: 1, Name: "world",
			Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
			Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
		}},
	}, ds.Close
}

func ExampleService_Export() {
	service, closeFile := openWorld()
	defer closeFile()
	webMercator, err := srs.FromWKID(3857)
	if err != nil {
		log.Fatal(err)
	}
	res, err := service.Export(context.Background(), exportimage.Request{
		BBox:    srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35}, // in the service's own spatial reference
		ImageSR: webMercator,
		Size:    image.Pt(300, 400),
	})
	if err != nil {
		log.Fatal(err)
	}
	// The box grew on one axis, so that its pixels are square: see Request.Aspect.
	fmt.Printf("%s, %v pixels, %.0f by %.0f m\n", res.MediaType, res.Size, res.Envelope.Width(), res.Envelope.Height())
	for _, r := range res.Trace.Rasters {
		fmt.Printf("drawn: %s, level %d\n", r.Name, r.Level)
	}
	// Output:
	// image/png, (300,400) pixels, 111319 by 148426 m
	// drawn: world, level 0
}

func ExampleService_ExportTo() {
	service, closeFile := openWorld()
	defer closeFile()
	var file bytes.Buffer // or an *os.File: the image is written while it is made
	res, err := service.ExportTo(context.Background(), &file, exportimage.Request{Format: "tiff", Compression: "LZW"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.MediaType, res.Size, file.Len() > 0)
	// Output: image/tiff (400,400) true
}

func ExampleService_Describe() {
	service, closeFile := openWorld()
	defer closeFile()
	d, err := service.Describe(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.CRS, d.Extent, d.PixelType)
	for _, b := range d.Bands {
		fmt.Println(b.Name)
	}
	stats, err := service.Statistics(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %v to %v\n", d.Bands[0].Name, stats[0].Min, stats[0].Max)
	// Output:
	// EPSG:4326 -180,-90,180,90 U8
	// Band_1
	// Band_2
	// Band_3
	// Band_1: 0 to 255
}
