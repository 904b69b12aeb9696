package params_test

import (
	"context"
	"fmt"
	"image"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/resample"
	"github.com/geoexport/geoexport/srs"
)

func TestParametersAreRead(t *testing.T) {
	wgs84, mercator, esri := crs(t, 4326), crs(t, 3857), crs(t, 102100)
	box := srs.Envelope{XMin: 1, YMin: 2, XMax: 3, YMax: 4}
	for _, c := range []struct {
		query string
		want  exportimage.Request
	}{
		{"", exportimage.Request{}},
		{"bbox=1,2,3,4", exportimage.Request{BBox: box}},
		{"BBOX=+1.0,%202%20,3e0,.4E1", exportimage.Request{BBox: box}},
		{`bbox={"xmin":1,"YMIN":2,"xmax":3,"ymax":4,"spatialReference":{"wkid":4326}}`,
			exportimage.Request{BBox: box, BBoxSR: wgs84}},
		{`bbox={"xmin":1,"ymin":2,"xmax":3,"ymax":4,"spatialReference":{"wkid":4326}}&bboxSR=3857`,
			exportimage.Request{BBox: box, BBoxSR: mercator}},
		{`imageSR={"wkid":102100,"latestWkid":3857}`, exportimage.Request{ImageSR: esri}},
		{"imageSR=EPSG:3857&imageSR=+EPSG:3857", exportimage.Request{ImageSR: mercator}},
		{"size=512", exportimage.Request{Size: image.Pt(512, 512)}},
		{"size=400,+300", exportimage.Request{Size: image.Pt(400, 300)}},
		{"size=512+384", exportimage.Request{Size: image.Pt(512, 384)}},
		{"size=2048,1976.04", exportimage.Request{Size: image.Pt(2048, 1976)}},
		{"size=1e3,1e3", exportimage.Request{Size: image.Pt(1000, 1000)}},
		{"size=&bboxSR=&time=&noData=&format", exportimage.Request{}},
		{"format=PNG32", exportimage.Request{Format: "png32"}},
		{"format=jpeg", exportimage.Request{Format: "jpg"}},
		{"format=None", exportimage.Request{}},
		{"compressionQuality=0", exportimage.Request{CompressionQuality: new(0)}},
		{"pixelType=f32", exportimage.Request{PixelType: raster.F32}},
		{"pixelType=UNKNOWN", exportimage.Request{}},
		{"noData=0.000000,+0.000000,+0.000000&noDataInterpretation=esriNoDataMatchAny",
			exportimage.Request{NoData: []float64{0, 0, 0}, NoDataMatch: exportimage.MatchAny}},
		{"interpolation=+RSP_BilinearInterpolation", exportimage.Request{Interpolation: resample.Bilinear}},
		{"interpolation=rsp_majority", exportimage.Request{Interpolation: resample.Majority}},
		{"bandIds=2,1,0", exportimage.Request{BandIDs: []int{2, 1, 0}}},
		{"adjustAspectRatio=False", exportimage.Request{Aspect: exportimage.ExactBox}},
		{"validateExtent=true", exportimage.Request{ValidateExtent: true}},
		{"time=null,null", exportimage.Request{}},
		{"transparent=true&dpi=90&_ts=1&f=image&token=x&callback=y",
			exportimage.Request{Unknown: []string{"_ts", "dpi", "transparent"}}},
		{`renderingRule={"rasterFunction":"none"}`, exportimage.Request{Function: function.Named("none")}},
		{`renderingRule={"rasterFunction":"Hillshade","rasterFunctionArguments":{}}`,
			exportimage.Request{Function: function.Named("Hillshade")}},
		{`mosaicRule={"ascending":true,"mosaicMethod":"esriMosaicNone","mosaicOperation":"MT_FIRST","sortValue":null}`,
			exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.None, Operation: mosaic.First}}},
		{`mosaicRule={"mosaicMethod":"esriMosaicAttribute","sortField":"Month","sortValue":6,"ascending":false}`,
			exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: 6.0, Descending: true}}},
		// The examples of the operation's documentation.
		{"mosaicProperties=" + url.QueryEscape(
			"<MosaicMethod>ByAttribute</MosaicMethod> <TileOrderField>Month</TileOrderField> <TileOrderBase>6</TileOrderBase>"),
			exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: 6.0}}},
		{"viewpointProperties=" + url.QueryEscape(
			"<ViewPointDefShiftX>0</ViewPointDefShiftX> <ViewPointDefShiftY>0</ViewPointDefShiftY> "+
				"<ViewPointX>4489898.428</ViewPointX> <ViewPointY>5478905.02941413</ViewPointY>"),
			exportimage.Request{MosaicRule: mosaic.Rule{Viewpoint: &mosaic.Point{X: 4489898.428, Y: 5478905.02941413}}}},
		// Both dialects in one request: the later one wins.
		{"mosaicProperties=" + url.QueryEscape("<MosaicMethod>Center</MosaicMethod>") + `&mosaicRule={"mosaicMethod":"esriMosaicNone"}`,
			exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.None}}},
	} {
		assert.Equal(t, c.want, parse(t, c.query), c.query)
	}
}

// T88, T89 and what the parameters of the operation have besides: values without a meaning are refused, by an error of
// kind Invalid that names the parameter.
func TestT88T89ValuesWithoutMeaning(t *testing.T) {
	s, _ := service(world(t))
	for param, values := range map[string][]string{
		"bbox": {
			"NaN,0,1,1", "0,0,inf,1", "0,0,-Infinity,1", "0,0,1e309,1", "0x1p3,0,9,1", "1_000,0,2000,1", "1,5,2,5,3,5,4,5",
			"1,2,3,4,5", "1,2,3", "1,2,3,", ",,,", "1;2;3;4", "one,two,three,four", "0,0,0,0", "1,1,1,2", "1,1,2,1", "{", "{}",
			`{"xmin":"1e","ymin":2,"xmax":3,"ymax":4}`, `{"xmin":"","ymin":2,"xmax":3,"ymax":4}`, `{"xmin":1,"ymin":2,"xmax":3}`, `{"xmin":1,"ymin":2,"xmax":3,"ymax":4}{}`,
			`{"xmin":1,"XMIN":2,"ymin":2,"xmax":3,"ymax":4}`, `[1,2,3,4]`, "-1e308,-1e308,1e308,1e308", "0,0,1,1e300",
			strings.Repeat("1,", 40000),
		},
		"bboxSR":               {"abc", "4326.5", "-1", "1e3", "0x10", "999999999999999999999", "{", `{"wkid":"x"}`},
		"imageSR":              {"abc", "EPSG:", "{}", "999999", "5773", "4978", "0:15", `{"wkid":999999}`, strings.Repeat("[", 1000)},
		"size":                 {"0,0", "-1,5", "5,-1", "100000,100000", "1,2,3", "a", "1,", "NaN,1", "0x10,5", "1e99,1", "0.4,5", "2147483648,1"},
		"format":               {"webp9", "png9", "../png", "<script>"},
		"compressionQuality":   {"-1", "101", "75.5", "high", "1e3", "1e-1", "99999999999999999999"},
		"pixelType":            {"U9", "float", "S64", "int", "U", "8", "complex"},
		"noData":               {"abc", "1,,2", "0x0", "nan,1", "inf", "3.4e  38", "1e 3 4", "1,2", strings.Repeat("1,", 2000)},
		"noDataInterpretation": {"some", "esriNoDataMatchSome", "esriNoData", "esri"},
		"interpolation":        {"bi", "RSP_", "RSP_BilinearInterpolationPlus", "1", "cubic,nearest"},
		"bandIds":              {"-1", "1", "99", "0.5", "a", "0,,0", "70000", strings.Repeat("0,", 70) + "0"},
		"adjustAspectRatio":    {"maybe", "2"},
		"validateExtent":       {"perhaps", "tru", "-1"},
		"mosaicRule":           {"{", "[]", "[null]", "1", `{"mosaicMethod":"esriMosaicRandom"}`, `{"mosaicOperation":"MT_MEDIAN"}`, `{"ascending":"up"}`, `{"where":"a=1"}`, `{"where":"("}`, `{"mosaicMethod":"esriMosaicAttribute","sortField":"Nothing"}`, `{"mosaicMethod":"esriMosaicNone","method":"esriMosaicCenter"}`, `{"sortValue":true}`, `{"sortValue":[1,2]}`, `{"lockRasterIds":[1.5]}`, `{"lockRasterIds":[null]}`, `{"where":5}`, `{"fids":"a"}`, `{"mosaicMethod":"esriMosaicViewpoint"}`, `{"mosaicMethod":"esriMosaicLockRaster"}`, strings.Repeat(`{"a":`, 400) + "1" + strings.Repeat("}", 400)},
		"mosaicProperties":     {"<MosaicMethod>Up</MosaicMethod>", "<MosaicMethod>", "text", "<a><b>1</b></a>", `<!DOCTYPE x [<!ENTITY e "1">]><MosaicMethod>&e;</MosaicMethod>`, "<?xml version='1.0'?>", "<MosaicMethod>None</MosaicMethod><MosaicMethod>None</MosaicMethod>"},
		"viewpointProperties":  {"<ViewPointX>a</ViewPointX>", "<ViewPointX>0x1</ViewPointX>"},
		"renderingRule":        {"{", `{"x":1}`, `{"rasterFunction":1}`},
		"time":                 {"yesterday", "1,2,3", "1e99", "5,4", "2017-02-30", "13/02/2017", "02-06-2017", "2017-02-06,2016-02-06", "1,2,3,4", "99999999999999999", "0x10", "2017-02-06 25:00", "12:30 PM"},
		"sliceId":              {"a", "1.5"},
		"compression":          {"ZAP", "JPEG2000"},
		"compressionTolerance": {"-1", "a", "NaN"},
		"lercVersion":          {"3", "a"},
	} {
		for _, v := range values {
			q := url.Values{param: {v}}
			if param == "bbox" && !strings.HasPrefix(v, "{") || param == "bandIds" || param == "noData" {
				q.Set("bboxSR", "4326")
			}
			err := exportValues(s, q)
			var e *exportimage.Error
			if assert.ErrorAs(t, err, &e, "%s=%.60s", param, v) {
				assert.Equal(t, exportimage.Invalid, e.Kind, "%s=%.60s: %v", param, v, err)
				assert.Equal(t, param, e.Param, "%s=%.60s: %v", param, v, err)
			}
		}
	}
	t.Run("x swapped where x is no longitude", func(t *testing.T) {
		err := exportValues(s, url.Values{"bbox": {"10,0,-10,5"}, "bboxSR": {"3857"}})
		assert.ErrorContains(t, err, "bbox")
	})
	t.Run("a box too narrow for its coordinates", func(t *testing.T) {
		narrow := url.Values{"bbox": {"-116.000000000001,34,-116,35"}, "bboxSR": {"4326"}}
		assert.NoError(t, exportValues(s, narrow), "it grows to square pixels")
		narrow.Set("adjustAspectRatio", "false")
		assert.ErrorContains(t, exportValues(s, narrow), "too small")
	})
	t.Run("a tiny box near the origin is fine", func(t *testing.T) {
		assert.NoError(t, exportValues(s, url.Values{"bbox": {"0,0,6.98e-10,6.98e-10"}, "bboxSR": {"4326"}}))
	})
	t.Run("corners in any other order are fine", func(t *testing.T) {
		for _, box := range []string{"-10,5,10,0", "10,5,-10,0"} {
			assert.NoError(t, exportValues(s, url.Values{"bbox": {box}, "bboxSR": {"3857"}}), box)
		}
	})
	t.Run("a parameter twice", func(t *testing.T) {
		assert.ErrorContains(t, exportValues(s, url.Values{"bbox": {"0,0,1,1", "0,0,2,2"}}), "bbox")
		assert.ErrorContains(t, exportValues(s, url.Values{"size": {"5,5"}, "SIZE": {"6,6"}}), "twice")
		assert.NoError(t, exportValues(s, url.Values{"size": {"5,5", "", "5,5"}}))
	})
}

// What is understood but not served is refused by name, never left out of the image.
func TestUnsupportedIsNamed(t *testing.T) {
	s, _ := service(world(t))
	for param, values := range map[string][]string{
		"mosaicRule":          {`{"multidimensionalDefinition":[{"variableName":"t"}]}`, `{"mosaicMethod":"esriMosaicNone","radius":5}`, `{"itemRenderingRule":{"rasterFunction":"Contour"}}`},
		"mosaicProperties":    {"<Other>1</Other>"},
		"viewpointProperties": {"<Other>1</Other>"},
		"renderingRule":       {`{"rasterFunction":"Contour"}`, "Contour"},
		"sliceId":             {"3"},
		"datumTransformation": {"9084"},
		"imageSR":             {"+proj=longlat +nadgrids=nowhere.gsb +datum=NAD27", "+proj=bogus"},
	} {
		for _, v := range values {
			err := exportValues(s, url.Values{param: {v}})
			var e *exportimage.Error
			if assert.ErrorAs(t, err, &e, "%s=%s", param, v) {
				assert.Equal(t, exportimage.Unsupported, e.Kind, "%s=%s: %v", param, v, err)
				if param == "mosaicProperties" || param == "viewpointProperties" {
					continue // reported as the mosaic rule's, of which they become a part
				}
				assert.Equal(t, param, e.Param)
			}
		}
	}
}

func TestIgnoredIsTraced(t *testing.T) {
	s, _ := service(world(t))
	res, err := s.Export(context.Background(), parse(t, "size=8,8&dpi=90&compression=LZ77&compressionQuality=5&compressionTolerance=1"))
	require.NoError(t, err)
	for _, name := range []string{"dpi", "compression:", "compressionQuality", "compressionTolerance"} {
		assert.Contains(t, fmt.Sprint(res.Trace.Ignored), name)
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, q := range []string{
		"", "bbox=-117,34,-116,35&bboxSR=4326&size=400,400&imageSR=102113&f=image",
		`bbox={"xmin":1,"ymin":2,"xmax":3,"ymax":4}`, `mosaicRule={"mosaicMethod":"esriMosaicNone","viewpoint":{"x":1}}`,
		"mosaicProperties=<MosaicMethod>ByAttribute</MosaicMethod>", "viewpointProperties=<ViewPointX>1</ViewPointX>",
		`mosaicRule={"itemRenderingRule":{"rasterFunction":"Slope","rasterFunctionArguments":{"DEM":"$$"}},"fids":[1]}`,
		`renderingRule={"rasterFunction":"None"}`, "time=null,5&noData=1,2,3&bandIds=0,1&interpolation=+RSP_Majority",
		`imageSR={"wkt":"GEOGCS[\"x\"]"}`, "size=1e3,1e-3&pixelType=C128&compressionTolerance=.5&lercVersion=2",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if len(query) > 1<<16 {
			t.Skip("larger than any URL")
		}
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip("no query")
		}
		r, err := params.ParseRequest(v)
		if err != nil {
			var e *exportimage.Error
			require.ErrorAs(t, err, &e)
			require.NotEqual(t, exportimage.Internal, e.Kind, "%v", err)
			return
		}
		require.True(t, r.BBox.Finite())
		require.True(t, r.Size.X >= 0 && r.Size.Y >= 0)
	})
}
