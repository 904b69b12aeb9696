package geotiff_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/source"
	"github.com/geoexport/geoexport/srs"
)

func shiftGrid(t testing.TB, name string) srs.ShiftGrid {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	g, err := geotiff.ReadShiftGrid(t.Context(), name, source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
	require.NoError(t, err)
	return g
}

// The numbers are those of PROJ 9.1.1, which testdata/shiftgrid.sh prints. The points lie in each of the grids.
func TestReadShiftGrid(t *testing.T) {
	from, err := srs.FromWKID(4277)
	require.NoError(t, err)
	to, err := srs.FromWKID(4258)
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		points [][4]float64
		back   bool
	}{
		{"shift_seconds.tif", [][4]float64{
			{-3.3, 50.2, -3.301280635038, 50.200463517295}, {-1.7, 50.6, -1.701026114252, 50.600354736713},
			{-1.2, 51.3, -1.200985194894, 51.300516817899}, {3.5, 52.25, 3.498803292059, 52.250446437137},
		}, true},
		{"shift_degrees.tif", [][4]float64{ // far beyond all real shifts, so that there is no way back
			{-3.3, 50.2, 1.310286267677, 51.868662274237}, {-1.7, 50.6, 2.214565875399, 52.116483747077},
			{-1.2, 51.3, 2.538712832552, 52.935060091399},
		}, false},
	} {
		g := shiftGrid(t, c.name)
		assert.Equal(t, c.name, g.Name)
		assert.Equal(t, from, g.From)
		assert.Equal(t, to, g.To)
		tr, err := srs.Options{ShiftGrids: []srs.ShiftGrid{g}}.NewTransformer(from, to)
		require.NoError(t, err)
		for _, p := range c.points {
			x, y := []float64{p[0]}, []float64{p[1]}
			require.Zero(t, tr.Transform(x, y))
			assert.InDelta(t, p[2], x[0], 2e-7*float64(b2i(!c.back))+3e-11, c.name) // degrees in float32 are rough
			assert.InDelta(t, p[3], y[0], 2e-7*float64(b2i(!c.back))+3e-11, c.name)
			if c.back {
				tr.Inverse().Transform(x, y)
				assert.InDelta(t, p[0], x[0], 1e-10)
				assert.InDelta(t, p[1], y[0], 1e-10)
			}
		}
	}
	// A PROJ string, and an operation by its code, find it by its name.
	g := shiftGrid(t, "shift_seconds.tif")
	g.Name = "uk_os_OSTN15_NTv2_OSGBtoETRS.tif"
	ostn15, err := srs.OperationFromWKID(7709)
	require.NoError(t, err)
	tr, err := srs.Options{ShiftGrids: []srs.ShiftGrid{g}, Operations: []srs.Operation{ostn15}}.NewTransformer(from, to)
	require.NoError(t, err)
	x, y := []float64{-1.2}, []float64{51.3}
	tr.Transform(x, y)
	assert.InDelta(t, -1.200985194894, x[0], 2e-11)
	assert.Equal(t, []string{"grid uk_os_OSTN15_NTv2_OSGBtoETRS.tif"}, tr.Operations())
	text, err := srs.Parse("+proj=longlat +ellps=airy +nadgrids=uk_os_OSTN15_NTv2_OSGBtoETRS.tif")
	require.NoError(t, err)
	wgs84, err := srs.FromWKID(4326)
	require.NoError(t, err)
	tr, err = srs.Options{ShiftGrids: []srs.ShiftGrid{g}}.NewTransformer(text, wgs84)
	require.NoError(t, err)
	x, y = []float64{-1.2}, []float64{51.3}
	tr.Transform(x, y)
	assert.InDelta(t, 51.300516817899, y[0], 2e-11)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Files that are no grids of shifts are refused.
func TestReadShiftGridRefuses(t *testing.T) {
	for name, says := range map[string]string{
		"cog_deflate.tif": "latitude_offset", "point.tif": "latitude_offset", "rgba_deflate.tif": "sample type", "README.md": "geotiff",
	} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		_, err = geotiff.ReadShiftGrid(context.Background(), name, source.FromReaderAt(bytes.NewReader(data), int64(len(data))), nil)
		assert.ErrorContains(t, err, says, name)
	}
	data, err := os.ReadFile("testdata/shift_seconds.tif")
	require.NoError(t, err)
	for n := 0; n < len(data)-1; n += 97 { // cut short anywhere, and not just without the pages after the cut
		_, err = geotiff.ReadShiftGrid(context.Background(), "", source.FromReaderAt(bytes.NewReader(data[:n]), int64(n)), nil)
		assert.Error(t, err, n)
	}
}
