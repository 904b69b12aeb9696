package rest

import (
	"embed"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"path"
	"sync"

	"github.com/geoexport/geoexport/exportimage/params"
)

//go:embed mapview
var mapFiles embed.FS

var mapTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(mapFiles, "mapview/map.html"))
})

// mapPolicy lets the map's page load its own scripts, styles and images, and nothing else. Leaflet places tiles by
// setting styles from its script, which a policy for style sheets does not forbid.
const mapPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// mapAssets are the files that the map's page loads, by the name under which they are served.
var mapAssets = map[string]string{
	"leaflet.js": "mapview/leaflet/leaflet.js", "leaflet.css": "mapview/leaflet/leaflet.css",
	"map.js": "mapview/map.js", "map.css": "mapview/map.css",
}

// mapPage shows the service as a map: pan, zoom, and images by exportImage, in the service's own spatial reference. The
// parameter renderingRule names the raster function that it begins with.
func (r *responder) mapPage(form url.Values) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	format := "png32"
	if _, ok := r.service.Settings().Formats["jpgpng"]; ok {
		format = "jpgpng"
	}
	r.template(mapTemplate(), "map", mapPolicy, struct {
		Title, Root, Format, Extent, Pixel, Credits string
		Crumbs                                      []link
		Rules                                       []string
		Rule                                        string
	}{
		Title: title(r.service) + " (map)", Root: r.root, Format: format,
		Extent: boxText(d.Extent), Pixel: plain(min(d.PixelSize.X, d.PixelSize.Y)), Credits: r.service.Copyright,
		Crumbs: r.crumbs(link{Name: "map"}), Rules: functionNames(r.service), Rule: formText(form, params.RenderingRuleParam.Name),
	}, http.StatusOK)
	return nil
}

// mapAsset serves one of the files, which change only with the program.
func (r *responder) mapAsset(name string) {
	file, ok := mapAssets[name]
	if !ok {
		r.notServed("map/" + name)
		return
	}
	data, err := mapFiles.ReadFile(file)
	if err != nil {
		r.error(err)
		return
	}
	r.w.Header().Set("Cache-Control", "public, max-age=3600")
	r.send(mime.TypeByExtension(path.Ext(name)), data)
}
