package geotiff_test

import (
	"image"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/internal/tiffmake"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/geotiff"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// TestZeroValues checks that the zero value of each exported struct works, or is refused. Only this package makes
// errors (FormatError, UnsupportedError, LimitError, EncodeError).
func TestZeroValues(t *testing.T) {
	f := (&tiffmake.File{Size: image.Pt(9, 7), Sample: func(_, _, x, y int) float64 { return float64(x + y) }}).NorthUp(0, 0, 1)
	for name, o := range map[string]*geotiff.Options{"nil": nil, "Options": {}, "Limits": {Limits: geotiff.Limits{}}} {
		g, err := geotiff.Open(t.Context(), sourceOf(f.Bytes()), o)
		require.NoError(t, err, name)
		b := whole(t, g, 0)
		require.Equal(t, 8.0, real(rastertest.At(b.Bands[0], 5, 3)), name)
	}

	g := &geotiff.File{} // has no levels
	assert.Empty(t, g.Info().Levels)
	_, err := g.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.Error(t, err)
	require.NoError(t, g.Close())
	require.ErrorIs(t, g.Close(), os.ErrClosed)

	// A Codec without a function is an error when a block needs it. Codecs receive a BlockShape; callers make none.
	f.Compression = tiffmake.LZW
	g, err = geotiff.Open(t.Context(), sourceOf(f.Bytes()), &geotiff.Options{Codecs: geotiff.Codecs{geotiff.LZW: {}}})
	require.NoError(t, err)
	_, err = g.Read(t.Context(), nil, 0, image.Rectangle{Max: f.Size}, nil)
	assert.True(t, isReason[*geotiff.FormatError](err), "%v", err)
	assert.Zero(t, geotiff.BlockShape{}.Samples)

	m := &raster.Image{Grid: raster.Grid{Size: image.Pt(1, 1)}, Type: raster.U8, Bands: 1,
		Strips: func(yield func(*raster.Block, error) bool) {
			yield(raster.NewBlock(raster.U8, 1, image.Rect(0, 0, 1, 1)), nil)
		}}
	require.NoError(t, geotiff.Encode(io.Discard, m, &geotiff.EncodeOptions{}))
	require.NoError(t, new(geotiff.Encoder).Encode(io.Discard, m, nil))

	for _, err := range []error{&geotiff.FormatError{}, &geotiff.UnsupportedError{}, &geotiff.LimitError{}} {
		assert.NotEmpty(t, err.Error())
	}
}
