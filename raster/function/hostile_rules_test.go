package function

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// compiled returns what becomes of a rule for a raster of three bands of bytes: its notes, and its error as a service shows it.
func compiled(text string) (*Program, error) {
	rule, err := ParseRule(text)
	if err != nil {
		return nil, err
	}
	f, err := Resolve(rule, nil)
	if err != nil {
		return nil, err
	}
	in := Samples{Type: raster.U8, Bands: []Band{{Name: "Red"}, {Name: "Green"}, {Name: "Blue"}}}
	leaves := map[Leaf]Samples{Source{}: in}
	for leaf := range Leaves(f) {
		leaves[leaf] = in
	}
	p, err := Options{Statistics: func(Function, bool) ([]Summary, error) {
		one := Summary{Statistics: raster.Statistics{Max: 200, Mean: 100, StdDev: 30}, Shares: make([]float64, 256)}
		return []Summary{one, one, one}, nil
	}}.Compile(f, leaves)
	return p, AsWritten(err, rule)
}

// functionObject returns the rule of a function with arguments.
func functionObject(name, arguments string) string {
	return `{"rasterFunction":"` + name + `","rasterFunctionArguments":{` + arguments + `}}`
}

const variableOf = `{"type":"RasterFunctionVariable","name":"%s","isDataset":%s}`

// A rule with an argument that has no meaning is an error that names the function and the argument as the rule writes them.
func TestHostileRulesAreErrors(t *testing.T) {
	dataset, scalar := fmt.Sprintf(variableOf, "DEM", "true"), fmt.Sprintf(variableOf, "DEM", "false")
	for _, c := range [][3]string{ // function, arguments, what the error says
		// As it is written, and not as functions know it.
		{"Statistics", `"KernelRows":200`, "Statistics: KernelRows: a window of 3 by 200"},
		{"statistics", `"rows":3,"cols":1000`, "statistics: cols: a window of 1000 by 3"},
		{"STATISTICS", `"KernelColumns":128`, "STATISTICS: KernelColumns: a window"},
		{"convolution", `"convolutionType":-1,"ROWS":1,"columns":200,"kernel":[1]`, "convolution: columns: a window"},
		{"Convolution", `"Type":-1,"kernel":[1,2]`, "Convolution: kernel: 2 weights for 3 by 3"},
		{"Hillshade", `"altitude":-1`, "Hillshade: altitude: -1 is not between 0 and 90"},
		{"Slope", `"Raster":` + functionObject("statistics", `"rows":500`), "statistics: rows: a window of 3 by 500"},
		{"Slope", `"DEM":` + functionObject("statistics", `"kernelrows":500`), "statistics: kernelrows: a window"},
		{"Stretch", `"StretchType":3,"numberOfStandardDeviation":0`, "Stretch: numberOfStandardDeviation: it must be positive"},
		{"stretch", `"useGamma":true,"gamma":[1,2],"StretchType":5`, "stretch: gamma: it has values for 2 bands"},
		{"Remap", `"inputRanges":[5,1],"OutputValues":[1]`, "Remap: inputRanges: the range from 5 to 1 holds nothing"},
		{"ExtractBand", `"bandids":[-1]`, "ExtractBand: bandids: there is no band -1"},
		{"NDVI", `"infraredBandId":7`, "NDVI: infraredBandId: there is no band 7"},
		{"SpectralConversion", `"WeightingMatrix":[1,2,3]`, "SpectralConversion: WeightingMatrix: 3 numbers for 3 bands"},
		{"Resample", `"type":4`, "Resample: type: type 4 is not supported"},
		// Values that stand for no raster.
		{"Hillshade", `"Raster":{}`, "Hillshade: Raster: an empty object is no raster"},
		{"Hillshade", `"DEM":[{}]`, "Hillshade: DEM: an empty object is no raster"},
		{"Hillshade", `"Raster":[null]`, "Hillshade: Raster: element 0: it names no raster"},
		{"Hillshade", `"Raster":[""]`, "Hillshade: Raster: element 0: it names no raster"},
		{"Hillshade", `"Raster":["$1",null]`, "Hillshade: Raster: a list that stands for one raster holds items"},
		{"Hillshade", `"Raster":["$$","$$"]`, "Hillshade: Raster: a list that stands for one raster holds items"},
		{"Hillshade", `"Raster":"$"`, `Hillshade: Raster: raster "$" is neither`},
		{"Hillshade", `"Raster":"$-1"`, `Hillshade: Raster: raster "$-1" is neither`},
		{"Hillshade", `"Raster":"$1.5"`, `Hillshade: Raster: raster "$1.5" is neither`},
		{"Hillshade", `"Raster":"530"`, `Hillshade: Raster: raster "530" is not supported`},
		{"Hillshade", `"Raster":7`, "Hillshade: Raster: a number is no raster here"},
		{"Hillshade", `"Raster":true`, "Hillshade: Raster: true is not a raster"},
		{"Hillshade", `"Raster":` + scalar, `Hillshade: Raster: variable "DEM" has no value, and is for no raster`},
		{"Hillshade", `"Raster":{"type":"RasterFunctionVariable","name":"D","isDataset":true,"value":{}}`, "Hillshade: Raster: an empty object is no raster"},
		{"Hillshade", `"Raster":{"type":"RasterFunctionVariable","name":"D","isDataset":true,"value":[null]}`, "element 0: it names no raster"},
		{"Hillshade", `"Azimuth":` + dataset, `Hillshade: Azimuth: variable "DEM" is for a raster (isDataset is true), and not for a number`},
		{"Arithmetic", `"Operation":1`, "Arithmetic: Raster2: it names no raster"},
		{"Arithmetic", `"Operation":1,"Raster2":` + dataset, "Arithmetic: Raster2: it names no raster"},
		{"Arithmetic", `"Operation":1,"Raster2":[null]`, "Arithmetic: Raster2: element 0: it names no raster"},
		{"Local", `"Operation":1,"Rasters":[null,"$$"]`, "Local: Rasters: element 0: it names no raster"},
		{"Local", `"Operation":1,"Rasters":["$$",""]`, "Local: Rasters: element 1: it names no raster"},
		{"Local", `"Operation":1,"Rasters":["$$",{}]`, "Local: Rasters: an empty object is no raster"},
		{"Local", `"Operation":1,"Rasters":["$$",` + scalar + `]`, "Local: Rasters: element 1: it names no raster"},
		{"CompositeBand", `"Rasters":[[]]`, "CompositeBand: Rasters: element 0: it names no raster"},
		{"CompositeBand", `"Rasters":[` + dataset + `,` + fmt.Sprintf(variableOf, "Raster2", "true") + `]`,
			`CompositeBand: Rasters: element 1: neither variable "DEM" nor "Raster2" names a raster`},
		// Values without a meaning.
		{"Hillshade", `"Azimuth":""`, `Hillshade: Azimuth: "" is not a number`},
		{"Hillshade", `"Azimuth":[315]`, "Hillshade: Azimuth: a list is not a number"},
		{"Hillshade", `"Azimuth":{"type":"RasterFunctionVariable","name":"A","value":{}}`, "Hillshade: Azimuth: an object is not a number"},
		{"Hillshade", `"DEM":"$$","Raster":"$$"`, "Hillshade: Raster: it is stated already, as DEM"},
		{"Statistics", `"KernelRows":3,"Rows":5`, "Statistics: Rows: it is stated already, as KernelRows"},
		{"Aspect", `"ZFactor":2`, `argument "ZFactor" of raster function "Aspect" is not supported`},
		{"Convolution", `"Kernel":[1,1,1],"Rows":0,"Columns":3`, "Convolution: Rows: 0 is not above 0"},
		{"Convolution", `"Type":-1,"Kernel":[[1,1,1],[1,1,1],[1,1,1]]`, "Convolution: Kernel: element 0: a list is not a number"},
		{"NDVI", `"VisibleBandID":1`, "NDVI: InfraredBandID: band 1 is the visible one, too"},
		{"Mask", `"IncludedRanges":[[0,1],[2]]`, "Mask: IncludedRanges: element 0: a list is not a number"},
		{"Clip", `"ClippingGeometry":{"rings":[]}`, "Clip: ClippingGeometry: it has no rings"},
		{"Clip", `"ClippingGeometry":{"rings":[[[0,0],[1,1]]]}`, "Clip: ClippingGeometry: ring 0 has 2 corners"},
		{"Clip", `"ClippingGeometry":{"xmin":170,"ymin":0,"xmax":-170,"ymax":1}`, "Clip: ClippingGeometry: the envelope ends before it begins"},
		{"BandArithmetic", `"Method":0,"BandIndexes":"5"`, "BandArithmetic: BandIndexes: it names no band"},
		{"BandArithmetic", `"Method":1,"BandIndexes":"1 2 3"`, "BandArithmetic: BandIndexes: NDVI has 0 constants, not 1"},
		{"Mask", `"NoDataValues":["0","0","0","0"]`, "Mask: NoDataValues: it has values for 4 bands, and there are 3"},
		{"Arithmetic", `"Raster":2,"Raster2":3,"Operation":1`, "it is made of constants alone"},
		{"UnitConversion", `"FromUnit":200,"toUnit":1`, "UnitConversion: toUnit: a temperature is no length"},
	} {
		rule := functionObject(c[0], c[1])
		_, err := compiled(rule)
		assert.ErrorContains(t, err, c[2], rule)
	}
	for rule, want := range map[string]string{
		`{"rasterFunction":"Slope","arguments":{"ZFactor":3}}`:                           `member "arguments"`,
		`{"function":{"type":"SlopeFunction"},"rasterFunctionArguments":{"ZFactor":3}}`:  `member "rasterFunctionArguments"`,
		`{"rasterFunction":"Slope","function":{"type":"AspectFunction"}}`:                `member "rasterFunction"`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":[]}`:                        `member "rasterFunctionArguments"`,
		`{"function":{"type":"SlopeFunction"},"arguments":[]}`:                           `member "arguments"`,
		`{"function":{},"arguments":{}}`:                                                 "it names no raster function",
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"ZFactor":1,"zfactor":2}}`: `"zfactor" comes twice`,
		`{"rasterFunction":"Slope"} {}`:                                                  "not one value of JSON",
		`{"function":{"type":"SlopeFunction"},"arguments":{"SlopeType":""}}`:             `Slope: SlopeType: ""`,
		`{"function":{"type":"StatisticsFunction"},"arguments":{"KernelRows":300}}`:      "Statistics: KernelRows: a window",
	} {
		_, err := compiled(rule)
		assert.ErrorContains(t, err, want, rule)
	}
}

func stored(name string, functionType int) string {
	return fmt.Sprintf(`{"function":{"type":"%sFunction"},"arguments":{},"functionType":%d}`, name, functionType)
}

// A function of single rasters may lie inside of others, and hold others: all that is below it is of single rasters, and what is
// above it is of the mosaic.
func TestSplit(t *testing.T) {
	templates := []Template{{Name: "each", Function: &Aspect{}, OnItems: true}, {Name: "both", Function: &Stretch{Input: Named("each"), Type: StretchMinMax}}}
	around := func(name, inner string) string { return functionObject(name, `"Raster":`+inner) }
	for _, c := range []struct{ rule, each, mosaic string }{
		{"Slope", "", "Slope"},
		{"None", "", ""},
		{"each", "Aspect", ""},
		{stored("Statistics", 1), "Statistics", ""},
		{stored("Statistics", 0), "", "Statistics"},
		{around("Slope", stored("Statistics", 1)), "Statistics", "Slope"},
		{around("Slope", stored("Statistics", 0)), "", "Slope of Statistics"},
		{around("Slope", `{"rasterFunction":"EACH"}`), "Aspect", "Slope"},
		{around("Slope", around("each", `{"rasterFunction":"Statistics"}`)), "Aspect of Statistics", "Slope"},
		{around("Slope", around("each", stored("Statistics", 1))), "Aspect of Statistics", "Slope"},
		{"both", "Aspect", "Stretch"},
		{around("both", `{"rasterFunction":"Statistics"}`), "Aspect of Statistics", "Stretch"},
		{`{"function":{"type":"SlopeFunction"},"arguments":{"Raster":` + stored("Statistics", 1) + `},"functionType":1}`, "Slope of Statistics", ""},
		{`{"function":{"type":"SlopeFunction"},"arguments":{"Raster":` + stored("Statistics", 0) + `},"functionType":1}`, "Slope of Statistics", ""},
		{functionObject("Arithmetic", `"Raster":`+stored("Statistics", 1)+`,"Raster2":`+stored("Statistics", 1)), "Statistics", "Arithmetic"},
		{functionObject("Arithmetic", `"Raster":`+stored("Statistics", 1)+`,"Raster2":2`), "Statistics", "Arithmetic"},
	} {
		rule, err := ParseRule(c.rule)
		require.NoError(t, err)
		each, mosaic, err := Split(rule, templates)
		require.NoError(t, err, c.rule)
		assert.Equal(t, c.each, outline(each), c.rule)
		assert.Equal(t, c.mosaic, outline(mosaic), c.rule)
		whole, err := Resolve(rule, templates)
		require.NoError(t, err)
		again, err := Compose(mosaic, each)
		require.NoError(t, err)
		assert.Equal(t, whole, again, c.rule)
	}
	for rule, want := range map[string]string{
		functionObject("Arithmetic", `"Raster":`+stored("Statistics", 1)+`,"Raster2":"$$"`):                "also of the rasters themselves",
		functionObject("Arithmetic", `"Raster":"$$","Raster2":{"rasterFunction":"each"}`):                  "also of the rasters themselves",
		functionObject("Arithmetic", `"Raster":`+stored("Statistics", 1)+`,"Raster2":`+stored("Slope", 1)): "two functions of functionType 1 (item) that differ",
	} {
		r, err := ParseRule(rule)
		require.NoError(t, err)
		_, _, err = Split(r, templates)
		assert.ErrorContains(t, err, want, rule)
	}
}

// outline returns the names of a chain of functions.
func outline(f Function) string {
	if f == nil || f.spec() == nil {
		return ""
	}
	text := f.spec().name
	if in := f.spec().inputs(f); len(in) > 0 && outline(in[0]) != "" {
		text += " of " + outline(in[0])
	}
	return text
}

// An argument that a rule states and that has no influence is noted; one that agrees with what counts is not.
func TestNotesOfRules(t *testing.T) {
	mean, fifth := strings.Repeat("1,", 8)+"1", strings.Repeat("0.1111,", 8)+"0.1111"
	for _, c := range [][]string{ // function, arguments, notes
		{"Convolution", `"Type":10,"Kernel":[1,2,3,4,5,6,7,8,9]`, "Convolution: Kernel: it was passed over, as Type 10 (SmoothArithmeticMean) has a kernel of its own"},
		{"Convolution", `"Type":10,"Kernel":[` + mean + `]`},
		{"Convolution", `"Type":10,"Kernel":[` + fifth + `],"Rows":3,"Columns":3`},
		{"Convolution", `"Type":12,"Rows":3,"Columns":3`},
		{"Convolution", `"Type":12,"Rows":5,"Columns":5`},
		{"Convolution", `"Type":13,"Kernel":[1,1,1,1,-9,1,1,1,1]`, "Convolution: Kernel: it was passed over, as Type 13"},
		{"Convolution", `"Type":10,"Rows":7`, "Convolution: Rows: it was passed over, as Type 10 (SmoothArithmeticMean) has a kernel of 3 by 3 pixels"},
		{"Convolution", `"Type":255,"Kernel":[1]`, "Convolution: Kernel: it was passed over, as Type 255"},
		{"Convolution", `"Type":-1,"Kernel":[` + mean + `]`},
		{"Convolution", `"Kernel":[` + mean + `]`},
		{"Hillshade", `"HillshadeType":1,"Azimuth":90,"Altitude":20`, "Hillshade: Azimuth: it was passed over, as HillshadeType 1", "Hillshade: Altitude: "},
		{"Hillshade", `"HillshadeType":1,"Azimuth":315,"Altitude":45,"PSPower":0.664,"PSZFactor":0.024`},
		{"Grayscale", `"ConversionParameters":[1,1,1,1]`, "Grayscale: ConversionParameters: 1 of 4 weights were passed over"},
		{"Grayscale", `"ConversionParameters":[1,2]`},
		{"Hillshade", `"PSPower":2`, "Hillshade: PSPower: it was passed over, as it is for SlopeType 3 (Scaled) alone"},
		{"Hillshade", `"PSPower":2,"SlopeType":3`},
		{"Slope", `"SlopeType":2,"PSZFactor":3`, "Slope: PSZFactor: "},
		{"ShadedRelief", `"HillshadeType":1,"Altitude":20`, "ShadedRelief: Altitude: "},
		{"Stretch", `"StretchType":5,"MinPercent":10`, "Stretch: MinPercent: it was passed over, as it is for StretchType 6"},
		{"Stretch", `"StretchType":6,"MinPercent":10`},
		{"Stretch", `"StretchType":6,"NumberOfStandardDeviations":5`, "Stretch: NumberOfStandardDeviations: "},
		{"Stretch", `"StretchType":5,"SigmoidStrengthLevel":5`, "Stretch: SigmoidStrengthLevel: "},
		{"Stretch", `"StretchType":5,"Gamma":[2,2,2]`, "Stretch: Gamma: it was passed over, as UseGamma is not stated"},
		{"Stretch", `"StretchType":5,"ComputeGamma":true`, "Stretch: ComputeGamma: "},
		{"Stretch", `"StretchType":5,"Gamma":[2,2,2],"UseGamma":false`},
		{"Stretch", `"StretchType":5,"Gamma":[]`},
		{"ExtractBand", `"Method":0,"BandNames":["Red"],"BandIDs":[1]`, "ExtractBand: BandIds: it was passed over, as Method 0 selects by BandNames"},
		{"RasterCalculator", `"Expression":"a","InputNames":["a","b"],"Rasters":["$$","$1"]`, `RasterCalculator: InputNames: it was passed over, as "b" is not in the Expression`},
	} {
		rule := functionObject(c[0], c[1])
		p, err := compiled(rule)
		require.NoError(t, err, rule)
		require.Len(t, p.Notes(), len(c)-2, "%s: %v", rule, p.Notes())
		for i, want := range c[2:] {
			assert.Contains(t, p.Notes()[i], want, rule)
		}
	}
	grey := functionObject("Grayscale", "")
	for arguments, want := range map[string]int{
		`"ColormapName":"Elevation","ColorrampName":"Aspect"`: 1, `"ColormapName":"Elevation"`: 0, `"ColormapName":"","ColorrampName":"Aspect"`: 0,
		`"ColormapName":"Elevation","ColorrampName":"Aspect","ColorSchemeType":0`: 0, `"Colormap":[[1,2,3,4]],"ColormapName":"Elevation"`: 1,
		`"Colormap":[],"ColormapName":"Elevation"`: 0,
	} {
		p, err := compiled(functionObject("Colormap", arguments+`,"Raster":`+grey))
		require.NoError(t, err, arguments)
		assert.Len(t, p.Notes(), want, arguments)
	}
	twice := functionObject("Slope", `"PSPower":2,"Raster":`+functionObject("Slope", `"PSPower":2`))
	p, err := compiled(twice)
	require.NoError(t, err)
	assert.Len(t, p.Notes(), 1)
}

// Errors are those of their rules, whatever rules came before.
func TestErrorsAreNotShared(t *testing.T) {
	for _, name := range []string{"Slope", "Aspect", "Hillshade"} {
		_, err := compiled(functionObject(name, `"Raster":"https://example.com/raster"`))
		require.ErrorContains(t, err, name+": Raster: rasters of other services")
	}
}

// A rule that spells a function in two ways has its errors by the names that functions have.
func TestErrorsOfTwoSpellings(t *testing.T) {
	rule := functionObject("Statistics", `"rows":3,"Raster":`+functionObject("statistics", `"KernelRows":500`))
	_, err := compiled(rule)
	assert.ErrorContains(t, err, "Statistics: KernelRows: ")
	plain := assert.AnError
	assert.Equal(t, plain, AsWritten(plain, Named("x")))
	assert.NoError(t, AsWritten(nil, nil))
}
