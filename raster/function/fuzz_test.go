package function

import (
	"errors"
	"image"
	"strings"
	"testing"

	"github.com/geoexport/geoexport/raster"
)

// FuzzRule: any text is a rule that draws, or an error that says what is wrong; nothing panics.
func FuzzRule(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(string(v.Rule))
	}
	f.Add(`{"name":"x","function":{"type":"RemapFunction"},"arguments":{"Raster":{"isDataset":true,"type":"RasterFunctionVariable"},"InputRanges":{"type":"ArgumentArray","elements":[0,10]}}}`)
	f.Add(`{"rasterFunction":"Hillshade Gray","rasterFunctionArguments":{"Azimuth":{"_object_ref_id":1},"x":{"_object_id":1}}}`)
	ws := worlds{Source{}: {raster.U8, 3}, Item(1): {raster.F32, 1}}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		rule, err := ParseRule(text)
		if err != nil || rule == nil {
			return
		}
		fn, err := Resolve(rule, Elevation())
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		p, err := ws.compile(fn)
		if err != nil {
			return
		}
		ws.run(t, p, image.Rect(0, 0, 5, 3), Cell{Width: 1, Height: 1})
	})
}

// FuzzExpression: any text is an expression that computes, or an error.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{"(B4-B3)/(B4+B3)", "-b1 * 2.5e-3", "Con(a > 3, sqrt(b), -a ** 2)", "~a & b | a % 2 == 1", "max(a,b,1)", "((((", "1e999", strings.Repeat("-", 100) + "1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range []grammar{bandGrammar, calculatorGrammar} {
			e, err := parseExpression(text, g, func(name string) (int, bool) { return len(name) % 2, true })
			if err != nil {
				continue
			}
			if got := e.run([][]float64{{1, 0}, {2, -3}}, 2); len(got) != 2 {
				t.Fatal(got)
			}
		}
	})
}
