package rest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

const script = `"><script>alert(1)</script>`

// T92: markup in any input comes out escaped or not at all, and no answer can be mistaken for another type.
func TestT92NoMarkupFromOutside(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	s.Name, s.Description, s.Copyright = script, script, script
	for _, always := range []bool{false, true} {
		h := rest.NewHandler(s, &rest.Options{AlwaysOK: always})
		for _, op := range []string{"/", "/exportImage", "/legend", "/keyProperties", "/info/metadata", "/" + script} {
			for _, f := range []string{"", "html", "json", "pjson", "image", "kmz", script} {
				for _, name := range []string{"f", "bbox", "size", "format", "mosaicRule", "callback", "explain", "x" + script} {
					q := url.Values{"f": {f}}
					q.Add(name, script)
					w := get(h, (&url.URL{Path: op, RawQuery: q.Encode()}).String())
					body, media := w.Body.String(), w.Header().Get("Content-Type")
					assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
					if strings.HasPrefix(media, "image/") || strings.HasPrefix(media, "application/vnd.") {
						continue
					}
					assert.NotContains(t, body, "goroutine", "no stack")
					if strings.HasPrefix(media, "text/html") {
						assert.NotContains(t, body, "<script>", "%s %v", op, q)
						assert.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
					}
					if w.Code >= 400 || strings.HasPrefix(body, `{"error"`) {
						assert.NotContains(t, body, "<script>", "%s %v", op, q)
					}
				}
			}
		}
		for _, callback := range []string{"alert(1)//", "a;b", "a b", "1a", "a..b", ".a", strings.Repeat("a", 200), "a\nb", "<b>", "a[0]"} {
			w := get(h, "/exportImage?f=json&callback="+url.QueryEscape(callback))
			assert.True(t, strings.HasPrefix(w.Header().Get("Content-Type"), "application/json"), callback)
			assert.True(t, strings.HasPrefix(w.Body.String(), `{"error":{"code":400`), callback)
		}
		// Errors are wrapped too, for the script element that waits for them.
		w := get(h, "/exportImage?f=json&callback=a.b&size=x")
		assert.True(t, strings.HasPrefix(w.Body.String(), `a.b({"error":{"code":400`))
	}
}

// bombs are documents that grow, nest or refer to others.
func bombs() map[string]url.Values {
	bomb := `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><MosaicMethod>&b;</MosaicMethod>`
	return map[string]url.Values{
		"entities":        {"mosaicProperties": {bomb}},
		"external entity": {"mosaicProperties": {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><MosaicMethod>&x;</MosaicMethod>`}},
		"XInclude":        {"mosaicProperties": {`<?xml-stylesheet href="http://127.0.0.1:1/"?><MosaicMethod>Center</MosaicMethod>`}},
		"deep XML":        {"viewpointProperties": {strings.Repeat("<a>", 10_000)}},
		"long XML":        {"mosaicProperties": {"<MosaicMethod>" + strings.Repeat("x", 900<<10) + "</MosaicMethod>"}},
		"deep JSON":       {"mosaicRule": {`{"where":` + strings.Repeat("[", 10_000)}},
		"deep objects":    {"renderingRule": {strings.Repeat(`{"rasterFunctionArguments":`, 2_000)}},
		"long JSON":       {"mosaicRule": {`{"where":"` + strings.Repeat("x", 900<<10) + `"}`}},
		"deep where":      {"mosaicRule": {`{"where":"` + strings.Repeat("(", 10_000) + `"}`}},
		"long numbers":    {"bbox": {strings.Repeat("1,", 400_000)}},
		"deep SR":         {"imageSR": {strings.Repeat("A[", 20_000)}},
	}
}

func postForm(h http.Handler, text string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/exportImage", strings.NewReader(text))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(h, r)
}

// T93: bombs are refused early: with no more memory than a few times that of reading the form. BenchmarkT93Bombs
// measures the time.
func TestT93BombsAreRefused(t *testing.T) {
	h := handler(t)
	for what, form := range bombs() {
		form.Set("f", "image")
		text := form.Encode()
		postForm(h, text) // what is made once
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w := postForm(h, text)
		runtime.ReadMemStats(&after)
		assert.Contains(t, []int{400, 413, 501}, w.Code, what)
		assert.Less(t, w.Body.Len(), 750, what)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16*len(text)+1<<20), what)
	}
	w := get(h, "/exportImage?f=json&x="+strings.Repeat("a", 300<<10))
	assert.Equal(t, http.StatusRequestURITooLong, w.Code)
	assert.Contains(t, w.Body.String(), `"code":414`)
}

// BenchmarkT93Bombs: each is to take less than 5 ms, those of nearly a megabyte 50 ms, most of it for reading the form.
func BenchmarkT93Bombs(b *testing.B) {
	h := handler(b)
	for what, form := range bombs() {
		text := form.Encode()
		b.Run(what, func(b *testing.B) {
			for b.Loop() {
				postForm(h, text)
			}
		})
	}
}

// T88: the memory of an image is not allocated before its size is known to be allowed, not even for the error.
func TestT88TooLargeCostsNothing(t *testing.T) {
	h := handler(t)
	for _, f := range []string{"html", "json", "image", "kmz"} {
		for _, size := range []string{"100000,100000", "0,0", "-1,5", "1e9,1e9", "2147483647,2147483647"} {
			target := "/exportImage?bbox=0,0,1,1&f=" + f + "&size=" + size
			get(h, target) // what is made once
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			w := get(h, target)
			runtime.ReadMemStats(&after)
			assert.Equal(t, http.StatusBadRequest, w.Code, target)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), target)
		}
	}
}

// T94: no name reaches anything that is not registered.
func TestT94NamesReachNothingElse(t *testing.T) {
	a, _ := service(world(t))
	a.Name = "World"
	h := http.StripPrefix("/arcgis/rest/services", rest.NewDirectory([]*exportimage.Service{a}, nil))
	for _, name := range []string{
		"../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "%2fetc%2fpasswd", "World%00",
		"<VRTDataset>", "World.tif", "file:%2f%2f%2fetc%2fpasswd", "World/..", "..%5c..%5cetc", ".", "..", "World%2f..%2f..",
	} {
		for _, path := range []string{"/" + name + "/ImageServer", "/World/ImageServer/" + name} {
			r, err := http.NewRequest(http.MethodGet, "http://example.com/arcgis/rest/services"+path+"?f=json", nil)
			if err != nil {
				continue // net/http refuses it before any handler sees it
			}
			w := do(h, r)
			assert.Equal(t, http.StatusNotFound, w.Code, path)
			assert.NotContains(t, w.Body.String(), "root:", path)
		}
	}
	// Where names of rasters go in, no raster is looked for by name but in the catalogue.
	for _, raster := range []string{"../../etc/passwd", "/etc/passwd", "<VRTDataset/>"} {
		q := url.Values{"f": {"image"}, "size": {"4"}, "raster": {raster}, "mosaicRule": {`{"where":"Name = '` + raster + `'"}`}}
		w := get(h, "/arcgis/rest/services/World/ImageServer/exportImage?"+q.Encode())
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		assert.Contains(t, w.Header().Get("Content-Type"), "image/", "an empty picture")
	}
}
