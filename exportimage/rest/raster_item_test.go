package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
)

// A raster by itself is what the catalogue and its file say, and its image is that of an export with a rule that locks it.
func TestRasterOfTheCatalogue(t *testing.T) {
	h := rest.NewHandler(scenes(t), nil)
	var item struct {
		Attributes map[string]any
		Geometry   struct {
			Rings            [][][2]float64
			SpatialReference struct{ LatestWKID int }
		}
	}
	require.NoError(t, json.Unmarshal(get(h, "/2?f=json").Body.Bytes(), &item))
	assert.Equal(t, "Scene_B", item.Attributes["Name"])
	assert.Equal(t, 1486339200000., item.Attributes["AcquisitionDate"])
	assert.Equal(t, [][2]float64{{0, 0}, {0, 16}, {16, 16}, {16, 0}, {0, 0}}, item.Geometry.Rings[0])
	assert.Equal(t, 3857, item.Geometry.SpatialReference.LatestWKID)

	var info struct {
		Origin              struct{ X, Y float64 }
		PixelSizeX          float64
		Width, Height       int
		BandCount           int
		PixelType           string
		Extent              struct{ XMin, YMax float64 }
		BandNames           []string
		FirstPyramidLevel   int
		HasMultidimensions  *bool
		NoDataValues        []float64
		MaximumPyramidLevel int
	}
	require.NoError(t, json.Unmarshal(get(h, "/2/INFO?f=json").Body.Bytes(), &info))
	assert.Equal(t, [2]float64{0, 16}, [2]float64{info.Origin.X, info.Origin.Y})
	assert.Equal(t, "16 16 1 1 U8", strings.TrimSpace(strings.Join([]string{num(info.Width), num(info.Height), num(info.BandCount), num(int(info.PixelSizeX)), info.PixelType}, " ")))
	assert.Equal(t, []string{"Band_1"}, info.BandNames)
	assert.NotNil(t, info.HasMultidimensions)

	image := get(h, "/2/image?f=image&format=tiff&size=16,16")
	require.Equal(t, http.StatusOK, image.Code, image.Body)
	same := get(h, "/exportImage?f=image&format=tiff&size=16,16&bbox=0,0,16,16&bboxSR=3857&imageSR=3857&mosaicRule={mosaicMethod:'esriMosaicLockRaster',lockRasterIds:[2]}")
	assert.Equal(t, same.Body.Bytes(), image.Body.Bytes())
	other := get(h, "/3/image?f=image&format=tiff&size=16,16")
	assert.NotEqual(t, other.Body.Bytes(), image.Body.Bytes())
	var described struct{ Href string }
	require.NoError(t, json.Unmarshal(get(h, "/2/image?f=json&format=tiff&size=16,16").Body.Bytes(), &described))
	assert.Equal(t, image.Body.Bytes(), get(h, described.Href).Body.Bytes(), "its link is to the same raster")

	for _, path := range []string{"/2/thumbnail", "/2/info/thumbnail"} {
		cfg, err := png.DecodeConfig(bytes.NewReader(get(h, path).Body.Bytes()))
		require.NoError(t, err)
		assert.Equal(t, [2]int{200, 133}, [2]int{cfg.Width, cfg.Height})
	}
	assert.NotEqual(t, get(h, "/1/thumbnail").Body.Bytes(), get(h, "/2/thumbnail").Body.Bytes())
	assert.JSONEq(t, `{"BandProperties":[{"BandName":"Band_1"}]}`, get(h, "/2/info/keyProperties?f=json").Body.String())
	assert.Contains(t, get(h, "/2/info/metadata").Body.String(), "<resTitle>Scene_B</resTitle>")

	page := get(h, "/2").Body.String()
	assert.Contains(t, page, `<img src="/2/thumbnail"`)
	assert.Contains(t, page, "<th scope=\"row\">AcquisitionDate</th><td>2017-02-06 00:00:00</td>")
	assert.Contains(t, get(h, "/2/info").Body.String(), "&#34;pixelType&#34;: &#34;U8&#34;")
	assert.Contains(t, get(h, "/2/image").Body.String(), "mosaicRule=")

	for target, want := range map[string]int{
		"/9?f=json": 404, "/9/info?f=json": 404, "/9/image?f=image": 404, "/9/thumbnail": 404, "/2/nothing?f=json": 404, "/-2?f=json": 404, "/+2?f=json": 404,
		"/2x?f=json": 404, "/99999999999999999999?f=json": 404, "/2/info/histograms?f=json": 404, "/2/file?f=json": 501, "/download?rasterIds=1&f=json": 501,
		"/2/image?f=image&mosaicRule={'mosaicMethod':'esriMosaicNone'}": 501, "/2/image?f=image&size=0": 400,
	} {
		w := get(h, target)
		assert.Equal(t, want, w.Code, "%s: %s", target, w.Body)
		if strings.Contains(target, "f=json") {
			assert.True(t, json.Valid(w.Body.Bytes()), target)
		}
	}
	h = rest.NewHandler(scenes(t), &rest.Options{Without: rest.Catalog})
	assert.Equal(t, http.StatusNotFound, get(h, "/2?f=json").Code)
}

func num(n int) string { return string(mustJSON(n)) }

func mustJSON(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return out
}

type closer struct {
	io.ReadSeeker
	closed *int
}

func (c closer) Close() error { *c.closed++; return nil }

// Files are those that the option lists, and no other, however a client spells them.
func TestRasterFiles(t *testing.T) {
	closed := 0
	h := rest.NewHandler(scenes(t), &rest.Options{Files: func(_ context.Context, it *mosaic.Item) ([]rest.RasterFile, error) {
		if it.ID == 3 {
			return nil, io.ErrUnexpectedEOF
		}
		open := func(context.Context) (io.ReadSeekCloser, error) {
			return closer{strings.NewReader("pixels of " + it.Name), &closed}, nil
		}
		return []rest.RasterFile{{Name: "scenes/" + it.Name + ".tif", Size: 17, Open: open}, {Name: "common.txt", Size: 1}}, nil
	}})
	assert.Contains(t, get(h, "/?f=json").Body.String(), "Catalog,Download,Mensuration")
	assert.JSONEq(t, `{"rasterFiles":[{"id":"scenes/Scene_A.tif","size":17,"rasterIds":[1]},{"id":"common.txt","size":1,"rasterIds":[1,2]},
		{"id":"scenes/Scene_B.tif","size":17,"rasterIds":[2]}]}`, get(h, "/download?rasterIds=1,2&f=json").Body.String())
	for _, target := range []string{"/file?id=scenes/Scene_A.tif&rasterId=1", "/1/file?id=scenes%2FScene_A.tif"} {
		w := get(h, target)
		assert.Equal(t, "pixels of Scene_A", w.Body.String())
		assert.Equal(t, `attachment; filename=Scene_A.tif`, w.Header().Get("Content-Disposition"))
	}
	assert.Equal(t, 2, closed)
	assert.Equal(t, "pixels", ask(h, http.MethodGet, "/1/file?id=scenes/Scene_A.tif", "Range", "bytes=0-5").Body.String())
	for target, want := range map[string]int{
		"/1/file?id=../../etc/passwd&f=json": 404, "/1/file?id=/etc/passwd&f=json": 404, "/1/file?id=scenes/Scene_B.tif&f=json": 404, "/1/file?id=&f=json": 404,
		"/1/file?id=scenes/../scenes/Scene_A.tif&f=json": 404, "/1/file?id=SCENES/SCENE_A.TIF&f=json": 404, "/1/file?id=common.txt&f=json": 404, "/9/file?id=x&f=json": 404,
		"/file?id=scenes/Scene_A.tif&f=json": 400, "/file?id=scenes/Scene_A.tif&rasterId=1,2&f=json": 400, "/download?f=json": 400,
		"/download?rasterIds=9&f=json": 404, "/download?rasterIds=1&geometry=1,1&f=json": 501, "/3/file?id=x&f=json": 500,
	} {
		w := get(h, target)
		assert.Equal(t, want, w.Code, "%s: %s", target, w.Body)
		assert.NotContains(t, w.Body.String(), "unexpected EOF")
	}
}
