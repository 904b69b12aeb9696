package exportimage

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// directory serves several services side by side.
type directory struct {
	options  *options
	names    []string        // of services, sorted
	folders  map[string]bool // in lower case
	services map[string]http.Handler
}

// NewDirectory serves image services the way an ArcGIS Server lays them out, each under its Name:
//
//	<mount>/                      the list of services: f=html, json or pjson
//	<mount>/<folder>/             the list of those in a folder
//	<mount>/<name>/ImageServer/…  one service (see NewHandler)
//
// A service whose name is "folder/name" is in a folder; folders have none inside. Names are matched in any case. Mount it at
// "/arcgis/rest/services/" with http.StripPrefix; the path without the last slash is served too. Services without a name,
// or with one that another has, panic: that is a fault of the program.
func NewDirectory(services ...*Service) http.Handler { return NewDirectoryOf(services) }

// NewDirectoryOf is NewDirectory with options, which all of its services share.
func NewDirectoryOf(services []*Service, list ...Option) http.Handler {
	d := &directory{options: newOptions(list), folders: map[string]bool{}, services: map[string]http.Handler{}}
	for _, s := range services {
		key := strings.ToLower(s.Name)
		folder, name, inFolder := strings.Cut(key, "/")
		if _, twice := d.services[key]; twice || folder == "" || inFolder && name == "" || strings.Contains(name, "/") {
			panic("exportimage: a directory wants services with distinct names, in folders or not, not " + quote(s.Name))
		}
		if inFolder {
			d.folders[folder] = true
		}
		d.names = append(d.names, s.Name)
		d.services[key] = &handler{service: s, options: d.options}
	}
	slices.Sort(d.names)
	return d
}

func (d *directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	for n := 1; n <= 2 && n < len(parts); n++ {
		service, ok := d.services[strings.ToLower(strings.Join(parts[:n], "/"))]
		if ok && strings.EqualFold(parts[n], "ImageServer") {
			service.ServeHTTP(w, r)
			return
		}
	}
	a := &answer{w: w, r: r, service: &Service{}, options: d.options}
	if _, ok := a.begin(); !ok {
		return
	}
	switch folder := parts[0]; {
	case len(parts) == 1 && (folder == "" || d.folders[strings.ToLower(folder)]):
		d.list(a, folder)
	default:
		a.error(&Error{Kind: NotFound, Err: clientWording("Service not found")})
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

// list answers with the services of a folder, or with those in none and the folders.
func (d *directory) list(a *answer, folder string) {
	at := targetPath(a.r)
	j := directoryJSON{serverVersion, []string{}, []serviceLink{}}
	p := page{Title: cmp.Or(folder, "Services"), Crumbs: []link{{Name: "Services"}}}
	if folder != "" {
		p.Crumbs = []link{{"Services", at[:strings.LastIndexByte(at, '/')+1]}, {Name: folder}}
	}
	for _, name := range d.names {
		in, base, inFolder := strings.Cut(name, "/")
		switch {
		case !inFolder:
			in, base = "", name
		case folder == "" && !slices.Contains(j.Folders, in):
			j.Folders = append(j.Folders, in)
			p.Links = append(p.Links, link{in, at + "/" + url.PathEscape(in) + "/"})
		}
		if strings.EqualFold(in, folder) {
			j.Services = append(j.Services, serviceLink{name, "ImageServer"})
			p.Links = append(p.Links, link{base + " (ImageServer)", at + "/" + url.PathEscape(base) + "/ImageServer/"})
		}
	}
	if a.f == "html" {
		a.page("directory", p, http.StatusOK)
		return
	}
	a.json(j)
}

// NewInfo describes the server itself, which some clients ask for first. Mount it at "/arcgis/rest/info".
func NewInfo(list ...Option) http.Handler {
	o := newOptions(list)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{w: w, r: r, service: &Service{}, options: o}
		if _, ok := a.begin(); !ok {
			return
		}
		if a.f != "json" {
			a.f = "pjson"
		}
		var j struct {
			CurrentVersion float64 `json:"currentVersion"`
			FullVersion    string  `json:"fullVersion"`
			Auth           struct {
				Tokens bool `json:"isTokenBasedSecurity"`
			} `json:"authInfo"`
		}
		j.CurrentVersion, j.FullVersion = serverVersion, fmt.Sprint(serverVersion)
		a.json(j)
	})
}
