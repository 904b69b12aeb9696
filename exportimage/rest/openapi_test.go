package rest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/servicetest"
)

// Everything that is served is described, and nothing else.
func TestOpenAPIHasAllOperations(t *testing.T) {
	var described []string
	for _, op := range documentedOperations {
		path := strings.ToLower(op.path)
		assert.NotContains(t, described, path, "twice")
		described = append(described, path)
		if of, ok := operations[path]; ok {
			assert.Equal(t, of.part, op.part, path)
			continue
		}
		if below, ok := strings.CutPrefix(path, "{rasterid}"); ok {
			assert.Contains(t, rasterResources, strings.TrimPrefix(below, "/"), path)
			assert.Equal(t, Catalog, op.part)
			continue
		}
		first, _, _ := strings.Cut(path, "/")
		assert.Contains(t, tilePaths, first, path)
		assert.Equal(t, Tiles, op.part)
	}
	for path := range operations {
		// A file's path is inside the answers of download.
		assert.True(t, slices.Contains(described, path) || path == "file", "%q is not described", path)
	}
	for path := range rasterResources {
		path = strings.TrimSuffix("{rasterid}/"+path, "/")
		other := path == "{rasterid}/thumbnail" || path == "{rasterid}/file" // other names, and of downloads
		assert.True(t, slices.Contains(described, path) || other, "%q is not described", path)
	}
	for first := range tilePaths {
		assert.True(t, slices.ContainsFunc(described, func(p string) bool { return p == first || strings.HasPrefix(p, first+"/") }), first)
	}
}

// openAPIOf returns a service's description as any reader of JSON has it.
func openAPIOf(t *testing.T, s *exportimage.Service, o *Options) map[string]any {
	w := httptest.NewRecorder()
	NewHandler(s, o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/svc/ImageServer?f=openapi", nil))
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	assert.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
	var doc map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &doc))
	return doc
}

// The document is one of OpenAPI 3.1: what its schema demands of the members that are here.
func TestOpenAPIIsValid(t *testing.T) {
	s, _ := servicetest.Service(servicetest.Ramp(t))
	s.Name, s.Description = "ramp", "A slope."
	tiles := exportimage.WebMercatorTiles()
	s.Tiles = &tiles
	doc := openAPIOf(t, s, &Options{BaseURL: "https://gis.example.org/x"})
	assert.Equal(t, "3.1.0", doc["openapi"])
	for _, member := range []string{"title", "version"} {
		assert.NotEmpty(t, doc["info"].(map[string]any)[member])
	}
	assert.Equal(t, []any{map[string]any{"url": "https://gis.example.org/x"}}, doc["servers"])
	names := regexp.MustCompile(`\{(\w+)\}`)
	ids := map[string]bool{}
	paths := doc["paths"].(map[string]any)
	for path, item := range paths {
		assert.True(t, strings.HasPrefix(path, "/"), path)
		for method, op := range item.(map[string]any) {
			assert.Contains(t, []string{"get", "post"}, method)
			op := op.(map[string]any)
			id := op["operationId"].(string)
			assert.False(t, ids[id], "%s twice", id)
			ids[id] = true
			assert.Regexp(t, `^[a-zA-Z]+$`, id)
			assert.NotEmpty(t, op["summary"])
			checkParameters(t, path, method, op, names.FindAllStringSubmatch(path, -1))
			responses := op["responses"].(map[string]any)
			for status, r := range responses {
				assert.Regexp(t, `^(\d\d\d|default)$`, status)
				assert.NotEmpty(t, r.(map[string]any)["description"])
				for media := range r.(map[string]any)["content"].(map[string]any) {
					assert.Regexp(t, `^[a-z]+/[a-z0-9.+*-]+$`, media)
				}
			}
		}
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	for _, ref := range regexp.MustCompile(`"\$ref":"#/components/schemas/(\w+)"`).FindAllSubmatch(text, -1) {
		assert.Contains(t, doc["components"].(map[string]any)["schemas"], string(ref[1]))
	}
	assert.Contains(t, paths, "/tile/{level}/{row}/{column}")
	assert.NotContains(t, paths, "/slices", "it is of services of slices")
	assert.NotContains(t, paths, "/download", "there are no files")
}

// checkParameters checks names, places and values of an operation's parameters.
func checkParameters(t *testing.T, path, method string, op map[string]any, inPath [][]string) {
	t.Helper()
	seen := map[string]bool{}
	list, _ := op["parameters"].([]any)
	placed := 0
	for _, p := range list {
		p := p.(map[string]any)
		key := p["in"].(string) + ":" + p["name"].(string)
		assert.False(t, seen[key], "%s of %s twice", key, path)
		seen[key] = true
		if p["in"] == "path" {
			placed++
			assert.Equal(t, true, p["required"], key)
			assert.True(t, slices.ContainsFunc(inPath, func(m []string) bool { return m[1] == p["name"] }), "%s is not in %s", key, path)
		} else {
			assert.Equal(t, "get", method, "a form's parameters are in the body")
		}
		schema := p["schema"].(map[string]any)
		if values, ok := schema["enum"].([]any); ok && schema["default"] != nil {
			assert.Contains(t, values, schema["default"], "%s of %s", key, path)
		}
	}
	assert.Len(t, inPath, placed, path)
}

// The parameters of the export are those of the table, but for what is read to be refused.
func TestOpenAPIHasAllParameters(t *testing.T) {
	s, _ := servicetest.Service(servicetest.Ramp(t))
	doc := openAPIOf(t, s, &Options{Without: KML})
	paths := doc["paths"].(map[string]any)
	get := paths["/exportImage"].(map[string]any)["get"].(map[string]any)
	found := map[string]map[string]any{}
	for _, p := range get["parameters"].([]any) {
		found[p.(map[string]any)["name"].(string)] = p.(map[string]any)
	}
	for _, info := range params.ExportImage().Infos() {
		require.Contains(t, found, info.Name)
		assert.Equal(t, info.Unlisted, found[info.Name]["deprecated"] == true, info.Name)
	}
	assert.Equal(t, []any{"html", "json", "pjson", "image"}, found["f"]["schema"].(map[string]any)["enum"])
	assert.Equal(t, "400,400", found["size"]["schema"].(map[string]any)["default"])
	assert.NotContains(t, paths, "/kml/image.kmz")
	assert.NotContains(t, paths, "/xyz/tilejson.json")
	query := paths["/query"].(map[string]any)["get"].(map[string]any)
	for _, p := range query["parameters"].([]any) {
		assert.NotEqual(t, "is not supported", p.(map[string]any)["description"])
	}
}

// Only services describe themselves so, and only if they may.
func TestOpenAPIElsewhere(t *testing.T) {
	s, _ := servicetest.Service(servicetest.Ramp(t))
	s.Name = "ramp"
	for _, c := range []struct {
		h      http.Handler
		target string
		status int
	}{
		{NewHandler(s, nil), "/?f=OpenAPI", http.StatusOK},
		{NewHandler(s, nil), "/exportImage?f=openapi", http.StatusBadRequest},
		{NewHandler(s, nil), "/legend?f=openapi", http.StatusBadRequest},
		{NewHandler(s, &Options{Without: Resources}), "/?f=openapi", http.StatusNotImplemented},
		{NewDirectory([]*exportimage.Service{s}, nil), "/?f=openapi", http.StatusBadRequest},
		{NewDirectory([]*exportimage.Service{s}, nil), "/ramp/ImageServer?f=openapi", http.StatusOK},
	} {
		w := httptest.NewRecorder()
		c.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, c.target, nil))
		assert.Equal(t, c.status, w.Code, "%s: %s", c.target, w.Body.String())
	}
	w := httptest.NewRecorder()
	NewHandler(s, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/svc/ImageServer/", nil))
	assert.Contains(t, w.Body.String(), `href="/svc/ImageServer/?f=openapi"`)
	bare := httptest.NewRecorder()
	NewHandler(s, &Options{Without: Pages}).ServeHTTP(bare, httptest.NewRequest(http.MethodGet, "/?f=openapi", nil))
	assert.NotContains(t, bare.Body.String(), "text/html")
}
