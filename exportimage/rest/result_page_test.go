package rest_test

import (
	"context"
	"encoding/base64"
	"errors"
	"html"
	"image"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

var pageImage = regexp.MustCompile(`<p><img src="([^"]*)"`)

// The page of a result holds the image itself, and tells how it was drawn.
func TestResultPage(t *testing.T) {
	s, _ := service(ramp(t), ramp(t), ramp(t))
	s.Formats = nil
	items := s.Catalog.(mosaic.Slice)
	items[0].Name, items[1].Name, items[2].Name = "above", "below", "coarse <one>"
	items[2].MinPS = 1000
	h := rest.NewHandler(s, nil)
	const query = "/exportImage?bbox=0,0,100,100&size=100,100&format=png&foo=1"
	page := get(h, query)
	require.Equal(t, http.StatusOK, page.Code)
	body := page.Body.String()
	source := html.UnescapeString(pageImage.FindStringSubmatch(body)[1])
	data, ok := strings.CutPrefix(source, "data:image/png;base64,")
	require.True(t, ok, "%.80s", source)
	bytes, err := base64.StdEncoding.DecodeString(data)
	require.NoError(t, err)
	assert.Equal(t, get(h, query+"&f=image").Body.Bytes(), bytes)
	for _, part := range []string{
		"Of 3 rasters in the box, ", "100 % of the pixels hold data.", " ms of work: planning ", `<a href="/1?f=html">above</a>`,
		"<summary>Rasters that were not used</summary>", "coarse &lt;one&gt;", "foo", `<td>full</td>`,
	} {
		assert.Contains(t, body, part)
	}
	assert.NotContains(t, get(rest.NewHandler(s, &rest.Options{Without: rest.Catalog}), query).Body.String(), "/1?f=html")
}

// Formats that browsers do not show are shown as another one, and large images are planned and asked for by the browser.
func TestResultPageOfWhatIsNotShown(t *testing.T) {
	s, _ := service(ramp(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, format := range []string{"tiff", "lerc", "bsq", "bip"} {
		body := get(h, "/exportImage?bbox=0,0,100,100&size=50,50&pixelType=F32&f=html&format="+format).Body.String()
		assert.Contains(t, body, "Browsers do not show "+format)
		w := get(h, html.UnescapeString(pageImage.FindStringSubmatch(body)[1]))
		assert.Equal(t, http.StatusOK, w.Code, "%s: %s", format, w.Body)
		assert.Equal(t, "image/png", w.Header().Get("Content-Type"))
		assert.Contains(t, body, "format="+format+"&amp;", "the image that was asked for is linked")
	}
	body := get(h, "/exportImage?bbox=0,0,100,100&size=4000,2000&format=png&f=html").Body.String()
	assert.True(t, strings.HasPrefix(pageImage.FindStringSubmatch(body)[1], "/exportImage?"))
	assert.Contains(t, body, "planned for this page")
}

// A raster that cannot be read is an error in words, above the form as it was filled in.
func TestResultPageOfABrokenRaster(t *testing.T) {
	s, _ := service(broken{ramp(t)})
	s.Formats, s.Logger = nil, slog.New(slog.DiscardHandler)
	w := get(rest.NewHandler(s, nil), "/exportImage?bbox=0,0,100,100&size=77,50&f=html")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	body := w.Body.String()
	assert.Contains(t, body, `role="alert"`)
	assert.Equal(t, "77,50", fieldsOf(body)["size"])
	assert.NotContains(t, body, "<img")
}

// broken cannot be read.
type broken struct{ raster.Dataset }

func (broken) Read(context.Context, *raster.Block, int, image.Rectangle, []int) (*raster.Block, error) {
	return nil, errors.New("the disk is on fire")
}
