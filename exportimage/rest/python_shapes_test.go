package rest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// Requests as the ArcGIS API for Python makes them of an ImageryLayer that mosaic_by has given a rule: compute_histograms and
// get_samples write its name moasiacRule.
func TestRulesOfImageryLayers(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	rule := `{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[3],"ascending":true,"mosaicOperation":"MT_FIRST"}`
	point := `{"x": 8, "y": 8, "spatialReference": {"wkid": 102100, "latestWkid": 3857}}`
	box := `{"xmin": 1, "ymin": 1, "xmax": 3, "ymax": 3, "spatialReference": {"wkid": 3857}}`
	for _, name := range []string{"mosaicRule", "moasiacRule", "MOASIACRULE"} {
		samples := answer[sampled](t, h, "/getSamples", url.Values{"f": {"json"}, "geometry": {point},
			"geometryType": {"esriGeometryPoint"}, "returnFirstValueOnly": {"True"}, name: {rule}})
		assert.Equal(t, "30", samples.Samples[0].Value, name)
		counted := answer[geometryAnswer](t, h, "/computeHistograms", url.Values{"f": {"json"}, "geometry": {box},
			"geometryType": {"esriGeometryEnvelope"}, "pixelSize": {`{"x": 1, "y": 1}`}, name: {rule}})
		assert.Equal(t, 4, counted.Histograms[0].Counts[30], name)
	}
	w := get(h, "/getSamples?f=json&geometry=8,8&moasiacRule={}&mosaicRule="+url.QueryEscape(rule))
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, w.Body.String(), "mosaicRule: the parameter comes twice")
	w = get(h, "/exportImage?f=json&bbox=0,0,16,16&size=16,16&explain=true&moasiacRule="+url.QueryEscape(rule))
	assert.Contains(t, w.Body.String(), `\"moasiacRule\" for mosaicRule`)
}
