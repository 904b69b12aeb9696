package exportimage_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// The histograms of the whole service are those of all its pixels where these are few, also of what a function makes of
// them, and are found once.
func TestHistogramsOfTheService(t *testing.T) {
	g := raster.NorthUp(crs(t, 3857), srs.Envelope{XMax: 200, YMax: 100}, image.Pt(200, 100))
	none := 7.0
	ds := rastertest.FromFunc(g, 2, func(b, x, y int) uint16 { return uint16(x%50 + b*1000 + y) })
	ds.Bands = []raster.Band{{NoData: &none}, {NoData: &none}}
	s, _ := service(ds)
	for _, rule := range []string{"", "none", `{"rasterFunction":"Remap","rasterFunctionArguments":{"InputRanges":[0,60,60,9999],"OutputValues":[3,4]}}`,
		`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Min":0,"Max":255},"outputPixelType":"U8"}`} {
		f, err := params.RenderingRule(rule)
		require.NoError(t, err)
		got, err := s.Histograms(t.Context(), f)
		require.NoError(t, err)
		req := exportimage.HistogramsRequest{Geometry: whole(g)}
		req.Export.Function = f
		want, err := s.ComputeHistograms(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, want, got, rule)
	}
	ds.Err = assert.AnError
	again, err := s.Histograms(t.Context(), nil)
	require.NoError(t, err, "nothing is read again")
	assert.Len(t, again, 2)
}
