package kmz

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The zero Overlay is refused by name before anything is written, and the zero error has a text.
func TestZeroValues(t *testing.T) {
	var buf bytes.Buffer
	assert.EqualError(t, Write(&buf, Overlay{}), "kmz: North is 0, not above the south edge at 0")
	assert.Zero(t, buf.Len())
	assert.EqualError(t, &OverlayError{}, "kmz:  ")
}
