package rest_test

import (
	"encoding/json"
	"image"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// Rules as public programs write them, of pages and apps for ArcGIS JS and Leaflet, of scripts for the ArcGIS API for Python and
// of libraries that fetch elevations: what each makes of one pixel, or what the error names. The expected numbers are
// computed by hand from the formulas, of bands of 20 times the raster's number and 5 times the band's.
func TestRenderingRulesAsProgramsWriteThem(t *testing.T) {
	grid := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 1600, YMax: 1600}, image.Pt(16, 16))
	var scenes []raster.Dataset
	for i := range 3 {
		scenes = append(scenes, rastertest.FromFunc(grid, 6, func(b, _, _ int) uint8 { return uint8(20*(i+1) + 5*(b+1)) }))
	}
	imagery, _ := service(scenes...)
	// A plane that falls to the west by 100 m a pixel of 100 m, so that its slope is 45 degrees.
	heights, _ := service(rastertest.FromFunc(grid, 1, func(_, x, _ int) float32 { return float32(100 * x) }))
	heights.Functions = function.Elevation()
	for _, c := range []struct {
		of   string // imagery or heights
		rule string
		want []float64 // of the bands; nil is no data
		err  string
	}{
		// ArcGIS JS, by a template of its own making, in lower case.
		{"imagery", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"colormap":[[1,253,254,152],[2,2,102,6]],"raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"inputRanges":[0,41,41,44,44,255],"outputValues":[1,2,1],"raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[1],"Raster":"$$"}}},"outputPixelType":"U8"}}}`, []float64{1}, ""},
		{"imagery", `{"rasterFunction":"Mask","rasterFunctionArguments":{"NoDataValues":["-100"],"IncludedRanges":[[0,24]],"NoDataInterpretation":0},"variableName":"Raster"}`, nil, ""},
		{"imagery", `{"rasterFunction":"Mask","rasterFunctionArguments":{"NoDataValues":["","","99"],"IncludedRanges":[20,26]},"variableName":"Raster"}`, []float64{25, 30, 35, 40, 45, 50}, ""},
		{"imagery", `{"rasterFunction":"BandArithmetic","rasterFunctionArguments":{"Method":0,"BandIndexes":"(B4-B3)/(B4+B3)","VariableName":"Raster"},"outputPixelType":"F32"}`, []float64{5. / 75}, ""},
		{"imagery", `{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0],"Raster":"$2"}},"Raster2":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0],"Raster":"$1"}},"Operation":2,"ExtentType":0,"CellsizeType":0}}`, []float64{20}, ""},
		{"imagery", `{"functionName":"Remap","functionArguments":{"InputRanges":[0,1],"OutputValues":[1]}}`, nil, "it names no raster function"},
		{"imagery", `{"rasterFunction":"NDVI","rasterFunctionArguments":{"VisibleBandID":2,"InfraredBandID":3},"variableName":"Raster"}`, []float64{math.Trunc(100*5./75 + 100.5)}, ""},
		// Forest maps: rasters by their IDs, remapped and added up.
		{"imagery", `{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,30,30,101],"OutputValues":[0,1],"Raster":"$2","AllowUnmatched":false}},"Raster2":{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[1,26],"OutputValues":[3],"Raster":"$1","AllowUnmatched":false}},"Raster2":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0],"Raster":"$3"}},"Operation":1}},"Operation":3,"outputPixelType":"U16"}}`, nil, `"outputPixelType"`},
		{"imagery", `{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,30,30,101],"OutputValues":[0,1],"Raster":"$2","AllowUnmatched":false}},"Raster2":{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[1,26],"OutputValues":[3],"Raster":"$1","AllowUnmatched":false}},"Raster2":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0],"Raster":"$3"}},"Operation":1}},"Operation":3},"outputPixelType":"U16"}`, []float64{68}, ""},
		{"imagery", `{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[1,31,31,65535],"OutputValues":[1,0],"AllowUnmatched":true,"Raster":"$1"}}`, []float64{1}, ""},
		// The ArcGIS API for Python: chains with every argument, and dynamic stretches.
		{"imagery", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[4,5,3]}},"StretchType":6,"DRA":True,"Gamma":[1,1,1],"UseGamma":True},"outputPixelType":"U8"}`, nil, "Stretch: DRA"},
		{"imagery", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":3,"NumberOfStandardDeviations":3,"DRA":"true"},"variableName":"Raster"}`, nil, "Stretch: DRA"},
		{"imagery", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[4,5,3]}},"StretchType":5,"DRA":False,"Statistics":[[0,100,50,10],[0,100,50,10],[0,80,50,10]],"Gamma":[1,1,1],"UseGamma":True},"outputPixelType":"U8"}`, []float64{115, 128, 128}, ""},
		{"imagery", `{"rasterFunction":"BandArithmetic","rasterFunctionArguments":{"Method":2,"BandIndexes":"1 2 111"}}`, []float64{-5. / 166 * 112}, ""},
		{"imagery", `{"rasterFunction":"BandArithmetic","rasterFunctionArguments":{"Method":8,"BandIndexes":"1 2 3 4 5 6"}}`, []float64{90, 180, 98.4375}, ""},
		{"imagery", `{"rasterFunction":"BandArithmetic","rasterFunctionArguments":{"Method":3,"BandIndexes":"1 2 111 222 333"}}`, []float64{-391497. / 4084164}, ""},
		{"imagery", `{"rasterFunction":"Local","rasterFunctionArguments":{"Operation":1,"Rasters":["$1","$2"],"ExtentType":1,"CellsizeType":2},"variableName":"Rasters"}`, []float64{70, 80, 90, 100, 110, 120}, ""},
		{"imagery", `{"rasterFunction":"Local","rasterFunctionArguments":{"Operation":78,"Rasters":[{"rasterFunction":"Local","rasterFunctionArguments":{"Operation":28,"Rasters":["$1",30],"ExtentType":1,"CellsizeType":2},"variableName":"Rasters"},1,0],"ExtentType":1,"CellsizeType":2},"variableName":"Rasters"}`, []float64{0, 0, 1, 1, 1, 1}, ""},
		{"imagery", `{"rasterFunction":"Clip","rasterFunctionArguments":{"ClippingGeometry":{"rings":[[[0,0],[0,800],[800,800],[800,0],[0,0]]],"spatialReference":{"wkid":102100,"latestWkid":3857}},"ClipType":2,"Raster":"$$"}}`, []float64{25, 30, 35, 40, 45, 50}, ""},
		{"imagery", `{"rasterFunction":"CompositeBand","rasterFunctionArguments":{"Rasters":[{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[5],"Raster":"$1"}},{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[0],"Raster":"$3"}}],"CellsizeType":0}}`, []float64{50, 65}, ""},
		{"imagery", `{"rasterFunction":"TasseledCap","rasterFunctionArguments":{"Raster":"$$"}}`, nil, `raster function "TasseledCap" is not supported`},
		// Services' own templates, which others do not have.
		{"imagery", `{"rasterFunction":"Gallringsindex","rasterFunctionArguments":{"sis":"g16-g22"}}`, nil, `"Gallringsindex"`},
		{"imagery", `{"rasterFunction":"lc_histogram","rasterFunctionArguments":{"LCRaster":"$12","LCInpR":[0,0,1,1],"LCOutV":[0,1]}}`, nil, `"lc_histogram"`},
		{"imagery", `{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":{}}}`, nil, "Stretch: Raster: an empty object"},
		// Maps of slopes over services of elevation.
		{"heights", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,255,209,102],[2,255,233,174]],"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,27,27,90],"OutputValues":[1,2],"NoDataRanges":[0,5],"Raster":{"rasterFunction":"Slope Degrees"}}}}}`, []float64{255, 233, 174}, ""},
		{"heights", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,255,209,102],[2,255,233,174]],"Raster":{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,3,3,8],"OutputValues":[1,2],"AllowUnmatched":false,"Raster":{"rasterFunction":"Slope","rasterFunctionArguments":{"ZFactor":1,"SlopeType":1}}}}}}`, nil, ""},
		{"heights", `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colorramp":{"type":"multipart","colorRamps":[{"type":"algorithmic","fromColor":[0,0,0,255],"toColor":[9,9,9,255],"algorithm":"esriCIELabAlgorithm"},{"type":"algorithmic","fromColor":[9,9,9,255],"toColor":[255,255,255,255],"algorithm":"esriCIELabAlgorithm"}]},"Raster":{"rasterFunction":"Stretch","outputPixelType":"U8","rasterFunctionArguments":{"StretchType":5,"Statistics":[[0,1600,800,400]],"Min":0,"Max":255,"UseGamma":false}}}}`, []float64{128}, ""},
		{"heights", `{"rasterFunction":"Contour","rasterFunctionArguments":{"ContourType":0,"ZFactor":1,"Interval":0.5}}`, nil, `raster function "Contour" is not supported`},
		{"heights", `{"rasterFunction":"Slope","rasterFunctionArguments":{"DEM":"$$","ZFactor":1,"SlopeType":2,"PSPower":0.664,"PSZFactor":0.024,"RemoveEdgeEffect":false},"variableName":"DEM"}`, []float64{100}, ""},
		{"heights", `{"rasterFunction":"Aspect","rasterFunctionArguments":{"Raster":"$$"}}`, []float64{270}, ""},
		{"heights", `Slope Degrees`, []float64{45}, ""},
		{"heights", `{"rasterFunction":"Hillshade","rasterFunctionArguments":{"DEM":"$$","Azimuth":270,"Altitude":30,"ZFactor":1,"HillshadeType":0},"variableName":"DEM"}`, []float64{246}, ""},
	} {
		s := imagery
		if c.of == "heights" {
			s = heights
		}
		w := get(rest.NewHandler(s, nil), "/identify?"+url.Values{"f": {"json"}, "geometry": {`{"x":850,"y":750}`}, "geometryType": {"esriGeometryPoint"},
			"pixelSize": {"100,100"}, "renderingRule": {c.rule}}.Encode())
		if c.err != "" {
			quoted, err := json.Marshal(c.err)
			require.NoError(t, err)
			assert.Contains(t, []int{http.StatusBadRequest, http.StatusNotImplemented}, w.Code, c.rule)
			assert.Contains(t, w.Body.String(), string(quoted[1:len(quoted)-1]), c.rule)
			continue
		}
		var got identified
		if !assert.Equal(t, http.StatusOK, w.Code, "%s: %s", c.rule, w.Body) {
			continue
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
		if c.want == nil {
			assert.Equal(t, "NoData", got.Value, c.rule)
			continue
		}
		texts := strings.Split(got.Value, ", ")
		if !assert.Len(t, texts, len(c.want), "%s: %s", c.rule, got.Value) {
			continue
		}
		for i, text := range texts {
			v, err := strconv.ParseFloat(text, 64)
			require.NoError(t, err, text)
			assert.InDelta(t, c.want[i], v, 1e-5, "%s: %s", c.rule, got.Value)
		}
	}
}
