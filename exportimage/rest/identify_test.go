package rest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
)

type identified struct {
	Name, Value string
	Location    struct {
		X, Y             float64
		SpatialReference struct{ WKID int }
	}
	Properties   *struct{ Values []string }
	CatalogItems *struct {
		Features []struct {
			Geometry   *struct{ Rings [][][2]float64 }
			Attributes map[string]any
		}
	}
	CatalogItemVisibilities []int
	ProcessedValues         []string
}

// answer decodes an answer in JSON, by GET and by POST, which must agree.
func answer[T any](t *testing.T, h http.Handler, path string, q url.Values) (v T) {
	t.Helper()
	w := get(h, path+"?"+q.Encode())
	require.Equal(t, http.StatusOK, w.Code, "%s: %s", q, w.Body)
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &v), w.Body.String())
	assert.JSONEq(t, w.Body.String(), post(h, path, "application/x-www-form-urlencoded", q.Encode()).Body.String())
	return v
}

// identify as clients ask it, in the spellings that exportImage takes too.
func TestIdentify(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	for name, q := range map[string]url.Values{
		"esri-leaflet": {"geometry": {`{"x":8,"y":8,"spatialReference":{"wkid":3857}}`}, "geometryType": {"esriGeometryPoint"},
			"returnGeometry": {"false"}, "returnCatalogItems": {"true"}, "f": {"json"}},
		"short":  {"geometry": {"8,8"}, "geometryType": {"+point"}, "f": {"json"}},
		"python": {"geometry": {`{'x': 8.0, 'y': '8', 'spatialReference': {'wkid': 102100, 'latestWkid': 3857}}`}, "pixelSize": {`{'x': 1, 'y': 1}`}, "f": {"json"}},
	} {
		got := answer[identified](t, h, "/identify", q)
		assert.Equal(t, "Pixel 10", got.Name+" "+got.Value, name)
		assert.Equal(t, 8., got.Location.X)
		require.NotNil(t, got.CatalogItems, name)
		assert.Equal(t, []string{"10", "20", "30"}, got.Properties.Values)
		assert.Equal(t, []int{1, 0, 0}, got.CatalogItemVisibilities)
		assert.Equal(t, map[string]any{"OBJECTID": 1., "Name": "Scene_A", "MinPS": 0., "MaxPS": 0., "Year": 2020., "AcquisitionDate": 1484438400000.,
			"CloudCover": 0.05, "Category": 1., "Best": 3., "Tag": "Dataset"}, got.CatalogItems.Features[0].Attributes)
		assert.Nil(t, got.CatalogItems.Features[0].Geometry)
	}
	q := url.Values{"geometry": {"8,8"}, "f": {"json"}, "returnGeometry": {"true"}, "maxItemCount": {"1"}, "returnPixelValues": {"false"},
		"mosaicRule": {`{mosaicMethod:'esriMosaicAttribute',sortField:'Year',sortValue:'3000'}`}, "renderingRules": {`[{"rasterFunction":"None"}]`}}
	got := answer[identified](t, h, "/identify", q)
	assert.Equal(t, "30", got.Value)
	require.Len(t, got.CatalogItems.Features, 1)
	assert.Equal(t, [][][2]float64{{{0, 0}, {0, 16}, {16, 16}, {16, 0}, {0, 0}}}, got.CatalogItems.Features[0].Geometry.Rings)
	assert.Equal(t, []string{"30"}, got.ProcessedValues)
	assert.Nil(t, got.Properties)

	got = answer[identified](t, h, "/identify", url.Values{"geometry": {"99,8"}, "f": {"json"}})
	assert.Equal(t, "NoData", got.Value)
	one, _ := service(world(t))
	got = answer[identified](t, rest.NewHandler(one, nil), "/IDENTIFY", url.Values{"geometry": {"-179.5,3"}, "f": {"json"}})
	assert.Equal(t, "0", got.Value)
	assert.Nil(t, got.CatalogItems, "of one raster there is no catalogue")
}

type sampled struct {
	Samples []struct {
		Location   struct{ X, Y float64 }
		LocationID int
		Value      string
		RasterID   *int64
		Resolution *float64
		Attributes map[string]any
	}
}

// Items have their ID under the name that the answer states, also where the catalogue has a field of that name in another case.
func TestIdentifiedItemsHaveIDs(t *testing.T) {
	s := scenes(t)
	for i, it := range s.Catalog.(mosaic.Slice) {
		it.Attrs["objectid"] = int64(i + 1)
	}
	got := answer[identified](t, rest.NewHandler(s, nil), "/identify", url.Values{"geometry": {"8,8"}, "f": {"json"}})
	require.Len(t, got.CatalogItems.Features, 3)
	for _, f := range got.CatalogItems.Features {
		assert.Contains(t, []any{1.0, 2.0, 3.0}, f.Attributes["OBJECTID"])
		assert.NotContains(t, f.Attributes, "objectid")
	}
}

func TestGetSamples(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	q := url.Values{"geometry": {`{"points":[[1,1],[8,8],[99,9]],"spatialReference":{"wkid":3857}}`}, "geometryType": {"esriGeometryMultipoint"},
		"returnFirstValueOnly": {"false"}, "outFields": {"year,AcquisitionDate"}, "f": {"json"}}
	got := answer[sampled](t, h, "/getSamples", q)
	require.Len(t, got.Samples, 7, "three rasters at two places, and none at the third")
	assert.Equal(t, "20", got.Samples[4].Value)
	assert.Equal(t, 1, got.Samples[4].LocationID)
	assert.EqualValues(t, 2, *got.Samples[4].RasterID)
	assert.Equal(t, 1., *got.Samples[4].Resolution)
	assert.Equal(t, map[string]any{"Year": 2021., "AcquisitionDate": 1486339200000.}, got.Samples[4].Attributes)
	assert.Equal(t, "NoData", got.Samples[6].Value)
	assert.Nil(t, got.Samples[6].RasterID)

	got = answer[sampled](t, h, "/getSamples", url.Values{"geometry": {`{"paths":[[[1,1],[9,1]]]}`}, "sampleCount": {"5"}, "f": {"json"},
		"time": {"2017-08-20"}, "interpolation": {"RSP_Bilinear"}})
	require.Len(t, got.Samples, 5)
	assert.Equal(t, 3., got.Samples[1].Location.X)
	assert.Equal(t, "30", got.Samples[1].Value)
}

// Both say by name what is wrong, as exportImage does, and can be left out.
func TestPlacesThatAreNotServed(t *testing.T) {
	s := scenes(t)
	h := rest.NewHandler(s, nil)
	for target, want := range map[string]string{
		"/identify":              "geometry: it is missing",
		"/identify?geometry=1,x": "'geometry' parameter is invalid.",
		"/identify?geometry=1,2&geometryType=esriGeometryPolygon":                "it is of type esriGeometryPoint, and geometryType is esriGeometryPolygon",
		"/identify?geometry=1,2&mosaicRule={%22where%22:%22a=1%22}":              "there is no field",
		"/identify?geometry=1,2&sliceId=3":                                       "slices are not supported",
		"/identify?geometry=1,2&processAsMultidimensional=true":                  "slices are not supported",
		"/identify?geometry=1,2&pixelSize=0,1":                                   "pixelSize",
		"/getSamples":                                                            "geometry: it is missing",
		"/getSamples?geometry=1,2&sampleCount=5000":                              "sampleCount: 5000 is not from 1 to 1000",
		"/getSamples?geometry=1,2&sampleDistance=-1":                             "sampleDistance: -1 is no distance",
		"/getSamples?geometry=1,2&outFields=nothing":                             "outFields: no raster there has a field",
		"/getSamples?geometry={%22paths%22:[[[0,0],[9,0]]]}&sampleDistance=1e-9": "more than 1000 samples",
	} {
		w := get(h, target+map[bool]string{true: "&f=json", false: "?f=json"}[strings.Contains(target, "?")])
		assert.GreaterOrEqual(t, w.Code, 400, target)
		assert.Contains(t, w.Body.String(), want, target)
		assert.True(t, json.Valid(w.Body.Bytes()), target)
		assert.Less(t, w.Body.Len(), 750)
	}
	h = rest.NewHandler(s, &rest.Options{Without: rest.Places})
	for _, target := range []string{"/identify?geometry=1,2", "/getSamples?geometry=1,2"} {
		assert.Equal(t, http.StatusNotFound, get(h, target).Code)
	}
	var e *exportimage.Error
	_, err := s.Identify(t.Context(), exportimage.IdentifyRequest{})
	require.ErrorAs(t, err, &e)
	assert.True(t, strings.HasPrefix(e.Error(), "geometry: "))
}
