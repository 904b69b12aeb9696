package params_test

import (
	"encoding/json"
	"math"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/mosaic"
)

func interval(from, to float64) mosaic.Interval { return mosaic.Interval{From: from, To: to} }

func TestMultidimensionalDefinition(t *testing.T) {
	type list = []mosaic.SliceCondition
	const far = math.MaxFloat64
	for text, want := range map[string]list{
		``: nil, `[]`: nil, `null`: nil, `None`: nil, `[{}]`: nil, `[{"variableName":""}]`: nil, `[{"variableName":"*","isSlice":true}]`: nil,
		`[{"variableName":"Temp","dimensionName":"StdTime","values":[0,[1,2]],"isSlice":true}]`: {
			{Variable: "Temp", Dimension: "StdTime", Values: []mosaic.Interval{interval(0, 0), interval(1, 2)}, Exact: true}},
		`[{variableName:'Temp'}]`: {{Variable: "Temp"}},
		`{"variableName":"Temp"}`: {{Variable: "Temp"}},
		`[{"variableName":null,"dimensionName":"StdZ","values":[]},{"dimensionName":"Year","values":1961}]`: {
			{Dimension: "StdZ"}, {Dimension: "Year", Values: []mosaic.Interval{interval(1961, 1961)}}},
		`[{"DimensionName":"StdTime","Values":[[5]],"IsSlice":False}]`: {{Dimension: "StdTime", Values: []mosaic.Interval{interval(5, 5)}}},
		`[{"dimensionName":"StdZ","values":["-5.5",[null,0],[1,null]]}]`: {{Dimension: "StdZ",
			Values: []mosaic.Interval{interval(-5.5, -5.5), interval(-far, 0), interval(1, far)}}},
		`[{"dimensionName":"StdTime","values":["2000-03-01T12:00:00Z"]}]`: {{Dimension: "StdTime", Values: []mosaic.Interval{interval(951912000000, 951912000000)}}},
	} {
		got, err := params.MultidimensionalDefinitionParam.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		if text == "" || text == "None" {
			continue
		}
		rule, err := params.MosaicRule(`{"multidimensionalDefinition":` + text + `}`)
		require.NoError(t, err, text)
		assert.Equal(t, want, rule.Slices, text)
	}
	for text, want := range map[string]string{
		`7`: "no list of objects", `[7]`: "not one JSON object", `[{"variableName":[1,2]}]`: "variableName", `[{"dimensionName":"Z","values":["deep"]}]`: "neither a number nor a date",
		`[{"dimensionName":"Z","values":[[1,2,3]]}]`: "two ends", `[{"dimensionName":"Z","values":[[2,1]]}]`: "ends before it begins",
		`[{"dimensionName":"Z","values":[true]}]`: "", `[{"dimensionName":"Z","values":[null]}]`: "no number", `[{"values":[1]}]`: "dimensionName is missing",
		`[{"dimensionName":"Z","unit":"m"}]`: "unit", `[{"dimensionName":"Z","values":{"a":1}}]`: "", `[{"dimensionName":"Z","values":[1e999]}]`: "",
	} {
		_, err := params.MultidimensionalDefinitionParam.Parse(text)
		require.Error(t, err, text)
		e := exportimage.AsError(err)
		assert.Equal(t, "multidimensionalDefinition", e.Param, text)
		assert.NotEqual(t, exportimage.Internal, e.Kind, text)
		assert.Contains(t, err.Error(), want, text)
	}
}

// TestDefinitionOfARule: a rule's argument chooses slices where the function is of one raster alone.
func TestDefinitionOfARule(t *testing.T) {
	const definition = `"multidimensionalDefinition":[{"variableName":"t"}]`
	want := []mosaic.SliceCondition{{Variable: "t"}}
	for _, rule := range []string{
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,` + definition + `}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"Raster":"$$","MultidimensionalDefinition":{"value":[{"variableName":"t"}]}}}`,
		`{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"Gray","Raster":{"rasterFunction":"Stretch","rasterFunctionArguments":{` + definition + `}}}}`,
		`{"rasterFunction":"Stretch",` + definition + `}`,
	} {
		r, err := params.ParseRequest(url.Values{"renderingRule": {rule}})
		require.NoError(t, err, rule)
		assert.Equal(t, want, r.Slices, rule)
		text, err := json.Marshal(r.Function)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "imensionalDefinition")
	}
	for _, rule := range []string{
		`{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Operation":1,"Raster":{"rasterFunction":"Stretch","rasterFunctionArguments":{` + definition + `}},"Raster2":"$$"}}`,
		`{"rasterFunction":"CompositeBand","rasterFunctionArguments":{"Rasters":[{"rasterFunction":"Stretch","rasterFunctionArguments":{` + definition + `}}]}}`,
	} {
		r, err := params.ParseRequest(url.Values{"renderingRule": {rule}})
		require.NoError(t, err)
		assert.Nil(t, r.Slices, "one raster among several: the function refuses the argument")
	}
	_, err := params.ParseRequest(url.Values{"renderingRule": {`{"rasterFunction":"Stretch",` + definition + `,"rasterFunctionArguments":{` + definition + `}}`}})
	require.Error(t, err)
	assert.Contains(t, err.Error(), "a rule has one")
}

func FuzzMultidimensionalDefinition(f *testing.F) {
	f.Add(`[{"variableName":"Temp","dimensionName":"StdTime","values":[0,[1,2]],"isSlice":true}]`)
	f.Add(`[{'dimensionName':'StdZ','values':['-5',[null,3]]}]`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := params.MultidimensionalDefinitionParam.Parse(text)
		if err != nil {
			if e := exportimage.AsError(err); e.Kind == exportimage.Internal {
				t.Fatal(err)
			}
			return
		}
		for _, c := range list {
			if c.Variable == "" && c.Dimension == "" || c.Dimension == "" && len(c.Values) > 0 {
				t.Fatalf("%q is %+v", text, c)
			}
			for _, v := range c.Values {
				if !(v.From <= v.To) {
					t.Fatalf("%q has %v", text, v)
				}
			}
		}
	})
}
