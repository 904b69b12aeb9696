package rest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/raster"
)

// Clients ask for the description of what a rule draws, in order to set up an image of it.
func TestResourcesOfARule(t *testing.T) {
	s := classes(t)
	h := rest.NewHandler(s, nil)
	type resource struct {
		BandCount          int
		PixelType          string
		BandNames          []string
		MinValues          []float64
		HasColormap        bool
		SupportsStatistics bool
	}
	rule := func(text string) string { return "f=json&renderingRule=" + url.QueryEscape(text) }
	raw := decode[resource](t, h, "/?f=json")
	assert.Equal(t, resource{1, "U8", []string{"cover"}, []float64{0}, true, true}, raw)
	assert.Equal(t, raw, decode[resource](t, h, "/?"+rule("None")))
	assert.Equal(t, resource{1, "F32", []string{"cover"}, []float64{0}, false, true},
		decode[resource](t, h, "/?"+rule(`{"rasterFunction":"None","outputPixelType":"F32"}`)))
	other := rule(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,9,8,7]]}}`)
	assert.True(t, decode[resource](t, h, "/?"+other).HasColormap)
	assert.Equal(t, [4]int{1, 9, 8, 7}, decode[struct{ Colormap [][4]int }](t, h, "/colormap?"+other).Colormap[1])

	s, _ = service(bands3(t))
	h = rest.NewHandler(s, nil)
	two := rule(`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[2,0]}}`)
	assert.Equal(t, []string{"Band_3", "Band_1"}, decode[resource](t, h, "/?"+two).BandNames)
	stats := decode[struct{ Statistics []struct{ Max float64 } }](t, h, "/statistics?"+two).Statistics
	assert.Equal(t, []struct{ Max float64 }{{30}, {15}}, stats)
	stretched := rule(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}`)
	assert.Equal(t, resource{3, "U8", []string{"Band_1", "Band_2", "Band_3"}, []float64{0, 0, 0}, false, true}, decode[resource](t, h, "/?"+stretched))
	for _, path := range []string{"/", "/statistics", "/keyProperties", "/colormap", "/rasterAttributeTable"} {
		w := get(h, path+"?"+rule(`{"rasterFunction":"Contour"}`))
		assert.Equal(t, http.StatusNotImplemented, w.Code, path)
		assert.Contains(t, w.Body.String(), "renderingRule", path)
	}
}

// Files may name any number of classes: a legend shows some.
func TestLegendIsBounded(t *testing.T) {
	ds := servicetest.Square16(t, func(x, y int) uint16 { return uint16(x) })
	ds.Bands = []raster.Band{{Categories: make([]string, 3000)}}
	for i := range ds.Bands[0].Categories {
		ds.Bands[0].Categories[i] = fmt.Sprint("class ", i)
	}
	s, _ := service(ds)
	got := decode[struct{ Layers []struct{ Legend []any } }](t, rest.NewHandler(s, nil), "/legend?f=json")
	assert.Len(t, got.Layers[0].Legend, 256)
}
