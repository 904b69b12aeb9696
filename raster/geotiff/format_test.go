package geotiff_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/geotiff"
)

// TestOtherFormats checks that the error about a file of another format names that format.
func TestOtherFormats(t *testing.T) {
	for head, want := range map[string]string{
		"\x00\x00\x00\x0cjP  \r\n\x87\n":      "JPEG 2000",
		"<VRTDataset rasterXSize=\"1\">":      "VRT",
		"CDF\x01":                             "netCDF",
		"EHFA_HEADER_TAG\x00\x00\x00\x00\x00": "ERDAS Imagine",
		"ncols 4\nnrows 3\n":                  "ASCII grid",
		"\x89PNG\r\n\x1a\n":                   "PNG",
		"GRIB":                                "GRIB",
	} {
		_, err := geotiff.Open(t.Context(), sourceOf([]byte(head)), nil)
		require.EqualError(t, err, "geotiff: not supported: format "+want+": this package reads TIFF")
		require.True(t, isReason[*geotiff.UnsupportedError](err))
	}
	_, err := geotiff.Open(t.Context(), sourceOf([]byte("some other bytes")), nil)
	require.EqualError(t, err, `geotiff: byte order "so": not a TIFF`)
}
