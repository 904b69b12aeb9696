package rest

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"image"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/srs"
)

//go:embed mapview
var mapFiles embed.FS

// mapPolicy lets a page with a map load its own scripts, styles and images, ask its own server, and nothing else. The
// policy for style sheets does not forbid scripts to place elements by setting their styles, as Leaflet does. It has a
// place for the page's own style sheet.
const mapPolicy = "default-src 'none'; script-src 'self'; style-src 'self' '%s'; img-src 'self' data: blob:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// mapAssets are the files that the map's page loads, by the name under which they are served.
var mapAssets = map[string]string{
	"leaflet.js": "mapview/leaflet/leaflet.js", "leaflet.css": "mapview/leaflet/leaflet.css", "map.css": "mapview/map.css",
	"map.js": "mapview/map.js", "view.js": "mapview/view.js", "picture.js": "mapview/picture.js", "base.js": "mapview/base.js",
	"places.js": "mapview/places.js", "panels.js": "mapview/panels.js", "snippets.js": "mapview/snippets.js",
	"request.js": "mapview/request.js",
}

// mapParts are resources of the map's page, by the name below "map".
var mapParts = map[string]answer{
	"base":  (*responder).mapBase,
	"frame": (*responder).mapFrame,
}

// A mapView is what the page of a map shows, and what its scripts need to know.
type mapView struct {
	Config   string // JSON for the scripts
	Controls []fieldset
	Time     bool
	Catalog  bool
	Measures bool
	Places   bool
	Legend   bool
	Base     bool
	SRNames  []named // proposals for a spatial reference
	Opacity  string
	SR       string
	Coords   string
	Still    still
}

// A fieldset groups controls.
type fieldset struct {
	Legend   string
	Controls []control
}

// A control is a choice on the map. Hidden ones are shown where another choice asks for them.
type control struct {
	Name, Label string
	Choices     []named
	Value       string
	Hidden      bool
}

// named is a value of a parameter, and its name for people.
type named struct{ Value, Label string }

// A still is the map without scripts: an image, and links to images beside it.
type still struct {
	Image         string
	Width, Height int
	Links         []link
	Rules         []link
}

// mapConfig is what the map's scripts need to know.
type mapConfig struct {
	Root    string     `json:"root"`
	URL     string     `json:"url"` // absolute, or the path where the host is not known
	Name    string     `json:"name"`
	Credits string     `json:"credits"`
	SR      string     `json:"sr"`
	SRName  string     `json:"srName"`
	Extent  [4]float64 `json:"extent"`
	View    [4]float64 `json:"view"` // the box to begin with, in viewSR
	ViewSR  string     `json:"viewSR"`
	Pixel   float64    `json:"pixel"`
	Side    int        `json:"side"` // the longest side of an image
	Bands   []string   `json:"bands"`
	Rule    string     `json:"rule"` // the service's own rendering rule
	Format  string     `json:"format"`
	Time    [2]int64   `json:"time"`
	Catalog bool       `json:"catalog"`
	Places  bool       `json:"places"`
	Legend  bool       `json:"legend"`
	Project bool       `json:"project"`
}

// newMapView describes the map of a service, with the choices of a request.
func (r *responder) newMapView(d *exportimage.Description, form url.Values) (mapView, error) {
	req, err := mapRequest(form)
	if err != nil {
		return mapView{}, err
	}
	side := newServiceJSON(r.service, d).MaxImageWidth
	catalog := r.settings.serves(Catalog) && d.Rasters > 1
	c := mapConfig{
		Root: r.root, URL: r.base(), Name: title(r.service), Credits: r.service.Copyright, SR: srText(d.CRS), SRName: srName(d.CRS),
		Extent: corners(d.Extent), View: corners(d.Extent), ViewSR: srText(d.CRS), Pixel: min(d.PixelSize.X, d.PixelSize.Y),
		Side: side, Bands: bandNames(d), Rule: functionList(r.service)[0].Name, Format: mapFormat(r.service),
		Catalog: catalog, Places: r.settings.serves(Places), Legend: r.settings.serves(Resources), Project: r.settings.serves(Measures),
	}
	if (req.BBox != srs.Envelope{}) {
		c.View, c.ViewSR = corners(req.BBox), srText(cmp.Or(req.BBoxSR, req.ImageSR, d.CRS))
	}
	if !d.Time.IsZero() {
		c.Time = [2]int64{d.Time.From.UnixMilli(), d.Time.To.UnixMilli()}
	}
	config, err := json.Marshal(c)
	if err != nil {
		return mapView{}, err
	}
	return mapView{
		Config: string(config), Controls: r.mapControls(d, form), Time: !d.Time.IsZero(), Catalog: catalog, Measures: c.Project,
		Places: c.Places, Legend: c.Legend, SRNames: proposedSRs(d.CRS),
		Base:    !strings.EqualFold(formText(form, "base"), "none"),
		Opacity: cmp.Or(formText(form, "opacity"), "100"), SR: srText(cmp.Or(req.ImageSR, d.CRS)), Coords: formText(form, "coordinates"),
		Still: r.still(d, form, req),
	}, nil
}

// mapTable holds those parameters of the export that say which part of the world a map shows.
var mapTable = params.Table[exportimage.Request]{
	params.Bind(params.BBoxParam, func(r *exportimage.Request, b params.Box) { r.BBox, r.BBoxSR = b.Envelope, b.CRS }),
	params.Bind(params.BBoxSRParam, func(r *exportimage.Request, c srs.CRS) { r.BBoxSR = c }),
	params.Bind(params.ImageSRParam, func(r *exportimage.Request, c srs.CRS) { r.ImageSR = c }),
	params.Bind(params.SizeParam, func(r *exportimage.Request, p image.Point) { r.Size = p }),
}

func mapRequest(form url.Values) (req exportimage.Request, err error) {
	_, err = mapTable.Parse(form, &req)
	return req, err
}

// mapRequest reads which part of the world a map shows, all of it in one spatial reference.
func (r *responder) mapRequest(form url.Values) (exportimage.Request, error) {
	req, err := mapRequest(form)
	if err != nil {
		return req, err
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return req, err
	}
	req.ImageSR = cmp.Or(req.ImageSR, d.CRS)
	switch {
	case req.BBox.Empty() || !req.BBox.Finite():
		return req, invalid("bbox", "a box with an area is wanted")
	case req.BBoxSR != (srs.CRS{}) && req.BBoxSR != req.ImageSR:
		return req, invalid("bboxSR", "it must be that of the image")
	case req.Size.X < 1 || req.Size.Y < 1:
		return req, invalid("size", "it is missing")
	}
	return req, nil
}

// frameJSON is a spatial reference for the map: its name, the service's extent and a view in it.
type frameJSON struct {
	SR     string     `json:"sr"`
	Name   string     `json:"name"`
	Extent [4]float64 `json:"extent"`
	View   [4]float64 `json:"view"`
}

// mapFrame answers with what the map needs in order to be drawn in the spatial reference imageSR, and where the box bbox,
// in bboxSR, lies there.
func (r *responder) mapFrame(form url.Values) error {
	r.f = "json"
	req, err := mapRequest(form)
	if err != nil {
		return err
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	to := cmp.Or(req.ImageSR, d.CRS)
	wgs84, err := srs.FromWKID(4326)
	if err != nil {
		return err
	}
	in := func(e srs.Envelope, from srs.CRS) (srs.Envelope, error) {
		t, err := srs.Options{Area: areaIn(r.service, e, from, wgs84), ShiftGrids: r.service.ShiftGrids}.NewTransformer(from, to)
		if err != nil {
			return e, unsupported("imageSR", "%w", err)
		}
		if e, err = t.Envelope(e); err != nil {
			return e, invalid("imageSR", "the service has no place there: %w", err)
		}
		return e, nil
	}
	extent, err := in(d.Extent, d.CRS)
	if err != nil {
		return err
	}
	if near, ok := nearArea(r.service, &d, to); ok {
		if extent, err = in(near, wgs84); err != nil {
			return err
		}
	}
	view := extent
	if (req.BBox != srs.Envelope{}) {
		// A view that has no place there, or one without end, gives way to that of everything.
		e, err := in(req.BBox, cmp.Or(req.BBoxSR, d.CRS))
		if err == nil && !e.Empty() && e.Width() <= 4*extent.Width() && e.Height() <= 4*extent.Height() {
			view = e
		}
	}
	r.json(frameJSON{srText(to), srName(to), corners(extent), corners(view)})
	return nil
}

// nearArea returns the part of a service, in degrees, that is near the area for which a spatial reference was made; false
// if all of it is, or nothing. Far away, projections have no end: the North Pole is 10¹⁵ metres from the South Pole in
// polar stereographic.
func nearArea(s *exportimage.Service, d *exportimage.Description, c srs.CRS) (srs.Envelope, bool) {
	area, ok := c.AreaOfUse()
	box, known := inDegrees(s, d)
	if !ok || !known || c == d.CRS || c.Period() != 0 {
		return box, false
	}
	const around = 10 // degrees
	near := srs.Envelope{
		XMin: max(box.XMin, area.XMin-around), YMin: max(box.YMin, area.YMin-around),
		XMax: min(box.XMax, area.XMax+around), YMax: min(box.YMax, area.YMax+around),
	}
	if area.Width() >= 360-2*around {
		near.XMin, near.XMax = box.XMin, box.XMax
	}
	return near, near != box && !near.Empty()
}

func corners(e srs.Envelope) [4]float64 { return [4]float64{e.XMin, e.YMin, e.XMax, e.YMax} }

// srText returns a spatial reference as a parameter: its code, or JSON with its text.
func srText(c srs.CRS) string {
	if wkid, _ := c.WKID(); wkid != 0 {
		return fmt.Sprint(wkid)
	}
	text, err := json.Marshal(srOf(c))
	if err != nil {
		return ""
	}
	return string(text)
}

// srName returns the name of a spatial reference for people, with its code.
func srName(c srs.CRS) string {
	wkid, latest := c.WKID()
	name := cmp.Or(c.Name(), c.String())
	switch {
	case wkid == 0:
		return name
	case latest != 0 && latest != wkid:
		return fmt.Sprintf("%s (%d, now %d)", name, wkid, latest)
	}
	return fmt.Sprintf("%s (%d)", name, wkid)
}

// mapPage shows the service as a map that fills the page. The parameters of the view are those of the export.
func (r *responder) mapPage(form url.Values) error {
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	view, err := r.newMapView(&d, form)
	if err != nil {
		return err
	}
	all, err := r.exportForm(form)
	if err != nil {
		return err
	}
	r.pageWithMap("map", page{
		Title: title(r.service) + " (map)", Crumbs: r.crumbs(link{Name: "map"}), Map: &view, Fields: all.Fields,
	})
	return nil
}

// pageWithMap answers with a page that has a map.
func (r *responder) pageWithMap(name string, p page) {
	p.Root = r.root
	p.keepWritten()
	all := pages()
	p.Style = all.style
	r.template(all.templates, name, fmt.Sprintf(mapPolicy, all.styleHash), p, http.StatusOK)
}

// mapAsset serves what is below "map": files, and what scripts ask for.
func (r *responder) mapAsset(name string, form url.Values) {
	if part, ok := mapParts[name]; ok {
		if err := part(r, form); err != nil {
			r.f = "json"
			r.error(err)
		}
		return
	}
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
	if strings.HasPrefix(name, "leaflet") {
		r.w.Header().Set("Cache-Control", "public, max-age=3600") // our own files are small, and must be of one version
	}
	r.send(mime.TypeByExtension(path.Ext(name)), data)
}
