package exportimage_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// Functions that look at neighbours do so across the sides of images and strips: tiles are parts of the whole, also where
// rasters are warped and workers make strips side by side, and single rasters beside the mosaic are, too.
func TestNeighboursStitched(t *testing.T) {
	for _, rule := range []string{
		`{"rasterFunction":"Hillshade"}`,
		`{"rasterFunction":"Statistics","rasterFunctionArguments":{"Type":1,"KernelRows":9,"KernelColumns":4,"Raster":{"rasterFunction":"Slope"}}}`,
		`{"rasterFunction":"Arithmetic","rasterFunctionArguments":{"Raster":"$2","Operation":2,"Raster2":{"rasterFunction":"Convolution","rasterFunctionArguments":{"Type":12}}}}`,
	} {
		s, raw := service(ramp(t), ramp(t))
		query := "&imageSR=3395&bboxSR=3395&renderingRule=" + url.QueryEscape(rule)
		s.Limits.Workers = 1
		whole, _ := export(t, s, raw, "bbox=-64,-64,448,448&size=512,512"+query)
		require.False(t, whole.Blank(), rule)
		wide, err := raster.Convert(whole, raster.F64)
		require.NoError(t, err)
		for _, at := range [][2]int{{0, 0}, {256, 0}, {0, 256}, {256, 256}} {
			tiles, raw := service(ramp(t), ramp(t))
			tiles.Limits.Workers = 4
			part, _ := export(t, tiles, raw, fmt.Sprintf("bbox=%d,%d,%d,%d&size=256,256", at[0]-64, 448-at[1]-256, at[0]+192, 448-at[1])+query)
			part, err := raster.Convert(part, raster.F64)
			require.NoError(t, err)
			b, had, has := part.Bounds().Min, wide.CopyValid(), part.CopyValid()
			for y := range 256 {
				for x := range 256 {
					valid := has.AlphaAt(b.X+x, b.Y+y).A
					w := wide.Bounds().Min
					require.Equal(t, had.AlphaAt(w.X+at[0]+x, w.Y+at[1]+y).A, valid, "%s at %d, %d of %v", rule, x, y, at)
					if valid != 0 {
						want := wide.Bands[0].(*raster.PlaneOf[float64]).Row(w.Y + at[1] + y)[at[0]+x]
						require.Equal(t, want, part.Bands[0].(*raster.PlaneOf[float64]).Row(b.Y + y)[x], "%s at %d, %d of %v", rule, x, y, at)
					}
				}
			}
		}
	}
	s, _ := service(ramp(t))
	assert.ErrorContains(t, exportErr(s, "renderingRule="+url.QueryEscape(`{"rasterFunction":"Hillshade","rasterFunctionArguments":{"Raster":"$99"}}`)), "99")
}
