package rest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// Each value that has no meaning is named by its parameter, in either version.
func TestHostileMaps(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	for _, c := range []struct{ name, value, code string }{
		{"BBOX", "NaN,0,30,20", "InvalidParameterValue"}, {"BBOX", "0,0,Inf,20", "InvalidParameterValue"}, {"BBOX", "0,0,30", "InvalidParameterValue"},
		{"BBOX", "0,0,30,20,40", "InvalidParameterValue"}, {"BBOX", "0,0,0,20", "InvalidParameterValue"}, {"BBOX", "0,20,30,0", "InvalidParameterValue"},
		{"BBOX", "a,b,c,d", "InvalidParameterValue"}, {"BBOX", "0;0;30;20", "InvalidParameterValue"}, {"BBOX", "1e999,0,30,20", "InvalidParameterValue"},
		{"WIDTH", "-60", "InvalidParameterValue"}, {"WIDTH", "60.5", "InvalidParameterValue"}, {"WIDTH", "99999999999", "InvalidParameterValue"},
		{"WIDTH", "0x3C", "InvalidParameterValue"}, {"HEIGHT", "NaN", "InvalidParameterValue"}, {"HEIGHT", "1e2", "InvalidParameterValue"},
		{"LAYERS", "test,test", "InvalidParameterValue"}, {"LAYERS", "test,other", "InvalidParameterValue"}, {"LAYERS", ",test", "LayerNotDefined"},
		{"LAYERS", "<script>", "LayerNotDefined"}, {"LAYERS", "1", "LayerNotDefined"}, {"LAYERS", "test:NoSuch", "LayerNotDefined"},
		{"STYLES", "a,b", "StyleNotDefined"}, {"STYLES", "{}", "StyleNotDefined"}, {"STYLES", strings.Repeat("x", 5000), "StyleNotDefined"},
		{"FORMAT", "png; mode=64bit", "InvalidFormat"}, {"FORMAT", "text/html", "InvalidFormat"}, {"FORMAT", "../png", "InvalidFormat"},
		{"CRS", "EPSG:0", "Invalid*RS"}, {"CRS", "EPSG:99999999999999999999", "Invalid*RS"}, {"CRS", "AUTO2:42001,1,0,0", "Invalid*RS"},
		{"CRS", "4326", "Invalid*RS"}, {"CRS", "CRS:1", "Invalid*RS"}, {"CRS", "EPSG:-4326", "Invalid*RS"}, {"CRS", "GEOGCS[", "Invalid*RS"},
		{"VERSION", "1.4.0", "InvalidParameterValue"}, {"VERSION", "0.9", "InvalidParameterValue"}, {"VERSION", "1.x", "InvalidParameterValue"},
		{"VERSION", "1.1.1.1", "InvalidParameterValue"}, {"VERSION", "-1", "InvalidParameterValue"}, {"VERSION", "v1.3.0", "InvalidParameterValue"},
		{"EXCEPTIONS", "JSON5", "InvalidFormat"}, {"EXCEPTIONS", "image/png", "InvalidFormat"}, {"BGCOLOR", "0xFFFFFFFF", "InvalidParameterValue"},
		{"BGCOLOR", "-1", "InvalidParameterValue"}, {"TRANSPARENT", "2", "InvalidParameterValue"}, {"TIME", "2020-01-01", "InvalidDimensionValue"},
		{"ELEVATION", "0", "InvalidDimensionValue"}, {"DIM_X", "0", "InvalidDimensionValue"}, {"I", "60", "InvalidPoint"}, {"I", "-1", "InvalidPoint"},
		{"I", "1.5", "InvalidPoint"}, {"J", "40", "InvalidPoint"}, {"J", "NaN", "InvalidPoint"}, {"J", "", "MissingParameterValue"},
		{"QUERY_LAYERS", "other", "LayerNotDefined"}, {"QUERY_LAYERS", "", "MissingParameterValue"}, {"INFO_FORMAT", "text/x", "InvalidFormat"},
		{"FEATURE_COUNT", "0", "InvalidParameterValue"}, {"FEATURE_COUNT", "-5", "InvalidParameterValue"}, {"FEATURE_COUNT", "many", "InvalidParameterValue"},
	} {
		for version, rename := range map[string]*strings.Replacer{
			"1.3.0": strings.NewReplacer("*", "C"), "1.1.1": strings.NewReplacer("*", "S", "CRS", "SRS"),
		} {
			crs, i, j := "CRS", "I", "J"
			if version == "1.1.1" {
				crs, i, j = "SRS", "X", "Y"
			}
			name := map[string]string{"CRS": crs, "I": i, "J": j}[c.name]
			if name == "" {
				name = c.name
			}
			q := url.Values{"SERVICE": {"WMS"}, "VERSION": {version}, "REQUEST": {"GetFeatureInfo"}, "LAYERS": {"test"}, "STYLES": {""},
				crs: {"EPSG:4326"}, "BBOX": {"0,0,30,20"}, "WIDTH": {"60"}, "HEIGHT": {"40"}, "FORMAT": {"image/png"},
				"QUERY_LAYERS": {"test"}, "INFO_FORMAT": {"text/plain"}, i: {"1"}, j: {"1"}}
			about := version + " " + c.name + "=" + c.value
			if len(about) > 100 {
				about = about[:100]
			}
			if w := get(h, "/WMSServer?"+q.Encode()); !assert.Equal(t, http.StatusOK, w.Code, w.Body) {
				return
			}
			q.Set(name, c.value)
			if of := map[string]bool{"FORMAT": true, "BGCOLOR": true, "TRANSPARENT": true}; of[c.name] {
				q.Set("REQUEST", "GetMap")
			}
			w := get(h, "/WMSServer?"+q.Encode())
			assert.GreaterOrEqual(t, w.Code, 400, about)
			assert.Less(t, w.Code, 502, about)
			assert.Contains(t, w.Body.String(), rename.Replace(c.code), about)
			assert.NotContains(t, w.Body.String(), "<script>", about)
			assert.Less(t, w.Body.Len(), 2000, about)
		}
	}
}

// The box of version 1.3.0 has the latitude first: swapped, it is another place, and beyond a pole none.
func TestSwappedAxes(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	right := get(h, mapQuery("1.3.0", "EPSG:4326", "40,100,50,115", "FORMAT=image/png"))
	same := get(h, mapQuery("1.1.1", "EPSG:4326", "100,40,115,50", "FORMAT=image/png"))
	swapped := get(h, mapQuery("1.3.0", "EPSG:4326", "100,40,115,50", "FORMAT=image/png"))
	assert.Equal(t, right.Body.Bytes(), same.Body.Bytes())
	assert.NotEqual(t, right.Body.Bytes(), swapped.Body.Bytes())
	assert.Equal(t, "0", swapped.Header().Get("Export-Coverage"), "there is nothing north of the pole")
}

func TestHostileBoundariesAndLegends(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for target, want := range map[string]string{
		"/queryBoundary?outSR=0": "outSR: ", "/queryBoundary?outSR=NaN": "outSR: ", "/queryBoundary?outSR=999999": "outSR: ",
		"/queryBoundary?outSR={": "outSR: ", "/legend?bandIds=7": "bandIds: ", "/legend?bandIds=-1": "bandIds: ", "/legend?bandIds=x": "bandIds: ",
		"/legend?bandIds=99999999999999999999": "bandIds: ", "/legend?renderingRule=NoSuch": "renderingRule: ", "/legend?renderingRule={": "renderingRule: ",
		"/legend?f=what": "f: ", "/queryBoundary?f=what": "f: ",
	} {
		w := get(h, target+"&x=1")
		assert.Contains(t, []int{400, 501}, w.Code, "%s: %s", target, w.Body)
		assert.Contains(t, w.Body.String(), want, target)
	}
}
