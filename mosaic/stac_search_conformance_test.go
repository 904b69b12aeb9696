package mosaic_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
)

// The search of an API keeps the contract of catalogues, from page to page.
func TestSTACSearchConforms(t *testing.T) {
	read, grids := mosaic.APIOfTests()
	for _, page := range []int{mosaic.SummaryItems, 100} {
		o := &mosaic.STACSearchOptions{Page: page}
		o.Read = read
		o.Open = func(_ context.Context, location string) (raster.Dataset, error) {
			grid := grids(location)
			return raster.NewMemory(raster.Info{Grid: grid, Type: raster.U8, Bands: make([]raster.Band, 1)},
				raster.NewBlock(raster.U8, 1, grid.Bounds()))
		}
		s, err := mosaic.SearchSTAC(t.Context(), "https://stac.example/v1", o)
		require.NoError(t, err)
		mosaictest.Test(t, s)
	}
}
