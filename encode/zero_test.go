package encode_test

import (
	"bytes"
	"errors"
	"image"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
)

// The zero value of every exported type works, or is refused by name.
func TestZeroValues(t *testing.T) {
	b := raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 2, 2))
	m := &raster.Image{Grid: raster.Grid{Size: image.Pt(2, 2)}, Type: raster.U8, Bands: 1, Strips: oneStrip(b)}
	for _, c := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"Options are the defaults", func(t *testing.T) {
			for name, f := range encode.Default() {
				var none, zero bytes.Buffer
				require.NoError(t, f.Encode(&none, m, nil), name)
				require.NoError(t, f.Encode(&zero, m, &encode.Options{}), name)
				assert.True(t, bytes.Equal(none.Bytes(), zero.Bytes()), name)
			}
		}},
		{"a Format holds nothing and offers nothing", func(t *testing.T) {
			var f encode.Format
			assert.False(t, f.Holds(raster.Unknown))
			assert.False(t, f.Holds(raster.U8))
			assert.False(t, f.HasQuality(""))
			assert.False(t, f.HasQuality("JPEG"))
			assert.Nil(t, f.Encode)
		}},
		{"Formats are empty", func(t *testing.T) {
			var f encode.Formats
			assert.Empty(t, f.Names())
			assert.Empty(t, f.Compressions())
			assert.NotContains(t, f, "png")
		}},
		{"Subsampling goes by quality", func(t *testing.T) {
			var s encode.Subsampling
			assert.Equal(t, encode.SubsamplingByQuality, s)
		}},
		{"errors have a text", func(t *testing.T) {
			assert.EqualError(t, &encode.UnsupportedError{}, "encode:  does not support ")
			assert.EqualError(t, &encode.OptionError{}, "encode:  is <nil>, want ")
		}},
		{"an Image is refused by every format and by Spool", func(t *testing.T) {
			for name, f := range encode.Default() {
				_, ok := errors.AsType[*raster.ImageError](f.Encode(io.Discard, &raster.Image{}, nil))
				assert.True(t, ok, name)
			}
			_, _, err := encode.Spool(&raster.Image{}, nil)
			_, ok := errors.AsType[*raster.ImageError](err)
			assert.True(t, ok, "%v", err)
		}},
	} {
		t.Run(c.name, c.test)
	}
}
