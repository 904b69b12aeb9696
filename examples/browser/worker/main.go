//go:build js

// Command worker is an image service for each GeoTIFF on the web, in a service worker of a browser. The service of the
// file at a URL has the URL in base64url (RFC 4648, without padding) for its name:
//
//	…/arcgis/rest/services/aHR0cHM6Ly9leGFtcGxlLm9yZy9hLnRpZg/ImageServer/exportImage?…
//
// so that a worker that the browser ended and started again knows what to serve.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source/httpsource"
	wasmhttp "github.com/nlepage/go-wasm-http-server/v2"
)

func main() {
	s := newServices(http.DefaultClient) // the browser decides which hosts may be asked
	if _, err := wasmhttp.Serve(s); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
	select {}
}

const (
	cacheBytes  = 128 << 20 // of decoded blocks
	mostOpen    = 16        // files
	mostOfAName = 8 << 10   // bytes
)

// services are the image services of files by their URLs.
type services struct {
	client httpsource.Client
	cache  *raster.Cache
	pool   *mosaic.Pool // of open files

	mu     sync.Mutex
	byName map[string]http.Handler
}

func newServices(client *http.Client) *services {
	s := &services{client: httpsource.Client{HTTP: client}, cache: raster.NewCache(cacheBytes), byName: map[string]http.Handler{}}
	s.pool = mosaic.NewPool(mostOpen, func(ctx context.Context, location string) (raster.Dataset, error) {
		file, err := s.client.Open(ctx, location)
		if err != nil {
			return nil, err
		}
		return geotiff.Open(ctx, file, &geotiff.Options{Cache: s.cache})
	})
	return s
}

// ServeHTTP answers requests to …/<name>/ImageServer and below it.
func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	before, _, ok := strings.Cut(r.URL.Path, "/ImageServer")
	name := before[strings.LastIndexByte(before, '/')+1:]
	location, err := base64.RawURLEncoding.DecodeString(name)
	if !ok || err != nil || len(name) > mostOfAName {
		http.NotFound(w, r)
		return
	}
	service, err := s.service(r.Context(), name, string(location))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	http.StripPrefix(before+"/ImageServer", service).ServeHTTP(w, r)
}

// service returns the service of a file. What could not be opened is tried again at the next request.
func (s *services) service(ctx context.Context, name, location string) (http.Handler, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.byName[name]; ok {
		return h, nil
	}
	file, err := s.pool.Open(ctx, location)
	if err != nil {
		return nil, err
	}
	grid := file.Info().Grid
	if grid.CRS.IsZero() {
		return nil, fmt.Errorf("%s does not state its spatial reference", location)
	}
	item := &mosaic.Item{
		ID: 1, Name: location,
		Footprint: mosaic.Footprint{CRS: grid.CRS, Envelope: grid.Envelope()},
		Open:      func(ctx context.Context) (raster.Dataset, error) { return s.pool.Open(ctx, location) },
	}
	if len(s.byName) >= 4*mostOpen {
		clear(s.byName) // they are made again in no time: the pool and the cache stay
	}
	s.byName[name] = rest.NewHandler(&exportimage.Service{Name: name, Catalog: mosaic.Slice{item}}, nil)
	return s.byName[name], nil
}
