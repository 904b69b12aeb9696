package geoexport_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/geoexport/geoexport"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/srs"
)

// README.md shows the body of this example.
func Example() {
	ctx := context.Background()
	service, err := geoexport.Open(ctx, "testdata/demo/world.tif") // or a folder, "tiles/*.tif", https://…/cog.tif, …
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	res, err := service.Export(ctx, exportimage.Request{ // res.Data is a PNG, res.Trace an account of how it was made
		BBox:   srs.Envelope{XMin: -117, YMin: 34, XMax: -116, YMax: 35},
		BBoxSR: srs.WGS84(), ImageSR: srs.WebMercator(),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.MediaType, res.Size, res.CRS)
	http.Handle("/world/", http.StripPrefix("/world", rest.NewHandler(service, nil))) // what ArcGIS clients ask for
	// Output: image/png (400,400) EPSG:3857
}
