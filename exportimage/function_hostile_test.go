package exportimage_test

import (
	"context"
	"fmt"
	"image"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

func square16[T raster.Real](t testing.TB, at func(x, y int) T) *rastertest.Memory {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 16, YMax: 16}, image.Pt(16, 16))
	return rastertest.FromFunc(g, 1, func(_, x, y int) T { return at(x, y) })
}

// Functions made by programs are held to what those that come as parameters are.
func TestFunctionValuesAreChecked(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	stats := func(min, max, mean, dev float64) []raster.Statistics {
		return []raster.Statistics{{Min: min, Max: max, Mean: mean, StdDev: dev}}
	}
	for i, f := range []exportimage.RasterFunction{
		&exportimage.StretchFunction{Type: 5, Min: nan},
		&exportimage.StretchFunction{Type: 5, Max: inf},
		&exportimage.StretchFunction{Type: 3, Deviations: -1},
		&exportimage.StretchFunction{Type: 3, Deviations: nan},
		&exportimage.StretchFunction{Type: 6, MinPercent: 50, MaxPercent: 50},
		&exportimage.StretchFunction{Type: 6, MinPercent: nan},
		&exportimage.StretchFunction{Type: 5, Gamma: []float64{0}},
		&exportimage.StretchFunction{Type: 5, Gamma: []float64{nan}},
		&exportimage.StretchFunction{Type: 5, Gamma: []float64{1, 1}, Statistics: stats(5, 1, 2, 1)},
		&exportimage.StretchFunction{Type: 5, Statistics: stats(0, inf, 2, 1)},
		&exportimage.StretchFunction{Type: 3, Statistics: stats(0, 9, nan, 1)},
		&exportimage.StretchFunction{Type: 3, Statistics: stats(0, 9, 1, -1)},
		&exportimage.ExtractBandFunction{BandIDs: make([]int, 10_000)},
		&exportimage.ExtractBandFunction{Input: &exportimage.StretchFunction{Type: 5}, BandIDs: make([]int, 10_000)},
		&exportimage.ColormapFunction{Colors: []exportimage.ColorEntry{{Value: nan}}},
		&exportimage.ColormapFunction{},
	} {
		s, _ := service(heights(t))
		_, err := s.Export(context.Background(), exportimage.Request{RenderingRule: f, Size: image.Pt(4, 4)})
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
	for _, kind := range []exportimage.StretchType{exportimage.StretchMinMax, exportimage.StretchPercentClip} {
		_, err := s.Export(context.Background(), exportimage.Request{RenderingRule: &exportimage.StretchFunction{Type: kind}})
		var e *exportimage.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, exportimage.Internal, e.Kind)
		assert.Empty(t, e.Param)
	}
	w := get(exportimage.NewHandler(s), "/exportImage?f=image&format=tiff&renderingRule="+url.QueryEscape(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}`))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "/etc/secret")
}

type unreadable struct{ raster.Dataset }

func (unreadable) Read(context.Context, int, image.Rectangle, []int) (*raster.Block, error) {
	return nil, fmt.Errorf("open /etc/secret: no such file")
}

// Samples at the ends of all numbers, and samples that are none, are drawn like any others.
func TestHostileSamplesAreStretched(t *testing.T) {
	for name, ds := range map[string]raster.Dataset{
		"the largest": square16(t, func(x, y int) float64 { return math.MaxFloat64 * ((float64(x) - 7.5) / 7.5) }),
		"infinities": square16(t, func(x, y int) float64 {
			return []float64{math.Inf(-1), -1, 0, 1, math.Inf(1), math.NaN()}[x%6]
		}),
		"none is a number": square16(t, func(x, y int) float64 { return math.NaN() }),
		"all infinite":     square16(t, func(x, y int) float64 { return math.Inf(1) }),
		"tiny":             square16(t, func(x, y int) float64 { return float64(x) * math.SmallestNonzeroFloat64 }),
		"one value":        square16(t, func(x, y int) float64 { return 7 }),
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
		for _, target := range []string{"/?f=json", "/statistics", "/legend", "/exportImage?f=image"} {
			assert.Equal(t, http.StatusOK, get(exportimage.NewHandler(s), target).Code, name+target)
		}
	}
	s, raw := service(square16(t, func(x, y int) float64 { return math.MaxFloat64 * ((float64(x) - 7.5) / 7.5) }))
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
		got := decode[struct {
			Statistics []struct{ Min, Max, Mean float64 }
		}](t, exportimage.NewHandler(s), "/statistics?f=json")
		require.Len(t, got.Statistics, 1)
		assert.Equal(t, 255.0, got.Statistics[0].Max)
		assert.Equal(t, 127.5, got.Statistics[0].Mean)
	}
}

// Long, thin rasters without overviews are looked at as others are.
func TestStatisticsOfThinRasters(t *testing.T) {
	for _, size := range []image.Point{{1, 20_000}, {20_000, 1}, {300, 10_000}} {
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: float64(size.X), YMax: float64(size.Y)}, size)
		s, _ := service(rastertest.FromFunc(g, 1, func(_, x, y int) uint8 { return uint8(10 + (x+y)%7) }))
		got := decode[struct{ Statistics []struct{ Min, Max float64 } }](t, exportimage.NewHandler(s), "/statistics?f=json")
		assert.Equal(t, []struct{ Min, Max float64 }{{10, 16}}, got.Statistics, size)
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
		s, raw := service(square16(t, func(x, y int) int16 { return int16(value(x, y)) }))
		fast, _ := export(t, s, raw, with(rule, ""))
		s, raw = service(square16(t, func(x, y int) float32 { return float32(value(x, y)) }))
		slow, _ := export(t, s, raw, with(rule, ""))
		assert.Equal(t, slow, fast, rule)
	}
}

// None with a type is a conversion, as esri-leaflet and others write it; to the type that pixels have, it changes nothing.
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
	s.Functions = []exportimage.FunctionTemplate{{Name: "Rows", Function: &exportimage.ExtractBandFunction{BandIDs: []int{1}}}}
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

// Clients ask for the description of what a rule draws, in order to set up a picture of it.
func TestResourcesOfARule(t *testing.T) {
	s := classes(t)
	h := exportimage.NewHandler(s)
	type resource struct {
		BandCount          int
		PixelType          string
		BandNames          []string
		MinValues          []float64
		HasColormap        bool
		SupportsStatistics bool
	}
	rule := func(text string) string { return "f=json&renderingRule=" + url.QueryEscape(text) }
	raw := decode[resource](t, h, "/?f=json")
	assert.Equal(t, resource{1, "U8", []string{"cover"}, []float64{0}, true, true}, raw)
	assert.Equal(t, raw, decode[resource](t, h, "/?"+rule("None")))
	assert.Equal(t, resource{1, "F32", []string{"cover"}, []float64{}, false, false},
		decode[resource](t, h, "/?"+rule(`{"rasterFunction":"None","outputPixelType":"F32"}`)))
	other := rule(`{"rasterFunction":"Colormap","rasterFunctionArguments":{"Colormap":[[1,9,8,7]]}}`)
	assert.True(t, decode[resource](t, h, "/?"+other).HasColormap)
	assert.Equal(t, [4]int{1, 9, 8, 7}, decode[struct{ Colormap [][4]int }](t, h, "/colormap?"+other).Colormap[1])

	s, _ = service(bands3(t))
	h = exportimage.NewHandler(s)
	two := rule(`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[2,0]}}`)
	assert.Equal(t, []string{"Band_3", "Band_1"}, decode[resource](t, h, "/?"+two).BandNames)
	stats := decode[struct{ Statistics []struct{ Max float64 } }](t, h, "/statistics?"+two).Statistics
	assert.Equal(t, []struct{ Max float64 }{{30}, {15}}, stats)
	stretched := rule(`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}`)
	assert.Equal(t, resource{3, "U8", []string{"Band_1", "Band_2", "Band_3"}, []float64{}, false, false}, decode[resource](t, h, "/?"+stretched))
	for _, path := range []string{"/", "/statistics", "/keyProperties", "/colormap", "/rasterAttributeTable"} {
		w := get(h, path+"?"+rule(`{"rasterFunction":"Hillshade"}`))
		assert.Equal(t, http.StatusNotImplemented, w.Code, path)
		assert.Contains(t, w.Body.String(), "renderingRule", path)
	}
}

// Files may name any number of classes: a legend shows some.
func TestLegendIsBounded(t *testing.T) {
	ds := square16(t, func(x, y int) uint16 { return uint16(x) })
	ds.Bands = []raster.Band{{Categories: make([]string, 3000)}}
	for i := range ds.Bands[0].Categories {
		ds.Bands[0].Categories[i] = fmt.Sprint("class ", i)
	}
	s, _ := service(ds)
	got := decode[struct{ Layers []struct{ Legend []any } }](t, exportimage.NewHandler(s), "/legend?f=json")
	assert.Len(t, got.Layers[0].Legend, 256)
}
