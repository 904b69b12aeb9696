package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// Paths are found in any case and with what the client put around them. Letters whose small forms are of another length
// shift nothing.
func TestPaths(t *testing.T) {
	h := handler(t)
	for target, crumb := range map[string]string{
		"/x/imageserver/EXPORTIMAGE":       "/x/imageserver/",
		"/ImageServer/exportImage/":        "/ImageServer/",
		"/%C8%BA%C8%BA%C8%BA/ImageServer/": "/%c8%ba%c8%ba%c8%ba/ImageServer/",
		"/exportImage":                     "/",
		// With two slashes, links would lead to another host.
		"//evil.example/ImageServer/exportImage": "/evil.example/ImageServer/",
		"///evil.example/ImageServer":            "/evil.example/ImageServer/",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RequestURI = target
		u, err := url.ParseRequestURI(target)
		require.NoError(t, err)
		r.URL = u
		w := do(h, r)
		require.Equal(t, http.StatusOK, w.Code, target)
		assert.Contains(t, w.Body.String(), `<a href="`+crumb+`">`, target)
		assert.NotContains(t, w.Body.String(), `"//`, target)
	}
}

// Errors for a callback are scripts that run: browsers run none of another status than a success. The other forms of
// answers have no callback.
func TestErrorsReachCallbacks(t *testing.T) {
	h := handler(t)
	w := get(h, "/exportImage?f=json&callback=a.b&size=0,0")
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Header().Get("Content-Type"), "javascript")
	assert.Regexp(t, `^a\.b\(\{"error":\{"code":400,.*\);$`, w.Body.String())
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	w = get(h, "/exportImage?f=image&callback=a.b&size=0,0")
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.True(t, json.Valid(w.Body.Bytes()))
}

// Every answer states how long it may be kept; an error and a link that dies, not at all.
func TestHowLongAnswersMayBeKept(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	targets := []string{"/?f=json", "/?f=html", "/exportImage?f=json", "/exportImage?f=image", "/exportImage", "/legend", "/info/thumbnail", "/map"}
	for _, target := range targets {
		assert.Equal(t, "no-cache", get(h, target).Header().Get("Cache-Control"), target)
	}
	h = rest.NewHandler(s, &rest.Options{CacheControl: "public, max-age=60"})
	for _, target := range targets {
		assert.Equal(t, "public, max-age=60", get(h, target).Header().Get("Cache-Control"), target)
	}
	assert.Equal(t, "no-store", get(h, "/exportImage?f=json&size=0,0").Header().Get("Cache-Control"))
	h = rest.NewHandler(s, &rest.Options{Output: rest.NewMemoryStore(rest.StoreLimits{})})
	assert.Equal(t, "no-store", get(h, "/exportImage?f=json").Header().Get("Cache-Control"))
}

// An error about a long wrong value names the parameter as documented, and is short: the ArcGIS Maps SDK for JavaScript
// accepts only JSON up to 750 bytes as an error.
func TestErrorsAreShort(t *testing.T) {
	h := handler(t)
	long := strings.Repeat("x", 5000)
	for _, name := range []string{
		"bbox", "bboxSR", "imageSR", "size", "adjustAspectRatio", "format", "compressionQuality", "pixelType", "noData",
		"noDataInterpretation", "interpolation", "bandIds", "validateExtent", "mosaicProperties", "viewpointProperties",
		"mosaicRule", "renderingRule", "time", "sliceId", "datumTransformation", "compression", "compressionTolerance", "lercVersion",
	} {
		for _, value := range []string{
			long, "{" + long, `{"` + long + `":1}`, "<" + long + ">" + long + "</" + long + ">", strings.Repeat("9,", 2000) + "9", "PROJCS[" + long,
			`{"where":"` + long + `"}`, `{"rasterFunction":"` + long + `"}`, `{"wkt":"` + long + `"}`, strings.Repeat("x", 70_000),
		} {
			form := url.Values{" " + strings.ToUpper(name): {value}, "f": {"image"}, "size": {"9"}}
			if name == "size" {
				form.Del("size")
			}
			r := httptest.NewRequest(http.MethodPost, "/exportImage", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := do(h, r)
			about := fmt.Sprintf("%s=%.20s", name, value)
			assert.LessOrEqual(t, w.Body.Len(), 750, about)
			if assert.Contains(t, []int{400, 501}, w.Code, about) {
				assert.Contains(t, w.Body.String(), `"`+name+":", about)
			}
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/exportImage", strings.NewReader(url.Values{long: {strings.Repeat("x", 70_000)}, "f": {"image"}, "size": {"9"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, http.StatusOK, do(h, r).Code, "what nobody reads may be of any length")
}

// Of very many unknown parameters the first few are named.
func TestUnknownParametersAreBounded(t *testing.T) {
	v := url.Values{}
	for i := range 1000 {
		v.Set(fmt.Sprintf("x%03d%s", i, strings.Repeat("y", 100)), "1")
	}
	r, err := params.ParseRequest(v)
	require.NoError(t, err)
	assert.Len(t, r.Unknown, 64)
	assert.Less(t, len(r.Unknown[0]), 50)
}

// ArcGIS Pro sends three values of noData for rasters of any number of bands.
func TestEqualNoDataOfAnyNumber(t *testing.T) {
	s, raw := service(world(t))
	one, _ := export(t, s, raw, "size=36,18&noData=5")
	three, _ := export(t, s, raw, "size=36,18&noData=5.000000,+5.000000,+5.000000&noDataInterpretation=esriNoDataMatchAny")
	assert.Equal(t, one, three)
	assert.Error(t, exportErr(s, "size=36,18&noData=5,6,7"))
}

// What a service states counts where a request states nothing.
func TestDefaultsOfEveryParameter(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	for _, c := range []struct{ query, param string }{
		{"compression=JPEG&format=tiff&pixelType=F32", "compression"}, {"sliceId=1", "sliceId"},
	} {
		s.Defaults = parse(t, c.query)
		err := exportErr(s, "size=9,9")
		var e *exportimage.Error
		require.ErrorAs(t, err, &e, c.query)
		assert.Equal(t, c.param, e.Param)
	}
	s.Defaults = parse(t, `mosaicRule={"fids":[7]}&time=1`)
	res, err := s.Export(t.Context(), parse(t, "size=9,9"))
	require.NoError(t, err)
	assert.Empty(t, res.Trace.Rasters)
}
