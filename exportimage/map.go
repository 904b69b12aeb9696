package exportimage

import (
	"embed"
	"html/template"
	"mime"
	"net/http"
	"path"
	"sync"
)

//go:embed mapview
var mapFiles embed.FS

var mapTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(mapFiles, "mapview/map.html"))
})

// mapPolicy lets the map's page load its own scripts, styles and pictures, and nothing else. Leaflet places tiles by
// setting styles from its script, which a policy for style sheets does not forbid.
const mapPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'none'; " +
	"base-uri 'none'; frame-ancestors 'self'"

// mapAssets are the files that the map's page loads, by the name under which they are served.
var mapAssets = map[string]string{
	"leaflet.js": "mapview/leaflet/leaflet.js", "leaflet.css": "mapview/leaflet/leaflet.css",
	"map.js": "mapview/map.js", "map.css": "mapview/map.css",
}

// mapPage shows the service as a map: pan, zoom, and pictures by exportImage, in the service's own spatial reference.
func (a *answer) mapPage() {
	about, err := a.service.describe(a.r.Context())
	if err != nil {
		a.error(err)
		return
	}
	format := "png32"
	if _, ok := a.service.formats()["jpgpng"]; ok {
		format = "jpgpng"
	}
	a.template(mapTemplate(), "map", mapPolicy, struct {
		Title, Root, Format, Extent, Pixel, Credits string
		Crumbs                                      []link
	}{
		Title: a.service.title() + " (map)", Root: a.root, Format: format,
		Extent: boxText(about.extent), Pixel: plain(min(about.pixel[0], about.pixel[1])), Credits: a.service.Copyright,
		Crumbs: a.crumbs(link{Name: "map"}),
	}, http.StatusOK)
}

// mapAsset serves one of the files, which change with the program alone.
func (a *answer) mapAsset(name string) {
	file, ok := mapAssets[name]
	if !ok {
		a.notServed("map/" + name)
		return
	}
	data, err := mapFiles.ReadFile(file)
	if err != nil {
		a.error(err)
		return
	}
	a.w.Header().Set("Cache-Control", "public, max-age=3600")
	a.send(mime.TypeByExtension(path.Ext(name)), data)
}
