package exportimage_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// itemRules are functions with and without margins, of one and of several bands' width, and ones that make data of none.
var itemRules = []string{
	`{"rasterFunction":"Hillshade"}`,
	`{"rasterFunction":"Slope","rasterFunctionArguments":{"DEM":{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":3,"KernelRows":5,"KernelColumns":4}}}}`,
	`{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":1,"KernelRows":7,"KernelColumns":7,"FillNoDataOnly":true}}`,
	`{"rasterFunction":"Local","rasterFunctionArguments":{"Operation":31}}`,
	`{"rasterFunction":"CompositeBand","rasterFunctionArguments":{"Rasters":["$$",{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":"$$","Operation":3,"Raster2":2}}]}}`,
	`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}`,
	`{"rasterFunction":"Mask","rasterFunctionArguments":{"IncludedRanges":[200,300]}}`,
}

// hills returns services of three rasters of heights that overlap, each with holes, in two spatial references.
func hills(t *testing.T) (*exportimage.Service, **raster.Block) {
	height := func(seed int) func(_, x, y int) float32 {
		return func(_, x, y int) float32 {
			if x > 20 && x < 24 && y%9 < 4 {
				return float32(math.NaN())
			}
			return float32(100*seed) + float32((x*x+3*x*y+y*y*seed)%97) + float32(x)/4
		}
	}
	utm := func(x, y float64, w, h int) raster.Grid {
		return raster.NorthUp(crs(t, 32633), srs.Envelope{XMin: x, YMin: y, XMax: x + float64(10*w), YMax: y + float64(10*h)}, image.Pt(w, h))
	}
	a := rastertest.FromFunc(utm(500000, 5300000, 90, 70), 1, height(1))
	b := rastertest.FromFunc(utm(500600, 5300300, 80, 80), 1, height(2))
	c := rastertest.FromFunc(utm(500300, 5299700, 50, 50), 1, height(3))
	return service(a, b, c)
}

func itemQuery(rule, more string) string {
	return "mosaicRule=" + url.QueryEscape(fmt.Sprintf(`{"itemRenderingRule":%s%s}`, rule, more))
}

const hillsBox = "bboxSR=32633&bbox=499900,5299600,501500,5301200"

// requireSame compares the pixels of part with those of whole from a corner on.
func requireSame(t *testing.T, whole *raster.Block, corner image.Point, part *raster.Block, about ...any) {
	want, err := raster.Convert(whole.Sub(part.Bounds().Add(corner)), raster.F64)
	require.NoError(t, err)
	got, err := raster.Convert(part, raster.F64)
	require.NoError(t, err)
	require.Equal(t, whole.Type, part.Type, about...)
	require.Len(t, got.Bands, len(want.Bands), about...)
	had, has := want.CopyValid(), got.CopyValid()
	require.Equal(t, had.Pix, has.Pix, about...)
	for i := range want.Bands {
		a, b := want.Bands[i].(*raster.PlaneOf[float64]), got.Bands[i].(*raster.PlaneOf[float64])
		for y := range part.Bounds().Dy() {
			for x := range part.Bounds().Dx() {
				if had.Pix[y*had.Stride+x] != 0 {
					at := part.Bounds().Min.Add(image.Pt(x, y))
					require.Equal(t, a.Row(at.Y + corner.Y)[x], b.Row(at.Y)[x], "band %d at %v: %v", i, at, about)
				}
			}
		}
	}
}

// Images of parts are parts of the image, however rasters are computed before they are merged, and however many workers make
// strips.
func TestItemFunctionsStitched(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 1))
	for _, rule := range itemRules {
		for _, more := range []string{"", `,"mosaicOperation":"MT_BLEND"`, `,"mosaicMethod":"esriMosaicSeamline","mosaicOperation":"MT_LAST"`} {
			query := "&imageSR=32632&format=raw&" + itemQuery(rule, more)
			if random.IntN(2) == 0 {
				query += "&renderingRule=" + url.QueryEscape(`{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":2}}`)
			}
			s, raw := hills(t)
			s.Limits.Workers = 1
			const side, step = 160, 11.0
			x, y := 948500.0, 5318700.0
			box := func(r image.Rectangle) string {
				return fmt.Sprintf("bboxSR=32632&adjustAspectRatio=false&bbox=%v,%v,%v,%v&size=%d,%d", x+step*float64(r.Min.X), y-step*float64(r.Max.Y),
					x+step*float64(r.Max.X), y-step*float64(r.Min.Y), r.Dx(), r.Dy())
			}
			whole, _ := export(t, s, raw, box(image.Rect(0, 0, side, side))+query)
			require.False(t, whole.Blank(), rule)
			for range 6 {
				parts, raw := hills(t)
				parts.Limits.Workers = 1 + random.IntN(4)
				r := image.Rect(random.IntN(side), random.IntN(side), random.IntN(side), random.IntN(side))
				if r.Empty() {
					continue
				}
				part, _ := export(t, parts, raw, box(r)+query)
				requireSame(t, whole, whole.Bounds().Min.Add(r.Min).Sub(part.Bounds().Min), part, rule, more, r)
			}
		}
	}
}

// A function of single rasters gives the merged image of what it gives of each raster alone, and of one raster what it gives of
// the mosaic, up to the raster's sides.
func TestItemFunctionsAreOfEachRaster(t *testing.T) {
	for _, rule := range itemRules[:3] {
		for name, op := range map[string]mosaic.Operation{"MT_FIRST": mosaic.First, "MT_MAX": mosaic.Max, "MT_MEAN": mosaic.Mean} {
			s, raw := hills(t)
			got, _ := export(t, s, raw, hillsBox+"&size=160,160&format=raw&"+itemQuery(rule, `,"mosaicOperation":"`+name+`"`))
			want := mosaic.NewMerger(op, got.Type, len(got.Bands), got.Bounds())
			for id := 1; id <= 3; id++ {
				lock := fmt.Sprintf("&size=160,160&format=raw&mosaicRule={mosaicMethod:esriMosaicLockRaster,lockRasterIds:[%d]", id)
				alone, _ := export(t, s, raw, hillsBox+lock+"}&renderingRule="+url.QueryEscape(rule))
				self, _ := export(t, s, raw, hillsBox+lock+",itemRenderingRule:"+url.QueryEscape(rule)+"}")
				inside, valid := self.CopyValid(), alone.CopyValid() // the mosaic may have made data outside
				for i, v := range inside.Pix {
					valid.Pix[i] = min(v, valid.Pix[i])
				}
				requireSame(t, &raster.Block{Type: alone.Type, Bands: alone.Bands, Valid: valid}, image.Point{}, self, rule, id)
				require.NoError(t, want.Add(self, nil))
			}
			requireSame(t, want.Result(), image.Point{}, got, rule, name)
		}
	}
}

// What is the same everywhere stays so, also where rasters meet and where one raster goes round the world; what a function makes
// of no data ends at a raster's sides.
func TestItemFunctionsOfConstants(t *testing.T) {
	flat := func(xmin float64) raster.Dataset {
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMin: xmin, XMax: xmin + 64, YMax: 64}, image.Pt(64, 64))
		return rastertest.FromFunc(g, 1, func(_, x, y int) int16 {
			return 7
		})
	}
	s, raw := service(flat(0), flat(32))
	for rule, want := range map[string]float64{
		`{"rasterFunction":"Slope"}`: 0, `{"rasterFunction":"Aspect"}`: -1, `{"rasterFunction":"Hillshade"}`: math.Trunc(255 * math.Sin(math.Pi/4)),
		`{"rasterFunction":"Statistics"}`: 7,
	} {
		got, _ := export(t, s, raw, "bbox=2,2,94,62&size=92,60&format=raw&"+itemQuery(rule, ""))
		require.True(t, got.Opaque(), rule)
		wide, err := raster.Convert(got, raster.F64)
		require.NoError(t, err)
		for _, v := range wide.Bands[0].(*raster.PlaneOf[float64]).Pix {
			require.Equal(t, want, v, rule)
		}
	}
	isNull := itemQuery(`{"rasterFunction":"Local","rasterFunctionArguments":{"Operation":31}}`, "")
	got, _ := export(t, s, raw, "bbox=-10,-10,110,110&size=120,120&format=raw&"+isNull)
	n := 0
	for _, v := range got.CopyValid().Pix {
		if v != 0 {
			n++
		}
	}
	assert.Equal(t, 96*64, n)

	round, raw := service(world(t))
	for _, sr := range []string{"4326", "3857", "54030"} {
		at := "bboxSR=4326&bbox=150,-40,210,40&size=90,120&adjustAspectRatio=false&format=raw&imageSR=" + sr
		rule := `{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":12,"Raster":{"rasterFunction":"Slope"}}}`
		whole, _ := export(t, round, raw, at+"&renderingRule="+url.QueryEscape(rule))
		each, _ := export(t, round, raw, at+"&"+itemQuery(rule, ""))
		require.False(t, each.Blank(), sr)
		requireSame(t, whole, image.Point{}, each, sr)
	}
}

// A rule on top is of what single rasters became: its statistics, bands and type.
func TestFunctionsOfItemFunctions(t *testing.T) {
	s, raw := hills(t)
	ask := func(query string) *raster.Block {
		b, _ := export(t, s, raw, hillsBox+"&size=80,80&"+query)
		return b
	}
	slope := `{"rasterFunction":"Slope"}`
	stretch := `{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":6%s}}`
	alone := `&mosaicRule={mosaicMethod:esriMosaicLockRaster,lockRasterIds:[1]%s}`
	chain := ask("format=raw" + fmt.Sprintf(alone, "") + "&renderingRule=" + url.QueryEscape(fmt.Sprintf(stretch, `,"Raster":`+slope)))
	both := ask("format=raw" + fmt.Sprintf(alone, ",itemRenderingRule:"+slope) + "&renderingRule=" + url.QueryEscape(fmt.Sprintf(stretch, "")))
	requireSame(t, chain, image.Point{}, both)
	assert.Equal(t, raster.U8, both.Type)
	assert.Equal(t, raster.F32, ask("format=raw&"+itemQuery(slope, "")).Type)
	two := itemQuery(itemRules[4], "")
	assert.Len(t, ask("format=raw&"+two).Bands, 2)
	second := ask("format=raw&bandIds=1&" + two)
	require.Len(t, second.Bands, 1)
	requireSame(t, &raster.Block{Type: second.Type, Bands: ask("format=raw&" + two).Bands[1:], Valid: second.Valid}, image.Point{}, second)

	req := parse(t, hillsBox+"&size=80,80&format=png&"+itemQuery(slope, ""))
	req.Explain = true
	res, err := s.Export(t.Context(), req)
	require.NoError(t, err)
	assert.Contains(t, res.Trace.Plan, "each raster by a function: 1 bands of F32")
	at := exportimage.IdentifyRequest{Export: req, Items: true, PixelSize: exportimage.PixelSize{X: 20, Y: 20, CRS: crs(t, 32633)}}
	at.Geometry = exportimage.Geometry{Type: exportimage.PointGeometry, CRS: crs(t, 32633), Envelope: srs.Envelope{XMin: 500655, YMin: 5300355, XMax: 500655, YMax: 5300355}}
	found, err := s.Identify(t.Context(), at)
	require.NoError(t, err)
	require.Len(t, found.Items, 2)
	assert.Equal(t, found.Values, found.Items[0].Values)
	assert.Less(t, found.Values[0], 90.0)
	s.Defaults.ItemFunction = function.Named("none")
	plain, err := s.Identify(t.Context(), exportimage.IdentifyRequest{Geometry: at.Geometry, PixelSize: at.PixelSize})
	require.NoError(t, err)
	assert.Greater(t, plain.Values[0], 90.0)
}

// Errors name the rule, the function and the argument; a rule that is none changes nothing.
func TestItemFunctionsAreChecked(t *testing.T) {
	s, raw := hills(t)
	for rule, want := range map[string]string{
		`{"rasterFunction":"Contour"}`:                                                                     `mosaicRule: itemRenderingRule: raster function "Contour" is not supported`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"Steep":1}}`:                                 `itemRenderingRule: Slope: argument "Steep" of raster function "Slope" is not supported`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"ZFactor":"high"}}`:                          `itemRenderingRule: Slope: ZFactor: "high" is not a number`,
		`{"rasterFunction":"Slope","rasterFunctionArguments":{"DEM":"$2"}}`:                                `itemRenderingRule: raster $2 beside each raster is not supported`,
		`{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIDs":[4],"MissingBandAction":1}}`: `itemRenderingRule: ExtractBand`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"DRA":true}}`:              `itemRenderingRule: Stretch: DRA`,
	} {
		assert.ErrorContains(t, exportErr(s, itemQuery(rule, "")), want)
	}
	nearest, cubic := `{"rasterFunction":"Resample","rasterFunctionArguments":{"ResamplingType":0}}`, `{"rasterFunction":"Resample","rasterFunctionArguments":{"ResamplingType":2}}`
	assert.ErrorContains(t, exportErr(s, itemQuery(nearest, "")+"&renderingRule="+url.QueryEscape(cubic)), "renderingRule: Resample by another method")
	_, err := s.Export(t.Context(), exportimage.Request{ItemFunction: (*function.Slope)(nil)})
	assert.ErrorContains(t, err, "mosaicRule")

	plain, _ := export(t, s, raw, hillsBox+"&size=50,50&format=raw")
	for _, none := range []string{`"None"`, `{"rasterFunction":"none"}`, `{}`, `null`} {
		got, _ := export(t, s, raw, hillsBox+"&size=50,50&format=raw&mosaicRule="+url.QueryEscape(`{"itemRenderingRule":`+none+`}`))
		requireSame(t, plain, image.Point{}, got, none)
	}
}

// A template of functionType 1, by name or as it is stored, is a rule of single rasters, below the rest of the request and on
// top of an itemRenderingRule. Around one, other functions are of the mosaic of its results.
func TestTemplatesOfItems(t *testing.T) {
	s, raw := hills(t)
	const stored = `{"name":"each","function":{"type":"StatisticsFunction"},"arguments":{"Type":3,"KernelRows":5,"KernelColumns":5,"Raster":%s},"functionType":%d}`
	template, err := function.ParseTemplate(fmt.Sprintf(stored, "null", 1))
	require.NoError(t, err)
	require.True(t, template.OnItems)
	whole, err := function.ParseTemplate(fmt.Sprintf(stored, "null", 0))
	require.NoError(t, err)
	whole.Name = "whole"
	s.Functions = []function.Template{template, whole}
	draw := func(query string) *raster.Block {
		b, _ := export(t, s, raw, hillsBox+"&size=150,150&format=raw&"+query)
		return b
	}
	rule := func(text string) string { return "renderingRule=" + url.QueryEscape(text) }
	const focal = `{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":3,"KernelRows":5,"KernelColumns":5}}`
	want := draw(itemQuery(focal, ""))
	requireSame(t, want, image.Point{}, draw(rule("each")))
	requireSame(t, want, image.Point{}, draw(rule(`{"rasterFunction":"EACH"}`)))
	requireSame(t, want, image.Point{}, draw(rule(fmt.Sprintf(stored, "null", 1))))
	mosaicked := draw(rule(focal))
	assert.NotEqual(t, want, mosaicked)
	requireSame(t, mosaicked, image.Point{}, draw(rule("whole")))
	around := func(inner string) string {
		return rule(`{"rasterFunction":"Slope","rasterFunctionArguments":{"DEM":` + inner + `}}`)
	}
	slope := draw(itemQuery(focal, "") + "&" + rule("Slope"))
	assert.NotEqual(t, slope, draw(around(focal)))
	requireSame(t, slope, image.Point{}, draw(around(`{"rasterFunction":"each"}`)))
	requireSame(t, slope, image.Point{}, draw(around(fmt.Sprintf(stored, "null", 1))))
	requireSame(t, draw(around(focal)), image.Point{}, draw(around(fmt.Sprintf(stored, "null", 0))))
	requireSame(t, draw(itemQuery(`{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":3,"KernelRows":5,"KernelColumns":5,"Raster":{"rasterFunction":"Slope"}}}`, "")),
		image.Point{}, draw(itemQuery(`{"rasterFunction":"Slope"}`, "")+"&"+rule("each")))

	d, err := s.DescribeRendered(t.Context(), function.Named("each"))
	require.NoError(t, err)
	assert.Equal(t, raster.F32, d.PixelType)
	stats, err := s.Statistics(t.Context(), function.Named("each"))
	require.NoError(t, err)
	require.Len(t, stats, 1)
	legend, err := s.Legend(t.Context(), exportimage.LegendRequest{Function: function.Named("each")})
	require.NoError(t, err)
	assert.NotEmpty(t, legend.Swatches)
	assert.ErrorContains(t, exportErr(s, rule(fmt.Sprintf(stored, `"$2"`, 1))), "renderingRule: raster $2 beside each raster")
}

// A Resample on top of a rule of single rasters is how these are resampled, as a request's interpolation is.
func TestResampleOfItemFunctions(t *testing.T) {
	s, raw := hills(t)
	const half = `{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":"$$","Raster2":2,"Operation":4},"outputPixelType":"F32"}`
	for kind, interpolation := range map[string]string{"0": "RSP_NearestNeighbor", "2": "RSP_CubicConvolution"} {
		resample := url.QueryEscape(`{"rasterFunction":"Resample","rasterFunctionArguments":{"ResamplingType":` + kind + `}}`)
		top, _ := export(t, s, raw, itemQuery(half, "")+"&size=37,41&format=raw&renderingRule="+resample)
		stated, _ := export(t, s, raw, itemQuery(half, "")+"&size=37,41&format=raw&interpolation="+interpolation)
		requireSame(t, stated, image.Point{}, top, interpolation)
	}
}

// A legend shows what a service's own rule of single rasters makes of values.
func TestLegendOfItemFunctions(t *testing.T) {
	s, _ := hills(t)
	classes := func() function.Function {
		return &function.Remap{Ranges: []function.ValueRange{{Min: 0, Max: 1000}}, Values: []float64{7}}
	}
	asked, err := s.Legend(t.Context(), exportimage.LegendRequest{Function: classes()})
	require.NoError(t, err)
	plain, err := s.Legend(t.Context(), exportimage.LegendRequest{})
	require.NoError(t, err)
	s.Defaults.ItemFunction = classes()
	own, err := s.Legend(t.Context(), exportimage.LegendRequest{})
	require.NoError(t, err)
	assert.Equal(t, asked, own)
	assert.NotEqual(t, plain, own)
	s.Defaults.ItemFunction = function.Named("none such")
	_, err = s.Legend(t.Context(), exportimage.LegendRequest{})
	assert.ErrorContains(t, err, "mosaicRule: raster function")
}
