package rest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// T100: requests in the spelling of the clients that people use, each answered by an image, by JSON, or by an error
// that names what is not supported. See testdata/README.md for what a line of the file means.
func TestT100ClientsAreUnderstood(t *testing.T) {
	rgb, _ := demo(t, "world.tif")
	dem, _ := demo(t, "olinda_elevation.tif")
	for _, s := range []*exportimage.Service{rgb, dem} {
		s.Formats = nil
	}
	rgb.Name, dem.Name = "demo", "demo_f32"
	const root = "/arcgis/rest"
	mux := http.NewServeMux()
	services := http.StripPrefix(root+"/services", rest.NewDirectory([]*exportimage.Service{rgb, dem}, nil))
	mux.Handle(root+"/services", services)
	mux.Handle(root+"/services/", services)
	mux.Handle(root+"/info", rest.NewInfo(nil))

	f, err := os.Open("testdata/replay.txt")
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	count, client := 0, ""
	for lines.Scan() {
		line := lines.Text()
		if name, ok := strings.CutPrefix(line, "# "); ok {
			client = name
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		count++
		fields := strings.SplitN(line, " ", 4)
		require.Len(t, fields, 4, line)
		want, method, target, body := fields[0], fields[1], root+fields[2], fields[3]
		if format, then, ok := strings.Cut(want, ":"); ok {
			if want = then; !served(format) {
				want = "501"
			}
		}
		r := httptest.NewRequest(method, target, nil)
		if body != "-" {
			r = httptest.NewRequest(method, target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Header.Set("Origin", "https://client.example.org")
		w := do(mux, r)
		about := client + ": " + line
		assert.Equal(t, "https://client.example.org", w.Header().Get("Access-Control-Allow-Origin"), about)
		replayed(t, want, w, about)
	}
	require.NoError(t, lines.Err())
	assert.GreaterOrEqual(t, count, 100)
}

func served(format string) bool {
	_, ok := encode.Default()[format]
	return ok
}

// replayed checks an answer. want is "WxH" for an image of that size, "bytes" for a format that Go cannot read, "json"
// for an object that is not an error, "html" for a page, "kmz" for a KMZ file, or the status of an error, which must
// name the fault.
func replayed(t *testing.T, want string, w *httptest.ResponseRecorder, about string) {
	media := w.Header().Get("Content-Type")
	switch want {
	case "json":
		assert.Equal(t, http.StatusOK, w.Code, about)
		assert.NotContains(t, w.Body.String(), `"error"`, about)
		assert.True(t, strings.HasPrefix(media, "application/json") && json.Valid(w.Body.Bytes()) ||
			strings.HasPrefix(media, "application/javascript"), about)
	case "bytes":
		assert.Equal(t, http.StatusOK, w.Code, about)
		assert.NotEmpty(t, media, about)
		assert.NotContains(t, media, "json", about)
	case "html":
		assert.Equal(t, http.StatusOK, w.Code, about)
		assert.True(t, strings.HasPrefix(media, "text/html"), about)
	case "kmz":
		assert.Equal(t, "application/vnd.google-earth.kmz", media, about)
	case "400", "404", "501":
		assert.Equal(t, want, strconv.Itoa(w.Code), about)
		var e struct{ Error struct{ Details []string } }
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &e), about)
		assert.NotEmpty(t, e.Error.Details, about)
	default:
		if !assert.Equal(t, http.StatusOK, w.Code, about+" "+w.Body.String()) {
			return
		}
		cfg, kind, err := image.DecodeConfig(w.Body)
		require.NoError(t, err, about)
		assert.Equal(t, want, fmt.Sprintf("%dx%d", cfg.Width, cfg.Height), about)
		assert.Equal(t, "image/"+kind, media, about)
	}
}
