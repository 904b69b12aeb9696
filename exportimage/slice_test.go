package exportimage_test

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

var (
	oceanTimes   = servicetest.OceanTimes
	oceanHeights = servicetest.OceanHeights
)

func TestMultidimensional(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	m, err := s.Multidimensional(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "ice", m.Default)
	assert.Zero(t, m.Others)
	require.Len(t, m.Variables, 3)
	temp := m.Variables[2]
	assert.Equal(t, []string{"water_temp", "sea water temperature", "degC"}, []string{temp.Name, temp.Description, temp.Unit})
	assert.Equal(t, 6, temp.Rasters)
	one := func(v ...float64) (out []mosaic.Interval) {
		for _, v := range v {
			out = append(out, mosaic.Interval{From: v, To: v})
		}
		return out
	}
	assert.Equal(t, []exportimage.Dimension{
		{Name: "StdTime", Alias: "time", Unit: "ISO8601", Time: true, Values: one(oceanTimes...)},
		{Name: "StdZ", Alias: "depth", Unit: "m", Values: one(-50, 0)},
	}, temp.Dimensions)

	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, raster.U8, d.PixelType, "of the default variable")
	assert.Equal(t, 15, d.Rasters)
	assert.Equal(t, time.UnixMilli(int64(oceanTimes[2])).UTC(), d.Time.To)
	of, err := s.Variable(t.Context(), "Water_Temp")
	require.NoError(t, err)
	d, err = of.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, raster.F32, d.PixelType)
	assert.Equal(t, 6, d.Rasters)
	stats, err := of.Statistics(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, 2000+100+95.0, stats[0].Max, "the greatest of all slices")
	stats, err = s.Statistics(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, []raster.Statistics{{Min: 0, Max: 115, Mean: 57.5, StdDev: stats[0].StdDev}}, stats)
}

func TestSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	all, err := s.Slices(t.Context(), nil)
	require.NoError(t, err)
	var text strings.Builder
	for i, one := range all {
		assert.Equal(t, int64(i), one.ID)
		text.WriteString(one.Variable)
		for _, c := range one.Coordinates {
			text.WriteString(fmt.Sprintf(" %.0f", c.Value))
		}
		text.WriteString("\n")
	}
	assert.Equal(t, `ice 946684800000
ice 949363200000
ice 951912000000
salinity 946684800000 -50
salinity 949363200000 -50
salinity 951912000000 -50
salinity 946684800000 0
salinity 949363200000 0
salinity 951912000000 0
water_temp 946684800000 -50
water_temp 949363200000 -50
water_temp 951912000000 -50
water_temp 946684800000 0
water_temp 949363200000 0
water_temp 951912000000 0
`, text.String())
	some, err := s.Slices(t.Context(), []mosaic.SliceCondition{
		{Variable: "salinity", Dimension: "depth", Values: []mosaic.Interval{{From: -60, To: -40}}},
		{Variable: "ice", Dimension: "time", Values: []mosaic.Interval{{From: oceanTimes[1], To: oceanTimes[1]}}},
	})
	require.NoError(t, err)
	var ids []int64
	for _, one := range some {
		ids = append(ids, one.ID)
	}
	assert.Equal(t, []int64{1, 3, 4, 5}, ids, "of several variables")
}

// oceanValue is the sample of a slice's first column and row.
func oceanValue(s *raster.Slice) (v float64) {
	index := func(list []float64, at float64) int {
		for i, v := range list {
			if v == at {
				return i
			}
		}
		return -1
	}
	for _, c := range s.Coordinates {
		switch {
		case c.Dimension == "StdZ":
			v += 100 * float64(index(oceanHeights, c.Value))
		case s.Variable == "ice":
			v += 10 * float64(index(oceanTimes, c.Value))
		default:
			v += 1000 * float64(index(oceanTimes, c.Value))
		}
	}
	if s.Variable == "salinity" {
		v += 5000
	}
	return v
}

const oceanBox = "bbox=-10.5,42.5,1.5,50.5&size=12,8&bboxSR=4326&interpolation=RSP_NearestNeighbor"

// TestSliceIsTheLoneRaster: an image of each slice, of any box, by its ID and by a definition, equals that of a service of
// the slice's band alone, and what netCDF has there. Pieces equal the whole.
func TestSliceIsTheLoneRaster(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	slices, err := s.Slices(t.Context(), nil)
	require.NoError(t, err)
	alone, rawAlone := servicetest.Service()
	byPlace := map[string]mosaic.Slice{}
	for _, it := range servicetest.OceanCatalog(t) {
		part, err := it.Slice()
		require.NoError(t, err)
		lone := *it
		lone.Part, lone.Attrs = nil, nil
		byPlace[fmt.Sprint(*part)] = mosaic.Slice{&lone}
	}
	rapid.Check(t, func(rt *rapid.T) {
		one := rapid.SampledFrom(slices).Draw(rt, "slice")
		x, y := rapid.IntRange(-3, 8).Draw(rt, "x"), rapid.IntRange(-3, 8).Draw(rt, "y")
		w, h := rapid.IntRange(1, 9).Draw(rt, "w"), rapid.IntRange(1, 9).Draw(rt, "h")
		how := rapid.SampledFrom([]string{"RSP_NearestNeighbor", "RSP_BilinearInterpolation", "RSP_CubicConvolution"}).Draw(rt, "how")
		zoom := rapid.IntRange(1, 3).Draw(rt, "zoom")
		query := fmt.Sprintf("bbox=%v,%v,%v,%v&bboxSR=4326&size=%d,%d&interpolation=%s",
			-10.5+float64(x), 50.5-float64(y+h), -10.5+float64(x+w), 50.5-float64(y), w*zoom, h*zoom, how)
		alone, _ = servicetest.Service()
		alone, rawAlone = servicetest.Service()
		alone.Catalog = byPlace[fmt.Sprint(one.Slice)]
		want, _ := export(t, alone, rawAlone, query)
		got, _ := export(t, s, raw, query+fmt.Sprintf("&sliceId=%d", one.ID))
		require.Equal(rt, want, got)
		definition := ""
		for _, c := range one.Coordinates {
			definition += fmt.Sprintf(`{"variableName":"%s","dimensionName":"%s","values":[%v],"isSlice":true},`, one.Variable, c.Dimension, int64(c.Value))
		}
		definition = "[" + definition[:len(definition)-1] + "]"
		got, _ = export(t, s, raw, query+`&mosaicRule={"multidimensionalDefinition":`+definition+"}")
		require.Equal(rt, want, got)
		got, _ = export(t, s, raw, query+`&multidimensionalDefinition=`+definition)
		require.Equal(rt, want, got)
	})
	for _, one := range slices {
		got, _ := export(t, s, raw, fmt.Sprintf("%s&sliceId=%d", oceanBox, one.ID))
		f64, err := raster.Convert(got, raster.F64)
		require.NoError(t, err)
		for y := range 8 {
			for x := range 12 {
				at := got.Bounds().Min.Add(image.Pt(x, y))
				require.Equal(t, oceanValue(&one.Slice)+float64(12*y+x), f64.Bands[0].(*raster.PlaneOf[float64]).Row(at.Y)[x], one)
			}
		}
	}
}

// TestSliceOfARequest: which slice a request shows, by its variable and first sample.
func TestSliceOfARequest(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	const temp = `{"variableName":"water_temp"}`
	for query, want := range map[string]float64{
		"": 0, // ice at the first time
		"&mosaicRule={multidimensionalDefinition:[" + temp + "]}":                                                     0,   // at the first time, at the surface
		"&mosaicRule={multidimensionalDefinition:[" + temp + ",{dimensionName:'StdZ',values:[-50]}]}":                 100, // below
		"&mosaicRule={multidimensionalDefinition:[{variableName:'*',dimensionName:'StdTime',values:[949363200000]}]}": 10,
		"&mosaicRule={multidimensionalDefinition:[{variableName:'',dimensionName:'time',values:[949363200000]}]}":     10,
		"&time=949363200000": 10,
		"&time=949363200000,null&multidimensionalDefinition=[" + temp + "]":                                                    1000,
		"&time=949363200000&multidimensionalDefinition=[{variableName:'salinity',dimensionName:null,values:[],isSlice:false}]": 6000,
		"&sliceId=5": 7100,
		"&sliceId=5&multidimensionalDefinition=[{variableName:'salinity'}]":    7100,
		"&mosaicRule={mosaicMethod:'esriMosaicLockRaster',lockRasterIds:[15]}": 2100,
		"&mosaicRule={fids:[15]}":                                    2100,
		"&mosaicRule={fids:[15,14]}":                                 2000,
		"&mosaicRule={where:\"Variable='salinity' AND StdZ < -10\"}": 5100,
		"&mosaicRule={where:\"StdTime > DATE '2000-02-15'\"}":        20,
		"&mosaicRule={mosaicMethod:'esriMosaicAttribute',sortField:'StdTime',sortValue:'2050/01/01',multidimensionalDefinition:[" + temp + "]}":                  2000,
		"&mosaicRule={mosaicOperation:'MT_MEAN',multidimensionalDefinition:[{variableName:'water_temp',dimensionName:'StdTime',values:[]}]}":                     1000,
		"&mosaicRule={mosaicOperation:'MT_SUM',multidimensionalDefinition:[" + temp + ",{dimensionName:'StdZ',values:[[-60,0]],isSlice:false}]}":                 100,
		"&mosaicRule={mosaicOperation:'MT_MAX',multidimensionalDefinition:[" + temp + ",{dimensionName:'StdTime',values:[946684800000,949363200000]}]}":          1000,
		"&renderingRule={rasterFunction:'Arithmetic',rasterFunctionArguments:{Raster:'$14',Raster2:'$2',Operation:2}}&multidimensionalDefinition=[" + temp + "]": 2000 - 10,
	} {
		got, res := export(t, s, raw, oceanBox+query)
		f64, err := raster.Convert(got, raster.F64)
		require.NoError(t, err)
		assert.Equal(t, want, f64.Bands[0].(*raster.PlaneOf[float64]).Pix[0], query)
		assert.True(t, got.Opaque(), query)
		assert.NotEmpty(t, res.Trace.Rasters, query)
	}
}

func TestSlicesThatDoNotExist(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	for query, want := range map[string]string{
		"&sliceId=15": "sliceId: there is no slice 15: they are 0 to 14", "&sliceId=-1": "sliceId: there is no slice -1",
		"&sliceId=0&multidimensionalDefinition=[{variableName:'salinity'}]":                                        "sliceId: slice 0 is none of those",
		"&multidimensionalDefinition=[{variableName:'wind'}]":                                                      `there is no variable "wind", but "ice", "salinity", "water_temp"`,
		"&multidimensionalDefinition=[{variableName:'ice',dimensionName:'StdZ',values:[0]}]":                       `multidimensionalDefinition: variable "ice" has no dimension "StdZ", but StdTime`,
		"&mosaicRule={multidimensionalDefinition:[{dimensionName:'Year',values:[0]}]}":                             `mosaicRule: no variable has a dimension "Year"`,
		"&mosaicRule={multidimensionalDefinition:[{variableName:'salinity',dimensionName:'StdZ',values:[0,-20]}]}": "no slice is at -20 of StdZ; the nearest is at 0",
		"&multidimensionalDefinition=[{dimensionName:'StdTime',values:[946684800001]}]": "no slice is at 946684800001 (2000-01-01T00:00:00.001Z) of StdTime; " +
			"the nearest is at 946684800000 (2000-01-01T00:00:00Z)",
		"&multidimensionalDefinition=[{variableName:'ice'},{variableName:'salinity'}]": "an image of several variables (ice, salinity) is not supported",
		"&mosaicRule={fids:[1,15]}":                                                    "an image of several variables (ice, water_temp)",
		"&mosaicRule={where:\"Variable <> 'x'\"}":                                      "an image of several variables",
		"&mosaicRule={multidimensionalDefinition:[{dimensionName:'StdZ',values:[0]}]}": "has no dimension",
	} {
		err := exportErr(s, oceanBox+query)
		require.Error(t, err, query)
		assert.Contains(t, err.Error(), want, query)
		assert.NotEmpty(t, exportimage.AsError(err).Param)
		assert.NotEqual(t, exportimage.Internal, exportimage.AsError(err).Kind)
	}
	// A time between slices, and a combination that no slice has, show nothing, and say so.
	got, res := export(t, s, raw, oceanBox+"&time=946684800001")
	assert.False(t, got.Opaque())
	assert.Empty(t, res.Trace.Rasters)
	assert.Contains(t, fmt.Sprint(res.Trace.Notes), "variable ice has no slice at time 2000-01-01T00:00:00.001Z")
}

// TestVariablesHaveTheirOwnStretch: pictures are stretched by the statistics of their variable, and functions know them.
func TestVariablesHaveTheirOwnStretch(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	stretch := `&renderingRule={"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5}}&multidimensionalDefinition=[{"variableName":"salinity"}]`
	got, _ := export(t, s, raw, oceanBox+stretch)
	assert.Equal(t, uint8(0), got.Bands[0].(*raster.PlaneOf[uint8]).Pix[0], "5000 is the least")
	of, err := s.Variable(t.Context(), "salinity")
	require.NoError(t, err)
	res, err := of.Statistics(t.Context(), &function.Stretch{Input: function.Source{}, Type: function.StretchMinMax})
	require.NoError(t, err)
	assert.Equal(t, 0.0, res[0].Min)
}

func TestValuesOfSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	at := exportimage.Geometry{Type: exportimage.PointGeometry, Parts: [][][2]float64{{{-10, 50}}}}
	at.Envelope.XMin, at.Envelope.XMax, at.Envelope.YMin, at.Envelope.YMax = -10, -10, 50, 50
	all, err := s.Identify(t.Context(), exportimage.IdentifyRequest{Geometry: at, AllSlices: true})
	require.NoError(t, err)
	require.Len(t, all.Slices, 15)
	for i, v := range all.Slices {
		assert.Equal(t, int64(i), v.Slice.ID)
		assert.Equal(t, []float64{oceanValue(&v.Slice.Slice)}, v.Values)
	}
	assert.Equal(t, []float64{0}, all.Values, "of the slice that an image shows")
	deep, err := s.Identify(t.Context(), exportimage.IdentifyRequest{Geometry: at, AllSlices: true, Export: exportimage.Request{
		Slices: []mosaic.SliceCondition{{Dimension: "StdZ", Values: []mosaic.Interval{{From: -50, To: -50}}}},
	}})
	require.NoError(t, err)
	require.Len(t, deep.Slices, 6, "of the variables that have heights")
	assert.Equal(t, []float64{5100}, deep.Values, "of the first of them")

	samples, err := s.Samples(t.Context(), exportimage.SamplesRequest{
		Geometry: at, All: true, Variables: []string{"salinity"},
		Export: exportimage.Request{Slices: []mosaic.SliceCondition{{Variable: "water_temp"}}},
	})
	require.NoError(t, err)
	require.Len(t, samples, 6)
	for _, one := range samples {
		require.Len(t, one.Variables, 2)
		assert.Equal(t, "salinity", one.Variables[1].Variable)
		assert.Equal(t, 5000.0, one.Variables[1].Values[0]-one.Values[0])
	}
	first, err := s.Samples(t.Context(), exportimage.SamplesRequest{Geometry: at, Variables: []string{"salinity"}})
	require.NoError(t, err)
	require.Len(t, first, 2, "ice has no height, so that both are at different places")
}

// TestServiceWithoutSlices refuses what is about slices by name.
func TestServiceWithoutSlices(t *testing.T) {
	s, _ := service(ramp(t))
	for _, query := range []string{
		"sliceId=0", "multidimensionalDefinition=[{variableName:'t'}]", "mosaicRule={multidimensionalDefinition:[{variableName:'t'}]}",
	} {
		err := exportErr(s, query)
		require.Error(t, err)
		assert.Equal(t, exportimage.Unsupported, exportimage.AsError(err).Kind)
		assert.Contains(t, err.Error(), "the service is not multidimensional")
	}
	for _, err := range []error{
		second(s.Multidimensional(t.Context())), second(s.Slices(t.Context(), nil)), second(s.Variable(t.Context(), "t")),
	} {
		require.Error(t, err)
		assert.Equal(t, exportimage.Unsupported, exportimage.AsError(err).Kind)
	}
}

func second[T any](_ T, err error) error { return err }

// TestRastersThatAreNoSlices are shown by rules that name them alone.
func TestRastersThatAreNoSlices(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	g := ramp(t).Info().Grid
	_ = g
	other := *s.Catalog.(mosaic.Slice)[14]
	other.ID, other.Part, other.Attrs, other.Time = 99, nil, nil, mosaic.TimeExtent{}
	s.Catalog = append(s.Catalog.(mosaic.Slice), &other)
	m, err := s.Multidimensional(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, m.Others)
	got, _ := export(t, s, raw, oceanBox)
	assert.Equal(t, uint8(0), got.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])
	err = exportErr(s, oceanBox+"&mosaicRule={fids:[99]}")
	require.Error(t, err, "its type is none of the default variable's")
	assert.Contains(t, err.Error(), "F32")
}

// TestDefaultSlices: a service's defaults choose the default variable and the slices that requests show.
func TestDefaultSlices(t *testing.T) {
	s, raw := servicetest.Ocean(t)
	s.Defaults.MosaicRule.Slices = []mosaic.SliceCondition{{
		Variable: "salinity", Dimension: "StdZ", Values: []mosaic.Interval{{From: -50, To: -50}},
	}}
	d, err := s.Describe(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "salinity", d.Multidimensional.Default)
	assert.Equal(t, raster.F32, d.PixelType)
	got, _ := export(t, s, raw, oceanBox)
	assert.Equal(t, float32(5100), got.Bands[0].(*raster.PlaneOf[float32]).Pix[0])
	got, _ = export(t, s, raw, oceanBox+"&multidimensionalDefinition=[{variableName:'ice'}]")
	assert.Equal(t, uint8(0), got.Bands[0].(*raster.PlaneOf[uint8]).Pix[0])
}
