package rest

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/geoexport/geoexport/mosaic"
)

// Options configure a handler. Nil and every field's zero value mean the default.
type Options struct {
	// BaseURL is the absolute URL under which clients reach the handler, for the links in its answers. Without it links
	// begin with the path of the request, such as "/services/dem/ImageServer/output/…", and clients resolve them against
	// the URL that they asked. Set it for clients that do not, such as esri-leaflet with f=json on pages of another
	// origin, and where a proxy changes the path.
	BaseURL string

	// TrustHost makes links absolute where BaseURL is empty, from the Host of each HTTP request and whether the request
	// came by TLS. Only its sender vouches for a Host: a shared cache could hand out links to a stranger's host. Set it
	// where a proxy or http.ServeMux lets known hosts pass alone. Headers such as X-Forwarded-Host are never read.
	TrustHost bool

	// Output stores the images that answers to f=json link to. Without one, the link is the same request with f=image, so
	// that servers side by side need share nothing.
	Output Store

	// Parts bound the images that are kept for clients that read them in parts, by HTTP ranges, as GDAL reads a TIFF: each
	// is drawn once, and not once a part. Only requests with a range and HEAD keep an image, and only these get one that
	// is kept, for Age at most, by default two minutes; by default there are up to 64 images of 256 MiB together. What is
	// kept counts against the limits Bytes and Spool of exportimage.Limits, and gives way to exports that need its room.
	// Answers for one request alone (see ShareKey) are not kept.
	Parts StoreLimits

	// CacheControl is the header of that name on images and descriptions; on links to Output and on errors it is always
	// "no-store". Default: "no-cache", which lets clients keep answers if they ask each time whether they are still true.
	// QGIS takes what it keeps without asking, across sessions, of anything but "no-store".
	CacheControl string

	// AlwaysOK answers errors with HTTP status 200, as ArcGIS does, instead of the status that fits. The body is the same.
	AlwaysOK bool

	// Origins are those whose pages may read the answers (CORS), such as "https://maps.example.org". Nil allows all,
	// and an empty list none but the handler's own.
	Origins []string

	// ShareKey names those who may get one another's answers: requests that are equal and come at the same time are
	// exported once for all with the same key, and what the service finds out for one of them, such as an extent or
	// statistics, is remembered for all. Not ok means that the answer is for that request alone. A key must name all
	// that the catalogue, rasters and hooks look at in the request's context, such as the tenant's name; ShareAll is for
	// services for which nothing there matters.
	//
	// Nil is always right: answers are shared unless anything looks at a value of the context while they are made. That
	// costs services whose catalogue does so the sharing, and also those where only a tracer does.
	ShareKey func(r *http.Request) (key string, ok bool)

	// Files lists the files that a raster of the catalogue is made of, for clients to download. Nil serves none. No file
	// is sent but one that it lists, under the name that it gives.
	Files func(ctx context.Context, it *mosaic.Item) ([]RasterFile, error)

	// Without lists the parts that are not served, such as Pages|KML.
	Without Part
}

// ShareAll is an Options.ShareKey with one key for everybody.
func ShareAll(*http.Request) (key string, ok bool) { return "", true }

// A Part is a group of things that are served beside the description of a service and the operation itself.
type Part uint8

// The parts.
const (
	Pages     Part = 1 << iota // f=html and the map, for people; without them, f is json by default
	KML                        // f=kmz, and kml/image.kmz
	Resources                  // what else clients ask of a service: statistics, legend, thumbnail and so on
	Places                     // identify and getSamples: values at places, and the attributes of rasters
	Catalog                    // query, and the rasters one by one: their attributes, outlines and images
	Measures                   // measure, project and computePixelLocation
	WMS                        // WMSServer: an OGC Web Map Service
	Tiles                      // tile, tilemap, xyz and WMTS, of a service that has Tiles
)

// settings are common to the handlers of a mount.
type settings struct {
	Options
	packers sync.Pool // of *gzip.Writer: a new one takes a megabyte
	kept    keptImages
	// thumbnails are those of raster functions.
	thumbnails keptImages
}

func newSettings(o *Options) *settings {
	if o == nil {
		o = &Options{}
	}
	s := &settings{Options: *o}
	s.BaseURL, s.Origins = strings.TrimSuffix(o.BaseURL, "/"), slices.Clone(o.Origins)
	s.kept.ledger = newLedger(StoreLimits{
		Age: cmp.Or(o.Parts.Age, 2*time.Minute), Bytes: o.Parts.Bytes, Files: cmp.Or(o.Parts.Files, 64),
	})
	s.thumbnails.ledger = newLedger(StoreLimits{Age: thumbnailAge, Bytes: 16 << 20, Files: 1024})
	return s
}

// basePath returns the path of BaseURL and what is below it, without a slash at the end: links in pages lead there, so that
// they are right behind a proxy. It reports false if there is no BaseURL.
func (s *settings) basePath(below string) (string, bool) {
	if s.BaseURL == "" {
		return "", false
	}
	u, err := url.Parse(s.BaseURL + below)
	if err != nil {
		return "", false
	}
	path := strings.TrimRight(u.Path, "/")
	if path != "" {
		path = "/" + strings.TrimLeft(path, "/")
	}
	return path, true
}

func (s *settings) serves(p Part) bool { return s.Without&p == 0 }

// allow states in an answer's header who may read it. The origin is repeated rather than "*" because ArcGIS does that;
// nothing here depends on credentials.
func (s *settings) allow(header http.Header, origin string) {
	switch {
	case s.Origins == nil && origin == "":
		header.Set("Access-Control-Allow-Origin", "*")
	case s.Origins == nil, slices.ContainsFunc(s.Origins, func(o string) bool { return strings.EqualFold(o, origin) }):
		header.Set("Access-Control-Allow-Origin", origin)
	}
	header.Set("Access-Control-Expose-Headers", exposed)
	header.Add("Vary", "Origin")
}

// exposed are the headers that pages of other origins may read: those by which browsers read a TIFF in parts, and ours.
const exposed = "Accept-Ranges, Content-Length, Content-Range, ETag, Export-Coverage, Server-Timing"
