package exportimage

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// directory serves several services side by side.
type directory struct {
	names    []string
	services map[string]http.Handler
}

// NewDirectory serves image services the way an ArcGIS Server lays them out, each under its Name:
//
//	<mount>/                      the list of services: f=html, json or pjson
//	<mount>/<name>/ImageServer/…  one service (see NewHandler)
//
// Names are matched in any case. Mount it at "/arcgis/rest/services/" with http.StripPrefix; the path without the last
// slash is served too. Services without a name, or with one that another has, panic: that is a fault of the program.
func NewDirectory(services ...*Service) http.Handler {
	d := &directory{services: map[string]http.Handler{}}
	for _, s := range services {
		key := strings.ToLower(s.Name)
		if _, twice := d.services[key]; twice || key == "" || strings.Contains(key, "/") {
			panic("exportimage: a directory wants services with distinct names without slashes, not " + quote(s.Name))
		}
		d.names = append(d.names, s.Name)
		d.services[key] = NewHandler(s)
	}
	slices.Sort(d.names)
	return d
}

func (d *directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.SplitN(strings.TrimPrefix(r.URL.Path, "/"), "/", 3)
	if parts[0] != "" {
		service, ok := d.services[strings.ToLower(parts[0])]
		if ok && len(parts) > 1 && strings.EqualFold(parts[1], "ImageServer") {
			service.ServeHTTP(w, r)
			return
		}
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	a := answer{w: w, r: r, service: &Service{}}
	form, err := readForm(w, r)
	if err == nil {
		err = a.readTransport(form)
	}
	switch {
	case err != nil:
		a.error(err)
	case parts[0] != "":
		a.error(&Error{Kind: NotFound, Err: clientWording("Service not found")})
	default:
		d.list(a)
	}
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

func (d *directory) list(a answer) {
	root := strings.TrimSuffix(a.r.URL.Path, "/")
	if target, err := url.ParseRequestURI(a.r.RequestURI); err == nil && target.Path != "" {
		root = strings.TrimSuffix(target.Path, "/")
	}
	j := directoryJSON{serverVersion, []string{}, []serviceLink{}}
	p := page{Title: "Services", Crumbs: []link{{Name: "Services"}}}
	for _, name := range d.names {
		j.Services = append(j.Services, serviceLink{name, "ImageServer"})
		p.Links = append(p.Links, link{name + " (ImageServer)", root + "/" + url.PathEscape(name) + "/ImageServer/"})
	}
	if a.f == "html" {
		a.page("directory", p, http.StatusOK)
		return
	}
	a.json(j)
}
