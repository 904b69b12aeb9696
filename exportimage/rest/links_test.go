package rest_test

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// forged returns a request with a Host, and every other header from which servers are known to take one.
func forged(target, host string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = host
	for name, value := range map[string]string{
		"X-Forwarded-Host": host, "X-Forwarded-Server": host, "X-Forwarded-Proto": "gopher", "X-Forwarded-Port": "6666",
		"X-Forwarded-Prefix": "/" + host, "Forwarded": "host=" + host + ";proto=gopher", "X-Host": host,
		"X-Original-URL": "/" + host, "X-Rewrite-URL": "/" + host, "Origin": "https://pages.example.net", "Referer": "https://" + host,
	} {
		r.Header.Set(name, value)
	}
	return r
}

// Only TrustHost takes the host of a link from the request. Without it and BaseURL, a link begins with the path.
func TestHrefTakesNoHostFromStrangers(t *testing.T) {
	s, _ := service(world(t))
	s.Formats, s.Name = nil, "Heights/ramp two"
	const path = "/arcgis/rest/services/heights/RAMP%20two/ImageServer"
	const target = path + documented
	for _, host := range []string{
		"evil.example.com", "evil.example.com:80", "evil.example.com/x?", "user@evil.example.com", "[::1]:99", "evil\r\nX: y", `"evil`, "<evil>", "",
	} {
		for _, output := range []rest.Store{nil, rest.NewMemoryStore(rest.StoreLimits{})} {
			link := func(o rest.Options) *url.URL {
				t.Helper()
				o.Output = output
				h := http.StripPrefix("/arcgis/rest/services", rest.NewDirectory([]*exportimage.Service{s}, &o))
				for _, f := range []string{"json", "pjson"} {
					w := do(h, forged(target+"&f="+f, host))
					require.Equal(t, http.StatusOK, w.Code, w.Body)
					var got struct{ Href string }
					require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
					if !o.TrustHost {
						assert.NotContains(t, w.Body.String(), "evil")
						assert.NotContains(t, strings.Join(append(w.Header()["Location"], w.Header()["Link"]...), ""), "evil")
					}
					u, err := url.Parse(got.Href)
					require.NoError(t, err, got.Href)
					asked, err := url.Parse("https://gis.example.org" + target)
					require.NoError(t, err)
					picture := get(h, asked.ResolveReference(u).RequestURI())
					if o.BaseURL == "" {
						assert.Equal(t, "image/png", picture.Header().Get("Content-Type"), got.Href)
					}
					if f == "pjson" {
						return u
					}
				}
				return nil
			}
			u := link(rest.Options{})
			assert.Empty(t, u.Scheme+u.Host)
			assert.True(t, strings.HasPrefix(u.EscapedPath(), path+"/"), u)

			u = link(rest.Options{BaseURL: "https://maps.example.org/services/", TrustHost: true})
			assert.True(t, strings.HasPrefix(u.String(), "https://maps.example.org/services/Heights/ramp%20two/ImageServer/"), u)
		}
	}
}

func TestHrefOfATrustedHost(t *testing.T) {
	h := rest.NewHandler(firstService(t), &rest.Options{TrustHost: true})
	link := func(r *http.Request) string {
		var got struct{ Href string }
		w := do(h, r)
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), w.Body)
		return got.Href
	}
	const target = "/x/ImageServer/exportImage?f=json&size=9&bbox=0,0,5,5"
	assert.Regexp(t, `^http://gis\.example\.org:81/x/ImageServer/exportImage\?.*f=image`, link(forged(target, "gis.example.org:81")))
	r := forged(target, "gis.example.org")
	r.TLS = &tls.ConnectionState{}
	assert.Regexp(t, `^https://gis\.example\.org/x/ImageServer/exportImage\?`, link(r))
	assert.Regexp(t, `^/x/ImageServer/exportImage\?`, link(forged(target, "")), "HTTP/1.0 names no host")
}

// A link without a host never leads to another host, for any path in the request.
func TestHrefOfHostilePaths(t *testing.T) {
	h := handler(t)
	for _, target := range []string{
		"//evil.example/ImageServer/exportImage", "///evil.example/ImageServer/exportImage", `/\evil.example/ImageServer/exportImage`,
		"/%2Fevil.example/ImageServer/exportImage", "/%5Cevil.example/ImageServer/exportImage", "/%09/evil.example/ImageServer/exportImage",
		"http://evil.example/ImageServer/exportImage", "//evil.example/exportImage", "/javascript:x/ImageServer/exportImage",
	} {
		u, err := url.ParseRequestURI(target)
		require.NoError(t, err, target)
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RequestURI, r.URL = target, u
		r.URL.RawQuery = "f=json&size=9&bbox=0,0,5,5"
		w := do(h, r)
		var got struct{ Href string }
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), w.Body)
		if w.Code != http.StatusOK {
			continue // not served
		}
		require.Regexp(t, `^/[^/\\]`, got.Href, target)
		href, err := url.Parse(got.Href)
		require.NoError(t, err)
		assert.Empty(t, href.Scheme+href.Host)
	}
}

// Every answer forbids browsers to guess another type: all paths, methods and formats, successes, errors and parts.
func TestEveryAnswerForbidsSniffing(t *testing.T) {
	s := firstService(t)
	s.Name = "Heights/world"
	store := rest.NewMemoryStore(rest.StoreLimits{})
	const name = "00000000000000000000000000000000.png"
	require.NoError(t, store.Put(t.Context(), name, []byte("picture")))
	const services = "/arcgis/rest/services"
	cases, without := 0, 0
	for _, o := range []*rest.Options{nil, {Output: store, AlwaysOK: true}, {Without: rest.Pages | rest.KML | rest.Resources}} {
		directory := http.StripPrefix(services, rest.NewDirectory([]*exportimage.Service{s}, o))
		mux := http.NewServeMux()
		mux.Handle(services, directory)
		mux.Handle(services+"/", directory)
		mux.Handle("/arcgis/rest/info", rest.NewInfo(o))
		at := services + "/Heights/world/ImageServer"
		for _, path := range []string{
			services, services + "/", services + "/Heights", services + "/heights/", services + "/none/ImageServer", services + "/a/b/c/d",
			"/arcgis/rest/info", at, at + "/", at + "/exportImage", at + "/EXPORTIMAGE/", at + "/map", at + "/map/map.js",
			at + "/map/none.js", at + "/kml/image.kmz", at + "/keyProperties", at + "/rasterFunctionInfos", at + "/statistics",
			at + "/colormap", at + "/rasterAttributeTable", at + "/legend", at + "/info/thumbnail", at + "/info/metadata", at + "/info/iteminfo",
			at + "/output/" + name, at + "/output/none.png", at + "/output", at + "/nothing",
		} {
			for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} {
				for _, query := range []string{"", "f=json", "f=image&size=9", "f=kmz&size=9", "f=nonsense", "f=json&callback=a.b", "%zz", "size=-1"} {
					for header, value := range map[string]string{"": "", "If-None-Match": "*", "Range": "bytes=99-1", "Content-Type": "multipart/form-data"} {
						r := httptest.NewRequest(method, path+"?"+query, nil)
						r.Header.Set(header, value)
						w := do(mux, r)
						cases++
						if w.Header().Get("X-Content-Type-Options") != "nosniff" {
							without++
							t.Logf("%d %s %s?%s %s", w.Code, method, path, query, header)
						}
					}
				}
			}
		}
	}
	assert.Zero(t, without, "of %d", cases)
	t.Logf("%d answers", cases)
}

// firstService returns a service of one raster, in the formats of the library.
func firstService(t testing.TB) *exportimage.Service {
	s, _ := service(world(t))
	s.Formats = nil
	return s
}
