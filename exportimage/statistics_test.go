package exportimage_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// Rasters count by their size, whether their statistics are stated or found in a few samples: here 16 pixels of a
// stated mean of 2 and deviation of 1, and 64 pixels of whose overview the four samples 4, 8, 4 and 8 are looked at, of
// a mean of 6 and a deviation of 2. The mean is (16·2 + 64·6) / 80 = 5.2, the variance (16·(1² + 3.2²) + 64·(2² +
// 0.8²)) / 80 = 5.96.
func TestRastersCountByTheirSize(t *testing.T) {
	grid := func(x float64, side int) raster.Grid {
		e := srs.Envelope{XMin: x, YMin: 0, XMax: x + float64(side), YMax: float64(side)}
		return raster.NorthUp(crs(t, 3857), e, image.Pt(side, side))
	}
	stated := rastertest.FromFunc(grid(0, 4), 1, func(_, _, _ int) float32 { return 99 })
	stated.Bands = []raster.Band{{Stats: &raster.Statistics{Min: 0, Max: 10, Mean: 2, StdDev: 1}}}
	sampled := rastertest.FromFunc(grid(100, 8), 1, func(_, x, _ int) float32 { return float32(4 + x%2*4) })
	sampled.AddLevel(rastertest.FillBlock(image.Rect(0, 0, 2, 2), 1, func(_, x, _ int) float32 { return float32(4 + x%2*4) }))
	for _, order := range [][]raster.Dataset{{stated, sampled}, {sampled, stated}} {
		s, _ := service(order...)
		got, err := s.Statistics(t.Context(), nil)
		require.NoError(t, err)
		require.Len(t, got, 1)
		assert.Equal(t, [2]float64{0, 10}, [2]float64{got[0].Min, got[0].Max})
		assert.InDelta(t, 5.2, got[0].Mean, 1e-12)
		assert.InDelta(t, 5.96, got[0].StdDev*got[0].StdDev, 1e-12)
	}
}
