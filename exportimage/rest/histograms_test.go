package rest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

type histograms struct {
	Statistics []map[string]float64
	Histograms []struct {
		Size     int
		Min, Max float64
		Counts   []int64
	}
	PixelSize *struct{ X, Y float64 }
}

// computeHistograms and computeStatisticsHistograms as clients ask for them, in the spellings that exportImage takes too.
func TestComputeHistograms(t *testing.T) {
	s, _ := service(bands3(t))
	h := rest.NewHandler(s, nil)
	polygon := `{"rings":[[[0,0],[0,16],[16,16],[16,0],[0,0]],[[4,4],[12,4],[12,12],[4,12],[4,4]]],"spatialReference":{"wkid":102100,"latestWkid":3857}}`
	for name, q := range map[string]url.Values{
		"arcgis js":   {"geometry": {polygon}, "geometryType": {"esriGeometryPolygon"}, "f": {"json"}},
		"python":      {"geometry": {strings.ReplaceAll(polygon, `"`, `'`)}, "geometryType": {" polygon"}, "pixelSize": {`{'x': 1, 'y': 1, 'spatialReference': {'wkid': 3857}}`}, "f": {"json"}},
		"form":        {"geometry": {polygon}, "geometryType": {"esriGeometryPolygon"}, "mosaicRule": {""}, "renderingRule": {`{"rasterFunction":"None"}`}, "pixelSize": {"1"}, "time": {""}, "f": {"pjson"}},
		"a size of 1": {"geometry": {polygon}, "pixelSize": {"1,1"}, "processAsMultidimensional": {"false"}, "f": {"json"}},
	} {
		got := answer[histograms](t, h, "/computeStatisticsHistograms", q)
		require.Len(t, got.Histograms, 3, name)
		one := got.Histograms[0]
		assert.Equal(t, []any{256, -0.5, 255.5, 256}, []any{one.Size, one.Min, one.Max, len(one.Counts)}, name)
		assert.Equal(t, []int64{16, 16, 16, 16, 8, 8, 8, 8, 8, 8, 8, 8, 16, 16, 16, 16, 0}, one.Counts[:17], name)
		assert.Equal(t, map[string]float64{"min": 0, "max": 15, "mean": 7.5, "median": 7.5, "mode": 0, "count": 192, "sum": 1440, "standardDeviation": got.Statistics[0]["standardDeviation"]}, got.Statistics[0], name)
		assert.InDelta(t, math.Sqrt(2*(8*21+16*149)/192.), got.Statistics[0]["standardDeviation"], 1e-6)
		assert.Nil(t, got.PixelSize)
		alone := answer[histograms](t, h, "/ComputeHistograms", q)
		assert.Equal(t, got.Histograms, alone.Histograms, name)
		assert.Nil(t, alone.Statistics)
	}
	q := url.Values{"geometry": {"0,0,16,16"}, "geometryType": {"esriGeometryEnvelope"}, "renderingRule": {`{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,8,8,16],"OutputValues":[1,7]}}`},
		"f": {"json"}}
	got := answer[histograms](t, h, "/computeStatisticsHistograms", q)
	require.Len(t, got.Histograms, 1)
	assert.Equal(t, []int64{0, 128, 0, 0, 0, 0, 0, 128}, got.Histograms[0].Counts[:8])

	// What ArcGIS answers where no middle of a pixel is inside.
	for _, at := range []string{"90,90,91,91", "3.6,3.6,3.9,3.9"} {
		w := get(h, "/computeStatisticsHistograms?f=json&geometry="+at)
		assert.JSONEq(t, `{"statistics":[],"histograms":[]}`, w.Body.String())
		assert.JSONEq(t, `{"histograms":[]}`, get(h, "/computeHistograms?f=json&geometry="+at).Body.String())
	}
	// The answer says which pixels it is of if they are not the service's own.
	s.Limits.HistogramPixels = 100
	got = answer[histograms](t, rest.NewHandler(s, nil), "/computeHistograms", url.Values{"geometry": {"0,0,16,16"}, "f": {"json"}})
	require.NotNil(t, got.PixelSize)
	assert.Equal(t, 2., got.PixelSize.X)
}

func TestHistogramsThatAreNotServed(t *testing.T) {
	s, _ := service(bands3(t))
	s.Limits.HistogramPixels = 1000
	h := rest.NewHandler(s, nil)
	million := `{"rings":[[` + strings.Repeat("[0,0],", 70_000) + `[1,1]]]}`
	for _, path := range []string{"/computeHistograms", "/computeStatisticsHistograms"} {
		for query, want := range map[string]string{
			"":               "geometry: it is missing",
			"geometry=1,x":   "'geometry' parameter is invalid.",
			"geometry=0,0,9": "'geometry' parameter is invalid.",
			`geometry={"rings":[[[0,0],[1,"NaN"],[1,1]]]}`:                 "'geometry' parameter is invalid.",
			`geometry={"rings":[[[0,0],[1,NaN],[1,1]]]}`:                   "'geometry' parameter is invalid.",
			`geometry={"rings":[]}`:                                        "it has no vertices",
			`geometry={"rings":[[]]}`:                                      "0 vertices",
			`geometry={"rings":[[[0,0],[1,1]]]}`:                           "vertices",
			`geometry={"curveRings":[[[0,0],{"c":[[3,3],[1,4]]}]]}`:        "curves are not supported",
			"geometry=0,0,9,9&geometryType=esriGeometryPolygon":            "geometryType is esriGeometryPolygon",
			"geometry=0,0,9,9&geometryType=esriGeometrySphere":             "'geometryType' parameter is invalid.",
			"geometry=0,0,9,9&processAsMultidimensional=true":              "slices are not supported",
			"geometry=0,0,9,9&sliceId=3":                                   "slices are not supported",
			"geometry=0,0,9,9&pixelSize=0,1":                               "pixelSize",
			"geometry=0,0,16,16&pixelSize=0.1,0.1":                         "The requested image exceeds the size limit.",
			`geometry=0,0,9,9&mosaicRule={"where":"a=1"}`:                  "there is no field",
			`geometry=0,0,9,9&renderingRule={"rasterFunction":"Nonsense"}`: "Nonsense",
			"geometry=" + million:                                          "more than 65536 vertices",
			"geometry=9,0,0,9":                                             "xmin 9 is greater than xmax 0",
		} {
			w := post(h, path, "application/x-www-form-urlencoded", url.Values{}.Encode()+strings.ReplaceAll(strings.ReplaceAll(query, "[", "%5B"), "]", "%5D")+"&f=json")
			assert.GreaterOrEqual(t, w.Code, 400, query[:min(len(query), 99)])
			assert.Contains(t, w.Body.String(), want, query[:min(len(query), 99)])
			assert.True(t, json.Valid(w.Body.Bytes()))
			assert.Less(t, w.Body.Len(), 750)
		}
		assert.Equal(t, http.StatusNotFound, get(rest.NewHandler(s, &rest.Options{Without: rest.Places}), path+"?geometry=1,2").Code)
	}
}

// The operations have pages with forms, which show their answers; programs that name no format get JSON as before.
func TestPagesOfOperations(t *testing.T) {
	s := scenes(t)
	s.Name = `<b>"hostile"</b>`
	h := rest.NewHandler(s, nil)
	for _, path := range []string{"/identify", "/getSamples", "/computeHistograms", "/computeStatisticsHistograms"} {
		w := get(h, path)
		require.Equal(t, http.StatusOK, w.Code, path)
		assert.Contains(t, w.Header().Get("Content-Type"), "text/html")
		assert.Contains(t, w.Body.String(), `name="geometry" value="0,0,16,16"`, path)
		assert.Contains(t, w.Body.String(), `name="renderingRule"`, path)
		assert.NotContains(t, w.Body.String(), "<b>", path)
		assert.NotContains(t, w.Body.String(), "<pre>", path)

		w = get(h, path+"?f=html&geometry=1,1,5,5&pixelSize=1")
		require.Equal(t, http.StatusOK, w.Code, path)
		for _, want := range []string{"<pre>", `value="1,1,5,5"`, "f=pjson", "geometry=1%2C1%2C5%2C5"} {
			assert.Contains(t, w.Body.String(), want, path)
		}
		w = get(h, path+"?geometry=1,1,5,5")
		assert.True(t, json.Valid(w.Body.Bytes()), path)
		w = get(h, path+"?f=html&geometry="+url.QueryEscape(`<script>alert(1)</script>`))
		assert.Equal(t, http.StatusBadRequest, w.Code)
		assert.NotContains(t, w.Body.String(), "<script>")
		assert.Equal(t, http.StatusNotImplemented, get(rest.NewHandler(s, &rest.Options{Without: rest.Pages}), path+"?f=html").Code)
		assert.Contains(t, get(rest.NewHandler(s, &rest.Options{Without: rest.Pages}), path).Body.String(), "it is missing")
		assert.Contains(t, get(h, "/").Body.String(), path, "the service's page links it")
	}
	w := get(h, "/computeHistograms?f=html&geometry=1,1,5,5")
	assert.Equal(t, 1, strings.Count(w.Body.String(), "<svg"), fmt.Sprint(w.Body))
}
