package resample_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/resample"
)

// The zero values of the exported types work as documented.
func TestZeroValues(t *testing.T) {
	src, r := ramp(8), image.Rect(0, 0, 4, 4)
	m := shift(1.2, 1.7)
	bilinear := warp(t, src, r, m, resample.Bilinear)
	for _, c := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"Interpolation is Bilinear", func(t *testing.T) {
			var i resample.Interpolation
			assert.Equal(t, resample.Default, i)
			same(t, bilinear, warp(t, src, r, m, i))
		}},
		{"Options are Bilinear without Antialias", func(t *testing.T) {
			var o resample.Options
			same(t, bilinear, warpWith(t, src, r, m, o))
			assert.Equal(t, resample.Options{Interpolation: resample.Bilinear}.SourceWindow(m, r, src.Bounds()),
				o.SourceWindow(m, r, src.Bounds()))
		}},
		{"Placement maps everything to the corner of the source's first pixel", func(t *testing.T) {
			var p resample.Placement
			for _, m := range []resample.Mapping{p.Through(nil), p.Separable(nil, nil)} {
				xs, ys := []float64{-3, 0, 1e6}, []float64{7, 7, 7}
				m.Map(xs, ys)
				assert.Equal(t, make([]float64, 3), xs)
				assert.Equal(t, make([]float64, 3), ys)
				same(t, warp(t, src, r, affine(raster.Affine{}), resample.Nearest), warp(t, src, r, m, resample.Nearest))
			}
		}},
		{"UnsupportedError", func(t *testing.T) {
			assert.EqualError(t, new(resample.UnsupportedError), "resample: unsupported: ")
		}},
		{"InvalidError", func(t *testing.T) { assert.EqualError(t, new(resample.InvalidError), "resample: ") }},
	} {
		t.Run(c.name, c.test)
	}
	// Blocks have zero values, too: an empty block stays empty.
	require.NoError(t, resample.Warp(new(raster.Block), new(raster.Block), m, resample.Default))
}
