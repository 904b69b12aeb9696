package exportimage_test

import (
	"bytes"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/function"
)

// The zero value of every exported struct works, or is refused with an error. Those that only come out of this package
// are
//
//	Description, Settings, Legend, Swatch, Result, Trace, RasterTrace, SkippedRaster, LeftOut, Fetched, Stages,
//	IdentifyResult, IdentifiedItem, Sample, QueryResult, Feature, RasterInfo, MeasureResult, Boundary, TileMap
//
// and Geometry and PixelSize are values that are read from requests: zero is none.
func TestZeroValues(t *testing.T) {
	for name, test := range map[string]func(t *testing.T){
		"Service: has no catalogue": func(t *testing.T) {
			s := &exportimage.Service{}
			_, err := s.Export(t.Context(), exportimage.Request{})
			require.EqualError(t, err, "the service has no catalogue")
			_, err = s.Describe(t.Context())
			require.Error(t, err)
			_, err = s.Statistics(t.Context(), nil)
			require.Error(t, err)
			_, err = s.Legend(t.Context(), exportimage.LegendRequest{})
			require.Error(t, err)
			assert.NotEmpty(t, s.Settings().Formats)
		},
		"Event: an operation without a name begins": func(t *testing.T) {
			assert.Equal(t, "begun", exportimage.Event{}.Phase.String())
		},
		"Opener, Rasters and RasterFormat: open what is on disk, hold none, and read nothing": func(t *testing.T) {
			var o exportimage.Opener
			_, err := o.Open(t.Context())
			require.EqualError(t, err, "there is no path to open")
			r, err := o.Rasters(t.Context(), demoFolder+"/world.tif")
			require.NoError(t, err)
			assert.Len(t, r.Items, 1)
			require.NoError(t, o.Close())
			assert.Empty(t, exportimage.Rasters{}.Items)
			o = exportimage.Opener{Formats: []exportimage.RasterFormat{{}}}
			_, err = o.Rasters(t.Context(), demoFolder+"/world.tif")
			require.ErrorContains(t, err, "neither a raster of a format that is read")
			require.NoError(t, o.Close())
		},
		"IdentifyRequest and SamplesRequest: are at no place": func(t *testing.T) {
			s, _ := service(world(t))
			_, err := s.Identify(t.Context(), exportimage.IdentifyRequest{})
			require.ErrorContains(t, err, "geometry: it is missing")
			_, err = s.Samples(t.Context(), exportimage.SamplesRequest{})
			require.ErrorContains(t, err, "geometry: it is missing")
		},
		"QueryRequest, FieldOrder and FieldStatistic: all rasters by their IDs, and no such field or statistic": func(t *testing.T) {
			s, _ := service(world(t))
			res, err := s.Query(t.Context(), exportimage.QueryRequest{})
			require.NoError(t, err)
			require.Len(t, res.Features, 1)
			assert.Equal(t, []any{int64(1)}, res.Features[0].Values)
			_, err = s.Query(t.Context(), exportimage.QueryRequest{Order: []exportimage.FieldOrder{{}}})
			require.ErrorContains(t, err, "orderByFields")
			_, err = s.Query(t.Context(), exportimage.QueryRequest{Statistics: []exportimage.FieldStatistic{{}}})
			require.ErrorContains(t, err, "outStatistics")
		},
		"TileScheme, Origin, TileLevel, TileRequest and TileMapRequest: the service's own scheme, and its first tile": func(t *testing.T) {
			s, _ := service(world(t))
			s.Tiles = &exportimage.TileScheme{}
			res, err := s.Tile(t.Context(), exportimage.TileRequest{})
			require.NoError(t, err)
			assert.Equal(t, image.Pt(256, 256), res.Size)
			_, err = s.TileMap(t.Context(), exportimage.TileMapRequest{})
			require.ErrorContains(t, err, "width: 0 is less than 1")
			assert.True(t, s.Tiles.Tiles(0).Empty())
			assert.Zero(t, s.Tiles.Box(0, 0, 0))
			s, _ = service(world(t))
			s.Tiles = &exportimage.TileScheme{Origin: exportimage.Origin{}, Levels: []exportimage.TileLevel{{}}}
			_, err = s.TileScheme(t.Context())
			require.ErrorContains(t, err, "Levels[0] has resolution 0")
		},
		"MeasureRequest and ProjectRequest: nothing to measure, and nothing to project": func(t *testing.T) {
			s, _ := service(world(t))
			_, err := s.Measure(t.Context(), exportimage.MeasureRequest{})
			require.ErrorContains(t, err, "fromGeometry: it is missing")
			out, err := s.Project(t.Context(), exportimage.ProjectRequest{})
			require.NoError(t, err)
			assert.Empty(t, out)
		},
		"Request and Limits: the whole service, of the default size and format": func(t *testing.T) {
			s, _ := service(world(t))
			s.Limits = exportimage.Limits{}
			res, err := s.Export(t.Context(), exportimage.Request{})
			require.NoError(t, err)
			assert.Equal(t, "image/png (400,400)", res.MediaType+" "+res.Size.String())
			var buf bytes.Buffer
			_, err = s.ExportTo(t.Context(), &buf, exportimage.Request{})
			require.NoError(t, err)
			assert.Equal(t, res.Data, buf.Bytes())
			assert.Positive(t, s.Settings().Limits.Side)
		},
		"Gate and Load: the defaults of Limits, and nothing taken": func(t *testing.T) {
			s, _ := service(ramp(t))
			s.Gate = &exportimage.Gate{}
			assert.Equal(t, exportimage.Load{}, s.Gate.Load())
			_, err := s.Export(t.Context(), exportimage.Request{})
			require.NoError(t, err)
			assert.Equal(t, exportimage.Load{}, s.Gate.Load())
		},
		"Spooled: no bytes": func(t *testing.T) {
			var a exportimage.Spooled
			assert.Zero(t, a.Size())
			data, err := a.Bytes(t.Context())
			require.NoError(t, err)
			assert.Empty(t, data)
			assert.Zero(t, a.Reader().Size())
			assert.NoError(t, a.Close())
		},
		"LegendRequest: the legend of the rasters": func(t *testing.T) {
			s, _ := service(ramp(t))
			l, err := s.Legend(t.Context(), exportimage.LegendRequest{})
			require.NoError(t, err)
			assert.Equal(t, exportimage.LegendStretched, l.Kind)
			assert.Len(t, l.Swatches, 3)
		},
		"HistogramsRequest and HistogramsResult: an error that names the geometry": func(t *testing.T) {
			s, _ := service(ramp(t))
			got, err := s.ComputeStatisticsHistograms(t.Context(), exportimage.HistogramsRequest{})
			var e *exportimage.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "geometry", e.Param)
			assert.Equal(t, exportimage.HistogramsResult{}, got)
		},
		"Histogram and BandStatistics: of no samples": func(t *testing.T) {
			assert.Empty(t, exportimage.Histogram{}.Counts)
			assert.Zero(t, exportimage.BandStatistics{}.Count)
		},
		"Range: all samples are drawn black": func(t *testing.T) {
			s, _ := service(ramp(t))
			s.Stretch = []exportimage.Range{{}}
			_, err := s.Export(t.Context(), exportimage.Request{Format: "png32"})
			require.NoError(t, err)
		},
		"StretchFunction: changes nothing": func(t *testing.T) {
			s, raw := service(ramp(t))
			want, _ := export(t, s, raw, "size=16,16")
			_, err := s.Export(t.Context(), exportimage.Request{Size: want.Bounds().Size(), Format: "raw", Function: &function.Stretch{}})
			require.NoError(t, err)
			assert.Equal(t, want, *raw)
			assert.NoError(t, (&function.Stretch{}).Validate())
		},
		"function.Template: a name for no function": func(t *testing.T) {
			s, _ := service(world(t))
			s.Functions = []function.Template{{}}
			_, err := s.Export(t.Context(), exportimage.Request{Function: function.Named("")})
			require.NoError(t, err)
		},
		"function.ExtractBand: names no band": func(t *testing.T) {
			s, _ := service(world(t))
			for _, f := range []function.Function{&function.ExtractBand{}} {
				_, err := s.Export(t.Context(), exportimage.Request{Function: f})
				var e *exportimage.Error
				require.ErrorAs(t, err, &e)
				assert.Equal(t, exportimage.Invalid, e.Kind)
			}
		},
		"function.ColorEntry and function.ColorRamp: transparent": func(t *testing.T) {
			s, raw := service(world(t))
			for _, f := range []function.Function{
				&function.Colormap{Colors: []function.ColorEntry{{}}}, &function.Colormap{Ramp: []function.ColorRamp{{}}},
			} {
				_, err := s.Export(t.Context(), exportimage.Request{Format: "raw", Function: f})
				require.NoError(t, err)
				assert.Equal(t, raster.U8, (*raw).Type)
			}
		},
		"Error, RasterError and CatalogError: texts without a cause": func(t *testing.T) {
			assert.EqualError(t, &exportimage.Error{}, "internal")
			assert.EqualError(t, &exportimage.Error{Kind: exportimage.Invalid, Param: "size"}, "size: invalid")
			assert.NoError(t, (&exportimage.Error{}).Unwrap())
			assert.NotEmpty(t, (&exportimage.RasterError{}).Error())
			assert.NotEmpty(t, (&exportimage.CatalogError{}).Error())
			assert.NotEmpty(t, (&exportimage.LimitError{}).Error())
			assert.Equal(t, `raster "": cannot  it`, (&exportimage.RasterError{}).Public())
		},
	} {
		t.Run(name, test)
	}
}

// TestZeroSlices: Multidimensional, Variable, Dimension, Slice, SliceValues and VariableValues are results; their zero values
// have nothing in them.
func TestZeroSlices(t *testing.T) {
	assert.Empty(t, exportimage.Multidimensional{}.Variables)
	assert.Empty(t, exportimage.Variable{}.Dimensions)
	assert.Empty(t, exportimage.Dimension{}.Values)
	assert.Empty(t, exportimage.Slice{}.Coordinates)
	assert.Empty(t, exportimage.SliceValues{}.Values)
	assert.Empty(t, exportimage.VariableValues{}.Values)
}
