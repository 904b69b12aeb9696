package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// What an operation does with an itemRenderingRule that adds 7 to the rasters' 10.
const (
	honoured  = "honoured"  // the answer is that of pixels of 17
	refused   = "refused"   // by name
	apart     = "apart"     // no pixel matters for the answer, which is the same
	elsewhere = "elsewhere" // the answer is a page or a list, of which images are others' affair
)

// Every operation honours the itemRenderingRule of a request and that of the service's own mosaic rule, or refuses it by
// name, unless no pixel matters for its answer.
func TestItemRenderingRulesOfOperations(t *testing.T) {
	const item = `{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster2":7,"Operation":1}}`
	rule, err := params.MosaicRule(`{"itemRenderingRule":` + item + `}`)
	require.NoError(t, err)

	tiles := func() *exportimage.Service {
		s := scenes(t)
		s.Tiles = new(exportimage.WebMercatorTiles())
		return s
	}
	h := rest.NewHandler(tiles(), nil)
	own := tiles()
	own.Defaults.ItemFunction = rule.ItemFunction
	ruled := rest.NewHandler(own, nil)
	const box = "bbox=0,0,16,16&bboxSR=3857&imageSR=3857&size=4,4"
	rows := map[string]struct {
		query         string
		request, mine string // what becomes of the request's rule and of the service's own
		plain, with   string // are in the answer without and with the rule; "" where the answer is no text
	}{
		"":                            {"f=json", refused, honoured, `"maxValues":[30]`, `"maxValues":[37]`},
		"exportimage":                 {"f=image&format=bsq&" + box, honoured, honoured, "\x0a\x0a", "\x11\x11"},
		"identify":                    {"f=json&geometry=8,8", honoured, honoured, `"value":"10"`, `"value":"17"`},
		"getsamples":                  {"f=json&geometry={x:8,y:8}", honoured, honoured, `"value":"10"`, `"value":"17"`},
		"computehistograms":           {"f=json&geometry={xmin:0,ymin:0,xmax:16,ymax:16}", honoured, honoured, `"counts":[0,0,0,0,0,0,0,0,0,0,256`, `"counts":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,256`},
		"computestatisticshistograms": {"f=json&geometry={xmin:0,ymin:0,xmax:16,ymax:16}", honoured, honoured, `"mean":10`, `"mean":17`},
		"statistics":                  {"f=json", refused, honoured, `"min":10`, `"min":17`},
		"histograms":                  {"f=json", refused, honoured, `"counts":[0,0,0,0,0,0,0,0,0,0,256`, `"counts":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,256`},
		"legend":                      {"f=json", refused, honoured, "", ""},
		"measure":                     {"f=json&measureOperation=point&fromGeometry={x:8,y:8}", refused, apart, "", ""},
		"query":                       {"f=json&where=1=1", refused, apart, "", ""},
		"queryboundary":               {"f=json", refused, apart, "", ""},
		"download":                    {"f=json&rasterIds=1", refused, apart, "", ""},
		"file":                        {"f=json&id=1", refused, apart, "", ""},
		"project":                     {"f=json&geometries=8,8&inSR=3857&outSR=4326", refused, apart, "", ""},
		"computepixellocation":        {"f=json&rasterId=1&geometries={geometries:[{x:8,y:8}]}", refused, apart, "", ""},
		"kml/image.kmz":               {box, honoured, honoured, "", ""},
		"map":                         {"", elsewhere, apart, "", ""},
		"wmsserver": {
			"service=WMS&request=GetMap&version=1.1.1&layers=0&styles=&srs=EPSG:3857&bbox=0,0,16,16&width=4&height=4&format=image/png", honoured, honoured, "", "",
		},
		"wmsserver#pixel": {
			"service=WMS&request=GetFeatureInfo&version=1.1.1&layers=0&query_layers=0&styles=&srs=EPSG:3857&bbox=0,0,16,16&width=4&height=4&x=1&y=1&info_format=application/json",
			honoured, honoured, "10", "17",
		},
		"wmsserver#legend":               {"service=WMS&request=GetLegendGraphic&version=1.1.1&layer=0&format=image/png", refused, honoured, "", ""},
		"1":                              {"f=json", refused, apart, "", ""},
		"1/info":                         {"f=json", refused, apart, "", ""},
		"1/image":                        {"f=image&format=bsq&" + box, refused, honoured, "\x0a\x0a", "\x11\x11"},
		"1/info/thumbnail":               {"", refused, honoured, "", ""},
		"tile/23/4194303/4194304":        {"", refused, honoured, "", ""},
		"xyz/23/4194304/4194303.png":     {"", refused, honoured, "", ""},
		"tilemap/23/4194303/4194304/1/1": {"f=json", refused, apart, "", ""},
		"WMTS":                           {"service=WMTS&request=GetCapabilities&version=1.0.0", refused, apart, "", ""},
		"keyproperties":                  {"f=json", refused, apart, "", ""},
		"rasterfunctioninfos":            {"f=json", refused, honoured, "", ""},
		"multidimensionalinfo":           {"f=json", refused, apart, "", ""},
		"slices":                         {"f=json", refused, apart, "", ""},
		"colormap":                       {"f=json", refused, apart, "", ""},
		"rasterattributetable":           {"f=json", refused, apart, "", ""},
		"info/thumbnail":                 {"", refused, honoured, "", ""},
		"info/metadata":                  {"", refused, apart, "", ""},
		"info/iteminfo":                  {"f=json", refused, apart, "", ""},
	}
	for _, path := range rest.OperationPaths() {
		_, ok := rows[path]
		assert.True(t, ok, "%q is not among those that are tried", path)
	}
	for path, c := range rows {
		t.Run(path, func(t *testing.T) {
			path, _, _ := strings.Cut(path, "#")
			ask := func(h http.Handler, more string) (int, string) {
				w := get(h, "/"+path+"?"+c.query+more)
				body := w.Body.String()
				if path == "kml/image.kmz" && w.Code == http.StatusOK {
					body = body[strings.Index(body, "\x89PNG"):]
				}
				return w.Code, body
			}
			_, plain := ask(h, "")
			require.Contains(t, plain, c.plain)
			for _, none := range []string{`"None"`, `{"rasterFunction":"None"}`, "null", "{}"} {
				_, same := ask(h, "&mosaicRule="+url.QueryEscape(`{"itemRenderingRule":`+none+`}`))
				if c.request != elsewhere && path != "1/image" { // which has no mosaicRule at all
					assert.Equal(t, plain, same, none)
				}
			}
			code, got := ask(h, "&mosaicRule="+url.QueryEscape(`{"itemRenderingRule":`+item+`}`))
			switch c.request {
			case honoured:
				assert.Equal(t, http.StatusOK, code)
				assert.NotEqual(t, plain, got)
				assert.Contains(t, got, c.with)
			case refused:
				assert.Equal(t, http.StatusNotImplemented, code, got)
				assert.Contains(t, got, "itemRenderingRule")
			}
			_, byDefault := ask(ruled, "")
			if c.mine == apart {
				assert.Equal(t, plain, byDefault)
				return
			}
			assert.NotEqual(t, plain, byDefault)
			assert.Contains(t, byDefault, c.with)
			if c.request == honoured {
				assert.Equal(t, got, byDefault)
			}
		})
	}
}
