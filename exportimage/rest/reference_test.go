package rest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

type described struct {
	Extent struct {
		XMin, YMin, XMax, YMax float64
		SR                     map[string]any `json:"spatialReference"`
	}
}

func extentJSON(t testing.TB, h http.Handler, sr string) described {
	t.Helper()
	return decode[described](t, h, "/exportImage?f=json&bbox=-10,-10,10,10&bboxSR=4326&size=40,40&imageSR="+url.QueryEscape(sr))
}

// T33: the four numbers of Web Mercator are one reference.
func TestT33NumbersOfWebMercator(t *testing.T) {
	h := handler(t)
	want := get(h, "/exportImage?f=image&bbox=-10,-10,10,10&bboxSR=4326&size=40,40&imageSR=3857")
	for sr, wkid := range map[string]float64{
		"3857": 3857, "102100": 102100, "102113": 102113, "900913": 900913,
		`{"wkid":102100,"latestWkid":3857}`: 102100, "EPSG:3857": 3857,
	} {
		got := get(h, "/exportImage?f=image&bbox=-10,-10,10,10&bboxSR=4326&size=40,40&imageSR="+url.QueryEscape(sr))
		require.Equal(t, http.StatusOK, got.Code, sr)
		assert.Equal(t, want.Body.Bytes(), got.Body.Bytes(), sr)
		d := extentJSON(t, h, sr)
		assert.Equal(t, map[string]any{"wkid": wkid, "latestWkid": 3857.0}, d.Extent.SR, sr)
		// The box may be in any of them, too.
		back := get(h, "/exportImage?f=image&size=40,40&imageSR=3857&bbox=-1113194.9079327357,-1118889.9748579594,1113194.9079327357,1118889.9748579597&bboxSR="+url.QueryEscape(sr))
		assert.Equal(t, want.Body.Bytes(), back.Body.Bytes(), sr)
	}
}

// shifted is how the ArcGIS Maps SDK for JavaScript writes Web Mercator across the antimeridian.
const shifted = `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],` +
	`PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],` +
	`PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",180.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`

// T34: the ways in which references are written. One that has no number is identified by its text.
func TestT34WaysToStateAReference(t *testing.T) {
	h := handler(t)
	lonLat := map[string]any{"wkid": 4326.0, "latestWkid": 4326.0}
	for _, sr := range []string{"4326", " 4326 ", `{"wkid":4326}`, `{"wkid":4326,"vcsWkid":5703}`, "EPSG:4326", ""} {
		assert.Equal(t, lonLat, extentJSON(t, h, sr).Extent.SR, sr)
	}
	object, err := json.Marshal(map[string]string{"wkt": shifted})
	require.NoError(t, err)
	for _, sr := range []string{shifted, string(object)} {
		got := decode[described](t, h, "/exportImage?f=json&size=40,40&bbox=-1e6,-1e6,1e6,1e6&bboxSR="+url.QueryEscape(sr)+"&imageSR="+url.QueryEscape(sr))
		assert.Equal(t, -1e6, got.Extent.XMin)
		require.Len(t, got.Extent.SR, 1)
		text, ok := got.Extent.SR["wkt"].(string)
		require.True(t, ok)
		assert.Contains(t, text, `PROJECTION["Mercator_Auxiliary_Sphere"]`)
		// The reference in the answer can be sent back.
		again := decode[described](t, h, "/exportImage?f=json&size=40,40&bbox=-1e6,-1e6,1e6,1e6&bboxSR="+url.QueryEscape(text)+"&imageSR="+url.QueryEscape(text))
		assert.Equal(t, got, again)
		// The image is that of the same place in the usual reference: around 180°.
		want := get(h, "/exportImage?f=image&size=40,40&imageSR=3857&bboxSR=3857&bbox=19037508.342789244,-1e6,21037508.342789244,1e6")
		pic := get(h, "/exportImage?f=image&size=40,40&bbox=-1e6,-1e6,1e6,1e6&bboxSR="+url.QueryEscape(sr)+"&imageSR="+url.QueryEscape(sr))
		assert.Equal(t, want.Body.Bytes(), pic.Body.Bytes())
	}
	for _, name := range []string{"imageSR", "bboxSR"} {
		for sr, detail := range map[string]string{
			"999999": "999999", `{"wkid":999999}`: "999999", `{"wkt":""}`: "spatial reference", "{}": "spatial reference", "0:12": "0:12",
			`{"icsid":3}`: "spatial reference",
		} {
			w := get(h, "/exportImage?f=image&"+name+"="+url.QueryEscape(sr))
			assert.Equal(t, http.StatusBadRequest, w.Code, sr)
			assert.Contains(t, w.Body.String(), "'"+name+"' parameter is invalid.", sr)
			assert.Contains(t, w.Body.String(), detail, sr)
		}
	}
	s, _ := service(world(t))
	s.CRS, s.Formats = crs(t, 3857), nil
	assert.Equal(t, map[string]any{"wkid": 3857.0, "latestWkid": 3857.0}, extentJSON(t, rest.NewHandler(s, nil), "").Extent.SR)
}
