package grid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/grid"
)

const (
	esriHead  = "NCOLS 2\nNROWS 2\nULXMAP 0\nULYMAP 0\nXDIM 1\nYDIM 1\n"
	enviHead  = "ENVI\nsamples=2\nlines=2\nbands=1\ndata type=1\ninterleave=bsq\nmap info={UTM,1,1,0,0,1,1,33,North,WGS-84}\n"
	asciiHead = "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n"
)

// TestRefusals: what cannot be right, or is not read, is an error that names it.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, data, header, want string }{
		{"a.bil", "1234", "", "there is no header (.hdr) beside the file"},
		{"a.bil", "1234", "NCOLS 2\nNROWS 2\n", "no georeference"},
		{"a.bil", "1234", "NROWS 2\n", "neither Esri's header, which has NCOLS, nor ENVI's"},
		{"a.bil", "123", esriHead, "size of the file 3: 2 × 2 samples of 1 bands need 4 bytes"},
		{"a.bil", "1234", esriHead + "SKIPBYTES 1\n", "the samples that the header describes end after byte 5"},
		{"a.bil", "1234", esriHead + "SKIPBYTES -1\n", "SKIPBYTES -1: no whole number"},
		{"a.bil", "1234", esriHead + "SKIPBYTES 9223372036854775807\n", "SKIPBYTES 9223372036854775807: more than 4"},
		{"a.bsq", "12345678", esriHead + "NBANDS 2\nBANDGAPBYTES 1\n", "end after byte 9"},
		{"a.bil", "12345678", esriHead + "NBANDS 2\nTOTALROWBYTES 3\n", "TOTALROWBYTES 3: a row takes 4 bytes"},
		{"a.bil", "1234", esriHead + "BANDROWBYTES 1\n", "BANDROWBYTES 1: a row takes 2 bytes"},
		{"a.bil", "1234", esriHead + "NBITS 7\n", "not supported: PIXELTYPE: with NBITS 7"},
		{"a.bil", "1234", esriHead + "NBITS 64\nPIXELTYPE SIGNEDINT\n", "not supported: PIXELTYPE SIGNEDINT: with NBITS 64"},
		{"a.bil", "1234", esriHead + "PIXELTYPE COMPLEX\n", "not supported: PIXELTYPE COMPLEX"},
		{"a.bil", "1234", esriHead + "BYTEORDER X\n", "BYTEORDER X: neither I nor M"},
		{"a.bil", "1234", esriHead + "LAYOUT BSX\n", "LAYOUT BSX"},
		{"a.bil", "1234", esriHead + "NROWS 3\n", "NROWS 3: it was 2 before"},
		{"a.bil", "1234", "NCOLS 2\nNROWS 2\nULXMAP 0\nXDIM 1\nYDIM 1\n", "some are missing"},
		{"a.bil", "1234", "NCOLS 2\nNROWS 2\nULXMAP 0\nULYMAP 0\nXDIM 0\nYDIM 1\n", "pixels without area"},
		{"a.bil", "1234", "NCOLS 2\nNROWS 2\nULXMAP nan\nULYMAP 0\nXDIM 1\nYDIM 1\n", "ULXMAP nan: no finite number"},
		{"a.bil", "1234", "NCOLS 4294967296\nNROWS 1\n", "NCOLS 4294967296: more than 2147483647"},
		{"a.bil", "1234", "NCOLS 2147483647\nNROWS 2147483647\n", "Limits.Pixels"},
		{"a.bil", "1234", "NCOLS 2\nNROWS 2\nNBANDS 70000\n", "Limits.Bands"},
		{"a.bil", "1234", "NCOLS 0\nNROWS 2\n", "columns 0: there must be at least one"},
		{"a.bil", "1234", "NCOLS\n", "NCOLS: there is no value"},
		{"a.bil", "1234", strings.Repeat("X", 5<<20), "Limits.TextBytes"},
		{"a.img", "EHFA_HEADER_TAG\x00", enviHead, "not supported: format ERDAS Imagine"},
		{"a.img", "\x00\x00\x00\x00", "", "not supported: format ERDAS Imagine"},
		{"a.dat", "123", enviHead, "size of the file 3"},
		{"a.dat", "1234", enviHead + "file compression = 1\n", "not supported: file compression 1"},
		{"a.dat", "1234", enviHead + "major frame offsets = {0, 8}\n", "not supported: major frame offsets 0, 8"},
		{"a.dat", "1234", strings.Replace(enviHead, "type=1", "type=14", 1), "not supported: data type 14"},
		{"a.dat", "1234", strings.Replace(enviHead, "type=1", "type=7", 1), "data type 7: none of ENVI's types"},
		{"a.dat", "1234", strings.Replace(enviHead, "bsq", "xyz", 1), "interleave xyz"},
		{"a.dat", "1234", strings.Replace(enviHead, "UTM", "Polyconic", 1), "not supported: map info Polyconic, 33, North, WGS-84"},
		{"a.dat", "1234", strings.Replace(enviHead, "WGS-84", "Ain el Abd 1970", 1), "not supported: map info UTM, 33"},
		{"a.dat", "1234", strings.Replace(enviHead, "WGS-84", "WGS-84,units=Feet", 1), "units=Feet"},
		{"a.dat", "1234", enviHead + "band names = {a, b", "band names: its braces are not closed"},
		{"a.dat", "1234", enviHead + "nothing\n", "a line without ="},
		{"a.asc", asciiHead + "1 2 3", "", "values 3: the header says 2 × 2"},
		{"a.asc", asciiHead + "1 2 3 4 5", "", "values 5: it follows the last of 2 × 2"},
		{"a.asc", asciiHead + "1 2 x 4", "", "value x: no number, in column 0 of row 1"},
		{"a.asc", asciiHead + "1 2 1,2,3 4", "", "value 1,2,3: no number"},
		{"a.asc", asciiHead + "1 2 1.000,5 4", "", "value 1.000,5: no number"},
		{"a.asc", asciiHead + "1 2 0x10 4", "", "value 0x10: no number"},
		{"a.asc", asciiHead + "1 2 3 " + strings.Repeat("4", 70000), "", "a word of more than 1024 bytes"},
		{"a.asc", asciiHead + "1 2 1e999 4", "", "value 1e999: no number"},
		{"a.asc", asciiHead + "units 3\n1 2 3 4", "", "header units: no key that is known"},
		{"a.asc", "ncols 2\nnrows 2\nxllcorner 0\ncellsize 1\n1 2 3 4", "", "only one coordinate"},
		{"a.asc", "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\n1 2 3 4", "", "cell size 0 0: not positive, or missing"},
		{"a.asc", "ncols 2\nnrows 2\n1 2 3 4", "", "no georeference"},
		{"a.asc", "nrows 2\ncellsize 1\n1 2 3 4", "", "ncols: no whole number"},
		{"a.asc", asciiHead + "NODATA_value x\n1 2 3 4", "", "NODATA_value x: no number"},
		{"a.asc", "north: 4\nsouth: 0\n", "", "not supported: format GRASS ASCII grid"},
		{"a.hgt", "1234", "", "an SRTM tile is named for its lower left corner"},
		{"N91E000.hgt", "1234", "", "an SRTM tile is named"},
		{"N10E181.hgt", "1234", "", "an SRTM tile is named"},
		{"N1-E011.hgt", "1234", "", "an SRTM tile is named"},
		{"N47E0111.hgt", "1234", "", "an SRTM tile is named"},
		{"N47E011.hgt", "1234", "", "size of the file 4"},
		{"a.dt0", "UHL1", "", "UHL and DSI"},
		{"a.dt0", "VOL1" + strings.Repeat(" ", 200), "", "not supported: format DTED (from tape)"},
		{"a.grd", "DSBB\x02\x00", "", "header: of 56 bytes"},
		{"a.grd", "DSBB\xff\xff\x02\x00" + strings.Repeat("\x00", 48), "", "columns -1"},
		{"a.grd", "DSBB\x02\x00\x02\x00" + strings.Repeat("\x00", 48), "", "pixels without area"},
		{"a.grd", "DSRB\x04\x00\x00\x00\x03\x00\x00\x00", "", "not supported: version of the grid 3"},
		{"a.grd", "DSRB\x04\x00\x00\x00\x01\x00\x00\x00DATA\x00\x00\x00\x00", "", "data come before the grid"},
		{"a.grd", "DSRB\xff\xff\xff\xff\x01\x00\x00\x00", "", "length of section \"DSRB\" 4294967295"},
		{"a.grd", "DSAA 2 2 0 1 0 1 0 x", "", "limit 5 x: no finite number"},
		{"a.grd", "DSAA 2 2 0 1 0 1 0 1 1 2 3", "", "values 3"},
		{"a.grd", "CDF\x01", "", "not supported: format netCDF"},
		{"a.bin", "1234", "", "there is no header"},
		{"a.asc", "", "", "not supported: format ASCII grid"},
	} {
		beside := []string{"a.hdr", c.header}
		if c.header == "" {
			beside = nil
		}
		_, err := open(t, c.name, c.data, beside...)
		require.Error(t, err, "%+.200v", c)
		assert.Contains(t, err.Error(), c.want)
		assert.Less(t, len(err.Error()), 300)
	}
	_, err := open(t, "a.asc", "ncols 2\nnrows 2\n1 2 3 4")
	assert.ErrorIs(t, err, grid.ErrNoGeoreference)
}
