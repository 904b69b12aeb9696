package params

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/raster"
)

// A raster function that requests may name is a reader of its arguments and a line in the table of functions.
func TestAFunctionIsALine(t *testing.T) {
	functions["twice"] = func(args members, input exportimage.RasterFunction, out raster.PixelType) (exportimage.RasterFunction, error) {
		band := 0
		_, err := args.take("Band", &band)
		return converted(&exportimage.ExtractBandFunction{Input: input, BandIDs: []int{band, band}}, out), err
	}
	t.Cleanup(func() { delete(functions, "twice") })

	got, err := RenderingRule(`{"rasterFunction":"Twice","rasterFunctionArguments":{"Band":2,"Raster":{"rasterFunction":"ExtractBand","rasterFunctionArguments":{"BandIds":[1]}}},"outputPixelType":"F32"}`)
	require.NoError(t, err)
	assert.Equal(t, &exportimage.StretchFunction{
		Output: raster.F32, Input: &exportimage.ExtractBandFunction{
			BandIDs: []int{2, 2}, Input: &exportimage.ExtractBandFunction{BandIDs: []int{1}, Nearest: true},
		},
	}, got)
	_, err = RenderingRule(`{"rasterFunction":"Twice","rasterFunctionArguments":{"Bend":2}}`)
	assert.ErrorContains(t, err, "renderingRule: argument \"bend\" of raster function \"Twice\" is not supported")
}
