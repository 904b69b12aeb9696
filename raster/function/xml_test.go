package function

import (
	"errors"
	"fmt"
	"image/color"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

func readTemplate(t testing.TB, name string) string {
	b, err := os.ReadFile("testdata/templates/" + name)
	require.NoError(t, err)
	return string(b)
}

// Stored templates, in XML and in JSON, are the functions that they describe: nested, with values in variables, typed or not,
// and objects that are used twice.
func TestStoredTemplates(t *testing.T) {
	slope := NewSlope(Source{})
	slope.ZFactor, slope.Output = 2.5, raster.F32
	remap := &Remap{Input: slope, Ranges: []ValueRange{{15, 30}, {30, 91}}, Values: []float64{1, 2}, DropUnmatched: true, Output: raster.U8}
	isNull := &Local{Operation: 31, Inputs: []Function{Source{}}, Output: raster.U8, Percentile: 90}
	for name, want := range map[string]Template{
		"steep.rft.xml": {Name: "Steep ground", Description: "Slopes of 15 & 30 degrees and more, in two colours.", Help: "Made for tests.",
			Function: &Colormap{Input: remap, Colors: []ColorEntry{{1, opaque(0xffff00)}, {2, opaque(0xff0000)}}}},
		"filled.rft.xml": {Name: "Zero for NoData",
			Function: &Local{Operation: 78, Inputs: []Function{isNull, Constant(0), Source{}}, Output: raster.F32, Percentile: 90}},
		"vegetation.rft.json": {Name: "Vegetation", Description: "NDVI in colours.",
			Function: &Colormap{
				Input: &NDVI{Input: Source{}, VisibleBandID: 0, InfraredBandID: 3, Output: raster.U8},
				Ramp:  []ColorRamp{{From: opaque(0x8c5014), To: opaque(0x0a5a14), Algorithm: RampLab}},
			}},
	} {
		got, err := ParseTemplate(readTemplate(t, name))
		require.NoError(t, err, name)
		assert.Equal(t, want.Name+want.Description+want.Help, got.Name+got.Description+got.Help)
		f, err := Resolve(got.Function, nil)
		require.NoError(t, err, name)
		a, err := Marshal(f)
		require.NoError(t, err)
		b, err := Marshal(want.Function)
		require.NoError(t, err)
		assert.JSONEq(t, string(b), string(a), name)
	}
	steep, err := ParseTemplate("\ufeff" + readTemplate(t, "steep.rft.xml"))
	require.NoError(t, err)
	rule, err := ParseRule(`{"rasterFunction":"Steep ground","rasterFunctionArguments":{"Exaggeration":1}}`)
	require.NoError(t, err)
	f, err := Resolve(rule, []Template{steep})
	require.NoError(t, err)
	text, err := Marshal(f)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "2.5", "a variable of the XML is overridden by its name")
}

// xmlTemplate returns a template of one function with arguments as pairs of a name and the XML of a value.
func xmlTemplate(function string, arguments ...string) string {
	var names, values strings.Builder
	for i := 0; i < len(arguments); i += 2 {
		fmt.Fprintf(&names, "<String>%s</String>", arguments[i])
		values.WriteString(arguments[i+1])
	}
	return fmt.Sprintf(`<RasterFunctionTemplate xsi:type="typens:RasterFunctionTemplate" xmlns:xsi="i" xmlns:typens="t"><Name>x</Name>`+
		`<Function xsi:type="typens:%[1]sFunction"><PixelType>UNKNOWN</PixelType></Function>`+
		`<Arguments xsi:type="typens:%[1]sFunctionArguments"><Names xsi:type="typens:ArrayOfString">%[2]s</Names>`+
		`<Values xsi:type="typens:ArrayOfAnyType">%[3]s</Values></Arguments></RasterFunctionTemplate>`, function, &names, &values)
}

// What is not understood, refers to something outside or is too large is an error that names it.
func TestHostileTemplatesInXML(t *testing.T) {
	raster := `<AnyType xsi:type="typens:RasterFunctionVariable"><Name>Raster</Name><IsDataset>true</IsDataset></AnyType>`
	number := `<AnyType xsi:type="xs:double">%s</AnyType>`
	deep := raster
	for range 80 {
		deep = `<AnyType xsi:type="typens:RasterFunctionVariable"><Value xsi:type="typens:RasterFunctionVariable">` + deep + `</Value></AnyType>`
	}
	for text, want := range map[string]string{
		`<RasterFunctionTemplate`:                   "not well-formed",
		`<RasterFunctionTemplate></RasterFunction>`: "not well-formed",
		`<Template/>`:               `"Template" is no raster function template`,
		`<RasterFunctionTemplate/>`: `no member "function"`,
		`<RasterFunctionTemplate/><RasterFunctionTemplate/>`:                                                     "not one element",
		`<!DOCTYPE x [<!ENTITY a "b">]><RasterFunctionTemplate/>`:                                                "directive",
		`<RasterFunctionTemplate>&a;</RasterFunctionTemplate>`:                                                   "not well-formed",
		`<?xml version="1.0" encoding="UTF-16"?><RasterFunctionTemplate/>`:                                       "not well-formed",
		`<?other?><RasterFunctionTemplate/>`:                                                                     "processing instruction",
		`<RasterFunctionTemplate><Name>a</Name><name>b</name></RasterFunctionTemplate>`:                          "comes twice",
		`<RasterFunctionTemplate><Scale>a</Scale><Function/></RasterFunctionTemplate>`:                           `member "scale"`,
		strings.Replace(xmlTemplate("Slope"), "<Name>x</Name>", "<Name>x</Name><Type>2</Type>", 1):               "functionType",
		xmlTemplate("Contour", "Raster", raster):                                                                 `raster function "Contour" is not supported`,
		xmlTemplate("Slope", "DEM", raster, "Steepness", fmt.Sprintf(number, "1")):                               `argument "Steepness" of raster function "Slope"`,
		xmlTemplate("Slope", "DEM", raster, "ZFactor", fmt.Sprintf(number, "high")):                              `"AnyType"`,
		xmlTemplate("Slope", "DEM", raster, "dem", raster):                                                       `"dem" comes twice`,
		strings.Replace(xmlTemplate("Slope", "DEM", raster), "<String>DEM</String>", "", 1):                      "not as many names as values",
		xmlTemplate("Slope", "DEM", `<AnyType xsi:type="typens:RasterFunctionVariable" href="ID9"/>`):            "_object_id 9",
		xmlTemplate("Slope", "DEM", `<AnyType href="#file.xml"/>`):                                               `"#file.xml"`,
		xmlTemplate("Slope", "DEM", `<AnyType xsi:type="typens:RasterDatasetName"><Name>a.tif</Name></AnyType>`): `raster of type "RasterDatasetName"`,
		xmlTemplate("Slope", "DEM", deep):                                                                        "nest",
		xmlTemplate("Slope", "DEM", raster) + strings.Repeat(" ", maxText):                                       "",
		xmlTemplate("Slope", "DEM", strings.Repeat("<a/>", maxElements)+raster):                                  "more than 524288 elements",
		"<RasterFunctionTemplate>" + strings.Repeat(" ", maxText) + "</RasterFunctionTemplate>":                  "longer than",
	} {
		_, err := ParseTemplate(text)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want, "%.200s", text)
		_, ok := errors.AsType[*Error](err)
		assert.True(t, ok, "%T", err)
	}
}

// Any text is a template, or an error of the package's own.
func FuzzTemplate(f *testing.F) {
	for _, name := range []string{"steep.rft.xml", "filled.rft.xml", "vegetation.rft.json"} {
		f.Add(readTemplate(f, name))
	}
	f.Add(xmlTemplate("CompositeBand", "Rasters", `<AnyType xsi:type="typens:ArrayOfArgument"><Argument href="ID1"/></AnyType>`))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTemplate(text)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		f, err := Resolve(got.Function, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Marshal(f); err != nil {
			t.Fatal(err)
		}
	})
}

// Colours of stored ramps are by hue in degrees, saturation and value in hundredths. Expected by Python's colorsys, such as
// colorsys.hsv_to_rgb(5/360, .9, .99).
func TestColorsOfStoredRamps(t *testing.T) {
	for text, want := range map[string]color.NRGBA{
		`{"type":"HsvColor","Hue":5,"Saturation":90,"Value":99,"AlphaValue":255}`:      {252, 44, 25, 255},
		`{"type":"HsvColor","hue":63,"saturation":83,"value":99,"alphaValue":128}`:     {242, 252, 43, 128},
		`{"type":"HsvColor","Hue":257,"Saturation":92,"Value":98,"useDither":false}`:   {85, 20, 250, 255},
		`{"type":"HsvColor","Hue":360,"Saturation":100,"Value":100}`:                   {255, 0, 0, 255},
		`{"type":"RgbColor","Red":1,"Green":2,"Blue":3,"UseWindowsDithering":"false"}`: {1, 2, 3, 255},
	} {
		v, err := readJSON(text)
		require.NoError(t, err)
		got, err := readColor(v)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}
