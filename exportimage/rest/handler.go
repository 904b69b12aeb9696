package rest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/quote"
)

// handler serves one image service over HTTP.
type handler struct {
	service  *exportimage.Service
	settings *settings
	below    string // path of the service below Options.BaseURL
	exports  sharedExports
}

// NewHandler returns a handler that serves Export Image over HTTP, and what else clients ask of a service:
//
//	<mount>/                     the service: f=html, json, pjson or openapi, all that is served with all parameters
//	<mount>/exportImage          the operation: f=html, json, pjson, image or kmz
//	<mount>/identify             the pixel at a place, and the rasters there
//	<mount>/getSamples           the pixels at several places
//	<mount>/query                the rasters of the catalogue: f=html, json, pjson or geojson
//	<mount>/queryBoundary        what the rasters cover together
//	<mount>/<ID>                 a raster of the catalogue: its attributes and outline
//	<mount>/<ID>/info            its grid and bands; also info/thumbnail, info/keyProperties and info/metadata
//	<mount>/<ID>/image           the operation with that raster alone
//	<mount>/download, file       the files of rasters, if Options.Files is set
//	<mount>/measure              distances, directions and areas on the ground
//	<mount>/project              geometries in another reference
//	<mount>/computePixelLocation the columns and rows of places in a raster
//	<mount>/computeHistograms    how often which values are in a place
//	<mount>/computeStatisticsHistograms, the same with minimum, maximum, mean and so on
//	<mount>/multidimensionalInfo the variables and dimensions of a service of slices
//	<mount>/slices               its slices, with their IDs
//	<mount>/tile/<level>/<row>/<column>  a tile, if the service has Tiles; also <mount>/tilemap/… (which tiles exist)
//	<mount>/xyz/<z>/<x>/<y>.png  the same tile, and xyz/tilejson.json
//	<mount>/WMTS                 the tiles as a Web Map Tile Service 1.0.0, by queries and by paths
//	<mount>/output/<name>        images that f=json links to, if Options.Output is set
//	<mount>/kml/image.kmz        the operation with f=kmz
//	<mount>/map                  a page that shows the service as a map
//	<mount>/WMSServer            the service as an OGC Web Map Service of versions 1.1.1 and 1.3.0
//
// and, as JSON or a page for f=html, the service's legend, statistics, histograms, keyProperties, rasterFunctionInfos,
// colormap, rasterAttributeTable and info/iteminfo, and info/metadata (XML) and info/thumbnail (an image). The service
// and these resources are described as a renderingRule draws them, if there is one.
//
// The mount is the part of the path that ends in "/ImageServer", in any case, as ArcGIS clients expect it; any other
// mount has to be stripped by http.StripPrefix. Parameters come as query or form (POST, also multipart or a JSON object),
// or both. A HEAD is answered like a GET.
//
// f=json plans the image without drawing it, unless it goes to Options.Output. With explain=true it is drawn, so that
// the trace in the answer has true costs. In the answers of the other operations, the trace names the parameters that were
// passed over, and what was forgiven.
//
// Errors are JSON objects as ArcGIS makes them, with the HTTP status that fits (see Options.AlwaysOK), and for f=html
// pages. Pages of other origins may read the answers (see Options.Origins). Images have an ETag, and equal requests
// that come at the same time are exported once, unless catalogue, rasters or hooks look at values of the HTTP request's
// context, such as the name of a tenant: see Options.ShareKey. The handler may be used concurrently.
//
// A panic in the code of others, such as a catalogue or a Store, is answered with status 500 and logged with its stack.
// Where a part of the answer has been sent, the connection is closed instead.
//
// An image is whole before the first byte of it is sent, in memory or a temporary file, so that slow clients hold a part
// of Limits.Bytes or Limits.Spool but no place among Limits.Exports. How long they may hold it is for the http.Server to
// limit: set ReadHeaderTimeout, ReadTimeout, WriteTimeout and IdleTimeout, as examples/serve does.
func NewHandler(s *exportimage.Service, o *Options) http.Handler {
	return &handler{service: s, settings: newSettings(o)}
}

const (
	maxForm = 1 << 20   // bytes in the body of a POST
	maxURL  = 256 << 10 // bytes in the target of a request: the longest parameters fit
)

// An operation answers requests for one path below a service. It is not served if its part is left out; an operation
// with part 0 is always served.
type operation struct {
	part   Part
	answer func(r *responder, form url.Values) error
}

// operations are the operations of a service by path, in lower case. The has… members of the service's description must
// agree with this table.
var operations = map[string]operation{
	"":            {0, describedInOpenAPI((*responder).describeService)},
	"exportimage": {0, (*responder).exportImage},
	"identify":    {Places, withForm("Identify", identifyTable.Infos, (*responder).identify)},
	"getsamples":  {Places, withForm("Get Samples", samplesTable.Infos, (*responder).getSamples)},
	"computehistograms": {Places, withForm("Compute Histograms", histogramsTable.Infos,
		(*responder).computeHistograms)},
	"computestatisticshistograms": {Places, withForm("Compute Statistics and Histograms", histogramsTable.Infos,
		(*responder).computeStatisticsHistograms)},
	"query":                {Catalog, queryInquiry.serve},
	"queryboundary":        {Catalog, boundaryInquiry.serve},
	"download":             {Catalog, downloadInquiry.serve},
	"file":                 {Catalog, (*responder).file},
	"measure":              {Measures, measureInquiry.serve},
	"project":              {Measures, projectInquiry.serve},
	"computepixellocation": {Measures, pixelInquiry.serve},
	"map":                  {Pages, (*responder).mapPage},
	wmsPath:                {WMS, (*responder).wms},
	"kml/image.kmz":        {KML, (*responder).kmlImage},
	"keyproperties":        {Resources, asJSON((*responder).keyProperties)},
	"rasterfunctioninfos":  {Resources, asJSON((*responder).rasterFunctionInfos)},
	"statistics":           {Resources, asJSON((*responder).statistics)},
	"histograms":           {Resources, asJSON((*responder).histograms)},
	"multidimensionalinfo": {Resources, asJSON((*responder).multidimensionalInfo)},
	"slices":               {Resources, withForm("Slices", slicesTable.Infos, (*responder).slices)},
	"colormap":             {Resources, asJSON((*responder).colormap)},
	"rasterattributetable": {Resources, asJSON((*responder).attributeTable)},
	"legend":               {Resources, asJSON((*responder).legend)},
	"info/thumbnail":       {Resources, asJSON((*responder).thumbnail)},
	"info/metadata":        {Resources, asJSON((*responder).metadata)},
	"info/iteminfo":        {Resources, asJSON((*responder).itemInfo)},
}

func (h *handler) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	root, path := splitPath(req)
	if known, ok := h.settings.basePath(h.below); ok {
		root = known
	}
	req = req.WithContext(exportimage.WithShedding(req.Context()))
	r := &responder{
		w: w, request: req, service: h.service, settings: h.settings, exports: &h.exports, root: root, below: h.below,
	}
	defer r.done()
	r.protect(func() { r.serve(path) })
}

// serve answers for a path below the service.
func (r *responder) serve(path string) {
	lower := strings.ToLower(path)
	form, ok := r.begin(lower)
	if !ok {
		return
	}
	folder, name, _ := strings.Cut(lower, "/")
	op, known := operations[lower]
	id, resource, ofRaster := rasterPath(lower)
	if err := checkItemRule(lower, form); err != nil {
		r.error(err)
		return
	}
	switch {
	case known && r.settings.serves(op.part):
		if err := op.answer(r, form); err != nil {
			r.error(err)
		}
	case ofRaster && r.settings.serves(Catalog):
		if err := resource(r, id, form); err != nil {
			r.error(err)
		}
	case tilePaths[folder] != nil && r.service.Tiles != nil && r.settings.serves(Tiles):
		_, below, _ := strings.Cut(path, "/")
		if err := tilePaths[folder](r, below, form); err != nil {
			r.error(err)
		}
	case folder == outputFolder:
		r.output(name)
	case folder == "map" && !known && r.settings.serves(Pages):
		r.mapAsset(name, form)
	default:
		r.notServed(path)
	}
}

func (r *responder) notServed(what string) {
	r.error(notFound("%s is not served", quote.Text(what)))
}

// begin does what all answers have in common, and returns the parameters. It reports false if it has answered, which it
// does before it reads the parameters if there is no room for an image that the path below the service stands for.
func (r *responder) begin(path string) (form url.Values, ok bool) {
	r.start = time.Now()
	header := r.w.Header()
	if path == wmsPath && r.settings.serves(WMS) {
		r.wmsAnswer = &wmsAnswer{version: wms130}
	}
	r.settings.allow(header, r.request.Header.Get("Origin"))
	header.Set("X-Content-Type-Options", "nosniff")
	switch r.request.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		header.Set("Access-Control-Allow-Methods", httpMethods)
		header.Set("Access-Control-Allow-Headers", r.request.Header.Get("Access-Control-Request-Headers"))
		r.timing()
		r.w.WriteHeader(http.StatusNoContent)
		return nil, false
	default:
		header.Set("Allow", httpMethods)
		r.fail(unsupported("", "method %s is not served", quote.Text(r.request.Method)), http.StatusMethodNotAllowed)
		return nil, false
	}
	if n := max(len(r.request.RequestURI), len(r.request.URL.RawQuery)); n > maxURL {
		r.fail(tooLarge("the URL is longer than %d bytes: send a form by POST", maxURL), http.StatusRequestURITooLong)
		return nil, false
	}
	if err := r.overloaded(path); err != nil {
		r.error(err)
		return nil, false
	}
	r.knowCaller()
	read, err := readForm(r.w, r.request)
	if err == nil {
		r.forgiven = read.forgiven
		if r.wmsAnswer != nil {
			r.f = "image" // the others of the transport's parameters have no meaning
			return read.values, true
		}
		err = r.readTransport(read.values)
	}
	if err == nil && r.f == "geojson" && path != "query" {
		r.f = "json"
		err = invalid("f", "geojson is for queries: this is one of %s", strings.Join(answerFormats, ", "))
	}
	if err == nil && r.f == openAPIFormat && (path != "" || r.exports == nil) {
		r.f = "json"
		err = invalid("f", "%s is for services: this is one of %s", openAPIFormat, strings.Join(answerFormats, ", "))
	}
	if err != nil {
		r.error(err)
		return nil, false
	}
	return read.values, true
}

const httpMethods = "GET, HEAD, POST, OPTIONS"

// servicePath matches where in a path a service's own part begins.
var servicePath = regexp.MustCompile(`(?i)/ImageServer(/|$)`)

// splitPath splits a request's path into the service's root, as the client knows it, and the operation below it.
func splitPath(r *http.Request) (root, operation string) {
	operation = strings.TrimSuffix(r.URL.Path, "/")
	if at := servicePath.FindStringIndex(operation); at != nil {
		operation = operation[at[1]:]
	}
	operation = strings.TrimPrefix(operation, "/")
	return strings.TrimSuffix(strings.TrimSuffix(targetPath(r), operation), "/"), operation
}

// targetPath returns the path that the client asked for, without a slash at the end. The request's target still has the
// part of the path that a mux stripped. The result begins with a single slash: with two, it would be another host's
// address in a page.
func targetPath(r *http.Request) string {
	path := r.URL.Path
	if target, err := url.ParseRequestURI(r.RequestURI); err == nil && target.Path != "" {
		path = target.Path
	}
	if path = strings.TrimSuffix(path, "/"); strings.HasPrefix(path, "//") {
		path = "/" + strings.TrimLeft(path, "/")
	}
	return path
}
