package worldfile_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster/worldfile"
)

// TestZeroValues: a zero Image has no pixels, and reads of it are refused. Zero Options are the defaults, as in
// TestGolden. FormatError, UnsupportedError and LimitError are made by this package.
func TestZeroValues(t *testing.T) {
	var m worldfile.Image
	assert.Empty(t, m.Info().Levels)
	_, err := m.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.Error(t, err)
	for _, err := range []error{&worldfile.UnsupportedError{}, &worldfile.LimitError{}} {
		assert.NotEmpty(t, err.Error())
	}
	assert.Nil(t, (&worldfile.FormatError{}).Unwrap())
}
