package geotiff_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

// TestRealShiftGrids reads files of PROJ's content delivery network in the folder that GEOEXPORT_PROJ_GRIDS names: Canada's
// NTv2, which proj4js has in its folder test, and the corner of a NADCON5 at San Francisco that PROJ has in data/tests. The numbers
// are those of PROJ 9.9:
//
//	cct -d 12 +proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=gridshift +grids=FILE \
//	    +step +proj=unitconvert +xy_in=rad +xy_out=deg
func TestRealShiftGrids(t *testing.T) {
	folder := os.Getenv("GEOEXPORT_PROJ_GRIDS")
	if folder == "" {
		fmt.Println("NOT CHECKED: grids of PROJ's network, as GEOEXPORT_PROJ_GRIDS is not set")
		t.Skip("NOT CHECKED: real grids of PROJ, as GEOEXPORT_PROJ_GRIDS names no folder of them")
	}
	for _, c := range []struct {
		name     string
		from, to int
		points   [][4]float64
	}{
		{"ca_nrc_NA83SCRS.tif", 4269, 8237, [][4]float64{
			{-75.5, 45.3, -75.500000892778, 45.299996799444}, {-60.3, 53.3, -60.300001356889, 53.300000882000},
		}},
		{"us_noaa_nadcon5_nad83_1986_nad83_harn_conus_extract_sanfrancisco.tif", 4269, 4152, [][4]float64{
			{-122.4, 37.75, -122.400000250849, 37.750001826644}, {-122.43, 37.87, -122.430001186051, 37.870001418321},
		}},
	} {
		src, err := source.Open(filepath.Join(folder, c.name))
		require.NoError(t, err)
		g, err := geotiff.ReadShiftGrid(t.Context(), c.name, src, nil)
		require.NoError(t, err)
		require.NoError(t, src.Close())
		from, err := srs.FromWKID(c.from)
		require.NoError(t, err)
		to, err := srs.FromWKID(c.to)
		require.NoError(t, err)
		assert.Equal(t, from, g.From)
		assert.Equal(t, to, g.To)
		tr, err := srs.Options{ShiftGrids: []srs.ShiftGrid{g}}.NewTransformer(from, to)
		require.NoError(t, err)
		for _, p := range c.points {
			x, y := []float64{p[0]}, []float64{p[1]}
			require.Zero(t, tr.Transform(x, y))
			assert.InDelta(t, p[2], x[0], 3e-11, c.name)
			assert.InDelta(t, p[3], y[0], 3e-11, c.name)
		}
	}
}
