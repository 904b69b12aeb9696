package rest_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// Every choice that the form offers is served, if not with every other choice, and every choice that is served is
// offered.
func TestTheFormOffersWhatIsServed(t *testing.T) {
	s, _ := service(scene(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	page := get(h, "/exportImage").Body.String()
	offered := map[string][]string{}
	for _, field := range regexp.MustCompile(`(?s)<select id="(\w+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		for _, option := range regexp.MustCompile(`<option[^>]*>(\w*)</option>`).FindAllStringSubmatch(field[0], -1) {
			offered[field[1]] = append(offered[field[1]], option[1])
		}
	}
	assert.Equal(t, []string{"", "None", "JPEG", "LZ77", "LZW", "Deflate", "ZSTD"}, offered["compression"])
	assert.Len(t, offered["pixelType"], 14)
	assert.Equal(t, []string{"true", "false"}, offered["adjustAspectRatio"])
	assert.Equal(t, []string{"false", "true"}, offered["validateExtent"])
	assert.Equal(t, encode.Default().Names(), offered["format"])
	assert.Equal(t, []string{"html", "json", "pjson", "image", "kmz"}, offered["f"])
	for name, options := range offered {
		for _, option := range options {
			q := url.Values{"bandIds": {"0"}, "f": {"image"}, "format": {"tiff"}, "size": {"9,9"}}
			q.Set(name, option)
			w := get(h, "/exportImage?"+q.Encode())
			if name == "pixelType" && (option == "C64" || option == "C128") {
				continue // of complex rasters alone
			}
			require.Equal(t, http.StatusOK, w.Code, "%s=%s: %s", name, option, w.Body)
		}
	}
}
