package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// The requests of QGIS's layers of ArcGIS REST servers (3.30), and what it reads of the answers: it takes a service whose
// serviceDataType begins so for an image service, maps with layers=show:, a legend, and of identify the results of map
// services alone.
func TestRequestsOfQGIS(t *testing.T) {
	s := scenes(t)
	s.Name, s.Formats = "scenes", nil
	h := rest.NewHandler(s, nil)

	var info struct {
		ServiceDataType, Name         string
		MaxImageWidth, MaxImageHeight int
		SingleFusedMapCache           bool
		Extent                        struct {
			XMin, YMin, XMax, YMax float64
			SpatialReference       struct{ WKID, LatestWKID int }
		}
	}
	require.NoError(t, json.Unmarshal(get(h, "/?f=json").Body.Bytes(), &info))
	assert.True(t, strings.HasPrefix(info.ServiceDataType, "esriImageService"))
	assert.Equal(t, "scenes", info.Name)
	assert.False(t, info.SingleFusedMapCache)
	assert.GreaterOrEqual(t, min(info.MaxImageWidth, info.MaxImageHeight), 1000, "QGIS divides larger maps")
	assert.Equal(t, [4]float64{0, 0, 16, 16}, [4]float64{info.Extent.XMin, info.Extent.YMin, info.Extent.XMax, info.Extent.YMax})
	assert.Equal(t, 3857, info.Extent.SpatialReference.LatestWKID)

	w := get(h, "/exportImage?bbox=0,0,16,16&size=32,32&format=PNG32&layers=show:&transparent=true&f=image")
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	img, err := png.Decode(w.Body)
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{10, 10, 10, 255}, color.NRGBAModel.Convert(img.At(16, 16)))

	var legend struct {
		Layers []struct {
			LayerID   any
			LayerName string
			Legend    []struct {
				Label     string
				ImageData []byte
			}
		}
	}
	require.NoError(t, json.Unmarshal(get(h, "/legend?f=json").Body.Bytes(), &legend))
	require.Len(t, legend.Layers, 1)
	require.NotEmpty(t, legend.Layers[0].Legend)
	for _, e := range legend.Layers[0].Legend {
		_, err := png.DecodeConfig(bytes.NewReader(e.ImageData))
		assert.NoError(t, err)
	}

	for _, c := range []struct {
		x, y float64
		want string
	}{{8, 8, "10"}, {0.5, 15.5, "10"}, {99, 8, "NoData"}} {
		q := fmt.Sprintf("/identify?f=json&geometryType=esriGeometryPoint&geometry=%s&layers=all:&imageDisplay=600,400,96&mapExtent=%f,%f,%f,%f&tolerance=10",
			url.QueryEscape(fmt.Sprintf("{x: %f, y: %f}", c.x, c.y)), -2., -2., 25., 16.)
		w := get(h, q)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		var found struct {
			Results []struct {
				Attributes                                map[string]string
				LayerName, DisplayFieldName, GeometryType string
				Geometry                                  struct{ X, Y float64 }
			}
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &found))
		require.Len(t, found.Results, 1, w.Body)
		one := found.Results[0]
		assert.Equal(t, map[string]string{"Pixel Value": c.want}, one.Attributes)
		assert.Equal(t, "scenes", one.LayerName)
		assert.Equal(t, c.want, one.Attributes[one.DisplayFieldName])
		assert.Equal(t, "esriGeometryPoint", one.GeometryType)
		assert.Equal(t, [2]float64{c.x, c.y}, [2]float64{one.Geometry.X, one.Geometry.Y})
	}
	assert.NotContains(t, get(h, "/identify?f=json&geometry=8,8").Body.String(), "results", "which only clients of map services read")
}
