package exportimage

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// An Option changes what NewHandler, NewDirectory and NewInfo serve, or whom. Without any, all is served to everybody.
type Option func(*options)

// A Part is a group of things that are served beside the description of a service and the operation itself.
type Part uint8

// The parts.
const (
	Pages     Part = 1 << iota // f=html and the map, for people: without them, json is what f is by default
	KML                        // f=kmz, and kml/image.kmz
	Resources                  // what clients ask of a service besides: statistics, legend, thumbnail and so on
)

// Without leaves parts out.
func Without(parts ...Part) Option {
	return func(o *options) {
		for _, p := range parts {
			o.without |= p
		}
	}
}

// AllowOrigins lets only pages of these origins, such as "https://maps.example.org", read the answers (CORS), or with none no
// page of another origin. By default all pages may.
func AllowOrigins(origins ...string) Option {
	return func(o *options) { o.origins = append([]string{}, origins...) }
}

// options are what the handlers of a mount have in common.
type options struct {
	without Part
	origins []string  // nil: all
	packers sync.Pool // of *gzip.Writer: a new one takes a megabyte
}

func newOptions(list []Option) *options {
	o := &options{}
	for _, option := range list {
		option(o)
	}
	return o
}

func (o *options) serves(p Part) bool { return o.without&p == 0 }

// allow says in an answer's header who may read it. The origin is repeated rather than "*" because that is what ArcGIS
// does; nothing here depends on credentials.
func (o *options) allow(header http.Header, origin string) {
	switch {
	case o.origins == nil && origin == "":
		header.Set("Access-Control-Allow-Origin", "*")
	case o.origins == nil, slices.ContainsFunc(o.origins, func(s string) bool { return strings.EqualFold(s, origin) }):
		header.Set("Access-Control-Allow-Origin", origin)
	}
	header.Add("Vary", "Origin")
}
