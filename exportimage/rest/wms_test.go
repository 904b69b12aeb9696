package rest_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster/function"
)

// mapQuery is the query of a map.
func mapQuery(version, crs, bbox, more string) string {
	param := "CRS"
	if version == "1.1.1" {
		param = "SRS"
	}
	return fmt.Sprintf("/WMSServer?SERVICE=WMS&VERSION=%s&REQUEST=GetMap&LAYERS=test&STYLES=&%s=%s&BBOX=%s&WIDTH=60&HEIGHT=40&%s",
		version, param, crs, bbox, more)
}

// A map is the export of the same box, whatever the order of its sides in the request.
func TestMapsAreExports(t *testing.T) {
	s, _ := service(scene(t)) // in UTM zone 33, at 15 E, 47.8 N
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, c := range []struct {
		version, crs, bbox, code, box string
	}{
		{"1.3.0", "EPSG:32633", "501000,5301000,504000,5303000", "32633", "501000,5301000,504000,5303000"},
		{"1.3.0", "EPSG:4326", "47.86,15.01,47.89,15.06", "4326", "15.01,47.86,15.06,47.89"},
		{"1.3.0", "CRS:84", "15.01,47.86,15.06,47.89", "4326", "15.01,47.86,15.06,47.89"},
		{"1.1.1", "EPSG:4326", "15.01,47.86,15.06,47.89", "4326", "15.01,47.86,15.06,47.89"},
		{"1.1.1", "CRS:84", "15.01,47.86,15.06,47.89", "4326", "15.01,47.86,15.06,47.89"},
		{"1.3.0", "EPSG:3857", "1671000,6085000,1676000,6089000", "3857", "1671000,6085000,1676000,6089000"},
		{"1.3.0", "EPSG:3035", "2762500,4696000,2764500,4699000", "3035", "4696000,2762500,4699000,2764500"},
		{"1.1.1", "EPSG:3035", "4696000,2762500,4699000,2764500", "3035", "4696000,2762500,4699000,2764500"},
		{"1.3.0", "EPSG:31469", "5302000,5501000,5304000,5504000", "31469", "5501000,5302000,5504000,5304000"},
		{"1.3.0", "urn:ogc:def:crs:EPSG::31469", "5302000,5501000,5304000,5504000", "31469", "5501000,5302000,5504000,5304000"},
	} {
		for _, f := range [][2]string{
			{"image/png&TRANSPARENT=TRUE", "png32"}, {"image/png", "png24"}, {"image/png8", "png8"}, {"image/jpeg", "jpg"}, {"image/tiff", "tiff"},
			{"image/gif", "gif"}, {"image/png;+mode=8bit", "png8"}, {"image/jpgpng", "jpgpng"}, {"image/bmp", "bmp"},
		} {
			got := get(h, mapQuery(c.version, c.crs, c.bbox, "FORMAT="+f[0]))
			want := get(h, "/exportImage?f=image&adjustAspectRatio=false&size=60,40&bbox="+c.box+"&bboxSR="+c.code+"&imageSR="+c.code+"&format="+f[1])
			require.Equal(t, http.StatusOK, want.Code, want.Body)
			require.Equal(t, http.StatusOK, got.Code, "%v %v: %s", c, f, got.Body)
			assert.Equal(t, "1", got.Header().Get("Export-Coverage"), "the case is about pixels with data")
			assert.Equal(t, want.Header().Get("Content-Type"), got.Header().Get("Content-Type"))
			assert.True(t, bytes.Equal(want.Body.Bytes(), got.Body.Bytes()), "%v %v", c, f)
			assert.Equal(t, want.Header().Get("ETag"), got.Header().Get("ETag"))
		}
	}
}

// Names of parameters are read in any case, and a map can be asked for by POST.
func TestMapsInAnyCase(t *testing.T) {
	s, _ := service(scene(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	query := mapQuery("1.3.0", "EPSG:32633", "501000,5301000,504000,5303000", "FORMAT=image/png")
	want := get(h, query).Body.Bytes()
	path, raw, _ := strings.Cut(query, "?")
	v, err := url.ParseQuery(raw)
	require.NoError(t, err)
	for _, as := range []func(string) string{strings.ToLower, func(s string) string { return s[:1] + strings.ToLower(s[1:]) }} {
		q := url.Values{"f": {"json"}, "callback": {"x"}, "_": {"1"}, "map_resolution": {"96"}}
		for name, values := range v {
			q[as(name)] = values
		}
		assert.True(t, bytes.Equal(want, get(h, strings.ToUpper(path)+"?"+q.Encode()).Body.Bytes()))
	}
	assert.True(t, bytes.Equal(want, post(h, path, "application/x-www-form-urlencoded", raw).Body.Bytes()))
	head := ask(h, http.MethodHead, query)
	assert.Equal(t, fmt.Sprint(len(want)), head.Header().Get("Content-Length"))
}

// Outside the data a map is transparent, or of the background's colour.
func TestBackgroundsOfMaps(t *testing.T) {
	s, _ := service(bands3(t)) // to 16, 16
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for more, want := range map[string]color.NRGBA{
		"image/png":                                        {255, 255, 255, 255},
		"image/png&TRANSPARENT=false":                      {255, 255, 255, 255},
		"image/png&BGCOLOR=0x102030":                       {0x10, 0x20, 0x30, 255},
		"image/png32&BGCOLOR=%23102030":                    {0x10, 0x20, 0x30, 255},
		"image/png8&BGCOLOR=0x102030":                      {0x10, 0x20, 0x30, 255},
		"image/png24&TRANSPARENT=TRUE&BGCOLOR=0X102030":    {0x10, 0x20, 0x30, 255},
		"image/png&TRANSPARENT=TRUE&BGCOLOR=0x102030":      {},
		"image/png8&TRANSPARENT=true":                      {},
		"image/png32&TRANSPARENT=TRUE":                     {},
		"image/jpgpng&TRANSPARENT=TRUE":                    {},
		"image/png&TRANSPARENT=TRUE&BANDIDS=0&NODATA=9999": {},
	} {
		w := get(h, mapQuery("1.3.0", "EPSG:3857", "0,0,60,40", "FORMAT="+more))
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", more, w.Body)
		img, err := png.Decode(w.Body)
		require.NoError(t, err, more)
		assert.Equal(t, want, color.NRGBAModel.Convert(img.At(50, 5)), more)
		assert.Equal(t, uint8(255), color.NRGBAModel.Convert(img.At(5, 35)).(color.NRGBA).A, "data: %s", more)
	}
	w := get(h, mapQuery("1.3.0", "EPSG:3857", "0,0,60,40", "FORMAT=image/jpgpng&BGCOLOR=0x102030"))
	assert.Equal(t, "image/jpeg", w.Header().Get("Content-Type"), "without transparency")
}

// Styles are the service's functions, by name, and the names of ArcGIS's layers have one.
func TestStylesOfMaps(t *testing.T) {
	s, _ := service(ramp(t))
	s.Formats, s.Functions = nil, append(function.Elevation(), function.Template{Name: "Slope, steep", Function: &function.Slope{}})
	h := rest.NewHandler(s, nil)
	const box = "&adjustAspectRatio=false&bbox=100,100,160,140&size=60,40&format=png24&f=image"
	for style, rule := range map[string]string{"": "", "default": "", "None": "None", "Hillshade Gray": "Hillshade Gray", "slope map": "Slope Map", "Slope, steep": "Slope, steep"} {
		want := get(h, "/exportImage?"+box+"&renderingRule="+url.QueryEscape(rule))
		require.Equal(t, http.StatusOK, want.Code, rule)
		query := strings.Replace(mapQuery("1.3.0", "EPSG:3857", "100,100,160,140", "FORMAT=image/png"), "STYLES=", "STYLES="+url.QueryEscape(style), 1)
		assert.True(t, bytes.Equal(want.Body.Bytes(), get(h, query).Body.Bytes()), style)
		layer := "test"
		if style != "" && style != "default" {
			layer = "test:" + style
		}
		query = strings.Replace(mapQuery("1.3.0", "EPSG:3857", "100,100,160,140", "FORMAT=image/png"), "LAYERS=test", "LAYERS="+url.QueryEscape(layer), 1)
		assert.True(t, bytes.Equal(want.Body.Bytes(), get(h, query).Body.Bytes()), layer)
	}
	rule := get(h, mapQuery("1.3.0", "EPSG:3857", "100,100,160,140", "FORMAT=image/png&renderingRule=Hillshade+Gray"))
	assert.True(t, bytes.Equal(get(h, "/exportImage?"+box+"&renderingRule=Hillshade+Gray").Body.Bytes(), rule.Body.Bytes()))
}

// A map of a time shows the rasters of that time.
func TestTimesOfMaps(t *testing.T) {
	s := scenes(t) // 2017-01-15 is 10, 2017-02-06 is 20, 2017-08-20 is 30
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for at, want := range map[string]uint8{
		"": 10, "2017": 10, "2017-02": 20, "2017-02-06": 20, "2017-02-06T00": 20, "2017-02-06T00:00Z": 20, "2017-02-06T00:00:00Z": 20,
		"2017-02-06T02:00:00%2B02:00": 20, "2017-02-01/2017-09-01": 20, "2017-02-07/2017": 30, "current": 30, "2017-03/current": 30,
		"2016/2020": 10, "2017-08-20T00:00:00.000Z": 30,
	} {
		w := get(h, mapQuery("1.3.0", "EPSG:3857", "0,0,16,16", "FORMAT=image/png&TIME="+at))
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", at, w.Body)
		img, err := png.Decode(w.Body)
		require.NoError(t, err)
		assert.Equal(t, color.NRGBA{want, want, want, 255}, color.NRGBAModel.Convert(img.At(30, 20)), at)
	}
	for _, at := range []string{
		"2018", "2016", "2017-13", "x", "2017-02-06/2017-01-01", "2017-01-15,2017-02-06", "2017-01-15/2017-02-06/P1D", "/", "2017-02-06T25", "1486339200000",
	} {
		w := get(h, mapQuery("1.3.0", "EPSG:3857", "0,0,16,16", "FORMAT=image/png&TIME="+at))
		assert.Contains(t, w.Body.String(), `code="InvalidDimensionValue" locator="TIME"`, at)
	}
	doc := get(h, "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities").Body.String()
	assert.Contains(t, doc, `<Dimension name="time" units="ISO8601" default="2017-01-15T00:00:00Z/2017-08-20T00:00:00Z" multipleValues="1" nearestValue="0" current="1">`+
		"2017-01-15T00:00:00Z,2017-02-06T00:00:00Z,2017-08-20T00:00:00Z</Dimension>")
	doc = get(h, "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").Body.String()
	assert.Contains(t, doc, `<Dimension name="time" units="ISO8601"></Dimension>`)
	assert.Contains(t, doc, "<Extent name=\"time\"")
}

// What is at a pixel of a map is what the map shows there.
func TestFeatureInfo(t *testing.T) {
	s, _ := service(bands3(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	img, err := png.Decode(get(h, mapQuery("1.3.0", "EPSG:3857", "0,0,30,20", "FORMAT=image/png&TRANSPARENT=TRUE&interpolation=RSP_NearestNeighbor")).Body)
	require.NoError(t, err)
	ask := func(version, more string) *httptest.ResponseRecorder {
		query := mapQuery(version, "EPSG:3857", "0,0,30,20", "QUERY_LAYERS=test&"+more)
		return get(h, strings.Replace(query, "GetMap", "GetFeatureInfo", 1))
	}
	for _, at := range []image.Point{{0, 39}, {7, 20}, {31, 8}, {33, 8}, {59, 0}} {
		var j struct {
			Features []struct {
				Geometry   struct{ Coordinates [2]float64 }
				Properties struct {
					Values  []float64
					Bands   []string
					Rasters []string
				}
			}
		}
		w := ask("1.3.0", fmt.Sprintf("I=%d&J=%d&INFO_FORMAT=application/json", at.X, at.Y))
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &j), w.Body)
		require.Len(t, j.Features, 1)
		p := j.Features[0].Properties
		c := color.NRGBAModel.Convert(img.At(at.X, at.Y)).(color.NRGBA)
		if c.A == 0 {
			assert.Nil(t, p.Values, at)
			continue
		}
		assert.Equal(t, []float64{float64(c.R), float64(c.G), float64(c.B)}, p.Values, at)
		assert.Equal(t, []string{"raster 1"}, p.Rasters)
		assert.InDelta(t, (float64(at.X)+0.5)/2/111319.49, j.Features[0].Geometry.Coordinates[0], 1e-9)
		assert.Equal(t, w.Body.String(), ask("1.1.1", fmt.Sprintf("X=%d&Y=%d&INFO_FORMAT=application/geo%%2Bjson", at.X, at.Y)).Body.String())
	}
	for format, want := range map[string][2]string{
		"":                        {"text/plain", "Band_1: 3\nBand_2: 5\nBand_3: 8\n"},
		"text/html":               {"text/html", `<th scope="row">Band_2</th><td>5</td>`},
		"text/xml":                {"text/xml", `<Value name="Band_2">5</Value>`},
		"application/vnd.ogc.gml": {"application/vnd.ogc.gml", "<name>Band_2</name>"},
	} {
		w := ask("1.3.0", "I=7&J=18&INFO_FORMAT="+format)
		assert.Contains(t, w.Header().Get("Content-Type"), want[0])
		assert.Contains(t, w.Body.String(), want[1])
		assert.NotContains(t, w.Body.String(), "NoData")
		assert.Contains(t, ask("1.3.0", "I=50&J=18&INFO_FORMAT="+format).Body.String(), "NoData")
	}
	for more, code := range map[string]string{
		"I=60&J=1": "InvalidPoint", "I=1&J=40": "InvalidPoint", "I=-1&J=1": "InvalidPoint", "I=x&J=1": "InvalidPoint", "I=1": "MissingParameterValue",
		"I=1.5&J=1": "InvalidPoint", "I=1&J=1&INFO_FORMAT=x": "InvalidFormat", "I=1&J=1&FEATURE_COUNT=0": "InvalidParameterValue", "I=99999999999999&J=1": "InvalidPoint",
	} {
		assert.Contains(t, ask("1.3.0", more).Body.String(), `code="`+code+`"`, more)
	}
	w := get(h, strings.Replace(mapQuery("1.3.0", "EPSG:3857", "0,0,30,20", "QUERY_LAYERS=other&I=1&J=1"), "GetMap", "GetFeatureInfo", 1))
	assert.Contains(t, w.Body.String(), `code="LayerNotDefined"`)
}

// The rasters at a place are listed, as many as are asked for, and values are those that a style draws besides the rasters' own.
func TestFeatureInfoOfSeveralRasters(t *testing.T) {
	s := scenes(t)
	s.Functions = []function.Template{{Name: "Tenfold", Function: &function.Arithmetic{Operation: function.Multiply, Input: function.Source{}, Input2: function.Constant(10)}}}
	h := rest.NewHandler(s, nil)
	query := strings.Replace(mapQuery("1.3.0", "EPSG:3857", "0,0,16,16", "QUERY_LAYERS=test&I=3&J=3&FEATURE_COUNT=2"), "GetMap", "GetFeatureInfo", 1)
	query = strings.Replace(query, "STYLES=", "STYLES=Tenfold", 1)
	text := get(h, query).Body.String()
	assert.Contains(t, text, "Band_1: 10\nTenfold Band_1: 100\nRaster: Scene_A\nRaster: Scene_B\nMore rasters: 1\n")
}

func TestLegendGraphics(t *testing.T) {
	h := rest.NewHandler(classes(t), nil)
	query := "/WMSServer?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=test&FORMAT=image/png&WIDTH=30&HEIGHT=10"
	img, err := png.Decode(get(h, query).Body)
	require.NoError(t, err)
	at := func(x, y int) color.Color { return color.NRGBAModel.Convert(img.At(x, y)) }
	found := map[color.Color]bool{}
	for y := range img.Bounds().Dy() {
		found[at(10, y)] = true
	}
	assert.True(t, found[color.NRGBA{10, 20, 30, 255}] && found[color.NRGBA{0, 0, 250, 255}], "%v", found)
	assert.Greater(t, img.Bounds().Dx(), 50, "labels beside swatches")
	assert.Equal(t, color.NRGBA{255, 255, 255, 255}, at(0, 0))
	bare, err := png.Decode(get(h, query+"&TRANSPARENT=TRUE").Body)
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{}, color.NRGBAModel.Convert(bare.At(0, 0)))
	for more, code := range map[string]string{
		"&STYLE=x": "StyleNotDefined", "&WIDTH=0": "InvalidParameterValue", "&HEIGHT=300": "InvalidParameterValue",
		"&RULE=a": "OperationNotSupported", "&SLD_BODY=a": "OperationNotSupported",
	} {
		plain := strings.NewReplacer("&WIDTH=30", "", "&HEIGHT=10", "").Replace(query)
		assert.Contains(t, get(h, plain+more).Body.String(), `code="`+code+`"`, more)
	}
	assert.Contains(t, get(h, strings.Replace(query, "image/png", "image/tiff", 1)).Body.String(), `code="InvalidFormat"`)
}

// What is wrong is reported in the form of each version, with the code that the standard has for it.
func TestExceptionsOfMaps(t *testing.T) {
	s, _ := service(world(t))
	s.Formats, s.Limits.Side = nil, 2000
	for _, always := range []bool{false, true} {
		h := rest.NewHandler(s, &rest.Options{AlwaysOK: always})
		for _, c := range []struct {
			query, code, locator string
			status               int
		}{
			{"", "MissingParameterValue", "REQUEST", 400},
			{"SERVICE=WMS", "MissingParameterValue", "REQUEST", 400},
			{"REQUEST=GetCapabilities", "MissingParameterValue", "SERVICE", 400},
			{"SERVICE=WFS&REQUEST=GetCapabilities", "InvalidParameterValue", "SERVICE", 400},
			{"SERVICE=WMS&REQUEST=DescribeLayer", "OperationNotSupported", "REQUEST", 501},
			{"SERVICE=WMS&REQUEST=GetMap&SLD=http://x", "OperationNotSupported", "SLD", 501},
			{"SERVICE=WMS&REQUEST=GetMap&VERSION=1.3.0&VERSION=1.1.1", "InvalidParameterValue", "VERSION", 400},
			{"SERVICE=WMS&REQUEST=GetMap&ELEVATION=3", "InvalidDimensionValue", "ELEVATION", 400},
			{"SERVICE=WMS&REQUEST=GetMap&DIM_BAND=3", "InvalidDimensionValue", "DIM_BAND", 400},
			{"SERVICE=WMS&REQUEST=GetMap", "MissingParameterValue", "VERSION", 400},
			{"SERVICE=WMS&REQUEST=GetMap&VERSION=9", "InvalidParameterValue", "VERSION", 400},
			{"EXCEPTIONS=application/x", "InvalidFormat", "EXCEPTIONS", 400},
		} {
			w := get(h, "/WMSServer?"+c.query)
			assertException(t, w, "1.3.0", c.code, c.locator, c.query)
			want := c.status
			if always {
				want = http.StatusOK
			}
			assert.Equal(t, want, w.Code, c.query)
		}
		for from, c := range map[string][3]string{ // what takes the place of a part of the request
			"LAYERS=test":       {"LAYERS=other", "LayerNotDefined", "LAYERS"},
			"&LAYERS=test":      {"", "MissingParameterValue", "LAYERS"},
			"STYLES=":           {"STYLES=other", "StyleNotDefined", "STYLES"},
			"WIDTH=60":          {"WIDTH=0", "InvalidParameterValue", "WIDTH"},
			"HEIGHT=40":         {"HEIGHT=2001", "InvalidParameterValue", "HEIGHT"},
			"&WIDTH=60":         {"", "MissingParameterValue", "WIDTH"},
			"BBOX=0,0,30,20":    {"BBOX=30,0,0,20", "InvalidParameterValue", "BBOX"},
			"&BBOX=0,0,30,20":   {"", "MissingParameterValue", "BBOX"},
			"0,0,30,20":         {"0,0,1e300,1e300", "InvalidParameterValue", "BBOX"},
			"FORMAT=image/png":  {"FORMAT=image/x", "InvalidFormat", "FORMAT"},
			"&FORMAT=image/png": {"", "MissingParameterValue", "FORMAT"},
			"EPSG:4326":         {"EPSG:1", "Invalid*RS", "*RS"},
			"&TRANSPARENT=TRUE": {"&TRANSPARENT=maybe", "InvalidParameterValue", "TRANSPARENT"},
			"BGCOLOR=0xFFFFFF":  {"BGCOLOR=red", "InvalidParameterValue", "BGCOLOR"},
			"&a=b":              {"&TIME=2020", "InvalidDimensionValue", "TIME"},
			"a=b":               {"renderingRule=NoSuch", "InvalidParameterValue", "renderingRule"},
		} {
			for _, version := range []string{"1.3.0", "1.1.1"} {
				query := mapQuery(version, "EPSG:4326", "0,0,30,20", "FORMAT=image/png&TRANSPARENT=TRUE&BGCOLOR=0xFFFFFF&a=b")
				query = strings.Replace(query, from, c[0], 1)
				crs := map[string]string{"1.3.0": "CRS", "1.1.1": "SRS"}[version]
				w := get(h, query)
				assertException(t, w, version, strings.Replace(c[1], "*RS", crs, 1), strings.Replace(c[2], "*RS", crs, 1), query)
			}
		}
	}
	w := ask(rest.NewHandler(s, nil), http.MethodDelete, "/WMSServer?SERVICE=WMS")
	assertException(t, w, "1.3.0", "", "", "DELETE")
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func assertException(t *testing.T, w *httptest.ResponseRecorder, version, code, locator, about string) {
	t.Helper()
	var report struct {
		XMLName   xml.Name
		Version   string `xml:"version,attr"`
		Exception struct {
			Code    string `xml:"code,attr"`
			Locator string `xml:"locator,attr"`
			Text    string `xml:",chardata"`
		} `xml:"ServiceException"`
	}
	require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &report), "%s: %s", about, w.Body)
	media, space := "text/xml; charset=utf-8", "http://www.opengis.net/ogc"
	if version == "1.1.1" {
		media, space, locator = "application/vnd.ogc.se_xml", "", ""
	}
	assert.Equal(t, xml.Name{Space: space, Local: "ServiceExceptionReport"}, report.XMLName, about)
	assert.Equal(t, media, w.Header().Get("Content-Type"), about)
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), about)
	assert.Equal(t, []string{version, code, locator}, []string{report.Version, report.Exception.Code, report.Exception.Locator}, about)
	assert.NotEmpty(t, report.Exception.Text, about)
}

// An exception can be drawn into the map, or be an empty map, as far as there is a map.
func TestExceptionsInImages(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	query := strings.Replace(mapQuery("1.3.0", "EPSG:4326", "0,0,30,20", "FORMAT=image/png"), "LAYERS=test", "LAYERS=other", 1)
	for exceptions, want := range map[string]struct{ clear, text bool }{
		"INIMAGE":                {false, true},
		"BLANK":                  {false, false},
		"BLANK&TRANSPARENT=TRUE": {true, false},
		"application/vnd.ogc.se_inimage&TRANSPARENT=TRUE":  {true, true},
		"application/vnd.ogc.se_blank":                     {false, false},
		"application/vnd.ogc.se_inimage&BGCOLOR=0x000000":  {false, true},
		"inimage&FORMAT=image/png&WIDTH=60&INFO_FORMAT=xx": {false, true},
	} {
		w := get(h, query+"&EXCEPTIONS="+exceptions)
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		img, err := png.Decode(w.Body)
		require.NoError(t, err, exceptions)
		assert.Equal(t, image.Pt(60, 40), img.Bounds().Size())
		corner := color.NRGBAModel.Convert(img.At(0, 0)).(color.NRGBA)
		assert.Equal(t, want.clear, corner.A == 0, exceptions)
		inked := 0
		for y := range 40 {
			for x := range 60 {
				if color.NRGBAModel.Convert(img.At(x, y)) != corner {
					inked++
				}
			}
		}
		assert.Equal(t, want.text, inked > 20, "%s: %d", exceptions, inked)
	}
	w := get(h, query+"&EXCEPTIONS=BLANK&FORMAT=image/jpeg")
	assertException(t, w, "1.3.0", "InvalidParameterValue", "FORMAT", "two formats")
	w = get(h, strings.Replace(query, "image/png", "image/jpeg", 1)+"&EXCEPTIONS=INIMAGE")
	assert.Equal(t, "image/jpeg", w.Header().Get("Content-Type"))
	w = get(h, strings.Replace(query, "WIDTH=60", "WIDTH=x", 1)+"&EXCEPTIONS=BLANK")
	assertException(t, w, "1.3.0", "InvalidParameterValue", "WIDTH", "no size")
}

// Capabilities have absolute addresses: those of the options, or of the host that the client addressed, and are then for
// this client alone.
func TestAddressesInCapabilities(t *testing.T) {
	s, _ := service(world(t))
	s.Formats, s.Name = nil, `A & B, "C"`
	const query = "/services/x/ImageServer/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities&VERSION="
	for _, version := range []string{"1.1.1", "1.3.0"} {
		w := get(rest.NewHandler(s, nil), query+version)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Contains(t, w.Body.String(), `xlink:href="http://example.com/services/x/ImageServer/WMSServer?"`)
		w = get(rest.NewHandler(s, &rest.Options{BaseURL: "https://maps.example.org/x"}), query+version)
		assert.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
		assert.Contains(t, w.Body.String(), `xlink:href="https://maps.example.org/x/WMSServer?"`)
		assert.NotContains(t, w.Body.String(), "example.com")
		assert.Contains(t, w.Body.String(), "<Name>A &amp; B_ &#34;C&#34;</Name>")
		var doc struct {
			Formats []string `xml:"Capability>Request>GetMap>Format"`
			Styles  []string `xml:"Capability>Layer>Style>Name"`
			CRS     []string `xml:"Capability>Layer>CRS"`
			SRS     []string `xml:"Capability>Layer>SRS"`
		}
		require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &doc))
		assert.Equal(t, []string{"image/png", "image/jpeg"}, doc.Formats[:2])
		assert.Subset(t, doc.Formats, []string{"image/png8", "image/tiff", "image/jpgpng", "image/lerc"})
		assert.Equal(t, []string{"None"}, doc.Styles)
		assert.Subset(t, append(doc.CRS, doc.SRS...), []string{"EPSG:4326", "EPSG:3857"})
		assert.Equal(t, version == "1.3.0", len(doc.CRS) > 0 && doc.SRS == nil)
	}
	w := get(rest.NewHandler(s, &rest.Options{Without: rest.WMS}), "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities&f=json")
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Contains(t, w.Body.String(), `{"error"`)
	assert.NotContains(t, get(rest.NewHandler(s, &rest.Options{Without: rest.WMS}), "/").Body.String(), "WMSServer")
	assert.Contains(t, get(rest.NewHandler(s, nil), "/").Body.String(), "/WMSServer?SERVICE=WMS&amp;REQUEST=GetCapabilities")
}

// A failure inside is an exception without the cause.
func TestExceptionsHideCauses(t *testing.T) {
	s := &exportimage.Service{Logger: logger(t.Output()), Formats: encode.Formats{}}
	w := get(rest.NewHandler(s, nil), "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities")
	assertException(t, w, "1.3.0", "", "", "no catalogue")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "catalogue")
}

// No request breaks the server, and every answer is a document or an image.
func FuzzWMS(f *testing.F) {
	s, _ := service(bands3(f))
	s.Formats, s.Limits = nil, exportimage.Limits{Side: 100}
	h := rest.NewHandler(s, nil)
	for _, more := range []string{"FORMAT=image/png", "FORMAT=image/jpeg&TIME=2020/2021&EXCEPTIONS=BLANK", "TRANSPARENT=TRUE&BGCOLOR=0x0&FORMAT=image/gif&ANGLE=1"} {
		_, query, _ := strings.Cut(mapQuery("1.3.0", "EPSG:4326", "0,0,1,1", more), "?")
		f.Add(query)
		f.Add(strings.Replace(query, "GetMap", "GetFeatureInfo", 1) + "&QUERY_LAYERS=0&I=1&J=1")
	}
	f.Add("SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1")
	f.Add("SERVICE=WMS&REQUEST=GetLegendGraphic&LAYER=test&EXCEPTIONS=INIMAGE")
	f.Fuzz(func(t *testing.T, query string) {
		if len(query) > 2000 {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/WMSServer", nil)
		r.URL.RawQuery = query
		w := do(h, r)
		media := w.Header().Get("Content-Type")
		switch {
		case w.Code >= 500 && w.Code != http.StatusNotImplemented:
			t.Fatalf("status %d: %s", w.Code, w.Body)
		case strings.Contains(media, "xml"):
			var doc struct{}
			require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &doc), "%s", w.Body)
		case w.Code != http.StatusOK:
			t.Fatalf("status %d with %s: %s", w.Code, media, w.Body)
		}
	})
}
