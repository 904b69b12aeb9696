package geoexport_test

import (
	"context"
	"fmt"
	"image"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	files "github.com/geoexport/geoexport/raster/source"
)

// A picture of Olinda from a folder of rasters, in a file.
func ExampleOpen() {
	ctx := context.Background()
	service, err := geoexport.Open(ctx, "testdata/demo/olinda_mosaic")
	if err != nil {
		log.Fatal(err)
	}
	defer service.Close()
	res, err := service.Export(ctx, exportimage.Request{Size: image.Pt(800, 600), Format: "jpg"})
	if err != nil {
		log.Fatal(err)
	}
	err = os.WriteFile(os.DevNull, res.Data, 0o666)
	fmt.Println(res.MediaType, res.Size, res.CRS, err)
	// Output: image/jpeg (800,600) EPSG:31985 <nil>
}

// An image server of a folder.
func ExampleOpen_server() {
	service, err := geoexport.Open(context.Background(), "testdata/demo/olinda_mosaic")
	if err != nil {
		log.Fatal(err)
	}
	const root = "/arcgis/rest/services/olinda/ImageServer"
	http.Handle(root+"/", http.StripPrefix(root, rest.NewHandler(service, nil)))
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}

func TestOpenRefusesPrivateAddresses(t *testing.T) {
	server := httptest.NewServer(http.FileServer(http.Dir("testdata/demo")))
	defer server.Close()
	_, err := geoexport.Open(t.Context(), server.URL+"/world.tif")
	require.ErrorAs(t, err, new(*files.AddressError))
}
