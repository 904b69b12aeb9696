package rest_test

import (
	"bytes"
	"encoding/json"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// within returns the value in a JSON value at a path of names and indices with dots between, or nil.
func within(v any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		switch of := v.(type) {
		case map[string]any:
			v = of[step]
		case []any:
			i := strings.IndexByte("0123456789", step[0])
			if len(step) != 1 || i < 0 || i >= len(of) {
				if step != "#" {
					return nil
				}
				return float64(len(of))
			}
			v = of[i]
		default:
			return nil
		}
	}
	return v
}

const (
	// A point and a polygon as Python prints a dictionary, and a box as its json module does.
	pointOfPython = `{'x': 8.0, 'y': 8.0, 'spatialReference': {'wkid': 102100, 'latestWkid': 3857}}`
	boxOfPython   = `{"xmin": 1.0, "ymin": 1.0, "xmax": 3.0, "ymax": 3.0, "spatialReference": {"wkid": 102100, "latestWkid": 3857}}`
	ringsOfPython = `{"rings": [[[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]]], "spatialReference": {"wkid": 3857}}`
	lockOfPython  = `{"mosaicMethod": "esriMosaicLockRaster", "lockRasterIds": [3], "ascending": true, "mosaicOperation": "MT_FIRST"}`
)

// Requests of the ArcGIS API for Python's ImageryLayer, of R's httr and of scripts, and what each reads of the answer. The
// rasters have the values 10, 20 and 30, and the first is on top.
func TestAnswersThatProgramsRead(t *testing.T) {
	s := scenes(t)
	s.Name, s.Formats = "scenes", nil
	h := rest.NewHandler(s, nil)
	for name, c := range map[string]struct {
		path string
		form url.Values
		want map[string]any
	}{
		"Python identify": {"/identify", url.Values{"geometry": {pointOfPython}, "geometryType": {"esriGeometryPoint"},
			"returnGeometry": {"False"}, "returnCatalogItems": {"True"}, "maxItemCount": {"2"}, "pixelSize": {"{'x': 1, 'y': 1}"}},
			map[string]any{"value": "10", "catalogItems.features.#": 2., "properties.Values.1": "20"}},
		"Python identify with a rule": {"/identify", url.Values{"geometry": {pointOfPython}, "mosaicRule": {lockOfPython},
			"returnCatalogItems": {"False"}, "time": {"1483228800000,1514764800000"}, "renderingRule": {`{"rasterFunction": "None"}`}},
			map[string]any{"value": "30", "catalogItems": nil}},
		"Python get_samples": {"/getSamples", url.Values{"geometry": {`{"points": [[1, 1], [8, 8]], "spatialReference": {"wkid": 3857}}`},
			"geometryType": {"esriGeometryMultipoint"}, "sampleCount": {""}, "moasiacRule": {lockOfPython}, "returnFirstValueOnly": {"True"},
			"interpolation": {"RSP_NearestNeighbor"}, "outFields": {"Name,Year"}},
			map[string]any{"samples.#": 2., "samples.1.value": "30", "samples.1.attributes.Name": "Scene_C", "samples.1.attributes.Year": 2022.}},
		"Python compute_histograms": {"/computeHistograms", url.Values{"geometry": {ringsOfPython}, "geometryType": {"esriGeometryPolygon"}},
			map[string]any{"histograms.#": 1., "histograms.0.size": 256., "histograms.0.min": -0.5, "histograms.0.max": 255.5}},
		"Python compute_stats_and_histograms": {"/computeStatisticsHistograms", url.Values{"geometry": {boxOfPython},
			"geometryType": {"esriGeometryEnvelope"}, "mosaicRule": {lockOfPython}, "pixelSize": {"1,1"}},
			map[string]any{"statistics.0.mean": 30., "statistics.0.min": 30., "statistics.0.count": 4., "statistics.0.standardDeviation": 0.}},
		"Python query": {"/query", url.Values{"where": {"CloudCover < 0.1"}, "outFields": {"*"}, "returnGeometry": {"True"}, "outSR": {"4326"},
			"orderByFields": {"CloudCover"}, "returnIdsOnly": {"False"}, "returnCountOnly": {"False"}},
			map[string]any{"features.#": 2., "features.0.attributes.OBJECTID": 3., "features.0.attributes.Name": "Scene_C", "spatialReference.wkid": 4326., "objectIdFieldName": "OBJECTID"}},
		"Python query of a geometry": {"/query", url.Values{"where": {"1=1"}, "geometry": {boxOfPython}, "geometryType": {"esriGeometryEnvelope"},
			"spatialRel": {"esriSpatialRelIntersects"}, "returnCountOnly": {"true"}, "time": {"1485907200000"}},
			map[string]any{"count": 0.}},
		"Python query of IDs":     {"/query", url.Values{"where": {"1=1"}, "returnIdsOnly": {"True"}}, map[string]any{"objectIds.#": 3., "objectIds.2": 3.}},
		"Python legend":           {"/legend", url.Values{"bandIds": {"0"}}, map[string]any{"layers.#": 1., "layers.0.layerName": "scenes"}},
		"Python key_properties":   {"/keyProperties", url.Values{}, map[string]any{"error": nil, "BandProperties.#": 1.}},
		"Python measure an area":  {"/measure", url.Values{"fromGeometry": {ringsOfPython}, "geometryType": {"esriGeometryPolygon"}, "measureOperation": {"esriMensurationAreaAndPerimeter"}, "linearUnit": {"esriMeters"}, "areaUnit": {"esriSquareMeters"}}, map[string]any{"error": nil}},
		"Python measure a point":  {"/measure", url.Values{"fromGeometry": {pointOfPython}, "geometryType": {"esriGeometryPoint"}, "measureOperation": {"esriMensurationPoint"}}, map[string]any{"point.value.x": 8., "point.value.y": 8.}},
		"Python project":          {"/project", url.Values{"geometries": {`{"geometryType": "esriGeometryPoint", "geometries": [{"x": 0, "y": 0}]}`}, "inSR": {"3857"}, "outSR": {"4326"}}, map[string]any{"geometries.0.x": 0.}},
		"Python raster item":      {"/2", url.Values{}, map[string]any{"attributes.Name": "Scene_B"}},
		"Geneva's heights":        {"/getSamples", url.Values{"geometry": {"8.5,8.5"}, "geometryType": {"esriGeometryPoint"}, "sampleDistance": {""}, "sampleCount": {""}, "mosaicRule": {""}, "pixelSize": {""}, "returnFirstValueOnly": {"true"}}, map[string]any{"samples.#": 1., "samples.0.value": "10"}},
		"samples of times":        {"/getSamples", url.Values{"geometry": {`{"x":8,"y":8,"spatialReference":{"wkid":3857}}`}, "geometryType": {"esriGeometryPoint"}, "time": {"1485907200000,1514764800000"}, "returnFirstValueOnly": {"false"}, "outFields": {"acquisitiondate"}}, map[string]any{"samples.#": 2., "samples.0.value": "20", "samples.1.attributes.AcquisitionDate": 1503187200000.}},
		"R httr samples":          {"/getSamples", url.Values{"geometry": {`{"points":[[1,1],[2,2]],"spatialReference":{"wkid":3857}}`}, "geometryType": {"esriGeometryMultipoint"}, "returnFirstValueOnly": {"TRUE"}}, map[string]any{"samples.#": 2., "samples.1.locationId": 1.}},
		"R arcgislayers arc_open": {"/", url.Values{"token": {""}}, map[string]any{"name": "scenes", "bandCount": 1., "extent.xmax": 16., "maxImageWidth": 4096.}},
		"R httr query":            {"/query", url.Values{"where": {"Year >= 2021"}, "outFields": {"OBJECTID,Year"}, "returnGeometry": {"FALSE"}}, map[string]any{"features.#": 2., "features.0.attributes.Year": 2021., "features.0.geometry": nil}},
	} {
		c.form.Set("f", "json")
		w := post(h, c.path, "application/x-www-form-urlencoded", c.form.Encode())
		if !assert.Equal(t, http.StatusOK, w.Code, "%s: %s", name, w.Body) {
			continue
		}
		var got any
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), name)
		for path, want := range c.want {
			assert.Equal(t, want, within(got, path), "%s: %s of %s", name, path, w.Body)
		}
	}
}

// A form of several parts with the spellings of R's arcpullr and of functions around terra's rast, which read a link, and the
// extent by its order.
func TestImagesThatProgramsRead(t *testing.T) {
	s := scenes(t)
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, field := range [][2]string{{"f", "json"}, {"token", ""}, {"bbox", "0, 0, 16, 16"}, {"bboxSR", "3857"}, {"imageSR", "3857"}, {"transparent", "TRUE"},
		{"format", "png"}, {"size", "16,16"}, {"adjustAspectRatio", "FALSE"}, {"mosaicRule", lockOfPython}} {
		require.NoError(t, parts.WriteField(field[0], field[1]))
	}
	require.NoError(t, parts.Close())
	w := post(h, "/exportImage", parts.FormDataContentType(), body.String())
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	assert.Regexp(t, `"extent":\{"xmin":0,"ymin":0,"xmax":16,"ymax":16,`, w.Body.String())
	var answered struct{ Href string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answered))
	img, err := png.Decode(get(h, answered.Href).Body)
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{30, 30, 30, 255}, color.NRGBAModel.Convert(img.At(8, 8)))
}
