package rest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "golang.org/x/image/bmp"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// get asks a handler, and gives the answer whole.
func get(h http.Handler, target string) *httptest.ResponseRecorder {
	return do(h, httptest.NewRequest(http.MethodGet, target, nil))
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func handler(t testing.TB) http.Handler {
	s, _ := service(world(t))
	s.Formats = nil
	return rest.NewHandler(s, nil)
}

const documented = "/exportImage?bbox=-117,34,-116,35&bboxSR=4326"

func TestImageInEveryFormat(t *testing.T) {
	h := handler(t)
	for format, media := range map[string]string{
		"": "image/png", "png": "image/png", "png8": "image/png", "png24": "image/png", "png32": "image/png",
		"jpg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
	} {
		w := get(h, documented+"&f=image&size=30,20&format="+format)
		require.Equal(t, http.StatusOK, w.Code, format)
		assert.Equal(t, media, w.Header().Get("Content-Type"))
		cfg, _, err := image.DecodeConfig(w.Body)
		require.NoError(t, err, format)
		assert.Equal(t, [2]int{30, 20}, [2]int{cfg.Width, cfg.Height})
	}
}

// T65: full, with one transparent pixel, and transparent throughout.
func TestT65JpgpngGoesByThePicture(t *testing.T) {
	s, _ := service(ramp(t))
	h := rest.NewHandler(s, nil)
	for box, media := range map[string]string{
		"0,0,512,512": "image/jpeg", "-10,-10,502,502": "image/png", "9000,0,9512,512": "image/png",
	} {
		w := get(h, "/exportImage?f=image&format=jpgpng&size=64,64&interpolation=RSP_NearestNeighbor&bbox="+box)
		require.Equal(t, media, w.Header().Get("Content-Type"), box)
		_, kind, err := image.DecodeConfig(w.Body)
		require.NoError(t, err)
		assert.Equal(t, media, "image/"+kind)
		w = get(h, "/exportImage?f=kmz&format=jpgpng&size=64,64&bbox="+box)
		assert.Equal(t, http.StatusOK, w.Code)
	}
}

func TestJSONHasTheDocumentedMembersInOrder(t *testing.T) {
	for f, inner := range map[string]string{"json": "", "pjson": "  "} {
		w := get(handler(t), documented+"&imageSR=102113&f="+f)
		require.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
		body := w.Body.String()
		assert.Equal(t, f == "pjson", strings.Contains(body, "\n"+inner+`"href"`) && inner != "")
		at := -1
		for _, name := range []string{"href", "width", "height", "extent", "xmin", "ymin", "xmax", "ymax", "spatialReference", "wkid", "latestWkid"} {
			next := strings.Index(body, `"`+name+`"`)
			require.Greater(t, next, at, name)
			at = next
		}
		var got struct {
			Href          string
			Width, Height int
			Extent        struct {
				XMin, YMin, XMax, YMax float64
				SpatialReference       struct{ WKID, LatestWKID int }
			}
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
		assert.Equal(t, 400, got.Width)
		assert.Equal(t, 400, got.Height)
		assert.InDelta(t, -13036260.2364, got.Extent.XMin, 1e-3)
		assert.InDelta(t, 4163881.1441, got.Extent.YMax, 1e-3)
		assert.Equal(t, 102113, got.Extent.SpatialReference.WKID)

		// The href gives the image without more.
		picture := get(handler(t), got.Href)
		assert.Equal(t, "image/png", picture.Header().Get("Content-Type"))
	}
}

func TestJSONSaysWhetherAnythingIsThere(t *testing.T) {
	s, _ := service(ramp(t))
	h := rest.NewHandler(s, nil)
	assert.Contains(t, get(h, "/exportImage?f=json&bbox=0,0,5,5").Body.String(), `"covered":true`)
	assert.Contains(t, get(h, "/exportImage?f=json&bbox=9000,0,9005,5").Body.String(), `"covered":false`)
}

func TestKMZIsInDegreesWhateverImageSRSays(t *testing.T) {
	for _, sr := range []string{"", "3857", "32611"} {
		w := get(handler(t), documented+"&f=kmz&imageSR="+sr)
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		assert.Equal(t, "application/vnd.google-earth.kmz", w.Header().Get("Content-Type"))
		z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
		require.NoError(t, err)
		require.Len(t, z.File, 2)
		doc, err := z.Open("doc.kml")
		require.NoError(t, err)
		var kml struct {
			Overlay struct {
				Icon struct {
					Href string `xml:"href"`
				}
				Box struct {
					North, South, East, West float64
				} `xml:"LatLonBox"`
			} `xml:"GroundOverlay"`
		}
		text, err := io.ReadAll(doc)
		require.NoError(t, err)
		text = []byte(strings.NewReplacer("north>", "North>", "south>", "South>", "east>", "East>", "west>", "West>").Replace(string(text)))
		require.NoError(t, xml.Unmarshal(text, &kml))
		assert.Equal(t, [4]float64{35, 34, -116, -117},
			[4]float64{kml.Overlay.Box.North, kml.Overlay.Box.South, kml.Overlay.Box.East, kml.Overlay.Box.West})
		picture, err := z.Open(kml.Overlay.Icon.Href)
		require.NoError(t, err)
		_, _, err = image.Decode(picture)
		require.NoError(t, err)
	}
}

func TestKMZStopsAtThePoles(t *testing.T) {
	w := get(handler(t), "/exportImage?f=kmz&bbox=-180,-90,180,90&bboxSR=4326&size=100,100")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	w = get(handler(t), "/exportImage?f=kmz&bbox=170,80,190,89&bboxSR=4326&size=100,300")
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
}

func TestPages(t *testing.T) {
	s, _ := service(world(t))
	s.Name, s.Description = `<b>x</b>`, `"><script>alert(1)</script>`
	h := rest.NewHandler(s, nil)
	for _, target := range []string{
		"/", "/exportImage", documented, "/?f=html", documented + "&f=html&format=jpg",
		`/exportImage?bbox=1,2,3&size="><script>alert(1)</script>`,
		`/exportImage?bbox=0,0,1,1&foo="><script>alert(1)</script>`,
	} {
		w := get(h, strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E").Replace(target))
		assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"), target)
		assert.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'")
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		body := w.Body.String()
		assert.NotContains(t, body, "<script>", target)
		assert.NotContains(t, body, "<b>x", target)
		assert.Contains(t, body, "</html>")
	}
	assert.Contains(t, get(h, documented).Body.String(), "/exportImage?bbox=-117%2C34%2C-116%2C35")
	assert.Contains(t, get(h, "/exportImage").Body.String(), `name="compressionQuality"`)
	assert.NotContains(t, get(rest.NewHandler(far(t), nil), "/").Body.String(), "e+", "a plus would become a blank in a link")
}

// far serves a raster whose coordinates are large.
func far(t testing.TB) *exportimage.Service {
	s, _ := service(scene(t))
	return s
}

// T96: errors are ArcGIS's JSON objects, with the status that fits or, if asked, with 200; never cached, never an
// image.
func TestErrors(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	for _, c := range []struct {
		target  string
		status  int
		details string
	}{
		{"/exportImage?f=image&bbox=1,2,3", 400, "'bbox' parameter is invalid."},
		{"/exportImage?f=json&imageSR=999999", 400, "'imageSR' parameter is invalid."},
		{"/exportImage?f=image&size=100000,100000", 400, "The requested image exceeds the size limit."},
		{"/exportImage?f=pjson&format=xyz", 400, "Output format not supported."},
		{"/exportImage?f=json&sliceId=3", 501, "slices"},
		{"/exportImage?f=nonsense", 400, "'f' parameter is invalid."},
		{"/exportImage?f=json&callback=alert(1)//", 400, "callback"},
		{"/computeHistograms?f=json", 400, "geometry: it is missing"},
		{"/computeAngles?f=json", 404, "computeAngles"},
		{"/multidimensionalInfo?f=json", 400, "not multidimensional"},
		{"/slices?f=json", 400, "not multidimensional"},
		{"/colormap?f=json", 404, "no colormap"},
		{"/../../etc/passwd?f=json", 404, "not served"},
	} {
		for _, always := range []bool{false, true} {
			w := get(rest.NewHandler(s, &rest.Options{AlwaysOK: always}), c.target)
			want := c.status
			if always {
				want = http.StatusOK
			}
			assert.Equal(t, want, w.Code, c.target)
			assert.True(t, strings.HasPrefix(w.Header().Get("Content-Type"), "application/json"), c.target)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
			assert.Less(t, w.Body.Len(), 750, "clients take longer answers for pictures")
			var body struct {
				Error struct {
					Code    int
					Message string
					Details []string
				}
			}
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), c.target)
			assert.Equal(t, c.status, body.Error.Code)
			assert.Contains(t, strings.Join(body.Error.Details, "|"), c.details)
		}
	}
}

func TestInternalErrorsTellNothingOfTheMachine(t *testing.T) {
	ds := ramp(t)
	ds.Err = fmt.Errorf("open /secret/place.tif: permission denied")
	s, _ := service(ds)
	var log bytes.Buffer
	s.Logger = logger(&log)
	w := get(rest.NewHandler(s, nil), "/exportImage?f=image&bbox=0,0,512,512")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "secret")
	assert.Contains(t, w.Body.String(), `raster \"raster 1\"`)
	assert.Contains(t, log.String(), "/secret/place.tif")
}

// T90: a request with every optional parameter blank, by GET and as either kind of form, gives the same image.
func TestT90GetAndPostAreAlike(t *testing.T) {
	h := handler(t)
	form := url.Values{
		"bbox": {"-117,34,-116,35"}, "bboxSR": {"4326"}, "interpolation": {" RSP_BilinearInterpolation"}, "F": {"Image"},
		"unknown": {"1"},
	}
	for _, blank := range []string{"size", "imageSR", "time", "format", "pixelType", "noData", "noDataInterpretation", "compression",
		"compressionQuality", "bandIds", "mosaicRule", "renderingRule", "sliceId", "lercVersion", "compressionTolerance"} {
		form.Set(blank, "")
	}
	want := get(h, "/exportImage?"+form.Encode())
	require.Equal(t, "image/png", want.Header().Get("Content-Type"), want.Body.String())

	post := httptest.NewRequest(http.MethodPost, "/ExportImage", strings.NewReader(form.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	assert.Equal(t, want.Body.Bytes(), do(h, post).Body.Bytes())

	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, v := range form {
		require.NoError(t, parts.WriteField(name, v[0]))
	}
	require.NoError(t, parts.Close())
	post = httptest.NewRequest(http.MethodPost, "/exportimage/?size=", &body)
	post.Header.Set("Content-Type", parts.FormDataContentType())
	assert.Equal(t, want.Body.Bytes(), do(h, post).Body.Bytes())

	head := do(h, httptest.NewRequest(http.MethodHead, "/exportImage?"+form.Encode(), nil))
	assert.Zero(t, head.Body.Len())
	assert.Equal(t, fmt.Sprint(want.Body.Len()), head.Header().Get("Content-Length"))

	post = httptest.NewRequest(http.MethodPost, "/exportImage", strings.NewReader("bbox="+strings.Repeat("1", 2<<20)))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, http.StatusRequestEntityTooLarge, do(h, post).Code)
	assert.Equal(t, http.StatusMethodNotAllowed, do(h, httptest.NewRequest(http.MethodDelete, "/exportImage", nil)).Code)
	assert.Equal(t, http.StatusNoContent, do(h, httptest.NewRequest(http.MethodOptions, "/exportImage", nil)).Code)
}

// A template in circulation ends in a second f.
func TestTheFirstFCounts(t *testing.T) {
	w := get(handler(t), documented+"&f=image&size=5,5&f=EPSG:3857")
	assert.Equal(t, "image/png", w.Header().Get("Content-Type"))
}

func TestCallback(t *testing.T) {
	w := get(handler(t), documented+"&f=json&callback=window._EsriLeafletCallbacks.c0")
	assert.Equal(t, "application/javascript; charset=utf-8", w.Header().Get("Content-Type"))
	assert.True(t, strings.HasPrefix(w.Body.String(), `window._EsriLeafletCallbacks.c0({"href":`))
	assert.True(t, strings.HasSuffix(w.Body.String(), "});"))
}

func TestServiceResource(t *testing.T) {
	var got map[string]any
	w := get(handler(t), "/?f=json")
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	for _, name := range []string{"currentVersion", "name", "extent", "pixelSizeX", "pixelSizeY", "bandCount", "pixelType", "serviceDataType", "capabilities"} {
		assert.NotNil(t, got[name], name)
	}
	assert.Equal(t, []any{}, got["fields"], "clients do not survive a null")
	assert.NotContains(t, w.Body.String(), "null")
}

func TestDirectory(t *testing.T) {
	a, _ := service(world(t))
	b, _ := service(ramp(t))
	a.Name, b.Name = "World", "ramp two"
	const mount = "/arcgis/rest/services"
	h := http.StripPrefix(mount, rest.NewDirectory([]*exportimage.Service{a, b}, nil))
	for _, root := range []string{mount, mount + "/"} {
		var list struct{ Services []struct{ Name, Type string } }
		require.NoError(t, json.Unmarshal(get(h, root+"?f=json").Body.Bytes(), &list))
		require.Len(t, list.Services, 2)
		assert.Equal(t, "World", list.Services[0].Name)
		assert.Equal(t, "ImageServer", list.Services[0].Type)
	}
	page := get(h, mount+"/").Body.String()
	assert.Contains(t, page, `href="/arcgis/rest/services/ramp%20two/ImageServer/"`)
	w := get(h, mount+"/world/imageserver"+documented+"&f=json")
	assert.Contains(t, w.Body.String(), `"href":"/arcgis/rest/services/world/imageserver/exportImage?`)
	w = get(h, mount+"/ramp%20two/ImageServer/exportImage?bbox=0,0,512,512&f=json")
	assert.Contains(t, w.Body.String(), `/ramp%20two/ImageServer/exportImage?`)
	for _, missing := range []string{"/nosuch/ImageServer", "/World", "/World/MapServer", "/..%2F..%2Fetc/ImageServer"} {
		assert.Equal(t, http.StatusNotFound, get(h, mount+missing+"?f=json").Code, missing)
	}
	assert.Contains(t, get(h, mount+"/World/ImageServer/").Body.String(), `<a href="/arcgis/rest/services/">Services</a>`)
	assert.Panics(t, func() { rest.NewDirectory([]*exportimage.Service{a, a}, nil) })
}

// Any query to any path gives an answer that is no fault of the server's.
func FuzzHandler(f *testing.F) {
	s, _ := service(world(f))
	s.Formats = nil
	h := rest.NewHandler(s, &rest.Options{Output: rest.NewMemoryStore(rest.StoreLimits{})})
	for _, path := range []string{"exportImage", "", "legend", "statistics", "rasterFunctionInfos", "map", "info/thumbnail", "info/metadata", "kml/image.kmz", "output/x", "..", "a%00b"} {
		f.Add(path, "f=json&size=9")
	}
	for _, q := range []string{
		"", "f=image&bbox=-117,34,-116,35&bboxSR=4326&size=20,10", "f=json&bbox=0,0,1,1&explain=true", "f=kmz&size=5", "f=pjson&imageSR=102100",
		"f=image&size=10,10&format=gif&noData=3&pixelType=S16", "callback=a.b&f=json", "f=html&bbox=1,2,3,4&foo=<b>",
		"f=image&bbox=1e300,0,2e300,1&size=3", "f=image&bbox=-1e-300,0,1e-300,1&adjustAspectRatio=false&size=3",
		"f=image&size=9,9&imageSR=32633", "f=image&size=9,9&bbox=170,-10,-170,10&bboxSR=4326&imageSR=3395",
		`f=image&size=9&mosaicRule={"mosaicMethod":"esriMosaicAttribute","sortField":"Name","where":"Name like '%25'","mosaicOperation":"MT_BLEND"}`,
		`f=image&size=9&renderingRule={"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6,"Min":0,"Max":255}}`,
		`f=image&size=9&mosaicRule={"itemRenderingRule":{"rasterFunction":"Statistics","rasterFunctionArguments":{"KernelRows":5}},"mosaicOperation":"MT_MEAN"}`,
		`f=image&size=9&mosaicRule={"itemRenderingRule":"$2"}&renderingRule={"function":{"type":"SlopeFunction"},"functionType":1}`,
		"f=image&size=9&mosaicProperties=<MosaicMethod>Center</MosaicMethod>&time=1,null&bandIds=0,0,0&noData=1&interpolation=+RSP_Majority",
	} {
		f.Add("exportImage", q)
	}
	f.Add("ȺȺ/ImageServer/statistics", `renderingRule={"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[0,0]}}`)
	f.Add("colormap", `renderingRule={"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"gray"},"outputPixelType":"U8"}`)
	f.Fuzz(func(t *testing.T, path, query string) {
		if len(path)+len(query) > 1<<12 {
			t.Skip("larger than any URL that matters")
		}
		v, err := url.ParseQuery(query)
		if err != nil || tooLarge(v) {
			t.Skip("no query, or one that is only slow")
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL = &url.URL{Path: "/" + path, RawQuery: v.Encode()}
		r.RequestURI = r.URL.RequestURI()
		w := do(h, r)
		switch w.Code {
		case 200, 400, 404, 413, 501, 503:
		default:
			t.Fatalf("%d for %q %q: %s", w.Code, path, query, w.Body)
		}
	})
}

// tooLarge reports whether a query asks for an image that takes long to draw.
func tooLarge(v url.Values) bool {
	r, err := params.ParseRequest(v)
	return err == nil && (r.Size.X > 500 || r.Size.Y > 500)
}
