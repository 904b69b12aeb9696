package rest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
	"github.com/geoexport/geoexport/raster"
)

// directory serves several services side by side.
type directory struct {
	settings *settings
	names    []string        // of services, sorted
	folders  map[string]bool // in lower case
	services map[string]*handler
}

// NewDirectory returns a handler that serves image services in the layout of an ArcGIS Server, each under its Name:
//
//	<mount>/                      the list of services: f=html, json or pjson
//	<mount>/<folder>/             the list of services in a folder
//	<mount>/<name>/ImageServer/…  one service (see NewHandler)
//
// A service with the name "folder/name" is in a folder; folders cannot be nested. Names are matched in any case. Mount
// the handler at "/arcgis/rest/services/" with http.StripPrefix; the path without the last slash is served too. All
// services share the options, and BaseURL is that of the directory. NewDirectory panics if a service has no name, or
// the same name as another: that is a fault of the program.
func NewDirectory(services []*exportimage.Service, o *Options) http.Handler {
	share(services)
	d := &directory{settings: newSettings(o), folders: map[string]bool{}, services: map[string]*handler{}}
	for _, s := range services {
		key := strings.ToLower(s.Name)
		folder, name, inFolder := strings.Cut(key, "/")
		if _, twice := d.services[key]; twice || folder == "" || inFolder && name == "" || strings.Contains(name, "/") {
			panic("rest: a directory wants services with distinct names, in folders or not, not " + quote.Text(s.Name))
		}
		if inFolder {
			d.folders[folder] = true
		}
		d.names = append(d.names, s.Name)
		below := (&url.URL{Path: "/" + s.Name + "/ImageServer"}).EscapedPath()
		d.services[key] = &handler{service: s, settings: d.settings, below: below}
	}
	slices.Sort(d.names)
	return d
}

// share gives services without a gate or a cache of their own one for all.
func share(services []*exportimage.Service) {
	var l exportimage.Limits
	for _, s := range services {
		own := s.Settings().Limits
		l.Exports, l.Queue = max(l.Exports, own.Exports), max(l.Queue, own.Queue)
		l.Bytes, l.Spool = max(l.Bytes, own.Bytes), max(l.Spool, own.Spool)
	}
	gate := exportimage.NewGate(l)
	cache := raster.NewCache(exportimage.DefaultCacheBytes())
	for _, s := range services {
		if s.Gate == nil {
			s.Gate = gate
		}
		if s.Cache == nil {
			s.Cache = cache
		}
	}
}

func (d *directory) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	for n := 1; n <= 2 && n < len(parts); n++ {
		service, ok := d.services[strings.ToLower(strings.Join(parts[:n], "/"))]
		if ok && strings.EqualFold(parts[n], "ImageServer") {
			service.ServeHTTP(w, req)
			return
		}
	}
	r := &responder{w: w, request: req, service: &exportimage.Service{}, settings: d.settings}
	r.protect(func() {
		form, ok := r.begin("")
		if !ok {
			return
		}
		r.services = d.path(r.request)
		folder := parts[0]
		_, service := d.services[strings.ToLower(strings.Join(parts, "/"))]
		switch {
		case len(parts) == 1 && (folder == "" || d.folders[strings.ToLower(folder)]):
			d.list(r, folder, form)
		case service && r.f == "html":
			// People leave out the type of the service.
			below := &url.URL{Path: r.services + strings.Join(parts, "/") + "/ImageServer/"}
			http.Redirect(w, req, below.EscapedPath(), http.StatusFound)
		default:
			r.error(notFound("Service not found")) // the wording that clients look for
		}
	})
}

// path returns the path of the directory, as clients know it, with a slash at the end.
func (d *directory) path(req *http.Request) string {
	if at, ok := d.settings.basePath(""); ok {
		return at + "/"
	}
	return strings.TrimSuffix(targetPath(req), strings.TrimSuffix(req.URL.Path, "/")) + "/"
}

type directoryJSON struct {
	CurrentVersion float64       `json:"currentVersion"`
	Folders        []string      `json:"folders"`
	Services       []serviceLink `json:"services"`
}

type serviceLink struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// list answers with the services of a folder or, outside folders, with the folders and the services that are in none.
func (d *directory) list(r *responder, folder string, form url.Values) {
	j := directoryJSON{defaultVersion(), []string{}, []serviceLink{}}
	p := page{Title: cmp.Or(folder, "Services"), Crumbs: []link{{Name: "Services"}}}
	if folder != "" {
		p.Crumbs = []link{{"Services", r.services}, {Name: folder}}
	}
	for _, name := range d.names {
		in, _, inFolder := strings.Cut(name, "/")
		switch {
		case !inFolder:
			in = ""
		case folder == "" && !slices.Contains(j.Folders, in):
			j.Folders = append(j.Folders, in)
		}
		if strings.EqualFold(in, folder) {
			j.Services = append(j.Services, serviceLink{name, "ImageServer"})
		}
	}
	if r.f == "html" {
		p.Links = []link{{"JSON", "?f=pjson"}}
		p.Gallery = d.galleryOf(r, folder, form)
		r.page("directory", p, http.StatusOK)
		return
	}
	r.json(j)
}

// NewInfo returns a handler that describes the server itself, which some clients ask for first. Mount it at
// "/arcgis/rest/info".
func NewInfo(o *Options) http.Handler {
	set := newSettings(o)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r := &responder{w: w, request: req, service: &exportimage.Service{}, settings: set}
		if _, ok := r.begin(""); !ok {
			return
		}
		if r.f != "json" {
			r.f = "pjson"
		}
		var j struct {
			CurrentVersion float64 `json:"currentVersion"`
			FullVersion    string  `json:"fullVersion"`
			Auth           struct {
				Tokens bool `json:"isTokenBasedSecurity"`
			} `json:"authInfo"`
		}
		j.CurrentVersion = defaultVersion()
		j.FullVersion = fmt.Sprint(j.CurrentVersion)
		r.json(j)
	})
}
