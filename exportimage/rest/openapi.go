package rest

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/exportimage/params"
)

// openAPIFormat is the value of f with which a service describes itself in OpenAPI.
const openAPIFormat = "openapi"

// A documented operation is one that a service's description in OpenAPI has.
type documented struct {
	path    string // below the service, as it is documented; names in braces are parameters
	part    Part
	summary string
	infos   func() []params.Info // nil: no parameters of its own
	formats []string             // values of f, the default first; nil: f has no meaning
	media   []string             // of answers, besides JSON and HTML
	tiles   bool                 // only services with Tiles have it
	slices  bool                 // only multidimensional services have it
	files   bool                 // only handlers with Options.Files have it
}

var (
	jsonFormats    = []string{"html", "json", "pjson"}
	placeFormats   = []string{"pjson", "json", "html"}
	exportedFormat = []string{"html", "json", "pjson", "image", "kmz"}
)

const (
	anyImage = "image/*"
	kmzMedia = "application/vnd.google-earth.kmz"
)

func exportInfos() []params.Info { return params.ExportImage().Infos() }

func tileInfos() []params.Info {
	// A tile has its box, size and reference from its place.
	placed := []string{"bbox", "bboxSR", "size", "imageSR", "adjustAspectRatio", "validateExtent"}
	return append(blankTable.Infos(), slices.DeleteFunc(exportInfos(), func(i params.Info) bool { return slices.Contains(placed, i.Name) })...)
}

// documentedOperations are the operations of a service, in the order of the document.
var documentedOperations = []documented{
	{path: "", summary: "Describe the service", infos: renderingTable.Infos, formats: append(slices.Clone(jsonFormats), openAPIFormat)},
	{path: "exportImage", summary: "Draw an image of a box", infos: exportInfos, formats: exportedFormat,
		media: []string{anyImage, "application/octet-stream", kmzMedia}},
	{path: "map", part: Pages, summary: "Show the service as a map", infos: mapTable.Infos},
	{path: "identify", part: Places, summary: "Find the pixel at a place, and the rasters there", infos: identifyTable.Infos, formats: placeFormats},
	{path: "getSamples", part: Places, summary: "Find the pixels at several places", infos: samplesTable.Infos, formats: placeFormats},
	{path: "computeHistograms", part: Places, summary: "Count the values in a place", infos: histogramsTable.Infos, formats: placeFormats},
	{path: "computeStatisticsHistograms", part: Places, summary: "Count the values in a place, with minimum, maximum, mean and so on",
		infos: histogramsTable.Infos, formats: placeFormats},
	{path: "query", part: Catalog, summary: "List rasters of the catalogue", infos: queryTable.Infos,
		formats: append(slices.Clone(jsonFormats), "geojson"), media: []string{"application/geo+json"}},
	{path: "queryBoundary", part: Catalog, summary: "Find what the rasters cover together", infos: boundaryTable.Infos, formats: jsonFormats},
	{path: "{rasterId}", part: Catalog, summary: "Describe a raster of the catalogue: attributes and outline", formats: jsonFormats},
	{path: "{rasterId}/info", part: Catalog, summary: "Describe a raster's grid and bands", formats: jsonFormats},
	{path: "{rasterId}/image", part: Catalog, summary: "Draw an image of a raster alone", infos: exportInfos, formats: exportedFormat, media: []string{anyImage}},
	{path: "{rasterId}/info/thumbnail", part: Catalog, summary: "Draw all of a raster", media: []string{anyImage}},
	{path: "{rasterId}/info/keyProperties", part: Catalog, summary: "Describe a raster by its key properties", formats: jsonFormats},
	{path: "{rasterId}/info/metadata", part: Catalog, summary: "Describe a raster in XML", media: []string{"application/xml"}},
	{path: "download", part: Catalog, files: true, summary: "List the files of rasters", infos: downloadTable.Infos, formats: jsonFormats},
	{path: "measure", part: Measures, summary: "Measure distances, directions and areas on the ground", infos: measureTable.Infos, formats: jsonFormats},
	{path: "project", part: Measures, summary: "Bring geometries into another reference", infos: projectTable.Infos, formats: jsonFormats},
	{path: "computePixelLocation", part: Measures, summary: "Find the columns and rows of places in a raster", infos: pixelTable.Infos, formats: jsonFormats},
	{path: "legend", part: Resources, summary: "Explain colours", infos: legendTable.Infos, formats: placeFormats},
	{path: "statistics", part: Resources, summary: "State the statistics of the bands", infos: renderingTable.Infos, formats: placeFormats},
	{path: "histograms", part: Resources, summary: "State the histograms of the bands", formats: placeFormats},
	{path: "keyProperties", part: Resources, summary: "State the key properties", infos: renderingTable.Infos, formats: placeFormats},
	{path: "colormap", part: Resources, summary: "State the colours of a palette", infos: renderingTable.Infos, formats: placeFormats},
	{path: "rasterAttributeTable", part: Resources, summary: "State the classes", infos: renderingTable.Infos, formats: placeFormats},
	{path: "rasterFunctionInfos", part: Resources, summary: "List the raster functions that requests may name", formats: placeFormats},
	{path: "multidimensionalInfo", part: Resources, slices: true, summary: "Describe variables and dimensions", infos: dimensionsTable.Infos, formats: placeFormats},
	{path: "slices", part: Resources, slices: true, summary: "List slices", infos: slicesTable.Infos, formats: placeFormats},
	{path: "info/iteminfo", part: Resources, summary: "Describe the service to a portal", formats: placeFormats},
	{path: "info/metadata", part: Resources, summary: "Describe the service in XML", media: []string{"application/xml"}},
	{path: "info/thumbnail", part: Resources, summary: "Draw all of the service", media: []string{anyImage}},
	{path: "kml/image.kmz", part: KML, summary: "Draw an image of a box for Google Earth", infos: exportInfos, media: []string{kmzMedia}},
	{path: "WMSServer", part: WMS, summary: "Answer as a Web Map Service; REQUEST=GetCapabilities describes it", media: []string{"application/xml", anyImage}},
	{path: "tile/{level}/{row}/{column}", part: Tiles, tiles: true, summary: "Draw a tile", infos: tileInfos, media: []string{anyImage}},
	{path: "tilemap/{level}/{row}/{column}/{width}/{height}", part: Tiles, tiles: true, summary: "State which tiles exist"},
	{path: "xyz/{z}/{x}/{y}.png", part: Tiles, tiles: true, summary: "Draw a tile by its number in the web's scheme", infos: tileInfos, media: []string{anyImage}},
	{path: "xyz/tilejson.json", part: Tiles, tiles: true, summary: "Describe the tiles in TileJSON"},
	{path: "WMTS", part: Tiles, tiles: true, summary: "Answer as a Web Map Tile Service; REQUEST=GetCapabilities describes it",
		media: []string{"application/xml", anyImage}},
}

// The parts of a document of OpenAPI 3.1 that are written here.
type (
	openAPIJSON struct {
		OpenAPI    string                           `json:"openapi"`
		Info       openAPIInfo                      `json:"info"`
		Servers    []openAPIServer                  `json:"servers"`
		Paths      map[string]map[string]openAPIOp  `json:"paths"`
		Components map[string]map[string]openSchema `json:"components"`
	}
	openAPIInfo struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Version     string `json:"version"`
	}
	openAPIServer struct {
		URL string `json:"url"`
	}
	openAPIOp struct {
		ID         string                     `json:"operationId"`
		Summary    string                     `json:"summary"`
		Parameters []openAPIParameter         `json:"parameters,omitempty"`
		Body       *openAPIBody               `json:"requestBody,omitempty"`
		Responses  map[string]openAPIResponse `json:"responses"`
	}
	openAPIParameter struct {
		Name        string     `json:"name"`
		In          string     `json:"in"`
		Description string     `json:"description,omitempty"`
		Required    bool       `json:"required,omitempty"`
		Deprecated  bool       `json:"deprecated,omitempty"`
		Schema      openSchema `json:"schema"`
	}
	openAPIBody struct {
		Content map[string]openAPIMedia `json:"content"`
	}
	openAPIResponse struct {
		Description string                  `json:"description"`
		Content     map[string]openAPIMedia `json:"content,omitempty"`
	}
	openAPIMedia struct {
		Schema *openSchema `json:"schema,omitempty"`
	}
	openSchema struct {
		Ref         string                `json:"$ref,omitempty"`
		Type        string                `json:"type,omitempty"`
		Description string                `json:"description,omitempty"`
		Enum        []string              `json:"enum,omitempty"`
		Default     string                `json:"default,omitempty"`
		Properties  map[string]openSchema `json:"properties,omitempty"`
		Items       *openSchema           `json:"items,omitempty"`
		Required    []string              `json:"required,omitempty"`
	}
)

// openAPI answers with what the service can be asked, in OpenAPI. All of it is from the tables of parameters.
func (r *responder) openAPI() error {
	if !r.settings.serves(Resources) {
		r.f = "json"
		return unsupported("f", "%s is not served here", openAPIFormat)
	}
	d, err := r.service.Describe(r.request.Context())
	if err != nil {
		return err
	}
	errorSchema := openSchema{Type: "object", Required: []string{"error"}, Properties: map[string]openSchema{
		"error": {Type: "object", Required: []string{"code", "message", "details"}, Properties: map[string]openSchema{
			"code": {Type: "integer"}, "message": {Type: "string"}, "details": {Type: "array", Items: &openSchema{Type: "string"}},
		}},
	}}
	doc := openAPIJSON{
		OpenAPI: "3.1.0",
		Info: openAPIInfo{
			Title: title(r.service), Version: fmt.Sprint(version(r.service.Settings().Formats)),
			Description: strings.TrimSpace(r.service.Description + " An image service in the manner of ArcGIS. Names of parameters are read in any case, " +
				"and what is left out or empty has its default."),
		},
		Servers:    []openAPIServer{{cmp.Or(r.base(), "/")}},
		Paths:      map[string]map[string]openAPIOp{},
		Components: map[string]map[string]openSchema{"schemas": {"Error": errorSchema}},
	}
	for _, op := range documentedOperations {
		absent := op.tiles && r.service.Tiles == nil || op.slices && d.Multidimensional == nil || op.files && r.settings.Files == nil
		if !absent && r.settings.serves(op.part) {
			doc.Paths["/"+op.path] = r.openAPIOperation(op)
		}
	}
	r.f = "pjson"
	r.json(doc)
	return nil
}

// openAPIOperation describes an operation, by GET and as a form by POST.
func (r *responder) openAPIOperation(op documented) map[string]openAPIOp {
	ok := openAPIResponse{Description: "the answer", Content: map[string]openAPIMedia{}}
	for _, f := range op.formats {
		switch f {
		case "html":
			if r.settings.serves(Pages) {
				ok.Content["text/html"] = openAPIMedia{}
			}
		case "json", "pjson", openAPIFormat:
			ok.Content["application/json"] = openAPIMedia{&openSchema{Type: "object"}}
		}
	}
	for _, media := range op.media {
		if media != kmzMedia || r.settings.serves(KML) {
			ok.Content[media] = openAPIMedia{}
		}
	}
	if len(ok.Content) == 0 {
		ok.Content["application/json"] = openAPIMedia{&openSchema{Type: "object"}}
	}
	failed := openAPIResponse{Description: "an error, which names the parameter at fault", Content: map[string]openAPIMedia{
		"application/json": {&openSchema{Ref: "#/components/schemas/Error"}},
	}}
	responses := map[string]openAPIResponse{"200": ok, "default": failed}
	get := openAPIOp{ID: operationID("get", op.path), Summary: op.summary, Responses: responses}
	post := openAPIOp{ID: operationID("post", op.path), Summary: op.summary, Responses: responses}
	body := openSchema{Type: "object", Properties: map[string]openSchema{}}
	for part := range strings.SplitSeq(op.path, "{") {
		if name, _, ok := strings.Cut(part, "}"); ok {
			p := openAPIParameter{Name: name, In: "path", Required: true, Schema: openSchema{Type: "integer"}}
			get.Parameters, post.Parameters = append(get.Parameters, p), append(post.Parameters, p)
		}
	}
	for _, info := range r.openAPIInfos(op) {
		schema := openSchema{Type: "string", Default: info.Default, Enum: info.Values}
		help := strings.ReplaceAll(info.Help, "`", "")
		get.Parameters = append(get.Parameters, openAPIParameter{
			Name: info.Name, In: "query", Description: help, Deprecated: info.Unlisted, Schema: schema,
		})
		schema.Description = help
		body.Properties[info.Name] = schema
	}
	post.Body = &openAPIBody{Content: map[string]openAPIMedia{"application/x-www-form-urlencoded": {&body}}}
	return map[string]openAPIOp{"get": get, "post": post}
}

// openAPIInfos returns the parameters of an operation, those of the transport last. Those that are read only to be refused
// are left out.
func (r *responder) openAPIInfos(op documented) (out []params.Info) {
	if op.infos != nil {
		out = slices.DeleteFunc(slices.Clone(op.infos()), func(i params.Info) bool { return i.Help == params.Refused(i.Name).Help })
	}
	set := r.service.Settings()
	for i := range out {
		if out[i].Name == params.FormatParam.Name {
			out[i].Values, out[i].Default = set.Formats.Names(), set.Defaults.Format
		}
	}
	if op.formats == nil {
		return out
	}
	served := slices.DeleteFunc(slices.Clone(op.formats), func(f string) bool {
		return f == "html" && !r.settings.serves(Pages) || f == "kmz" && !r.settings.serves(KML)
	})
	usual := served[0]
	if !r.settings.serves(Pages) {
		usual = "json"
	}
	out = append(out, params.Info{Name: "f", Help: "form of the answer", Values: served, Default: usual})
	if slices.Contains(served, "json") {
		explain := params.ExplainParam.Info
		explain.Unlisted = false
		out = append(out, explain, params.Info{Name: "callback", Help: "name of a function that JSON is wrapped in"})
	}
	return out
}

// operationID returns a name for an operation, such as getTileLevelRowColumn.
func operationID(method, path string) string {
	words := strings.FieldsFunc(path, func(c rune) bool { return strings.ContainsRune("/{}.", c) })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return method + cmp.Or(strings.Join(words, ""), "Service")
}

// describedInOpenAPI answers f=openapi, and leaves all else to of.
func describedInOpenAPI(of answer) answer {
	return func(r *responder, form url.Values) error {
		if r.f == openAPIFormat {
			return r.openAPI()
		}
		return of(r, form)
	}
}
