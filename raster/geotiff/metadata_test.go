package geotiff

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

// TestGoldenMetadata reads files that GDAL wrote; testdata/generate_sidecars.sh contains the metadata that were
// written.
func TestGoldenMetadata(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	for file, want := range map[string][]raster.Band{
		"meta_tag.tif": {
			{Name: `height <above> "sea" & land é`, Color: raster.ColorGray, Scale: 0.25, Offset: -100, Unit: "m", NoData: number(80),
				Stats: &raster.Statistics{Min: 1, Max: 199, Mean: 70.5, StdDev: 12.25}},
			{Color: raster.ColorRed, NoData: number(80)},
		},
		"meta_pam.tif": {
			{Name: "height", Color: raster.ColorGray, Unit: "ft", NoData: number(80), Categories: []string{"none", "", "wood <old>"},
				Stats: &raster.Statistics{Min: 2, Max: 198, Mean: 60.5, StdDev: 11.25}},
			{Scale: 0.5, Offset: 3, NoData: number(87)},
			{Color: raster.ColorBlue},
		},
	} {
		f, err := OpenFile("testdata/"+file, nil)
		require.NoError(t, err)
		assert.Equal(t, want, f.Info().Bands, file)
		assert.Empty(t, f.Info().Notes, file)
		require.NoError(t, f.Close())
	}
}
