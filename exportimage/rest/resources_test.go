package rest_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/color"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// decode requests a resource and decodes its JSON.
func decode[T any](t testing.TB, h http.Handler, target string) (v T) {
	t.Helper()
	w := get(h, target)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v), target)
	return v
}

// Every member that clients read exists, is not null, and is correct.
func TestServiceResourceIsTrue(t *testing.T) {
	s, _ := service(ramp(t), world(t))
	s.Formats = nil
	s.Description, s.Copyright = "about it", "whose it is"
	s.Limits = exportimage.Limits{Side: 3000, Pixels: 1 << 20, Items: 7}
	s.Defaults.MosaicRule = mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: 6.0, Descending: true, Operation: mosaic.Max}
	day := time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)
	items := s.Catalog.(mosaic.Slice)
	items[0].Time = mosaic.TimeExtent{From: day, To: day}
	items[1].Time = mosaic.TimeExtent{From: day.AddDate(0, 1, 0)}
	h := rest.NewHandler(s, nil)
	w := get(h, "/?f=json")
	assert.NotContains(t, w.Body.String(), "null")
	assert.Contains(t, w.Header().Get("Server-Timing"), "total;dur=")
	got := decode[map[string]any](t, h, "/?f=json")
	for name, want := range map[string]any{
		"currentVersion": 10.91, "name": "test", "description": "about it", "serviceDescription": "about it",
		"copyrightText": "whose it is", "pixelSizeX": 1.0, "pixelSizeY": 1.0, "bandCount": 1.0, "pixelType": "F32",
		"minPixelSize": 0.0, "maxPixelSize": 0.0, "serviceDataType": "esriImageServiceDataTypeGeneric",
		"serviceSourceType": "esriImageServiceSourceTypeMosaicDataset", "objectIdField": "OBJECTID",
		"capabilities": "Image,Metadata,Catalog,Mensuration", "defaultMosaicMethod": "ByAttribute", "sortField": "Month", "sortValue": 6.0,
		"sortAscending": false, "mosaicOperator": "Max", "defaultCompressionQuality": 75.0, "defaultResamplingMethod": "Bilinear",
		"maxImageWidth": 1024.0, "maxImageHeight": 1024.0, "maxMosaicImageCount": 7.0, "singleFusedMapCache": false,
		"bandNames": []any{"Band_1"}, "hasHistograms": true, "hasColormap": false, "hasRasterAttributeTable": false,
		"hasMultidimensions": false, "allowAnalysis": true, "supportsStatistics": true,
		"spatialReference": map[string]any{"wkid": 102100.0, "latestWkid": 3857.0},
		"timeInfo":         map[string]any{"startTimeField": "", "endTimeField": "", "timeExtent": []any{1590969600000.0, 1593561600000.0}},
	} {
		if name == "spatialReference" {
			assert.EqualValues(t, 3857, got[name].(map[string]any)["latestWkid"])
			continue
		}
		assert.Equal(t, want, got[name], name)
	}
	for _, name := range []string{"extent", "initialExtent", "fullExtent", "allowedMosaicMethods", "supportedImageFormatTypes", "rasterFunctionInfos"} {
		assert.NotEmpty(t, got[name], name)
	}
	// Whole or empty, and what the pixels are: RAMP has column + 1000·row, and the other raster cannot be read for a
	// sample of its type, but for its values.
	for _, name := range []string{"minValues", "maxValues", "meanValues", "stdvValues"} {
		assert.Len(t, got[name], 1, name)
	}
	assert.Equal(t, []any{0.0}, got["minValues"])
	assert.Equal(t, []any{511511.0}, got["maxValues"])

	ds := ramp(t)
	ds.Err = assert.AnError
	broken, _ := service(ds)
	broken.Logger = logger(t.Output())
	assert.Contains(t, get(rest.NewHandler(broken, nil), "/?f=json").Body.String(), `"minValues":[],"maxValues":[],"meanValues":[],"stdvValues":[]`)
}

func TestSubResources(t *testing.T) {
	s := classes(t)
	s.Description, s.Copyright = "three <classes>", "nobody"
	h := rest.NewHandler(s, nil)

	about := decode[map[string]any](t, h, "/?f=json")
	assert.Equal(t, true, about["hasColormap"])
	assert.Equal(t, true, about["allowRasterFunction"], "without templates too")
	assert.Equal(t, true, about["hasRasterAttributeTable"])
	assert.Equal(t, "esriImageServiceDataTypeThematic", about["serviceDataType"])
	assert.Equal(t, "esriImageServiceSourceTypeDataset", about["serviceSourceType"])
	assert.Equal(t, "Nearest", about["defaultResamplingMethod"])

	assert.JSONEq(t, `{"BandProperties":[{"BandName":"cover","Unit":"class"}]}`, get(h, "/keyProperties?f=json").Body.String())
	infos := decode[map[string][]map[string]any](t, h, "/rasterFunctionInfos?f=pjson")["rasterFunctionInfos"]
	require.Len(t, infos, 1)
	assert.Regexp(t, `^data:image/png;base64,\w+`, infos[0]["thumbnail"])
	delete(infos[0], "thumbnail")
	assert.Equal(t, map[string]any{"name": "None", "description": "Pixels as they are.", "help": "", "functionType": 0.0}, infos[0])
	assert.JSONEq(t, `{"colormap":[[0,10,20,30],[1,200,0,0],[2,0,0,250]]}`, get(h, "/colormap").Body.String())
	stats := decode[map[string][]map[string]float64](t, h, "/statistics?f=json")["statistics"]
	require.Len(t, stats, 1)
	for name, want := range map[string]float64{"min": 0, "max": 2, "mean": 1, "standardDeviation": math.Sqrt(2. / 3)} {
		assert.InDelta(t, want, stats[0][name], 1e-12, name)
	}
	table := get(h, "/rasterAttributeTable?f=json").Body.String()
	assert.Contains(t, table, `{"attributes":{"OBJECTID":1,"Value":0,"ClassName":"water","Red":10,"Green":20,"Blue":30}}`)
	assert.Contains(t, table, `{"attributes":{"OBJECTID":2,"Value":2,"ClassName":"wood","Red":0,"Green":0,"Blue":250}}`)

	thumb := get(h, "/info/thumbnail")
	cfg, _, err := image.DecodeConfig(thumb.Body)
	require.NoError(t, err)
	assert.Equal(t, [2]int{200, 133}, [2]int{cfg.Width, cfg.Height})
	assert.NotEmpty(t, thumb.Header().Get("ETag"))

	item := decode[map[string]any](t, h, "/info/iteminfo?f=json")
	assert.Equal(t, "Image Service", item["type"])
	assert.Equal(t, "thumbnail", item["thumbnail"])
	assert.Equal(t, "test", item["name"])
	assert.Equal(t, "three <classes>", item["description"])
	assert.Equal(t, "nobody", item["accessInformation"])
	north := 10 / 111319.490793 // degrees of 10 m on the equator
	if corners, ok := item["extent"].([]any); assert.True(t, ok) && assert.Len(t, corners, 2) {
		assert.InDelta(t, north, corners[1].([]any)[1], 1e-9)
	}

	var doc struct {
		Info struct {
			Title string  `xml:"idCitation>resTitle"`
			Abs   string  `xml:"idAbs"`
			West  float64 `xml:"dataExt>geoEle>GeoBndBox>westBL"`
			North float64 `xml:"dataExt>geoEle>GeoBndBox>northBL"`
		} `xml:"dataIdInfo"`
	}
	w := get(h, "/info/metadata?f=xml&foo=1")
	assert.Equal(t, http.StatusBadRequest, w.Code, "f has no such value")
	w = get(h, "/info/metadata?format=default")
	assert.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
	require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &doc))
	assert.Equal(t, "test", doc.Info.Title)
	assert.Equal(t, "three <classes>", doc.Info.Abs)
	assert.InDelta(t, north, doc.Info.North, 1e-9)

	for _, missing := range []string{"/measureFromImage", "/tile/0/0/0", "/1/info/histograms"} {
		w := get(h, missing+"?f=json")
		assert.Equal(t, http.StatusNotFound, w.Code, missing)
		assert.Contains(t, w.Body.String(), `"message":"Unable to complete operation."`)
	}
}

type legend struct {
	Layers []struct {
		LegendType string
		Legend     []struct{ Label, ImageData, ContentType string }
	}
}

// colors decodes a legend's swatches: label and colour of the middle.
func (l legend) colors(t testing.TB) (labels []string, colors []color.NRGBA) {
	require.Len(t, l.Layers, 1)
	for _, e := range l.Layers[0].Legend {
		data, err := base64.StdEncoding.DecodeString(e.ImageData)
		require.NoError(t, err)
		img, kind, err := image.Decode(strings.NewReader(string(data)))
		require.NoError(t, err)
		assert.Equal(t, e.ContentType, "image/"+kind)
		assert.Equal(t, image.Rect(0, 0, 20, 20), img.Bounds())
		labels = append(labels, e.Label)
		colors = append(colors, color.NRGBAModel.Convert(img.At(10, 10)).(color.NRGBA))
	}
	return labels, colors
}

// The swatches have the colours of images.
func TestLegend(t *testing.T) {
	l := decode[legend](t, rest.NewHandler(classes(t), nil), "/legend?f=json")
	labels, colors := l.colors(t)
	assert.Equal(t, []string{"water", "wood"}, labels)
	assert.Equal(t, []color.NRGBA{{10, 20, 30, 255}, {0, 0, 250, 255}}, colors)

	s, _ := service(ramp(t))
	labels, colors = decode[legend](t, rest.NewHandler(s, nil), "/legend?f=json").colors(t)
	assert.Equal(t, []string{"High : 511511", "", "Low : 0"}, labels)
	// Of 60 rows from white to black, these are the ones numbered 10, 30 and 50.
	assert.Equal(t, []color.NRGBA{{212, 212, 212, 255}, {125, 125, 125, 255}, {39, 39, 39, 255}}, colors)

	g := raster.NorthUp(crs(t, 4326), srs.Envelope{XMax: 4, YMax: 4}, image.Pt(4, 4))
	s, _ = service(rastertest.FromFunc(g, 4, func(band, _, _ int) uint8 { return uint8(band) }))
	l = decode[legend](t, rest.NewHandler(s, nil), "/legend?f=json&bandIds=3,0,1")
	labels, colors = l.colors(t)
	assert.Equal(t, "RGB Composite", l.Layers[0].LegendType)
	assert.Equal(t, []string{"Red: Band_4", "Green: Band_1", "Blue: Band_2"}, labels)
	assert.Equal(t, []color.NRGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255}}, colors)

	w := get(rest.NewHandler(s, nil), "/legend?f=json&bandIds=9,9,9")
	assert.Equal(t, http.StatusBadRequest, w.Code)
}

func TestKMLImage(t *testing.T) {
	w := get(handler(t), "/kml/image.kmz?size=50,50&bbox=0,0,10,10")
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "application/vnd.google-earth.kmz", w.Header().Get("Content-Type"))
	assert.Equal(t, w.Body.Bytes(), get(handler(t), "/exportImage?f=kmz&size=50,50&bbox=0,0,10,10").Body.Bytes())
}

// What is left out is not served, and is not offered either.
func TestPartsCanBeLeftOut(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	thin := rest.NewHandler(s, &rest.Options{Without: rest.Pages | rest.KML | rest.Resources})
	for target, status := range map[string]int{
		"/": 200, "/exportImage": 200, "/exportImage?f=image&size=5,5": 200, "/exportImage?f=html": 501, "/exportImage?f=kmz": 501,
		"/kml/image.kmz": 404, "/legend": 404, "/info/thumbnail": 404, "/keyProperties": 404,
	} {
		w := get(thin, target)
		assert.Equal(t, status, w.Code, target)
		assert.NotContains(t, w.Header().Get("Content-Type"), "html", target)
	}
	assert.NotContains(t, get(rest.NewHandler(s, &rest.Options{Without: rest.KML}), "/exportImage").Body.String(), "kmz")
}

func TestWhoMayRead(t *testing.T) {
	s, _ := service(world(t))
	const page = "https://maps.example.org"
	for _, c := range []struct {
		options      *rest.Options
		origin, want string
	}{
		{nil, "", "*"},
		{nil, page, page},
		{&rest.Options{Origins: []string{page}}, page, page},
		{&rest.Options{Origins: []string{page}}, "https://evil.example.org", ""},
		{&rest.Options{Origins: []string{page}}, "", ""},
		{&rest.Options{Origins: []string{}}, page, ""},
	} {
		h := rest.NewHandler(s, c.options)
		for _, target := range []string{"/?f=json", "/exportImage?f=image&size=0", "/nosuch", "/exportImage?f=image&size=2,2"} {
			r := httptest.NewRequest(http.MethodGet, target, nil)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			w := do(h, r)
			assert.Equal(t, c.want, w.Header().Get("Access-Control-Allow-Origin"), target)
			assert.Contains(t, w.Header().Values("Vary"), "Origin")
		}
	}
}

func TestFolders(t *testing.T) {
	a, _ := service(world(t))
	b, _ := service(ramp(t))
	c, _ := service(ramp(t))
	a.Name, b.Name, c.Name = "World", "Heights/ramp two", "Heights/World"
	const mount = "/arcgis/rest/services"
	h := http.StripPrefix(mount, rest.NewDirectory([]*exportimage.Service{a, b, c}, nil))
	type list struct {
		Folders  []string
		Services []struct{ Name, Type string }
	}
	top := decode[list](t, h, mount+"?f=json")
	assert.Equal(t, []string{"Heights"}, top.Folders)
	assert.Len(t, top.Services, 1)
	in := decode[list](t, h, mount+"/heights/?f=pjson")
	assert.Empty(t, in.Folders)
	assert.Equal(t, "Heights/World", in.Services[0].Name)
	assert.Equal(t, "Heights/ramp two", in.Services[1].Name)
	for target, typ := range map[string]string{"/World": "U8", "/Heights/World": "F32", "/heights/Ramp%20Two": "F32"} {
		assert.Equal(t, typ, decode[map[string]any](t, h, mount+target+"/ImageServer?f=json")["pixelType"], target)
	}
	assert.Contains(t, get(h, mount+"/").Body.String(), `href="/arcgis/rest/services/Heights/"`)
	page := get(h, mount+"/Heights").Body.String()
	assert.Contains(t, page, `href="/arcgis/rest/services/Heights/ramp%20two/ImageServer/"`)
	assert.Contains(t, page, `href="/arcgis/rest/services/"`)
	assert.Contains(t, get(h, mount+"/Heights/World/ImageServer/").Body.String(), `href="/arcgis/rest/services/Heights/"`)
	for _, missing := range []string{"/Heights/ImageServer", "/nosuch/", "/Heights/World/MapServer", "/Heights/x/y/ImageServer"} {
		assert.Equal(t, http.StatusNotFound, get(h, mount+missing+"?f=json").Code, missing)
	}
	for _, bad := range []string{"", "/x", "x/", "a/b/c", "world"} {
		d, _ := service(world(t))
		d.Name = bad
		assert.Panics(t, func() { rest.NewDirectory([]*exportimage.Service{a, d}, nil) }, bad)
	}
	thin := rest.NewDirectory([]*exportimage.Service{a}, &rest.Options{Without: rest.Pages})
	assert.Contains(t, get(thin, "/World/ImageServer").Header().Get("Content-Type"), "json")
}

func TestInfo(t *testing.T) {
	got := decode[map[string]any](t, rest.NewInfo(nil), "/arcgis/rest/info?f=json")
	assert.Equal(t, 10.91, got["currentVersion"])
	assert.Equal(t, map[string]any{"isTokenBasedSecurity": false}, got["authInfo"])
}

// explain=true gives the account of an export, with what was offered and left aside.
func TestExplain(t *testing.T) {
	s, _ := service(ramp(t), ramp(t), ramp(t), ramp(t), ramp(t))
	items := s.Catalog.(mosaic.Slice)
	old := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	items[1].Time = mosaic.TimeExtent{From: old, To: old}
	items[2].Attrs = map[string]any{"Cloud": 9.0}
	items[3].MinPS = 1000
	for i := range items {
		if i != 2 {
			items[i].Attrs = map[string]any{"Cloud": 0.0}
		}
	}
	type trace struct {
		Covered bool
		Trace   *struct {
			Offered int
			Rasters []struct {
				ID, Level, Reads, Pixels int
				Drawn                    bool
				Made                     bool
			}
			Skipped      []struct{ ID, Why any }
			Ignored      []string
			Notes        []string
			Milliseconds map[string]float64
		}
	}
	const query = `/exportImage?f=json&bbox=0,0,512,512&size=256,256&foo=1&time=1000000000000&mosaicRule={"where":"Cloud<5"}`
	h := rest.NewHandler(s, nil)
	target := strings.NewReplacer(`"`, "%22", "<", "%3C", "{", "%7B", "}", "%7D").Replace(query)
	assert.Nil(t, decode[trace](t, h, target).Trace)
	got := decode[trace](t, h, target+"&explain=true")
	require.NotNil(t, got.Trace)
	assert.True(t, got.Covered)
	assert.Equal(t, 5, got.Trace.Offered)
	require.Len(t, got.Trace.Rasters, 2)
	top := got.Trace.Rasters[0]
	assert.Equal(t, [2]int{1, 1}, [2]int{top.ID, top.Level})
	assert.True(t, top.Made)
	assert.True(t, top.Drawn)
	assert.Positive(t, top.Reads)
	assert.Positive(t, top.Pixels)
	assert.False(t, got.Trace.Rasters[1].Drawn, "it is hidden")
	assert.Zero(t, got.Trace.Rasters[1].Reads)
	var why []any
	for _, skipped := range got.Trace.Skipped {
		why = append(why, skipped.ID, skipped.Why)
	}
	assert.Equal(t, []any{2.0, "it is of another time", 3.0, "it does not meet where", 4.0, "it is for other scales"}, why)
	assert.True(t, slices.ContainsFunc(got.Trace.Ignored, func(s string) bool { return strings.HasPrefix(s, "foo:") }))
	for _, stage := range []string{"plan", "read", "warp", "merge", "render", "encode"} {
		assert.Contains(t, got.Trace.Milliseconds, stage)
	}
	assert.Positive(t, got.Trace.Milliseconds["warp"])
	assert.Equal(t, http.StatusBadRequest, get(h, target+"&explain=perhaps").Code)
	assert.NotContains(t, get(h, target+"&explain=1").Body.String(), "explain", "the link is to the picture alone")
}
