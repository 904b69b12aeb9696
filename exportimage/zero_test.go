package exportimage_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
)

// The zero value of every exported struct works, or is refused with an error. Those that only come out of this package
// are
//
//	Description, Settings, Legend, Swatch, Result, Trace, RasterTrace, SkippedRaster, LeftOut, Fetched, Stages
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
			assert.Len(t, l.Swatches, 2)
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
			_, err := s.Export(t.Context(), exportimage.Request{Size: want.Bounds().Size(), Format: "raw", RenderingRule: &exportimage.StretchFunction{}})
			require.NoError(t, err)
			assert.Equal(t, want, *raw)
			assert.NoError(t, (&exportimage.StretchFunction{}).Validate())
		},
		"FunctionTemplate: a name for no function": func(t *testing.T) {
			s, _ := service(world(t))
			s.Functions = []exportimage.FunctionTemplate{{}}
			_, err := s.Export(t.Context(), exportimage.Request{RenderingRule: exportimage.FunctionName("")})
			require.NoError(t, err)
		},
		"ExtractBandFunction and ColormapFunction: name no band and no colours": func(t *testing.T) {
			s, _ := service(world(t))
			for _, f := range []exportimage.RasterFunction{&exportimage.ExtractBandFunction{}, &exportimage.ColormapFunction{}} {
				_, err := s.Export(t.Context(), exportimage.Request{RenderingRule: f})
				var e *exportimage.Error
				require.ErrorAs(t, err, &e)
				assert.Equal(t, exportimage.Invalid, e.Kind)
			}
		},
		"ColorEntry and ColorRamp: transparent": func(t *testing.T) {
			s, raw := service(world(t))
			for _, f := range []exportimage.RasterFunction{
				&exportimage.ColormapFunction{Colors: []exportimage.ColorEntry{{}}}, &exportimage.ColormapFunction{Ramp: []exportimage.ColorRamp{{}}},
			} {
				_, err := s.Export(t.Context(), exportimage.Request{Format: "raw", RenderingRule: f})
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
			assert.Equal(t, `raster "": cannot  it`, (&exportimage.RasterError{}).Public())
		},
	} {
		t.Run(name, test)
	}
}
