package rest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

type shownFunctions struct {
	Infos []struct {
		Name, Description, Help, Thumbnail string
		Type                               *int `json:"functionType"`
	} `json:"rasterFunctionInfos"`
}

// countingService returns a service of heights with templates, one of which does not suit it, that counts the images it draws.
func countingService(t *testing.T) (*exportimage.Service, *atomic.Int32) {
	s, _ := servicetest.Service(servicetest.Ramp(t))
	s.Functions = append(function.Elevation(),
		function.Template{Name: "Each", Function: &function.Statistics{}, OnItems: true},
		function.Template{Name: "NDVI", Help: "of two bands", Function: &function.NDVI{VisibleBandID: 0, InfraredBandID: 1}})
	s.Formats = encode.Default()
	drawn := new(atomic.Int32)
	f := s.Formats["png32"]
	own := f.Encode
	f.Encode = func(w io.Writer, m *raster.Image, o *encode.Options) error {
		drawn.Add(1)
		return own(w, m, o)
	}
	s.Formats["png32"] = f
	return s, drawn
}

// Each function has a thumbnail of what it makes of the service, but for those that do not suit it. They are drawn once, and
// not for the service's description.
func TestThumbnailsOfFunctions(t *testing.T) {
	s, drawn := countingService(t)
	h := rest.NewHandler(s, nil)
	_ = decode[map[string]any](t, h, "/?f=json")
	assert.Zero(t, drawn.Load())
	got := decode[shownFunctions](t, h, "/rasterFunctionInfos?f=json")
	require.Len(t, got.Infos, len(s.Functions)+1)
	different := map[string]bool{}
	for _, f := range got.Infos {
		require.NotNil(t, f.Type, f.Name)
		assert.Equal(t, f.Name == "Each", *f.Type == 1, f.Name)
		if f.Name == "NDVI" {
			assert.Empty(t, f.Thumbnail)
			assert.Equal(t, "of two bands", f.Help)
			continue
		}
		data, ok := strings.CutPrefix(f.Thumbnail, "data:image/png;base64,")
		require.True(t, ok, f.Name)
		raw, err := base64.StdEncoding.DecodeString(data)
		require.NoError(t, err)
		m, err := png.Decode(bytes.NewReader(raw))
		require.NoError(t, err, f.Name)
		assert.Equal(t, 64, m.Bounds().Dx(), f.Name)
		different[data] = true
	}
	assert.Greater(t, len(different), 5)
	first := drawn.Load()
	assert.Equal(t, len(got.Infos)-1, int(first))
	assert.Equal(t, got, decode[shownFunctions](t, h, "/rasterFunctionInfos?f=json"))
	assert.Equal(t, first, drawn.Load())
}

// A service that is too slow answers without thumbnails, and so does one that has no room.
func TestThumbnailsDoNotHoldUpAnswers(t *testing.T) {
	s, _ := countingService(t)
	s.Logger = slog.New(slog.DiscardHandler)
	f := s.Formats["png32"]
	f.Encode = func(io.Writer, *raster.Image, *encode.Options) error {
		return exportimage.AsError(context.DeadlineExceeded)
	}
	s.Formats["png32"] = f
	got := decode[shownFunctions](t, rest.NewHandler(s, nil), "/rasterFunctionInfos?f=json")
	require.Len(t, got.Infos, len(s.Functions)+1)
	assert.Empty(t, got.Infos[1].Thumbnail)

	s, drawn := countingService(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	rest.NewHandler(s, nil).ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/rasterFunctionInfos?f=json", nil))
	assert.NotEqual(t, 200, w.Code, "a client that has gone")
	assert.Zero(t, drawn.Load())

	s, _ = countingService(t)
	s.Limits.Time = time.Nanosecond
	got = decode[shownFunctions](t, rest.NewHandler(s, nil), "/rasterFunctionInfos?f=json")
	assert.Empty(t, got.Infos[1].Thumbnail)
}

// The form and the map offer the functions by name, the default first; a map may begin with one. Services without any offer none.
func TestPagesOfferFunctions(t *testing.T) {
	s, _ := countingService(t)
	s.Functions = append(s.Functions, function.Template{Name: `"Steep" & <high>`, Function: function.NewSlope(nil)})
	s.Defaults.Function = function.Named("slope map")
	h := rest.NewHandler(s, nil)
	form := get(h, "/exportImage?f=html").Body.String()
	assert.Contains(t, form, `<input id="renderingRule" name="renderingRule" value="" list="renderingRule-names"`)
	assert.Contains(t, form, `<datalist id="renderingRule-names"><option value="Slope Map"><option value="None"><option value="Hillshade Gray">`)
	assert.Contains(t, form, `<option value="&#34;Steep&#34; &amp; &lt;high&gt;">`)
	assert.Equal(t, 1, strings.Count(form, "<datalist"))
	shown := get(h, "/map").Body.String()
	assert.Contains(t, shown, `<select name="renderingRule"><option value="Slope Map">Slope Map</option><option value="None">None</option>`)
	assert.Contains(t, get(h, "/map?renderingRule=Aspect+Map").Body.String(), `<option value="Aspect Map" selected>Aspect Map</option>`)
	assert.NotContains(t, get(h, "/map?renderingRule=<b>").Body.String(), `<b>`)
	assert.Equal(t, 200, get(h, "/exportImage?f=image&size=9,9&renderingRule=Hillshade+Gray").Code)

	plain, _ := servicetest.Service(servicetest.Ramp(t))
	h = rest.NewHandler(plain, nil)
	assert.NotContains(t, get(h, "/exportImage?f=html").Body.String(), "datalist")
	assert.NotContains(t, get(h, "/map").Body.String(), "<select name=\"renderingRule")
}
