package exportimage_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// heights is one band of F32, 16 by 16 pixels of 1 m: 0, 1, 2 … 255 row by row, so that shares of samples are plain.
func heights(t testing.TB) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 16, YMax: 16}, image.Pt(16, 16))
	return rastertest.FromFunc(g, 1, func(_, x, y int) float32 { return float32(x + 16*y) })
}

const whole16 = "bbox=0,0,16,16&size=16,16&interpolation=RSP_NearestNeighbor"

// with is a query with a rendering rule.
func with(rule, rest string) string {
	return whole16 + rest + "&renderingRule=" + url.QueryEscape(rule)
}

func bytesOf(t testing.TB, b *raster.Block, band int) []uint8 {
	p, ok := b.Bands[band].(*raster.PlaneOf[uint8])
	require.True(t, ok, "%T", b.Bands[band])
	return p.Pix
}

func TestFunctionNoneIsNone(t *testing.T) {
	s, raw := service(bands3(t))
	want, _ := export(t, s, raw, whole16)
	for _, rule := range []string{`{"rasterFunction":"None"}`, `{"rasterFunction":"none","rasterFunctionArguments":{"x":1}}`, "None", "{}"} {
		got, _ := export(t, s, raw, with(rule, ""))
		assert.Equal(t, want, got, rule)
	}
}

// ExtractBand at the bottom of a rule is the same as bandIds, and only what it names is read. bandIds beside a rule
// choose from what the rule gives.
func TestFunctionExtractBand(t *testing.T) {
	s, raw := service(bands3(t))
	want, _ := export(t, s, raw, whole16+"&bandIds=2,0")
	got, _ := export(t, s, raw, with(`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[2,0]}}`, ""))
	assert.Equal(t, want, got)
	want, _ = export(t, s, raw, whole16+"&bandIds=0")
	got, _ = export(t, s, raw, with(`{"rasterFunction":"extractband","rasterFunctionArguments":{"bandIDs":[2,0]}}`, "&bandIds=1"))
	assert.Equal(t, want, got)
	nearest, _ := export(t, s, raw, with(`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[9],"MissingBandAction":0}}`, ""))
	assert.Equal(t, uint8(30), bytesOf(t, nearest, 0)[15*16+15], "the last band")
}

// The expected values are computed by hand: samples 0 … 255 have mean 127.5 and a standard deviation of 73.9003.
func TestFunctionStretch(t *testing.T) {
	s, raw := service(heights(t))
	for name, c := range map[string]struct {
		args string
		at   map[int]uint8 // of sample n
	}{
		"min and max":          {`"StretchType":5`, map[int]uint8{0: 0, 1: 1, 128: 128, 255: 255}},
		"to another range":     {`"StretchType":5,"Min":100,"Max":200`, map[int]uint8{0: 100, 51: 120, 255: 200}},
		"stated statistics":    {`"StretchType":5,"Statistics":[[100,200,150,10]]`, map[int]uint8{99: 0, 100: 0, 120: 51, 200: 255, 250: 255}},
		"one deviation":        {`"StretchType":3,"NumberOfStandardDeviations":1`, map[int]uint8{53: 0, 54: 1, 127: 127, 128: 128, 201: 254, 202: 255}},
		"deviations past ends": {`"StretchType":3,"NumberOfStandardDeviation":9`, map[int]uint8{0: 0, 77: 77, 255: 255}},
		"a quarter off ends":   {`"StretchType":6,"MinPercent":25,"MaxPercent":25`, map[int]uint8{63: 0, 64: 1, 128: 129, 192: 255, 255: 255}},
		"equalized":            {`"StretchType":4`, map[int]uint8{0: 0, 127: 128, 254: 254, 255: 255}},
		"gamma of a half":      {`"StretchType":5,"UseGamma":true,"Gamma":[0.5]`, map[int]uint8{0: 0, 51: 10, 102: 41, 255: 255}},
		"gamma not used":       {`"StretchType":5,"UseGamma":false,"Gamma":[0.5],"ComputeGamma":true`, map[int]uint8{51: 51}},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := export(t, s, raw, with(`{"rasterFunction":"Stretch","rasterFunctionArguments":{`+c.args+`},"outputPixelType":"U8"}`, ""))
			pix := bytesOf(t, b, 0)
			for n, v := range c.at {
				assert.Equal(t, v, pix[n], "sample %d", n)
			}
		})
	}
}

// Bytes go through a table: it gives what wider types get by computing each sample.
func TestFunctionStretchOfBytesAgrees(t *testing.T) {
	rule := `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[3,29,15,5]],"UseGamma":true,"Gamma":[1.7]}}`
	s, raw := service(bands3(t))
	fast, _ := export(t, s, raw, with(rule, ""))
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 16, YMax: 16}, image.Pt(16, 16))
	s, raw = service(rastertest.FromFunc(g, 3, func(b, x, y int) float32 { return float32([]int{x, y, x + y}[b]) }))
	slow, _ := export(t, s, raw, with(rule, ""))
	for i := range 3 {
		assert.Equal(t, bytesOf(t, slow, i), bytesOf(t, fast, i))
	}
}

func TestFunctionStretchNone(t *testing.T) {
	s, raw := service(heights(t))
	b, _ := export(t, s, raw, with(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":0}}`, ""))
	assert.Equal(t, float32(200), b.Bands[0].(*raster.PlaneOf[float32]).Pix[200])
}

// A colour map makes a palette of bytes. Values without a colour hold no data, and entries for values that no byte can
// have are passed over: clients send sentinels below and above.
func TestFunctionColormap(t *testing.T) {
	s, raw := service(bands3(t))
	rule := `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[-1,0,0,0],[3,255,0,0],[5,0,0,255,128],[256,0,0,0]],
		"Raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[0],"Raster":"$$"}}}}`
	b, _ := export(t, s, raw, with(rule, ""))
	for x := range 16 {
		assert.Equal(t, x == 3 || x == 5, b.Valid.AlphaAt(x, 7).A != 0, "column %d", x)
	}
	res, err := s.Export(context.Background(), parse(t, with(rule, "&format=png32")))
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(res.Data))
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{R: 255, A: 255}, color.NRGBAModel.Convert(img.At(3, 7)))
	assert.Equal(t, color.NRGBA{B: 255, A: 128}, color.NRGBAModel.Convert(img.At(5, 7)))
	assert.Equal(t, color.NRGBA{}, color.NRGBAModel.Convert(img.At(4, 7)))
}

// What clients draw of heights: a stretch, then a ramp over what it gives.
func TestFunctionRamp(t *testing.T) {
	s, raw := service(heights(t))
	ramp := `{"type":"multipart","colorRamps":[
		{"type":"algorithmic","fromColor":[0,0,0,255],"toColor":[255,0,0,255],"algorithm":"esriHSVAlgorithm"},
		{"type":"algorithmic","fromColor":[255,0,0,255],"toColor":[255,255,255,255],"algorithm":"esriCIELabAlgorithm"}]}`
	stretch := `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5},"outputPixelType":"U8"}`
	for name, rule := range map[string]string{
		"over a stretch":     `{"rasterFunction":"Colormap","rasterFunctionArguments":{"colorRamp":` + ramp + `,"Raster":` + stretch + `}}`,
		"over heights":       `{"rasterFunction":"Colormap","rasterFunctionArguments":{"colorRamp":` + ramp + `}}`,
		"called a colourmap": `{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":` + ramp + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			res, err := s.Export(context.Background(), parse(t, with(rule, "&format=png32")))
			require.NoError(t, err)
			img, err := png.Decode(bytes.NewReader(res.Data))
			require.NoError(t, err)
			assert.Equal(t, color.NRGBA{A: 255}, color.NRGBAModel.Convert(img.At(0, 0)))
			assert.Equal(t, color.NRGBA{R: 255, G: 255, B: 255, A: 255}, color.NRGBAModel.Convert(img.At(15, 15)))
			mid := color.NRGBAModel.Convert(img.At(15, 7)).(color.NRGBA)
			assert.InDelta(t, 255, float64(mid.R), 2)
			assert.InDelta(t, 0, float64(mid.G), 2)
		})
	}
	b, _ := export(t, s, raw, with(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"Gray"}}`, ""))
	assert.Len(t, b.Bands, 3)
}

// The stored form of functions means the same as the form in requests.
func TestFunctionTemplateForm(t *testing.T) {
	s, raw := service(heights(t))
	want, _ := export(t, s, raw, with(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Max":100},"outputPixelType":"U8"}`, ""))
	got, _ := export(t, s, raw, with(`{"name":"mine","description":"","functionType":0,"thumbnail":"",
		"function":{"type":"StretchFunction","pixelType":"U8","name":"Stretch"},
		"arguments":{"Raster":{"name":"Raster","isDataset":true,"type":"RasterFunctionVariable"},
			"StretchType":{"name":"StretchType","isDataset":false,"value":5,"type":"RasterFunctionVariable"},
			"Max":{"value":100,"type":"RasterFunctionVariable"},"type":"StretchFunctionArguments"}}`, ""))
	assert.Equal(t, want, got)
}

// A service's own functions go by name, in any case, and one of them may be its default.
func TestFunctionOfService(t *testing.T) {
	s, raw := service(bands3(t))
	s.Functions = []function.Template{{Name: "Rows", Function: &function.ExtractBand{IDs: []int{1}}}}
	want, _ := export(t, s, raw, whole16+"&bandIds=1")
	got, _ := export(t, s, raw, with(`{"rasterFunction":"rows"}`, ""))
	assert.Equal(t, want, got)
	plain, _ := export(t, s, raw, whole16)

	s, raw = service(bands3(t))
	s.Functions = []function.Template{{Name: "Rows", Function: &function.ExtractBand{IDs: []int{1}}}}
	s.Defaults.Function = function.Named("Rows")
	got, _ = export(t, s, raw, whole16)
	assert.Equal(t, want, got)
	got, _ = export(t, s, raw, with("None", ""))
	assert.Equal(t, plain, got)
}

// A rule does not depend on how the image is cut.
func TestFunctionStitched(t *testing.T) {
	s, raw := service(ramp(t))
	rule := "&renderingRule=" + url.QueryEscape(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6,"UseGamma":true,"Gamma":[2.2]}}`)
	whole, _ := export(t, s, raw, "bbox=0,0,512,512&size=512,512"+rule)
	part, _ := export(t, s, raw, "bbox=256,128,512,384&size=256,256"+rule)
	a, b := whole.Bands[0].(*raster.PlaneOf[uint8]), part.Bands[0].(*raster.PlaneOf[uint8])
	for y := range 256 {
		require.Equal(t, a.Row(128 + y)[256:512], b.Row(y))
	}
}

func TestFunctionErrors(t *testing.T) {
	args := func(name, args string) string {
		return `{"rasterFunction":"` + name + `","rasterFunctionArguments":{` + args + `}}`
	}
	for rule, want := range map[string]exportimage.Kind{
		args("Hillshade", `"DEM":5`):                                                            exportimage.Unsupported,
		args("Contour", `"ZBase":5`):                                                            exportimage.Unsupported,
		args("Stretch", `"StretchType":7`):                                                      exportimage.Invalid,
		args("Stretch", `"StretchType":5,"DRA":true`):                                           exportimage.Unsupported,
		args("Stretch", `"StretchType":5,"Extra":1`):                                            exportimage.Unsupported,
		args("Stretch", `"StretchType":5,"Raster":{"url":"https://example.com"}`):               exportimage.Unsupported,
		args("Stretch", `"StretchType":5,"Raster":"other.tif"`):                                 exportimage.Unsupported,
		args("Stretch", `"StretchType":-1`):                                                     exportimage.Invalid,
		args("Stretch", `"StretchType":"5x"`):                                                   exportimage.Invalid,
		args("Stretch", `"StretchType":6,"MinPercent":60,"MaxPercent":60`):                      exportimage.Invalid,
		args("Stretch", `"StretchType":5,"Statistics":[[9,1]]`):                                 exportimage.Invalid,
		args("Stretch", `"StretchType":5,"Statistics":[[0,1],[0,1]]`):                           exportimage.Invalid,
		args("Stretch", `"StretchType":5,"UseGamma":true,"Gamma":[-1]`):                         exportimage.Invalid,
		args("ExtractBand", `"BandIds":[3],"MissingBandAction":1`):                              exportimage.Invalid,
		args("ExtractBand", `"BandIds":[-1]`):                                                   exportimage.Invalid,
		args("ExtractBand", ``):                                                                 exportimage.Invalid,
		args("ExtractBand", `"Method":1,"BandWavelengths":[500]`):                               exportimage.Invalid,
		args("Colormap", `"ColormapName":"Mud","Raster":`+args("ExtractBand", `"BandIds":[0]`)): exportimage.Unsupported,
		args("Colormap", `"Colormap":[[1,2]]`):                                                  exportimage.Invalid,
		args("Colormap", `"Colormap":[[]]`):                                                     exportimage.Invalid,
		args("Colormap", `"Colormap":[[1,0,0,999]]`):                                            exportimage.Invalid,
		args("Colormap", `"Colormap":[[1,0,0,9]]`):                                              exportimage.Invalid, // of three bands
		`{"rasterFunction":"Stretch","outputPixelType":"U99"}`:                                  exportimage.Invalid,
	} {
		s, _ := service(bands3(t))
		err := exportValues(s, url.Values{"renderingRule": {rule}})
		var e *exportimage.Error
		if assert.ErrorAs(t, err, &e, rule) {
			assert.Equal(t, want, e.Kind, "%s: %v", rule, err)
			assert.Equal(t, "renderingRule", e.Param, "%s: %v", rule, err)
		}
	}
}
