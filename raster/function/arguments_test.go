package function

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// All spellings of a rule are the same function.
func TestSpellingsAreEqual(t *testing.T) {
	rule := func(name, args string) string {
		return `{"rasterFunction":"` + name + `","rasterFunctionArguments":{` + args + `}}`
	}
	variable := func(name, value string) string {
		return `"` + name + `":{"name":"` + name + `","isPublic":false,"value":` + value + `,"type":"RasterFunctionVariable"}`
	}
	template := func(kind, args string) string {
		return `{"name":"T","description":"D","help":"","function":{"type":"` + kind + `Function","pixelType":"UNKNOWN","name":"N","description":""},` +
			`"arguments":{"Raster":{"name":"Raster","isDataset":true,"isPublic":false,"type":"RasterFunctionVariable"},` + args + `,"type":"` + kind + `Arguments"},"functionType":0,"thumbnail":""}`
	}
	for name, c := range map[string]struct {
		want  Function
		rules []string
	}{
		"lists": {&ExtractBand{Input: Source{}, IDs: []int{2, 0}, Nearest: true}, []string{
			rule("ExtractBand", `"BandIds":[2,0]`), rule("ExtractBand", `"bandIDs":["2","0"]`), rule("extractband", `"BandIds":"2,0"`),
			rule("ExtractBand", `"BandIds":"2 0"`), rule("ExtractBand", `"BandIds":"[2,0]"`), rule("ExtractBand", `"BandIds":" [ 2 , 0 ] "`),
			rule("ExtractBand", `"BandIds":{"type":"ArgumentArray","elements":[2,{"type":"Scalar","value":0}]}`),
			rule("ExtractBand", `"BandIds":{"type":"ArgumentArray","elements":[{"type":"RasterFunctionVariable","name":"a","value":2},"0"]}`),
			template("ExtractBand", variable("BandIDs", `[2,0]`)), template("ExtractBand", variable("BandIDs", `{"type":"ArgumentArray","elements":[2,0]}`)),
			rule("ExtractBand", `"BandIds":[2,0],"variableName":"Raster"`),
		}},
		"one for a list": {&ExtractBand{Input: Source{}, IDs: []int{1}, Nearest: true}, []string{
			rule("ExtractBand", `"BandIds":1`), rule("ExtractBand", `"BandIds":"1"`), rule("ExtractBand", `"BandIds":[1]`),
		}},
		"numbers": {&Hillshade{Input: Source{}, Azimuth: 215, Altitude: 75, ZFactor: 0.3, PSPower: 0.664, PSZFactor: 0.024}, []string{
			rule("Hillshade", `"Azimuth":215,"Altitude":75,"ZFactor":0.3`), rule("HILLSHADE", `"azimuth":"215","altitude":" 75 ","zFactor":"3e-1"`),
			rule("Hillshade", `"Azimuth":2.15e2,"Altitude":75.0,"ZFactor":0.3,"SlopeType":null,"DEM":"$$"`),
			`{"variableName":"DEM","rasterFunctionArguments":{"ZFactor":0.3,"Altitude":75,"Azimuth":215,"Raster":null,"variableName":"DEM"},"rasterFunction":"Hillshade"}`,
			template("Hillshade", variable("Azimuth", `215`)+`,`+variable("Altitude", `"75"`)+`,"ZFactor":0.3`),
			template("Hillshade", variable("Azimuth", `{"type":"Scalar","value":215}`)+`,"_object_id":3,`+variable("Altitude", `75`)+`,"ZFactor":{"type":"Scalar","value":0.3}`),
			rule("Hillshade", `"Azimuth":{"_object_id":4,"type":"Scalar","value":215},"Altitude":75,"ZFactor":0.3`),
		}},
		"enumerations": {&Statistics{Input: Source{}, Type: StatisticsMajority, Columns: 5, Rows: 3}, []string{
			rule("Statistics", `"Type":6,"KernelColumns":5`), rule("Statistics", `"Type":"6","KernelColumns":"5"`),
			rule("Statistics", `"Type":"Majority","Columns":5`), rule("Statistics", `"StatisticsType":"majority","cols":5.0`),
		}},
		"names with blanks": {&Slope{Input: Source{}, Type: SlopePercent, ZFactor: 1, PSPower: 0.664, PSZFactor: 0.024}, []string{
			rule("Slope", `"SlopeType":2`), rule("Slope", `"SlopeType":"Percent Rise"`), rule("Slope", `"SlopeType":"PERCENT_RISE"`), rule("Slope", `"ScalingType":"PercentRise"`),
		}},
		"yes and no": {&NDVI{Input: Source{}, InfraredBandID: 3, ScientificOutput: true}, []string{
			rule("NDVI", `"InfraredBandID":3,"ScientificOutput":true`), rule("NDVI", `"infraredBandID":"3","ScientificOutput":"TRUE"`),
			rule("NDVI", `"InfraredBandID":3,"ScientificOutput":1`), rule("NDVI", `"InfraredBandID":3,"ScientificOutput":"1","VisibleBandID":0`),
		}},
		"ranges": {&Remap{Input: Source{}, Ranges: []ValueRange{{0, 10}, {10, 20}}, Values: []float64{1, 2}, DropUnmatched: true}, []string{
			rule("Remap", `"InputRanges":[0,10,10,20],"OutputValues":[1,2],"AllowUnmatched":false`),
			rule("Remap", `"InputRanges":"0,10,10,20","OutputValues":"1 2","AllowUnmatched":"false","NoDataRanges":[]`),
			rule("Remap", `"InputRanges":{"type":"ArgumentArray","elements":[0,10,10,20]},"OutputValues":{"type":"ArgumentArray","elements":[1,2]},"AllowUnmatched":0`),
		}},
		"references": {&Arithmetic{Input: &Slope{Input: Source{}, Type: SlopeDegree, ZFactor: 1, PSPower: 0.664, PSZFactor: 0.024},
			Input2: &Slope{Input: Source{}, Type: SlopeDegree, ZFactor: 1, PSPower: 0.664, PSZFactor: 0.024}, Operation: Plus}, []string{
			rule("Arithmetic", `"Raster":{"_object_id":1,"rasterFunction":"Slope"},"Raster2":{"_object_ref_id":1},"Operation":1`),
			rule("Arithmetic", `"Raster":{"_object_ref_id":7},"Raster2":{"_object_id":7,"rasterFunction":"Slope"},"Operation":"1"`),
			rule("Arithmetic", `"Raster":{"rasterFunction":"Slope"},"Raster2":{"type":"RasterFunctionVariable","name":"x","value":{"rasterFunction":"Slope"}},"Operation":1`),
			`{"function":{"type":"ArithmeticFunction"},"arguments":{"Raster":{"type":"RasterFunctionTemplate","_object_id":2,"function":{"type":"SlopeFunction"},"arguments":{}},"Raster2":{"_object_ref_id":2},"Operation":1}}`,
		}},
	} {
		for _, text := range c.rules {
			f, err := Parse(text)
			if assert.NoError(t, err, "%s: %s", name, text) {
				assert.Equal(t, c.want, f, "%s: %s", name, text)
			}
		}
	}
}

// Templates nest in one another and in function objects, and colour maps of both forms are one.
func TestNestedTemplates(t *testing.T) {
	inner := `{"name":"I","function":{"type":"HillshadeFunction"},"arguments":{"DEM":{"type":"RasterFunctionVariable","isDataset":true,"name":"DEM"},` +
		`"Azimuth":{"type":"RasterFunctionVariable","name":"Sun","value":90}}}`
	want, err := Parse(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Raster":{"rasterFunction":"Hillshade","rasterFunctionArguments":{"Azimuth":90}}}}`)
	require.NoError(t, err)
	for _, text := range []string{
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Raster":` + inner + `}}`,
		`{"function":{"type":"StretchFunction"},"arguments":{"StretchType":5,"Raster":` + inner + `}}`,
		`{"function":{"type":"StretchFunction"},"arguments":{"StretchType":{"type":"RasterFunctionVariable","name":"s","value":5},"Raster":{"type":"RasterFunctionVariable","name":"Raster","value":` + inner + `}}}`,
	} {
		f, err := Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, f, text)
	}

	// A variable is set by its name, at any depth, also beside others of that function's.
	stored, err := ParseTemplate(`{"name":"Stretched","function":{"type":"StretchFunction"},"arguments":{"StretchType":5,"Raster":` + inner + `}}`)
	require.NoError(t, err)
	rule, err := ParseRule(`{"rasterFunction":"stretched","rasterFunctionArguments":{"sun":"200","Raster":"$5"},"variableName":"Raster"}`)
	require.NoError(t, err)
	f, err := Resolve(rule, []Template{stored})
	require.NoError(t, err)
	shade := f.(*Stretch).Input.(*Hillshade)
	assert.InDelta(t, 200, shade.Azimuth, 0)
	assert.Equal(t, Item(5), shade.Input)
	rule, err = ParseRule(`{"rasterFunction":"Stretched","rasterFunctionArguments":{"Azimuth":200}}`)
	require.NoError(t, err)
	_, err = Resolve(rule, []Template{stored})
	require.ErrorContains(t, err, `"Azimuth"`, "the variable has another name")

	rows, err := Parse(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,255,0,0],[2,0,0,255]]}}`)
	require.NoError(t, err)
	stated, err := Parse(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":{"type":"RasterColormap","values":[1,2],"colors":[-16776961,-65536]}}}`)
	require.NoError(t, err)
	assert.Equal(t, rows, stated)
}

// What is not understood is an error that names the function and the argument as they are written.
func TestErrorsNameWhatIsWritten(t *testing.T) {
	for rule, parts := range map[string]string{
		`{"rasterFunction":"hillShade","rasterFunctionArguments":{"azimut":3}}`:                                                                          `azimut|hillShade`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"zFactor":"steep"}}`:                                                                       `zFactor|Slope|"steep"`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"SlopeType":"up"}}`:                                                                        `SlopeType|Slope|"up"`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"SlopeType":9}}`:                                                                           `SlopeType|Slope|9`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"bandids":"2,,0"}}`:                                                                  `bandids|ExtractBand|"2,,0"`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":"[2,0"}}`:                                                                  `BandIds|"[2,0"`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":"1.5"}}`:                                                                   `BandIds|"1.5"`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":"2;0"}}`:                                                                   `BandIds|"2;0"`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":{"type":"ArgumentArray","elements":5}}}`:                                   `BandIds|ExtractBand`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":{"Unknown":5}}}`:                                                           `BandIds|ExtractBand`,
		`{"rasterFunction":"NDVI","rasterFunctionArguments":{"ScientificOutput":"maybe"}}`:                                                               `ScientificOutput|"maybe"`,
		`{"rasterFunction":"Aspect","rasterFunctionArguments":{"Raster":{"_object_ref_id":8}}}`:                                                          `Raster|_object_id 8`,
		`{"rasterFunction":"Aspect","rasterFunctionArguments":{"Raster":{"_object_id":8,"rasterFunction":"Slope","more":1}}}`:                            `Raster|"more"`,
		`{"rasterFunction":"Aspect","rasterFunctionArguments":{"_object_id":8,"Raster":{"_object_ref_id":8}}}`:                                           `Raster|no raster function`,
		`{"rasterFunction":"Aspect","rasterFunctionArguments":{"Raster":{"type":"RasterFunctionVariable","value":{"_object_ref_id":1},"_object_id":1}}}`: `values nest deeper`,
		`{"rasterFunction":"Aspect","more":1}`:                                                                                                           `"more"`,
		`{"function":{"type":"AspectFunction","odd":1},"arguments":{}}`:                                                                                  `"odd"`,
		`{"function":{"type":"AspectFunction"},"arguments":{"Azimuth":{"type":"RasterFunctionVariable","name":"Azimuth","value":5}}}`:                    `"Azimuth"|"Aspect"`,
		`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":{"type":"RasterColormap","values":[1,2],"colors":[5]}}}`:                     `Colormap`,
		`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":{"type":"RasterColormap","values":[1],"colors":[99999999999]}}}`:             `Colormap|is no colour`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[0],"BandNames":["Red"]}}`:                                                 `Method|ExtractBand|BandNames and BandIds`,
		`{"rasterFunction":"Statistics","rasterFunctionArguments":{"KernelRows":0}}`:                                                                     `KernelRows|Statistics|0 is not above 0`,
		`{"rasterFunction":"Aspect","outputPixelType":"U7"}`:                                                                                             `outputPixelType|Aspect|"U7"`,
		`{"rasterFunction":"Contour"}`:                              `"Contour"`,
		`{"function":{"type":"AspectFunction"},"functionType":2}`:   `functionType 2|item groups`,
		`{"function":{"type":"AspectFunction"},"functionType":3}`:   `functionType 3|neither`,
		`{"function":{"type":"AspectFunction"},"functionType":"x"}`: `functionType|"x"|whole number`,
	} {
		_, err := Parse(rule)
		var e *Error
		if assert.ErrorAs(t, err, &e, rule) {
			for part := range strings.SplitSeq(parts, "|") {
				assert.ErrorContains(t, err, part, rule)
			}
		}
	}
}
