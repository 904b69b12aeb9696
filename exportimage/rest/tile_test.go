package rest_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/raster/function"
)

// tiled is a service of the world with tiles on the scheme of the web.
func tiled(t testing.TB, o *rest.Options, change func(*exportimage.Service)) http.Handler {
	s, _ := demo(t, "world.tif")
	s.Name, s.Formats, s.Tiles = "world", nil, new(exportimage.WebMercatorTiles())
	if change != nil {
		change(s)
	}
	return rest.NewHandler(s, o)
}

const earth = 2 * 20037508.342787

// A tile is the image that exportImage answers with for its box, by every path, and has the same tag.
func TestTilesAreExportedImages(t *testing.T) {
	h := tiled(t, nil, nil)
	side := earth / 8
	box := fmt.Sprintf("%.9f,%.9f,%.9f,%.9f", 4*side-earth/2, earth/2-3*side, 5*side-earth/2, earth/2-2*side)
	for query, more := range map[string]string{
		"":                     "",
		"?f=image":             "",
		"?renderingRule=Slope": "&renderingRule=Slope",
		"?bandIds=2,1,0&interpolation=RSP_NearestNeighbor": "&bandIds=2,1,0&interpolation=RSP_NearestNeighbor",
		"?_ts=123&token=x": "",
	} {
		want := get(h, "/exportImage?f=image&format=png32&size=256,256&adjustAspectRatio=false&bboxSR=102100&imageSR=102100"+
			"&bbox="+url.QueryEscape(box)+more)
		require.Equal(t, http.StatusOK, want.Code, want.Body.String())
		for _, path := range []string{"/tile/3/2/4", "/xyz/3/4/2.png", "/xyz/3/4/2"} {
			got := get(h, path+query)
			require.Equal(t, http.StatusOK, got.Code, got.Body.String())
			assert.Equal(t, "image/png", got.Header().Get("Content-Type"))
			assert.Equal(t, want.Header().Get("ETag"), got.Header().Get("ETag"))
			assert.True(t, bytes.Equal(want.Body.Bytes(), got.Body.Bytes()), "%s%s", path, query)
			again := httptest.NewRequest(http.MethodGet, path+query, nil)
			again.Header.Set("If-None-Match", got.Header().Get("ETag"))
			assert.Equal(t, http.StatusNotModified, do(h, again).Code)
		}
	}
	plain := get(h, "/tile/3/2/4").Body.Bytes()
	for _, path := range []string{
		"/WMTS/tile/1.0.0/world/default/GoogleMapsCompatible/3/2/4.png",
		"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=world&STYLE=default&FORMAT=image/png" +
			"&TILEMATRIXSET=GoogleMapsCompatible&TILEMATRIX=3&TILEROW=2&TILECOL=4",
	} {
		assert.True(t, bytes.Equal(plain, get(h, path).Body.Bytes()), path)
	}
}

// What comes in paths and parameters, and the status and what the error names.
func TestTilesOutOfRange(t *testing.T) {
	h := tiled(t, nil, func(s *exportimage.Service) { s.Tiles.MaxLevel = 5 })
	for _, c := range []struct {
		target  string
		status  int
		message string
	}{
		{"/tile/6/0/0", 404, "level: 6 is not one of 0 to 5"},
		{"/tile/-1/0/0", 404, "level: -1 is not one of"},
		{"/tile/3/8/0", 404, "row: 8 is not one of 0 to 7"},
		{"/tile/3/0/8", 404, "column: 8 is not one of 0 to 7"},
		{"/tile/3/-1/0", 404, "row: -1"},
		{"/tile/3/x/0", 400, `row: "x" is not a whole number`},
		{"/tile/3/0/1.5", 400, "column: "},
		{"/tile/NaN/0/0", 400, "level: "},
		{"/tile/3/99999999999999999999/0", 400, "row: "},
		{"/tile/9223372036854775807/0/0", 404, "level: "},
		{"/tile/3/0", 404, "must end in {level}/{row}/{column}"},
		{"/tile", 404, "must end in"},
		{"/tile/3/0/0/0", 404, "must end in"},
		{"/tile/3//0", 400, "row: "},
		{"/tile/3/0/0?f=json", 400, "f: a tile is an image, and not json"},
		{"/tile/3/0/0?f=html", 400, "f: a tile is an image"},
		{"/tile/3/0/0?f=what", 400, "f: "},
		{"/tile/3/0/0?bbox=1,2,3,4", 400, "bbox: a tile has the box"},
		{"/tile/3/0/0?size=20,20", 400, "size: a tile has"},
		{"/tile/3/0/0?blankTile=perhaps", 400, "blankTile: "},
		{"/tile/3/0/0?sliceId=1", 501, "sliceId: "},
		{"/tile/3/0/0?bandIds=77", 400, "bandIds: "},
		{"/tilemap/3/0/0/1", 404, "must end in {level}/{row}/{column}/{width}/{height}"},
		{"/tilemap/9/0/0/1/1", 404, "level: 9"},
		{"/tilemap/3/0/0/0/1", 400, "width: 0"},
		{"/tilemap/3/0/0/1/-1", 400, "height: -1"},
		{"/tilemap/3/0/0/1/many", 400, "height: "},
		{"/xyz/3/8/0.png", 404, "column: 8"},
		{"/xyz/3/0/0.webp", 404, `tiles ".webp" are not served, but .png`},
		{"/xyz/3/0/0@2x.png", 400, "row: "},
		{"/xyz/3/{x}/{y}.png", 400, "column: "},
	} {
		w := get(h, c.target)
		assert.Equal(t, c.status, w.Code, c.target)
		var body struct {
			Error struct {
				Code    int
				Details []string
			}
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), "%s: %s", c.target, w.Body.String())
		assert.Equal(t, c.status, body.Error.Code)
		assert.Contains(t, strings.Join(body.Error.Details, " "), c.message, c.target)
	}
	for _, path := range []string{"/tile/0/0/0", "/tilemap/0/0/0/1/1", "/xyz/0/0/0.png", "/WMTS", "/xyz/tilejson.json"} {
		assert.Equal(t, http.StatusNotFound, get(handler(t), path).Code, "%s of a service without tiles", path)
		assert.Equal(t, http.StatusNotFound, get(tiled(t, &rest.Options{Without: rest.Tiles}, nil), path).Code, path)
	}
}

// A tile that no raster reaches is an image, or an error where blankTile or the scheme says so.
func TestBlankTiles(t *testing.T) {
	part := func(blank exportimage.BlankTiles) http.Handler {
		s, _ := service(ramp(t)) // near the middle of Web Mercator
		s.Formats, s.Tiles = nil, new(exportimage.WebMercatorTiles())
		s.Tiles.Blank = blank
		return rest.NewHandler(s, nil)
	}
	image, missing := part(0), part(exportimage.BlankNotFound)
	far := "/tile/3/0/0"
	w := get(image, far)
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "0", w.Header().Get("Export-Coverage"))
	assert.Equal(t, w.Body.Bytes(), get(missing, far+"?blankTile=true").Body.Bytes())
	for _, w := range []*httptest.ResponseRecorder{get(image, far+"?blankTile=false"), get(missing, far)} {
		assert.Equal(t, http.StatusNotFound, w.Code)
		assert.Contains(t, w.Body.String(), "no raster reaches the tile in row 0 and column 0 of level 3")
	}
	assert.Equal(t, http.StatusOK, get(missing, "/tile/3/3/4").Code)
	assert.Equal(t, http.StatusOK, get(image, "/tile/3/3/4?blankTile=false").Code)
}

func TestTileMapAnswers(t *testing.T) {
	s, _ := service(ramp(t)) // 512 by 512 metres right of and above the middle
	s.Formats, s.Tiles = nil, new(exportimage.WebMercatorTiles())
	h := rest.NewHandler(s, nil)
	const want = `{"adjusted":false,"location":{"left":3,"top":2,"width":3,"height":3},
		"data":[0,0,0,0,1,0,0,0,0],"valid":true}`
	for _, path := range []string{"/tilemap/3/2/3/3/3", "/tilemap/3/2/3/3/3?f=json", "/TileMap/3/2/3/3/3/?f=image"} {
		w := get(h, path)
		require.Equal(t, http.StatusOK, w.Code, path)
		assert.JSONEq(t, want, w.Body.String(), path)
	}
	assert.Contains(t, get(h, "/tilemap/3/2/3/3/3?f=html").Body.String(), "...\n.#.\n...")
	assert.Equal(t, `x({"adjusted"`, get(h, "/tilemap/3/2/3/3/3?f=json&callback=x").Body.String()[:13])
	var all struct {
		Adjusted bool
		Location struct{ Left, Top, Width, Height int }
		Data     []int
	}
	require.NoError(t, json.Unmarshal(get(h, "/tilemap/20/0/0/1000/3").Body.Bytes(), &all))
	assert.True(t, all.Adjusted)
	assert.Equal(t, exportimage.MaxTileMap, all.Location.Width)
	assert.Len(t, all.Data, 3*exportimage.MaxTileMap)
}

// A service is described as tiled only if it has tiles.
func TestDescriptionOfTiles(t *testing.T) {
	describe := func(h http.Handler) (d map[string]any) {
		require.NoError(t, json.Unmarshal(get(h, "/?f=json").Body.Bytes(), &d))
		return d
	}
	for name, h := range map[string]http.Handler{
		"no tiles": handler(t), "not served": tiled(t, &rest.Options{Without: rest.Tiles}, nil),
	} {
		d := describe(h)
		assert.NotContains(t, d["capabilities"], "Tilemap", name)
		assert.Equal(t, false, d["singleFusedMapCache"], name)
		for _, member := range []string{"tileInfo", "cacheType", "minLOD", "maxLOD"} {
			assert.NotContains(t, d, member, name)
		}
	}
	d := describe(tiled(t, nil, func(s *exportimage.Service) {
		s.Tiles.MinLevel, s.Tiles.MaxLevel, s.Tiles.Request.Format = 2, 9, "jpg"
	}))
	assert.Contains(t, d["capabilities"], "Tilemap")
	assert.Equal(t, true, d["singleFusedMapCache"])
	assert.Equal(t, "Map", d["cacheType"])
	assert.Equal(t, []any{2.0, 9.0}, []any{d["minLOD"], d["maxLOD"]})
	info := d["tileInfo"].(map[string]any)
	assert.Equal(t, []any{256.0, 256.0, 96.0, "JPEG", 75.0},
		[]any{info["rows"], info["cols"], info["dpi"], info["format"], info["compressionQuality"]})
	lods := info["lods"].([]any)
	require.Len(t, lods, 10)
	assert.Equal(t, lods[2].(map[string]any)["scale"], d["minScale"])
	assert.Equal(t, lods[9].(map[string]any)["scale"], d["maxScale"])
	assert.Equal(t, 3.0, lods[3].(map[string]any)["level"])
	assert.Equal(t, d["spatialReference"], info["spatialReference"], "programs take the two for one")

	heights := describe(tiled(t, nil, func(s *exportimage.Service) { s.Tiles = new(s.Tiles.ElevationTiles()) }))
	assert.Equal(t, "Elevation", heights["cacheType"])
	assert.Equal(t, "LERC", heights["tileInfo"].(map[string]any)["format"])
	assert.InDelta(t, -earth/2, heights["extent"].(map[string]any)["xmin"], 1e-6)
	assert.InDelta(t, earth/2, heights["extent"].(map[string]any)["ymax"], 1e-6)
	assert.Contains(t, get(tiled(t, nil, nil), "/?f=json&pretty=true").Body.String(), "\n    \"rows\": 256,\n")
}

func TestTileJSON(t *testing.T) {
	h := tiled(t, &rest.Options{BaseURL: "https://maps.example/world"}, func(s *exportimage.Service) {
		s.Tiles.MaxLevel, s.Copyright = 7, "NASA"
	})
	var j map[string]any
	require.NoError(t, json.Unmarshal(get(h, "/xyz/tilejson.json").Body.Bytes(), &j))
	assert.Equal(t, map[string]any{
		"tilejson": "3.0.0", "name": "world", "attribution": "NASA", "scheme": "xyz", "minzoom": 0.0, "maxzoom": 7.0,
		"tiles": []any{"https://maps.example/world/xyz/{z}/{x}/{y}.png"}, "tileSize": 256.0,
		"bounds": []any{-180.0, -85.05112877980659, 180.0, 85.05112877980659},
	}, j)
	own := tiled(t, nil, func(s *exportimage.Service) { s.Tiles = &exportimage.TileScheme{} })
	assert.Equal(t, http.StatusNotImplemented, get(own, "/xyz/tilejson.json").Code)
	heights := tiled(t, nil, func(s *exportimage.Service) { s.Tiles = new(s.Tiles.ElevationTiles()) })
	assert.Contains(t, get(heights, "/xyz/tilejson.json").Body.String(), "tiles are heights")
}

// An extension chooses a format that the service has.
func TestExtensionsChooseFormats(t *testing.T) {
	h := tiled(t, nil, nil)
	for ext, media := range map[string]string{
		"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "PNG": "image/png",
	} {
		w := get(h, "/xyz/1/0/0."+ext)
		assert.Equal(t, media, w.Header().Get("Content-Type"), ext)
		_, _, err := image.DecodeConfig(w.Body)
		require.NoError(t, err, ext)
	}
}

func TestWMTSCapabilities(t *testing.T) {
	type document struct {
		Layer struct {
			Name     string `xml:"Identifier"`
			Format   string
			Styles   []string `xml:"Style>Identifier"`
			Set      string   `xml:"TileMatrixSetLink>TileMatrixSet"`
			Resource struct {
				Template string `xml:"template,attr"`
			} `xml:"ResourceURL"`
		} `xml:"Contents>Layer"`
		Set struct {
			CRS      string `xml:"SupportedCRS"`
			Matrices []struct {
				Name   string  `xml:"Identifier"`
				Scale  float64 `xml:"ScaleDenominator"`
				Corner string  `xml:"TopLeftCorner"`
				Cols   int     `xml:"MatrixWidth"`
				Rows   int     `xml:"MatrixHeight"`
			} `xml:"TileMatrix"`
		} `xml:"Contents>TileMatrixSet"`
	}
	read := func(h http.Handler, target string) (d document) {
		w := get(h, target)
		require.Equal(t, http.StatusOK, w.Code, w.Body.String())
		require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &d))
		return d
	}
	h := tiled(t, &rest.Options{BaseURL: "https://maps.example/w"}, func(s *exportimage.Service) {
		s.Functions = []function.Template{{Name: "Steep", Function: &function.Slope{}}}
		s.Name = "a b"
	})
	d := read(h, "/WMTS/1.0.0/WMTSCapabilities.xml")
	assert.Equal(t, d, read(h, "/wmts?service=wmts&request=GetCapabilities&AcceptVersions=2.0.0,1.0.0"))
	assert.Equal(t, "a b", d.Layer.Name)
	assert.Equal(t, []string{"default", "Steep"}, d.Layer.Styles)
	assert.Equal(t, "https://maps.example/w/WMTS/tile/1.0.0/a%20b/{Style}/{TileMatrixSet}/{TileMatrix}/"+
		"{TileRow}/{TileCol}.png", d.Layer.Resource.Template)
	assert.Equal(t, "urn:ogc:def:crs:EPSG::3857", d.Set.CRS)
	// Annex E.4 of OGC 07-057r7: the scale set GoogleMapsCompatible.
	require.Len(t, d.Set.Matrices, 24)
	assert.InDelta(t, 559082264.0287178, d.Set.Matrices[0].Scale, 1e-3)
	assert.InDelta(t, 2132.729583849784, d.Set.Matrices[18].Scale, 1e-7)
	assert.Equal(t, 1<<18, d.Set.Matrices[18].Cols)
	assert.Equal(t, "-20037508.342787 20037508.342787", d.Set.Matrices[0].Corner)

	degrees := tiled(t, nil, func(s *exportimage.Service) { s.Tiles = new(exportimage.GeographicTiles()) })
	d = read(degrees, "/WMTS/1.0.0/WMTSCapabilities.xml")
	assert.Equal(t, "90 -180", d.Set.Matrices[0].Corner, "the authority lists the latitude first")
	assert.Equal(t, "EPSG:4326", d.Layer.Set)
	// Annex E.2 of OGC 07-057r7: GlobalCRS84Pixel has 0.703125 degrees at 2.795411320143589e8.
	assert.InDelta(t, 2.795411320143589e8, d.Set.Matrices[0].Scale, 1)
	assert.Equal(t, [2]int{2, 1}, [2]int{d.Set.Matrices[0].Cols, d.Set.Matrices[0].Rows})
	styled := get(h, "/WMTS/tile/1.0.0/a%20b/Steep/GoogleMapsCompatible/2/1/1.png")
	assert.Equal(t, get(h, "/tile/2/1/1?renderingRule=Steep").Body.Bytes(), styled.Body.Bytes())
}

func TestWMTSErrors(t *testing.T) {
	h := tiled(t, nil, func(s *exportimage.Service) { s.Tiles.MaxLevel = 5 })
	const tile = "/WMTS?service=WMTS&request=GetTile&version=1.0.0&layer=world&style=default" +
		"&tilematrixset=GoogleMapsCompatible"
	for _, c := range []struct {
		target                 string
		status                 int
		code, locator, message string
	}{
		{"/WMTS", 400, "MissingParameterValue", "request", "missing"},
		{"/WMTS?service=WMS&request=GetCapabilities", 400, "InvalidParameterValue", "service", "WMS"},
		{"/WMTS?request=GetCapabilities&acceptversions=2.0.0", 400, "VersionNegotiationFailed", "AcceptVersions", "1.0.0"},
		{"/WMTS?request=GetFeatureInfo", 501, "OperationNotSupported", "request", "GetFeatureInfo"},
		{"/WMTS?request=GetTile", 400, "MissingParameterValue", "layer", "world"},
		{"/WMTS?request=GetTile&layer=moon", 400, "InvalidParameterValue", "layer", "moon"},
		{tile + "&tilerow=1&tilecol=1", 400, "MissingParameterValue", "tilematrix", "missing"},
		{tile + "&tilematrix=1&tilerow=x&tilecol=1", 400, "InvalidParameterValue", "tilerow", "x"},
		{tile + "&tilematrix=1&tilerow=2&tilecol=1", 400, "TileOutOfRange", "tilerow", "2 is not one of 0 to 1"},
		{tile + "&tilematrix=1&tilerow=1&tilecol=-2", 400, "TileOutOfRange", "tilecol", "-2"},
		{tile + "&tilematrix=9&tilerow=1&tilecol=1", 400, "InvalidParameterValue", "tilematrix", "9 is not one of 0 to 5"},
		{tile + "&tilematrix=1&tilerow=1&tilecol=1&format=image/gif", 400, "InvalidParameterValue", "format", "image/gif"},
		{strings.Replace(tile, "default", "fancy", 1) + "&tilematrix=1&tilerow=1&tilecol=1",
			400, "InvalidParameterValue", "style", "fancy"},
		{strings.Replace(tile, "1.0.0", "1.1.0", 1) + "&tilematrix=1&tilerow=1&tilecol=1",
			400, "InvalidParameterValue", "version", "1.1.0"},
		{"/WMTS/tile/1.0.0/world/default/GoogleMapsCompatible/1/1/1.tif", 404, "InvalidParameterValue", "format", ".tif"},
		{"/WMTS/tile/1.0.0/world/default/GoogleMapsCompatible/1/1", 404, "NoApplicableCode", "", "is not served"},
		{"/WMTS/2.0.0/WMTSCapabilities.xml", 404, "NoApplicableCode", "", "is not served"},
	} {
		w := get(h, c.target)
		assert.Equal(t, c.status, w.Code, c.target)
		var report struct {
			Exception struct {
				Code    string `xml:"exceptionCode,attr"`
				Locator string `xml:"locator,attr"`
				Text    string `xml:"ExceptionText"`
			}
		}
		require.NoError(t, xml.Unmarshal(w.Body.Bytes(), &report), "%s: %s", c.target, w.Body.String())
		assert.Equal(t, c.code, report.Exception.Code, c.target)
		assert.Equal(t, c.locator, report.Exception.Locator, c.target)
		assert.Contains(t, report.Exception.Text, c.message, c.target)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	}
}

// A service's page links its tiles.
func TestPageLinksTiles(t *testing.T) {
	page := get(tiled(t, nil, nil), "/world/ImageServer/?f=html").Body.String()
	for _, path := range []string{"/tile/0/0/0", "/xyz/tilejson.json", "/WMTS/1.0.0/WMTSCapabilities.xml"} {
		assert.Contains(t, page, `"/world/ImageServer`+path+`"`)
	}
	assert.NotContains(t, get(handler(t), "/world/ImageServer/?f=html").Body.String(), "WMTS")
}
