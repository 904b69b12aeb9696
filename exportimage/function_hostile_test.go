package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// Functions made by programs are held to what those that come as parameters are.
func TestFunctionValuesAreChecked(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	stats := func(low, high, mean, dev float64) []raster.Statistics {
		return []raster.Statistics{{Min: low, Max: high, Mean: mean, StdDev: dev}}
	}
	for i, f := range []function.Function{
		&function.Stretch{Type: 5, Min: nan},
		&function.Stretch{Type: 5, Max: inf},
		&function.Stretch{Type: 3, Deviations: -1},
		&function.Stretch{Type: 3, Deviations: nan},
		&function.Stretch{Type: 6, MinPercent: 50, MaxPercent: 50},
		&function.Stretch{Type: 6, MinPercent: nan},
		&function.Stretch{Type: 5, Gamma: []float64{0}},
		&function.Stretch{Type: 5, Gamma: []float64{nan}},
		&function.Stretch{Type: 5, Gamma: []float64{1, 1}, Statistics: stats(5, 1, 2, 1)},
		&function.Stretch{Type: 5, Statistics: stats(0, inf, 2, 1)},
		&function.Stretch{Type: 3, Statistics: stats(0, 9, nan, 1)},
		&function.Stretch{Type: 3, Statistics: stats(0, 9, 1, -2)},
		&function.ExtractBand{IDs: make([]int, 10_000)},
		&function.ExtractBand{Input: &function.Stretch{Type: 5}, IDs: make([]int, 10_000)},
		&function.Colormap{Colors: []function.ColorEntry{{Value: nan}}},
		&function.Colormap{Colors: make([]function.ColorEntry, 1), Ramp: make([]function.ColorRamp, 1)},
	} {
		s, _ := service(heights(t))
		_, err := s.Export(context.Background(), exportimage.Request{Function: f, Size: image.Pt(4, 4)})
		var e *exportimage.Error
		if assert.ErrorAs(t, err, &e, "%d", i) {
			assert.Equal(t, "invalid renderingRule", fmt.Sprint(e.Kind, " ", e.Param), "%d: %v", i, err)
		}
	}
}

// A raster that cannot be read is the raster's fault, not the rule's whose statistics want it, and its path stays here.
func TestFunctionsDoNotTakeTheBlame(t *testing.T) {
	bad := item(1, heights(t))
	bad.Open = func(context.Context) (raster.Dataset, error) { return unreadable{heights(t)}, nil }
	s, _ := service(heights(t))
	s.Catalog = mosaic.Slice{bad}
	for _, kind := range []function.StretchType{function.StretchMinMax, function.StretchPercentClip} {
		_, err := s.Export(context.Background(), exportimage.Request{Function: &function.Stretch{Type: kind}})
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, exportimage.Internal, e.Kind)
		assert.Empty(t, e.Param)
	}
	_, err := s.Export(context.Background(), exportimage.Request{Function: &function.Stretch{Type: function.StretchMinMax}})
	var fault *exportimage.RasterError
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, `raster "raster 1": cannot read it`, fault.Public())
}

type unreadable struct{ raster.Dataset }

func (unreadable) Read(context.Context, *raster.Block, int, image.Rectangle, []int) (*raster.Block, error) {
	return nil, fmt.Errorf("open /etc/secret: no such file")
}

// Samples at the ends of all numbers, and samples that are none, are drawn like any others.
func TestHostileSamplesAreStretched(t *testing.T) {
	for name, ds := range map[string]raster.Dataset{
		"the largest": servicetest.Square16(t, func(x, y int) float64 { return math.MaxFloat64 * ((float64(x) - 7.5) / 7.5) }),
		"infinities": servicetest.Square16(t, func(x, y int) float64 {
			return []float64{math.Inf(-1), -1, 0, 1, math.Inf(1), math.NaN()}[x%6]
		}),
		"none is a number": servicetest.Square16(t, func(x, y int) float64 { return math.NaN() }),
		"all infinite":     servicetest.Square16(t, func(x, y int) float64 { return math.Inf(1) }),
		"tiny":             servicetest.Square16(t, func(x, y int) float64 { return float64(x) * math.SmallestNonzeroFloat64 }),
		"one value":        servicetest.Square16(t, func(x, y int) float64 { return 7 }),
	} {
		for _, args := range []string{
			`"StretchType":3`, `"StretchType":4`, `"StretchType":5`, `"StretchType":6`, `"StretchType":5,"UseGamma":true,"Gamma":[2.2]`,
			`"StretchType":5,"Min":255,"Max":0`,
		} {
			rule := `{"rasterFunction":"Stretch","rasterFunctionArguments":{` + args + `},"outputPixelType":"U8"}`
			for _, rule := range []string{rule, `{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"gray","Raster":` + rule + `}}`} {
				s, raw := service(ds)
				b, _ := export(t, s, raw, with(rule, ""))
				assert.NotNil(t, b, name+args)
			}
		}
		s, raw := service(ds)
		export(t, s, raw, with(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"gray"}}`, ""))
		_, err := s.Statistics(t.Context(), nil)
		require.NoError(t, err, name)
		_, err = s.Legend(t.Context(), exportimage.LegendRequest{})
		require.NoError(t, err, name)
	}
	s, raw := service(servicetest.Square16(t, func(x, y int) float64 { return math.MaxFloat64 * ((float64(x) - 7.5) / 7.5) }))
	b, _ := export(t, s, raw, with(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5},"outputPixelType":"U8"}`, ""))
	assert.Equal(t, []uint8{0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255}, bytesOf(t, b, 0)[:16])
}

// Statistics that a file states and that cannot be true are not believed.
func TestFalseStatisticsAreNotBelieved(t *testing.T) {
	for _, stated := range []raster.Statistics{
		{Min: math.NaN(), Max: 1}, {Min: 0, Max: math.Inf(1)}, {Min: 5, Max: 1}, {Max: 1, StdDev: -1}, {Max: 1, Mean: math.NaN()},
	} {
		ds := heights(t)
		ds.Bands = []raster.Band{{Stats: &stated}}
		s, _ := service(ds)
		got, err := s.Statistics(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, 255.0, got[0].Max)
		assert.Equal(t, 127.5, got[0].Mean)
	}
}

// Long, thin rasters without overviews are looked at as others are.
func TestStatisticsOfThinRasters(t *testing.T) {
	for _, size := range []image.Point{{1, 20_000}, {20_000, 1}, {300, 10_000}} {
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: float64(size.X), YMax: float64(size.Y)}, size)
		s, _ := service(rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(10 + (x+y)%7) }))
		got, err := s.Statistics(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, [2]float64{10, 16}, [2]float64{got[0].Min, got[0].Max}, size)
	}
}

// Whole numbers go through tables: they give what single samples are computed to.
func TestFunctionTablesAgree(t *testing.T) {
	value := func(x, y int) int { return 97*x*y - 5000 + x }
	var colors strings.Builder
	for v := range 30 {
		fmt.Fprintf(&colors, `,[%d,%d,0,0]`, value(v%16, v%7), v*8)
	}
	for _, rule := range []string{
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[-2000.5,9000.25,100,5]],"UseGamma":true,"Gamma":[1.7]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[-90000,90000,100,5]]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[100,100]]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[-1e300,-1e300]]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[1e300,1e300]]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":4},"outputPixelType":"F32"}`,
		`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[-40000,1,2,3],[7.5,1,2,3],[40000,1,2,3]` + colors.String() + `]}}`,
		`{"rasterFunction":"Colormap","rasterFunctionArguments":{"ColormapName":"gray"}}`,
	} {
		s, raw := service(servicetest.Square16(t, func(x, y int) int16 { return int16(value(x, y)) }))
		fast, _ := export(t, s, raw, with(rule, ""))
		s, raw = service(servicetest.Square16(t, func(x, y int) float32 { return float32(value(x, y)) }))
		slow, _ := export(t, s, raw, with(rule, ""))
		assert.Equal(t, slow, fast, rule)
	}
}

// None with a type is a conversion, as esri-leaflet and others write it; to the type that pixels have, it changes
// nothing.
func TestFunctionNoneWithAType(t *testing.T) {
	none := func(typ string) string { return `{"rasterFunction":"None","outputPixelType":"` + typ + `"}` }
	s, raw := service(heights(t))
	want, _ := export(t, s, raw, whole16)
	for _, typ := range []string{"F32", "UNKNOWN", ""} {
		got, _ := export(t, s, raw, with(none(typ), ""))
		assert.Equal(t, want, got, typ)
	}
	want, _ = export(t, s, raw, whole16+"&pixelType=U8")
	got, _ := export(t, s, raw, with(none("U8"), ""))
	assert.Equal(t, want, got)

	s = classes(t)
	plain, err := s.Export(context.Background(), parse(t, "size=30,10"))
	require.NoError(t, err)
	same, err := s.Export(context.Background(), parse(t, "size=30,10&renderingRule="+url.QueryEscape(none("U8"))))
	require.NoError(t, err)
	assert.Equal(t, plain.Data, same.Data, "the palette is kept")

	s, raw = service(bands3(t))
	s.Functions = []function.Template{{Name: "Rows", Function: &function.ExtractBand{IDs: []int{1}}}}
	want, _ = export(t, s, raw, whole16+"&bandIds=1&pixelType=F32")
	got, _ = export(t, s, raw, with(`{"rasterFunction":"rows","outputPixelType":"F32"}`, ""))
	assert.Equal(t, want, got)
}

// Complex samples have no order, so that no operation but First and Last merges them.
func TestOperationsOfComplexSamples(t *testing.T) {
	ds := heights(t)
	complexes := rastertest.FromFunc(ds.Info().Grid, 1, func(_, x, y int) complex64 { return complex(float32(x), float32(y)) })
	s, _ := service(complexes, complexes)
	err := exportErr(s, `format=raw&mosaicRule={"mosaicOperation":"MT_MEAN"}`)
	var e *exportimage.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "unsupported mosaicRule", fmt.Sprint(e.Kind, " ", e.Param))
}

// A trace notes arguments without influence, of the function and of that of single rasters, and errors name arguments as
// requests do, also those that depend on the rasters.
func TestNotesAndErrorsOfArguments(t *testing.T) {
	s, raw := hills(t)
	const kernel = `{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":10,"Kernel":[1,2,3,4,5,6,7,8,9]}}`
	const note = "Convolution: Kernel: it was passed over, as Type 10 (SmoothArithmeticMean) has a kernel of its own"
	_, res := export(t, s, raw, hillsBox+"&size=9,9&format=raw&renderingRule="+url.QueryEscape(kernel)+"&bandIds=0")
	assert.Equal(t, []string{"renderingRule: " + note}, res.Trace.Notes)
	_, res = export(t, s, raw, hillsBox+"&size=9,9&format=raw&"+itemQuery(kernel, ""))
	assert.Equal(t, []string{"mosaicRule: itemRenderingRule: " + note}, res.Trace.Notes)

	const window = `{"rasterFunction":"Statistics","rasterFunctionArguments":{"kernelRows":500}}`
	for _, query := range []string{"renderingRule=" + url.QueryEscape(window), itemQuery(window, "")} {
		_, err := s.Export(t.Context(), parse(t, hillsBox+"&size=9,9&format=raw&"+query))
		assert.ErrorContains(t, err, "Statistics: kernelRows: a window")
	}
}
