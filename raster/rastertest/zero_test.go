package rastertest

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestZeroValues: a zero Memory is a raster without levels, which nothing can be read from.
func TestZeroValues(t *testing.T) {
	var m Memory
	assert.Empty(t, m.Info().Levels)
	_, err := m.Read(t.Context(), nil, 0, image.Rect(0, 0, 1, 1), nil)
	assert.Error(t, err)
	assert.Equal(t, 1, m.Reads())
}

// TestZeroFaults: zero Faults inject nothing, and so do nil ones.
func TestZeroFaults(t *testing.T) {
	for _, f := range []*Faults{nil, {}} {
		_, _, ok := f.Next(Fail)
		assert.False(t, ok)
	}
	assert.Zero(t, new(Faults).Total())
}
