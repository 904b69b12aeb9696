package lerc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/lerc"
)

func TestZeroValues(t *testing.T) {
	_, err := lerc.Append(nil, &lerc.Image{}, &lerc.EncodeOptions{})
	assert.EqualError(t, err, "lerc: encode: Image.Width: 0 × 0 pixels, 0 bands, 0 samples")
	assert.Zero(t, (&lerc.Image{}).Type())
	assert.Equal(t, "no type", lerc.Type(0).String())
	assert.Zero(t, lerc.Type(0).Size())
	assert.Zero(t, lerc.Header{}.Size)

	m := &lerc.Image{Width: 1, Height: 1, Pix: []uint8{7}} // Bands and Depth of 0 mean 1
	b, err := lerc.Append(nil, m, &lerc.EncodeOptions{})
	require.NoError(t, err)
	same, err := lerc.Append(nil, m, nil)
	require.NoError(t, err)
	assert.Equal(t, same, b)
	got, err := lerc.Decode(b, &lerc.Options{})
	require.NoError(t, err)
	assert.Equal(t, &lerc.Image{Width: 1, Height: 1, Bands: 1, Depth: 1, Pix: []uint8{7}}, got)

	assert.EqualError(t, &lerc.FormatError{}, "lerc: ")
	assert.EqualError(t, &lerc.UnsupportedError{}, "lerc: version 0 of Lerc2 is not supported, want 1 to 6")
	assert.EqualError(t, &lerc.LimitError{}, "lerc: the image takes 0 bytes of memory, more than 0 (limit )")
	assert.EqualError(t, &lerc.ShapeError{}, "lerc: the destination has  , the blob ")
	assert.EqualError(t, &lerc.EncodeError{}, "lerc: encode: : ")
}
