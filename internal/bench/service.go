package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
)

// serve serves files as image services until the input ends. It prints the URL of their directory first.
func serve(names []string, in io.Reader, out io.Writer) (err error) {
	cache := raster.NewCache(cacheBytes / 4)
	var services []*exportimage.Service
	for _, name := range names {
		file, err := geotiff.OpenFile(name, &geotiff.Options{Cache: cache})
		if err != nil {
			return err
		}
		defer file.Close()
		services = append(services, &exportimage.Service{
			Name: serviceName(name), Cache: cache, Catalog: alone(file),
			// Clients wait for as long as it takes, as MapServer's do: a refusal is no measure of speed.
			Limits: exportimage.Limits{Queue: 1000, Wait: time.Hour},
		})
	}
	server, err := startServer(rest.NewDirectory(services, nil))
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintln(out, server.url); err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	return errors.Join(err, server.stop())
}

// serviceName returns the name of a file's service, which is that of its layer in MapServer, too.
func serviceName(file string) string {
	return strings.TrimSuffix(filepath.Base(file), ".tif")
}
