package rest_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
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
	assert.Len(t, offered["pixelType"], 12, "those of complex samples can only fail")
	assert.Equal(t, []string{"true", "false"}, offered["adjustAspectRatio"])
	assert.Equal(t, []string{"false", "true"}, offered["validateExtent"])
	assert.Equal(t, encode.Default().Names(), offered["format"])
	assert.Equal(t, []string{"html", "json", "pjson", "image", "kmz"}, offered["f"])
	for name, options := range offered {
		for _, option := range options {
			q := url.Values{"bandIds": {"0"}, "f": {"image"}, "format": {"tiff"}, "size": {"9,9"}}
			q.Set(name, option)
			w := get(h, "/exportImage?"+q.Encode())
			require.Equal(t, http.StatusOK, w.Code, "%s=%s: %s", name, option, w.Body)
		}
	}
}

// fieldsOf returns the values that the forms of a page hold.
func fieldsOf(page string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`<input id="(\w+)" name="\w+" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	for _, m := range regexp.MustCompile(`(?s)<select id="(\w+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		if chosen := regexp.MustCompile(`<option selected>([^<]*)<`).FindStringSubmatch(m[0]); chosen != nil {
			out[m[1]] = html.UnescapeString(chosen[1])
		}
	}
	return out
}

// The page of a result, and that of an error, have the form as it was filled in.
func TestFormsKeepWhatWasFilledIn(t *testing.T) {
	s := scenes(t)
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, c := range []struct {
		path   string
		filled url.Values
		status int
	}{
		{"/exportImage", url.Values{"bbox": {"0,0,9,9"}, "size": {"33,44"}, "format": {"jpg"}, "interpolation": {"RSP_Majority"}, "mosaicRule": {`{"fids":[1]}`}}, 200},
		{"/exportImage", url.Values{"bbox": {"0,0,9"}, "size": {`"><b>`}, "noData": {"7"}}, 400},
		{"/exportImage", url.Values{"bbox": {"0,0,9,9"}, "size": {"999999,999999"}, "noData": {"7"}}, 400},
		{"/exportImage", url.Values{"bbox": {"0,0,9,9"}, "sliceId": {"5"}}, 501},
		{"/query", url.Values{"where": {"nothing = 'x"}, "outFields": {"Name"}}, 400},
		{"/identify", url.Values{"geometry": {"1,2,3"}, "pixelSize": {"4,4"}}, 400},
		{"/measure", url.Values{"fromGeometry": {"1,2"}, "linearUnit": {"esriLeagues"}}, 400},
	} {
		c.filled.Set("f", "html")
		w := get(h, c.path+"?"+c.filled.Encode())
		assert.Equal(t, c.status, w.Code, "%s %v", c.path, c.filled)
		page := w.Body.String()
		got := fieldsOf(page)
		for name, v := range c.filled {
			if name != "f" {
				assert.Equal(t, v[0], got[name], "%s of %s %v", name, c.path, c.filled)
			}
		}
		assert.Equal(t, c.status != 200, strings.Contains(page, `role="alert"`))
		assert.NotContains(t, page, "><b>")
	}
}

// A service without its type is a service all the same for people, and what is not there leads back to the list.
func TestNearMissesOfAService(t *testing.T) {
	a, _ := service(world(t))
	b, _ := service(world(t))
	a.Name, b.Name = "The world", "maps/world"
	const mount = "/arcgis/rest/services"
	h := http.StripPrefix(mount, rest.NewDirectory([]*exportimage.Service{a, b}, nil))
	for target, want := range map[string]string{
		"/the%20world": "/the%20world/ImageServer/", "/maps/world/?f=html": "/maps/world/ImageServer/",
	} {
		w := get(h, mount+target)
		assert.Equal(t, http.StatusFound, w.Code, target)
		assert.Equal(t, mount+want, w.Header().Get("Location"))
		assert.Equal(t, http.StatusOK, get(h, w.Header().Get("Location")).Code)
		assert.Equal(t, http.StatusNotFound, get(h, mount+strings.TrimSuffix(target, "?f=html")+"?f=json").Code)
	}
	w := get(h, mount+"/nothing")
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Contains(t, w.Body.String(), `href="/arcgis/rest/services/"`)
	assert.Equal(t, http.StatusNotFound, get(h, "//evil.example/the%20world").Code)
}

// Behind a proxy that changes paths, the links of pages are those of the BaseURL.
func TestPagesBehindAProxy(t *testing.T) {
	a, _ := service(world(t))
	a.Name = "maps/world"
	h := http.StripPrefix("/inner", rest.NewDirectory([]*exportimage.Service{a}, &rest.Options{BaseURL: "https://gis.example.org/outer/services"}))
	links := regexp.MustCompile(`(?:href|src)="(/[^"]*)"`)
	for _, target := range []string{
		"/inner/", "/inner/maps", "/inner/maps/world/ImageServer", "/inner/maps/world/ImageServer/map", "/inner/maps/world/ImageServer/exportImage",
		"/inner/maps/world/ImageServer/exportImage?bbox=0,0,9,9", "/inner/maps/world/ImageServer/query", "/inner/maps/nothing",
	} {
		found := links.FindAllStringSubmatch(get(h, target).Body.String(), -1)
		assert.NotEmpty(t, found, target)
		for _, m := range found {
			assert.True(t, strings.HasPrefix(m[1], "/outer/services/"), "%s links to %s", target, m[1])
			w := get(h, "/inner"+strings.TrimPrefix(html.UnescapeString(m[1]), "/outer/services"))
			assert.Equal(t, http.StatusOK, w.Code, "%s links to %s", target, m[1])
		}
	}
}
