package rest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
)

// warm is a service of water temperatures at three times and two heights.
func warm(t *testing.T) http.Handler {
	s, _ := servicetest.Ocean(t)
	s.Name, s.Formats = "test", nil
	s.Defaults = exportimage.Request{Slices: []mosaic.SliceCondition{{Variable: "water_temp"}}}
	return rest.NewHandler(s, nil)
}

// A map of ELEVATION and TIME is the exported image of the slice there, in either version, and its pixels have the slice's
// values. Without them it is that of the slice that capabilities state as the default.
func TestMapsOfSlices(t *testing.T) {
	h := warm(t)
	seen := map[string]string{}
	for _, c := range []struct {
		dimensions, definition string
	}{
		{"", "0@946684800000"},
		{"&ELEVATION=0&TIME=2000-01-01T00:00:00Z", "0@946684800000"},
		{"&elevation=-50&time=2000-02-01T00:00:00Z", "-50@949363200000"},
		{"&DIM_STDZ=-50.0", "-50@946684800000"},
		{"&TIME=2000-03-01T12:00:00Z", "0@951912000000"},
		{"&TIME=current&ELEVATION=-5e1", "-50@951912000000"},
	} {
		var height, at float64
		_, err := fmt.Sscanf(c.definition, "%g@%g", &height, &at)
		require.NoError(t, err)
		slice := fmt.Sprintf(`[{"variableName":"water_temp","dimensionName":"StdZ","values":[%g]},`+
			`{"variableName":"water_temp","dimensionName":"StdTime","values":[%.0f]}]`, height, at)
		want := get(h, "/exportImage?f=image&format=tiff&adjustAspectRatio=false&size=60,40&bbox=-10,45,-5,50&bboxSR=4326&imageSR=4326"+
			"&multidimensionalDefinition="+url.QueryEscape(slice))
		require.Equal(t, http.StatusOK, want.Code, want.Body)
		for version, box := range map[string]string{"1.3.0": "45,-10,50,-5", "1.1.1": "-10,45,-5,50"} {
			got := get(h, mapQuery(version, "EPSG:4326", box, "FORMAT=image/tiff"+c.dimensions))
			require.Equal(t, http.StatusOK, got.Code, "%v: %s", c, got.Body)
			assert.True(t, bytes.Equal(want.Body.Bytes(), got.Body.Bytes()), "%v %s", c, version)
			other, twice := seen[got.Body.String()]
			assert.True(t, !twice || other == c.definition, "%v shows what %s does", c, other)
			seen[got.Body.String()] = c.definition
		}
	}
	assert.Len(t, seen, 5)
	values := map[string]bool{}
	for _, at := range []string{"", "&ELEVATION=-50"} {
		w := get(h, "/WMSServer?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetFeatureInfo&LAYERS=test&QUERY_LAYERS=test&STYLES=&CRS=EPSG:4326"+
			"&BBOX=45,-10,50,-5&WIDTH=60&HEIGHT=40&FORMAT=image/png&I=30&J=20&INFO_FORMAT=text/plain"+at)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		values[w.Body.String()] = true
	}
	assert.Len(t, values, 2, "the heights have different values")
}

func TestDimensionsThatNoSliceHas(t *testing.T) {
	flat, _ := service(world(t))
	flat.Formats = nil
	for _, c := range []struct {
		h              http.Handler
		query, locator string
	}{
		{warm(t), "ELEVATION=50", "ELEVATION"}, {warm(t), "ELEVATION=-25", "ELEVATION"}, {warm(t), "ELEVATION=x", "ELEVATION"},
		{warm(t), "ELEVATION=NaN", "ELEVATION"}, {warm(t), "ELEVATION=-Inf", "ELEVATION"}, {warm(t), "ELEVATION=1e999", "ELEVATION"},
		{warm(t), "ELEVATION=0,-50", "ELEVATION"}, {warm(t), "ELEVATION=-50/0", "ELEVATION"}, {warm(t), "ELEVATION=current", "ELEVATION"},
		{warm(t), "ELEVATION=0&DIM_STDZ=0", "ELEVATION"}, {warm(t), "DIM_MEMBER=1", "DIM_MEMBER"}, {warm(t), "DIM_=1", "DIM_"},
		{warm(t), "DIM_TIME=2000-01-01", "DIM_TIME"}, {warm(t), "TIME=1999", "TIME"}, {warm(t), "TIME=NaN", "TIME"},
		{rest.NewHandler(flat, nil), "ELEVATION=0", "ELEVATION"}, {rest.NewHandler(flat, nil), "TIME=2000", "TIME"},
	} {
		for _, version := range []string{"1.1.1", "1.3.0"} {
			w := get(c.h, mapQuery(version, "EPSG:3857", "-1e6,5e6,-5e5,6e6", "FORMAT=image/png&"+c.query))
			assertException(t, w, version, "InvalidDimensionValue", c.locator, version+" "+c.query)
		}
	}
}

// Capabilities list the values of each dimension of the default variable; in version 1.1.1, in elements of their own.
func TestDimensionsInCapabilities(t *testing.T) {
	h := warm(t)
	const times = "2000-01-01T00:00:00Z,2000-02-01T00:00:00Z,2000-03-01T12:00:00Z"
	doc := get(h, "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities").Body.String()
	assert.Contains(t, doc, `<Dimension name="time" units="ISO8601" default="2000-01-01T00:00:00Z" multipleValues="1" nearestValue="0" current="1">`+times+"</Dimension>")
	assert.Contains(t, doc, `<Dimension name="elevation" units="m" default="0" multipleValues="0" nearestValue="0">-50,0</Dimension>`)
	assert.NotContains(t, doc, "<Extent")
	doc = get(h, "/WMSServer?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1").Body.String()
	assert.Contains(t, doc, `<Dimension name="elevation" units="m"></Dimension>`)
	assert.Contains(t, doc, `<Extent name="time" default="2000-01-01T00:00:00Z" multipleValues="1" nearestValue="0" current="1">`+times+"</Extent>")
	assert.Contains(t, doc, `<Extent name="elevation" default="0" multipleValues="0" nearestValue="0">-50,0</Extent>`)
}
