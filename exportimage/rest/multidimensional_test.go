package rest_test

import (
	"encoding/json"
	"image"
	_ "image/png"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
)

func TestDescriptionOfSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	var d struct {
		HasMultidimensions bool
		DefaultVariable    string
		BandCount          int
		PixelType          string
		ServiceSourceType  string
		TimeInfo           struct {
			StartTimeField string
			TimeExtent     []int64
		}
		Fields []struct{ Name, Type string }
	}
	require.NoError(t, json.Unmarshal(get(h, "/?f=json").Body.Bytes(), &d))
	assert.True(t, d.HasMultidimensions)
	assert.Equal(t, "ice", d.DefaultVariable)
	assert.Equal(t, 1, d.BandCount)
	assert.Equal(t, "U8", d.PixelType)
	assert.Equal(t, "esriImageServiceSourceTypeMosaicDataset", d.ServiceSourceType)
	assert.Equal(t, "StdTime", d.TimeInfo.StartTimeField)
	assert.Equal(t, []int64{946684800000, 951912000000}, d.TimeInfo.TimeExtent)
	types := map[string]string{}
	for _, f := range d.Fields {
		types[f.Name] = f.Type
	}
	assert.Equal(t, "esriFieldTypeDate", types["StdTime"])
	assert.Equal(t, "esriFieldTypeDouble", types["StdZ"])
	assert.Equal(t, "esriFieldTypeString", types["Variable"])
	assert.Contains(t, get(h, "/keyProperties?f=json").Body.String(), `"DefaultVariable":"ice"`)
	without := rest.NewHandler(s, &rest.Options{Without: rest.Resources})
	assert.Contains(t, get(without, "/?f=json").Body.String(), `"hasMultidimensions":false`, "each makes clients ask for it")
}

func TestMultidimensionalInfo(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	var j struct {
		MultidimensionalInfo struct {
			Variables []struct {
				Name, Description, Unit string
				Dimensions              []struct {
					Name, Unit, Field   string
					Extent, Values      []float64
					HasRanges           bool
					HasRegularIntervals *bool
				}
				Statistics []struct{ Min, Max, Mean, StandardDeviation float64 }
			}
		}
	}
	require.NoError(t, json.Unmarshal(get(h, "/multidimensionalInfo?f=json").Body.Bytes(), &j))
	require.Len(t, j.MultidimensionalInfo.Variables, 3)
	salt := j.MultidimensionalInfo.Variables[1]
	assert.Equal(t, []string{"salinity", "salinity", "psu"}, []string{salt.Name, salt.Description, salt.Unit})
	assert.Equal(t, 5000.0, salt.Statistics[0].Min)
	assert.Equal(t, 7195.0, salt.Statistics[0].Max)
	when, height := salt.Dimensions[0], salt.Dimensions[1]
	assert.Equal(t, []string{"StdTime", "ISO8601", "StdTime"}, []string{when.Name, when.Unit, when.Field})
	assert.Equal(t, servicetest.OceanTimes, when.Values)
	assert.Equal(t, []float64{946684800000, 951912000000}, when.Extent)
	assert.False(t, *when.HasRegularIntervals, "31 days and 29.5")
	assert.Equal(t, []float64{-50, 0}, height.Values)
	assert.Contains(t, get(h, "/multidimensionalInfo?f=json").Body.String(), `"values":[946684800000,949363200000,951912000000]`,
		"whole numbers, without exponents")
	assert.NotContains(t, get(h, "/multidimensionalInfo?f=json&returnDimensionValues=never").Body.String(), `"values"`)
	assert.Equal(t, 400, get(h, "/multidimensionalInfo?f=json&returnDimensionValues=perhaps").Code)
	assert.Contains(t, get(h, "/multidimensionalInfo?f=html").Body.String(), "salinity")
}

func TestSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	definition := url.QueryEscape(`[{"variableName":"salinity","dimensionName":"StdZ","values":[-50]}]`)
	assert.Equal(t, `{"slices":[`+
		`{"sliceId":3,"multidimensionalDefinition":[{"variableName":"salinity","dimensionName":"StdTime","values":[946684800000]},{"variableName":"salinity","dimensionName":"StdZ","values":[-50]}]},`+
		`{"sliceId":4,"multidimensionalDefinition":[{"variableName":"salinity","dimensionName":"StdTime","values":[949363200000]},{"variableName":"salinity","dimensionName":"StdZ","values":[-50]}]},`+
		`{"sliceId":5,"multidimensionalDefinition":[{"variableName":"salinity","dimensionName":"StdTime","values":[951912000000]},{"variableName":"salinity","dimensionName":"StdZ","values":[-50]}]}]}`+"\n",
		get(h, "/slices?f=json&multidimensionalDefinition="+definition).Body.String())
	assert.Equal(t, 15, strings.Count(get(h, "/slices?f=pjson").Body.String(), "sliceId"))
	w := get(h, "/slices?f=json&multidimensionalDefinition="+url.QueryEscape(`[{"variableName":"wind"}]`))
	assert.Equal(t, 400, w.Code)
	assert.Contains(t, w.Body.String(), `there is no variable`)
	assert.Contains(t, get(h, "/slices?f=html").Body.String(), "multidimensionalDefinition")
	assert.Contains(t, get(h, "/?f=html").Body.String(), "/slices?f=html", "the service's page links to it")
}

func TestServiceWithoutSlicesSaysSo(t *testing.T) {
	s, _ := servicetest.Service(servicetest.Ramp(t))
	h := rest.NewHandler(s, &rest.Options{AlwaysOK: true})
	for _, path := range []string{"/multidimensionalInfo", "/slices"} {
		w := get(h, path+"?f=json")
		assert.Equal(t, 200, w.Code)
		assert.Contains(t, w.Body.String(), `{"error":{"code":400,"message":"Unable to complete operation."`)
	}
}

func TestStatisticsOfVariables(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	assert.Contains(t, get(h, "/statistics?f=json").Body.String(), `"min":0,"max":115`)
	assert.Contains(t, get(h, "/statistics?f=json&variable=water_temp").Body.String(), `"min":0,"max":2195`)
	assert.Contains(t, get(h, "/histograms?f=json&variable=salinity").Body.String(), `"size":256,"min":5000,"max":7195`)
	assert.Equal(t, 400, get(h, "/statistics?f=json&variable=wind").Code)
}

// TestRequestsAboutSlices: requests in the shapes that public programs send, each by the kind of its program, with the
// value that its program reads.
func TestRequestsAboutSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	point := "geometry=" + url.QueryEscape(`{"x":-10,"y":50,"spatialReference":{"wkid":4326}}`) + "&geometryType=esriGeometryPoint&f=json"
	ask := func(path, query string) string {
		w := get(h, path+"?"+point+query)
		require.Equal(t, 200, w.Code, w.Body.String())
		return w.Body.String()
	}
	q := url.QueryEscape
	type sample struct {
		Value      string
		Attributes map[string]any
	}
	samples := func(query string) []sample {
		var j struct{ Samples []sample }
		require.NoError(t, json.Unmarshal([]byte(ask("/getSamples", query)), &j))
		return j.Samples
	}
	// A time series of a variable alone, from a dashboard in Python: all other parameters are there and empty.
	series := samples("&mosaicRule=" + q(`{"multidimensionalDefinition":[{"variableName":"ice"}]}`) +
		"&time=946684800000,949363200000&interpolation=RSP_BilinearInterpolation&returnFirstValueOnly=false" +
		"&sampleDistance=&sampleCount=&pixelSize=&outFields=&sliceId=")
	require.Len(t, series, 2)
	assert.Equal(t, sample{"10", map[string]any{
		"StdTime": 949363200000.0, "ice": "10", "Dimensions": "StdTime", "Variables": "ice",
	}}, series[1])
	// Two variables over a range of times, with Python's True and False.
	both := samples("&returnFirstValueOnly=False&mosaicRule=" + q(`{"ascending":True,"multidimensionalDefinition":[`+
		`{"variableName":"water_temp","dimensionName":"StdTime","values":[[946684800000,951912000000]],"isSlice":False},`+
		`{"variableName":"salinity","dimensionName":"StdTime","values":[[946684800000,951912000000]],"isSlice":False}]}`))
	require.Len(t, both, 6)
	for _, one := range both {
		assert.NotEmpty(t, one.Attributes["salinity"])
		assert.Equal(t, one.Value, one.Attributes["water_temp"])
	}
	// A temporal profile of the ArcGIS API for Python: a definition without values, sorted by the dimension, all fields.
	profile := samples("&outFields=*&returnFirstValueOnly=false&mosaicRule=" + q(`{"mosaicMethod":"esriMosaicAttribute","ascending":false,`+
		`"sortField":"StdTime","multidimensionalDefinition":[{"variableName":"water_temp","dimensionName":"StdTime"},`+
		`{"variableName":"water_temp","dimensionName":"StdZ","values":[-50],"isSlice":true}]}`))
	require.Len(t, profile, 3)
	assert.Equal(t, []any{"2100", "water_temp", 951912000000.0}, []any{profile[0].Value, profile[0].Attributes["Variable"], profile[0].Attributes["StdTime"]})
	// A profile of depths at a time, by identify of ArcGIS's JavaScript SDK without a variable.
	depths := ask("/identify", "&mosaicRule="+q(`{"multidimensionalDefinition":[{"variableName":"water_temp","dimensionName":"StdTime","values":[949363200000],"isSlice":true},`+
		`{"variableName":"water_temp","dimensionName":"StdZ","values":[0,-50],"isSlice":true}]}`)+"&returnCatalogItems=true")
	assert.Contains(t, depths, `"properties":{"Values":["1000","1100"]}`)
	// All slices at a place, of which a web page splits the value at semicolons.
	assert.Contains(t, ask("/identify", "&returnPixelValues=true&processAsMultidimensional=true"),
		`"value":"0; 10; 20; 5100; 6100; 7100; 5000; 6000; 7000; 100; 1100; 2100; 0; 1000; 2000"`)
	assert.Contains(t, ask("/identify", "&processAsMultidimensional=false"), `"value":"0"`)
	// The newest on top, of ArcGIS's Web AppBuilder; the sum of layers, of its JavaScript SDK 3; a variable and a condition.
	assert.Contains(t, ask("/identify", "&mosaicRule="+q(`{"mosaicMethod":"esriMosaicAttribute","sortField":"StdTime","sortValue":"2050/01/01",`+
		`"ascending":true,"mosaicOperation":"MT_FIRST","multidimensionalDefinition":[{"variableName":"","dimensionName":"StdTime","values":[],"isSlice":true}]}`)), `"value":"20"`)
	assert.Contains(t, ask("/identify", "&mosaicRule="+q(`{"mosaicOperation":"MT_SUM","multidimensionalDefinition":[`+
		`{"variableName":"salinity","dimensionName":"StdZ","values":[[-60,0]],"isSlice":false}]}`)), `"value":"10100"`)
	assert.Contains(t, ask("/identify", "&mosaicRule="+q(`{"where":"StdZ < 0","ascending":false,"multidimensionalDefinition":[{"variableName":"salinity"}]}`)), `"value":"5100"`)
	// One slice of two histograms: ice has values from 0 to 95 at the first time, and from 20 at the last.
	for slice, want := range map[string]string{"": `"min":0,"max":95`, "&sliceId=2": `"min":20,"max":115`} {
		w := get(h, "/computeStatisticsHistograms?geometryType=esriGeometryEnvelope&geometry="+q(`{"xmin":-10.5,"ymin":42.5,"xmax":1.5,"ymax":50.5}`)+"&f=json"+slice)
		assert.Contains(t, w.Body.String(), want)
	}
	// The catalogue's rows of a definition.
	w := get(h, "/query?f=json&returnCountOnly=true&where=1%3D1&multidimensionalDefinition="+q(`[{"variableName":"salinity"}]`))
	assert.JSONEq(t, `{"count":6}`, w.Body.String())
}

// TestSlicesByHTTP exports one slice as a picture: the stretch is that of its variable.
func TestSlicesByHTTP(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	w := get(h, "/exportImage?f=image&format=png&bbox=-10.5,42.5,1.5,50.5&bboxSR=4326&imageSR=4326&size=12,8&multidimensionalDefinition="+
		url.QueryEscape(`[{"variableName":"water_temp","dimensionName":"time","values":[951912000000]}]`))
	require.Equal(t, 200, w.Code, w.Body.String())
	img, _, err := image.Decode(w.Body)
	require.NoError(t, err)
	r, _, _, a := img.At(0, 0).RGBA()
	assert.Equal(t, uint32(0xffff), a)
	assert.InDelta(t, 255*2000/2195.0, float64(r>>8), 1)
}

// TestSliceOfARule: the definition among a rule's arguments counts as that of the request, and one that the function cannot
// have is an error.
func TestSliceOfARule(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	h := rest.NewHandler(s, nil)
	at := "/identify?f=json&geometry=-10,50&renderingRule="
	definition := `"multidimensionalDefinition":[{"variableName":"salinity","dimensionName":"StdZ","values":[-50]}]`
	stretch := `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Min":0,"Max":255,` + definition + `}}`
	assert.Contains(t, get(h, at+url.QueryEscape(stretch)).Body.String(), `"value":"12"`, "5100 between 5000 and 7195")
	w := get(h, at+url.QueryEscape(`{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Operation":1,"Raster2":"$$","Raster":`+stretch+`}}`))
	assert.GreaterOrEqual(t, w.Code, 400)
	assert.Contains(t, strings.ToLower(w.Body.String()), "multidimensionaldefinition")
}
