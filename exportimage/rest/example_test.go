package rest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// openWorld returns a service of one file.
func openWorld() (s *exportimage.Service, closeFile func() error) {
	ds, err := geotiff.OpenFile("../../testdata/demo/world.tif", nil)
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

// show prints the answer of a handler to a request.
func show(h http.Handler, target string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		log.Fatal(err)
	}
	media := w.Header().Get("Content-Type")
	if media == "image/png" {
		body = []byte("…")
	}
	fmt.Printf("%d %s\n%s\n", w.Code, media, bytes.TrimSpace(body))
}

// Serve one service under any path.
func ExampleNewHandler() {
	service, closeFile := openWorld()
	defer closeFile()
	mux := http.NewServeMux()
	mux.Handle("/world/", http.StripPrefix("/world", rest.NewHandler(service, nil)))

	show(mux, "/world/exportImage?f=image&bbox=-117,34,-116,35&size=100,100")
	show(mux, "/world/exportImage?f=json&bbox=-117,34,-116,35&size=100,100")
	show(mux, "/world/exportImage?f=json&bbox=-117,34")
	// Output:
	// 200 image/png
	// …
	// 200 application/json; charset=utf-8
	// {"href":"/world/exportImage?bbox=-117%2C34%2C-116%2C35&f=image&size=100%2C100","width":100,"height":100,"extent":{"xmin":-117,"ymin":34,"xmax":-116,"ymax":35,"spatialReference":{"wkid":4326,"latestWkid":4326}},"scale":0,"covered":true,"coverage":1}
	// 400 application/json; charset=utf-8
	// {"error":{"code":400,"message":"Invalid or missing input parameters.","details":["'bbox' parameter is invalid.","bbox: four numbers are wanted, xmin,ymin,xmax,ymax, not 2"]}}
}

// Serve several services under the paths that ArcGIS clients expect.
func ExampleNewDirectory() {
	service, closeFile := openWorld()
	defer closeFile()
	o := &rest.Options{CacheControl: "public, max-age=600", Without: rest.KML}
	services := http.StripPrefix("/arcgis/rest/services", rest.NewDirectory([]*exportimage.Service{service}, o))
	mux := http.NewServeMux()
	mux.Handle("/arcgis/rest/services/", services)
	mux.Handle("/arcgis/rest/info", rest.NewInfo(o))

	show(mux, "/arcgis/rest/services/?f=json")
	show(mux, "/arcgis/rest/services/world/ImageServer/keyProperties?f=json")
	// Output:
	// 200 application/json; charset=utf-8
	// {"currentVersion":10.91,"folders":[],"services":[{"name":"world","type":"ImageServer"}]}
	// 200 application/json; charset=utf-8
	// {"BandProperties":[{"BandName":"Band_1"},{"BandName":"Band_2"},{"BandName":"Band_3"}]}
}
