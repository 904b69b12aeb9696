package function

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// drawn returns what a rule makes of a row of samples of one band.
func drawn(t *testing.T, rule string, typ raster.PixelType, values ...float64) ([]float64, Samples) {
	f, err := Parse(rule)
	require.NoError(t, err)
	one := map[Leaf]Samples{Source{}: {Type: typ, Bands: make([]Band, 1)}}
	p, err := Compile(f, one)
	require.NoError(t, err)
	b := raster.NewBlock(raster.F64, 1, image.Rect(0, 0, len(values), 1))
	copy(b.Bands[0].(*raster.PlaneOf[float64]).Pix, values)
	raster.SetAllValid(b.Valid)
	b, err = raster.Convert(b, typ)
	require.NoError(t, err)
	out, err := p.Run(map[Leaf]*raster.Block{Source{}: b}, Cell{Width: 1, Height: 1})
	require.NoError(t, err)
	wide, err := raster.Convert(out, raster.F64)
	require.NoError(t, err)
	var got []float64
	for x := range values {
		v := wide.Bands[0].(*raster.PlaneOf[float64]).Pix[x]
		if wide.Valid.AlphaAt(x, 0).A == 0 {
			v = -999
		}
		got = append(got, v)
	}
	return got, p.Samples()
}

func TestPassThrough(t *testing.T) {
	for _, rule := range []string{
		`{"rasterFunction":"Identity"}`, `{"rasterFunction":"none","rasterFunctionArguments":{"Anything":1}}`, `{"rasterFunction":"Table","rasterFunctionArguments":{"AttributeTableAsRecordSet":{}}}`,
		`{"rasterFunction":"Resample","rasterFunctionArguments":{"ResamplingType":1,"OutputCellsize":{"x":0,"y":0}}}`,
		`{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":255}}`,
	} {
		got, s := drawn(t, rule, raster.S16, -5, 7)
		assert.Equal(t, []float64{-5, 7}, got, rule)
		assert.Equal(t, raster.S16, s.Type)
	}
	// Stated statistics count for what is on top.
	got, _ := drawn(t, `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Raster":
		{"rasterFunction":"StatisticsHistogram","rasterFunctionArguments":{"Statistics":[[0,51,25,5]]}}}}`, raster.F32, 0, 10, 51)
	assert.Equal(t, []float64{0, 50, 255}, got)
	got, s := drawn(t, `{"rasterFunction":"ColormapToRGB","rasterFunctionArguments":{"Raster":
		{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,10,20,30],[2,40,50,60]]}}}}`, raster.U8, 1, 2, 3)
	assert.Equal(t, []float64{10, 40, -999}, got)
	assert.Len(t, s.Bands, 3)
}

func TestCalculator(t *testing.T) {
	for expression, want := range map[string][]float64{
		"a + 1": {3, 0}, "-a ** 2": {-4, -1}, "2 ** 3 ** 0": {2, 2}, "a / 0": {-999, -999}, "Con(a > 0, a * 10, -a)": {20, 1},
		"SetNull(a < 0, a)": {2, -999}, "IsNull(1 / (a + 1))": {0, 1}, "a > 0 & ~(a == 3) | 0": {1, 0}, "max(a, 1, 0.5)": {2, 1},
		"min(a)": {2, -1}, "Sqrt(a)": {1.4142135381698608, -999}, "5 % 3 + Abs(a)": {4, 3}, "1 - 2 - 3": {-4, -4},
	} {
		rule := `{"rasterFunction":"RasterCalculator","rasterFunctionArguments":{"Rasters":["$$"],"InputNames":["A"],"Expression":"` + expression + `"}}`
		got, _ := drawn(t, rule, raster.F32, 2, -1)
		assert.Equal(t, want, got, expression)
	}
	one := map[Leaf]Samples{Source{}: {Type: raster.U8, Bands: make([]Band, 1)}}
	for _, expression := range []string{"", "a +", "b", "a a", "f(a)", "(a", "a)", "1e999", "con(a)", "a # 2"} {
		_, err := Compile(&RasterCalculator{Inputs: []Function{Source{}}, Names: []string{"a"}, Expression: expression}, one)
		assert.ErrorContains(t, err, "RasterCalculator: Expression: ", expression)
	}
}
