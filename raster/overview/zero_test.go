package overview_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/overview"
)

// TestZeroValues: a zero Pyramid is a raster without levels, and zero Options are tested by TestPyramidWindowsAgree. A
// zero Level is one of no pixels, which Choose never prefers to another.
func TestZeroValues(t *testing.T) {
	var p overview.Pyramid
	assert.Empty(t, p.Levels())
	assert.Equal(t, raster.Info{}, p.Info())
	assert.Nil(t, p.Version())
	_, err := p.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.Error(t, err)
	assert.Zero(t, overview.Choose([]overview.Level{{}}, 2, 2))
}
