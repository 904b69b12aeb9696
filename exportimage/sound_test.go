package exportimage_test

import (
	"image"
	"math"
	"testing"
	"time"

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

// A value without a meaning is an error that names the parameter, and never an image.
func TestValuesWithoutAMeaning(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	day := time.Date(2020, 5, 17, 0, 0, 0, 0, time.UTC)
	bad := mosaic.TimeExtent{From: day, To: day.Add(-time.Second)}
	for _, c := range []struct {
		param string
		set   func(*exportimage.Request)
	}{
		{"interpolation", func(r *exportimage.Request) { r.Interpolation = 5 }},
		{"interpolation", func(r *exportimage.Request) { r.Interpolation = 9 }},
		{"interpolation", func(r *exportimage.Request) { r.Interpolation = 255 }},
		{"pixelType", func(r *exportimage.Request) { r.PixelType = raster.C128 + 1 }},
		{"pixelType", func(r *exportimage.Request) { r.PixelType = 99 }},
		{"adjustAspectRatio", func(r *exportimage.Request) { r.Aspect = 3 }},
		{"noDataInterpretation", func(r *exportimage.Request) { r.NoData, r.NoDataMatch = []float64{0}, 3 }},
		{"noDataInterpretation", func(r *exportimage.Request) { r.NoDataMatch = 77 }},
		{"noData", func(r *exportimage.Request) { r.NoData = []float64{nan} }},
		{"noData", func(r *exportimage.Request) { r.NoData = []float64{-inf} }},
		{"mosaicRule", func(r *exportimage.Request) { r.MosaicRule.Method = 9 }},
		{"mosaicRule", func(r *exportimage.Request) { r.MosaicRule.Operation = 8 }},
		{"mosaicRule", func(r *exportimage.Request) { r.MosaicRule.Time = bad }},
		{"mosaicRule", func(r *exportimage.Request) { r.MosaicRule.Viewpoint = &mosaic.Point{X: nan} }},
		{"mosaicRule", func(r *exportimage.Request) {
			r.MosaicRule.Method, r.MosaicRule.Viewpoint = mosaic.Viewpoint, &mosaic.Point{Y: inf}
		}},
		{"mosaicRule", func(r *exportimage.Request) { r.MosaicRule.Corner = &mosaic.Point{Y: nan} }},
		{"time", func(r *exportimage.Request) { r.Time = bad }},
		{"size", func(r *exportimage.Request) { r.Size = image.Pt(-1, 10) }},
		{"size", func(r *exportimage.Request) { r.Size = image.Pt(10, math.MinInt) }},
		{"size", func(r *exportimage.Request) { r.Size = image.Pt(10, 0) }},
		{"bbox", func(r *exportimage.Request) { r.BBox.XMin = nan }},
		{"bbox", func(r *exportimage.Request) { r.BBox.YMax = inf }},
		{"bandIds", func(r *exportimage.Request) { r.BandIDs = []int{-1} }},
		{"compressionQuality", func(r *exportimage.Request) { r.CompressionQuality = new(-1) }},
		{"compressionQuality", func(r *exportimage.Request) { r.CompressionQuality = new(101) }},
		{"compressionTolerance", func(r *exportimage.Request) { r.CompressionTolerance = new(nan) }},
		{"compressionTolerance", func(r *exportimage.Request) { r.CompressionTolerance = new(-0.5) }},
		{"compression", func(r *exportimage.Request) { r.Format, r.Compression = "tiff", "RLE2" }},
		{"lercVersion", func(r *exportimage.Request) { r.LERCVersion = -1 }},
		{"format", func(r *exportimage.Request) { r.Format = "PNG?" }},
		{"renderingRule", func(r *exportimage.Request) { r.Function = (*function.Stretch)(nil) }},
		{"renderingRule", func(r *exportimage.Request) { r.Function = (*function.Colormap)(nil) }},
		{"renderingRule", func(r *exportimage.Request) {
			r.Function = &function.Stretch{Input: (*function.ExtractBand)(nil)}
		}},
		{"renderingRule", func(r *exportimage.Request) { r.Function = &function.Stretch{Type: 1} }},
		{"renderingRule", func(r *exportimage.Request) { r.Function = &function.Stretch{Type: 99} }},
		{"renderingRule", func(r *exportimage.Request) { r.Function = &function.Stretch{Output: 99} }},
		{"renderingRule", func(r *exportimage.Request) {
			r.Function = &function.Colormap{Ramp: []function.ColorRamp{{Algorithm: 3}}}
		}},
	} {
		for _, byDefault := range []bool{false, true} {
			s, _ := service(ramp(t))
			req := exportimage.Request{BBox: srs.Envelope{XMax: 64, YMax: 64}, Size: image.Pt(8, 8)}
			c.set(&req)
			if byDefault { // as the service's default, it is no better
				s.Defaults, req = req, exportimage.Request{}
			}
			_, err := s.Export(t.Context(), req)
			var e *exportimage.Error
			if assert.ErrorAs(t, err, &e, c.param) {
				assert.Equal(t, c.param, e.Param, err)
				assert.Contains(t, []exportimage.Kind{exportimage.Invalid, exportimage.Unsupported}, e.Kind, err)
			}
			_, err = s.Plan(t.Context(), req)
			if c.param != "compression" { // of which the encoder knows
				assert.Error(t, err, c.param)
			}
		}
	}
}

// A service that is configured without a meaning says so at every call, and names the field.
func TestServicesWithoutAMeaning(t *testing.T) {
	for want, set := range map[string]func(*exportimage.Service){
		"limit Side is -1":                func(s *exportimage.Service) { s.Limits.Side = -1 },
		"limit Side is 9223372036854775":  func(s *exportimage.Service) { s.Limits.Side = math.MaxInt },
		"limit Pixels is -5":              func(s *exportimage.Service) { s.Limits.Pixels = -5 },
		"limit Pixels is 92233720368547":  func(s *exportimage.Service) { s.Limits.Pixels = math.MaxInt },
		"limit Items is -1":               func(s *exportimage.Service) { s.Limits.Items = -1 },
		"limit SourcePixels is -1":        func(s *exportimage.Service) { s.Limits.SourcePixels = -1 },
		"limit Bands is -1":               func(s *exportimage.Service) { s.Limits.Bands = -1 },
		"limit Time is -1":                func(s *exportimage.Service) { s.Limits.Time = -1 },
		"limit Wait is -1":                func(s *exportimage.Service) { s.Limits.Wait = -1 },
		"limit Exports is -1":             func(s *exportimage.Service) { s.Limits.Exports = -1 },
		"limit Exports is 9223372036":     func(s *exportimage.Service) { s.Limits.Exports = math.MaxInt },
		"limit Queue is -1":               func(s *exportimage.Service) { s.Limits.Queue = -1 },
		"limit Workers is -1":             func(s *exportimage.Service) { s.Limits.Workers = -1 },
		"limit Bytes is -1":               func(s *exportimage.Service) { s.Limits.Bytes = -1 },
		"limit Spool is -1":               func(s *exportimage.Service) { s.Limits.Spool = -1 },
		"limit Queue is -2":               func(s *exportimage.Service) { s.Gate = exportimage.NewGate(exportimage.Limits{Queue: -2}) },
		"Extent is no box":                func(s *exportimage.Service) { s.Extent.XMin = math.NaN() },
		"Extent is no box: 1,0,0,1":       func(s *exportimage.Service) { s.Extent = srs.Envelope{XMin: 1, YMax: 1} },
		"PixelType is PixelType(99)":      func(s *exportimage.Service) { s.PixelType = 99 },
		"Stretch has no range from NaN":   func(s *exportimage.Service) { s.Stretch = []exportimage.Range{{Min: math.NaN()}} },
		"Stretch has no range from 2 to ": func(s *exportimage.Service) { s.Stretch = []exportimage.Range{{Min: 2, Max: 1}} },
		`function "g" is a *function.Stretch that is nil`: func(s *exportimage.Service) {
			s.Functions = []function.Template{{Name: "g", Function: (*function.Stretch)(nil)}}
		},
	} {
		s, _ := service(ramp(t))
		set(s)
		_, err := s.Export(t.Context(), exportimage.Request{})
		require.ErrorContains(t, err, want)
		require.Equal(t, exportimage.Internal, exportimage.AsError(err).Kind)
		_, err = s.Describe(t.Context())
		require.ErrorContains(t, err, want)
		_, err = s.Legend(t.Context(), exportimage.LegendRequest{})
		require.ErrorContains(t, err, want)
	}
	s, _ := service(ramp(t))
	for _, l := range []exportimage.LegendRequest{{Size: image.Pt(-1, 5)}, {BandIDs: []int{-1}}, {BandIDs: []int{-1, 0, 0}}, {Format: "?"}} {
		_, err := s.Legend(t.Context(), l)
		require.Error(t, err)
		require.Equal(t, exportimage.Invalid, exportimage.AsError(err).Kind)
	}
}

// MosaicRule.Time and Corner are honoured: the first together with the request's Time, the second instead of the corner of the
// service's extent.
func TestTimeAndCornerOfAMosaicRule(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2020, 5, d, 0, 0, 0, 0, time.UTC) }
	span := func(from, to int) mosaic.TimeExtent { return mosaic.TimeExtent{From: day(from), To: day(to)} }
	s, _ := service(ramp(t), ramp(t), ramp(t))
	items := s.Catalog.(mosaic.Slice)
	for i, it := range items {
		it.Time = span(i+1, i+1)
	}
	shown := func(r exportimage.Request) (ids []int64) {
		res, err := s.Plan(t.Context(), r)
		require.NoError(t, err)
		for _, r := range res.Trace.Rasters {
			ids = append(ids, r.ID)
		}
		return ids
	}
	rule := func(e mosaic.TimeExtent) exportimage.Request {
		return exportimage.Request{MosaicRule: mosaic.Rule{Time: e}}
	}
	assert.Equal(t, []int64{1, 2, 3}, shown(exportimage.Request{}))
	assert.Equal(t, []int64{2}, shown(rule(span(2, 2))))
	both := rule(span(1, 2))
	both.Time = span(2, 3)
	assert.Equal(t, []int64{2}, shown(both))
	both.Time = span(3, 3)
	assert.Empty(t, shown(both))
	both.Time = mosaic.TimeExtent{From: day(2)}
	assert.Equal(t, []int64{2}, shown(both))
	s.Defaults.MosaicRule.Time = span(3, 3)
	assert.Equal(t, []int64{3}, shown(exportimage.Request{}))

	far := func(x float64, id int64) *mosaic.Item {
		g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMin: x, XMax: x + 100, YMax: 100}, image.Pt(10, 10))
		return servicetest.Item(id, rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return 7 }))
	}
	s, _ = service()
	s.Catalog = mosaic.Slice{far(0, 1), far(1000, 2), far(2000, 3)}
	north := exportimage.Request{MosaicRule: mosaic.Rule{Method: mosaic.Northwest}}
	assert.Equal(t, []int64{1, 2, 3}, shown(north))
	north.MosaicRule.Corner = &mosaic.Point{X: 2500}
	assert.Equal(t, []int64{3, 2, 1}, shown(north))
	north.MosaicRule.Corner = &mosaic.Point{CRS: crs(t, 4326), X: 0.0225}
	assert.Equal(t, []int64{3, 2, 1}, shown(north))
	north.MosaicRule.Corner = nil
	s.Defaults.MosaicRule = mosaic.Rule{Method: mosaic.Northwest, Corner: &mosaic.Point{X: 2500}}
	assert.Equal(t, []int64{3, 2, 1}, shown(exportimage.Request{}))
}
