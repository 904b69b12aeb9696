package grid_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster/grid"
)

// TestZeroValues checks that a zero File has no pixels and refuses reads. Zero Options and Limits are the defaults,
// as in TestGolden. Only this package makes FormatError, UnsupportedError and LimitError.
func TestZeroValues(t *testing.T) {
	var f grid.File
	assert.Empty(t, f.Info().Levels)
	assert.Nil(t, f.Version())
	_, err := f.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.Error(t, err)
	assert.NoError(t, f.Close())
	for _, err := range []error{&grid.UnsupportedError{}, &grid.LimitError{}, &grid.FormatError{}} {
		assert.NotEmpty(t, err.Error())
	}
	assert.NoError(t, (&grid.FormatError{}).Unwrap())
	f2, err := grid.OpenFile("testdata/u8.bil", &grid.Options{Limits: grid.Limits{}})
	assert.NoError(t, err)
	assert.NoError(t, f2.Close())
}
