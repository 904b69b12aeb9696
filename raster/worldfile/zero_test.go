package worldfile_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster/worldfile"
)

// TestZeroValues checks that a zero Image has no pixels and refuses reads. Zero Options are the defaults, as in
// TestGolden. Only this package makes FormatError, UnsupportedError and LimitError.
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
