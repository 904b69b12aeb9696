package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/testdata"
)

// serve serves a directory of services of one raster until standard input ends. It prints the URL first.
func serve(services int) error {
	file, err := testdata.Demo.Open("demo/world.tif")
	if err != nil {
		return err
	}
	st, err := file.Stat()
	if err != nil {
		return err
	}
	ds, err := geotiff.Open(context.Background(), source.FromReaderAt(file.(io.ReaderAt), st.Size()), nil)
	if err != nil {
		return err
	}
	defer ds.Close()
	g := ds.Info().Grid
	catalog := mosaic.Slice{{
		ID: 1, Name: "world", Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open: func(context.Context) (raster.Dataset, error) { return ds, nil },
	}}
	var all []*exportimage.Service
	for i := range services {
		all = append(all, &exportimage.Service{Name: fmt.Sprint("s", i), Catalog: catalog})
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: rest.NewDirectory(all, nil), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	guard.Go(nil, "serving", func() error { return server.Serve(listener) }, func(err error) { ended <- err })
	fmt.Println("http://" + listener.Addr().String())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	if err := server.Close(); err != nil {
		return err
	}
	<-ended
	return nil
}
