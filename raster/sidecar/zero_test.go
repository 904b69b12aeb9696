package sidecar_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/sidecar"
)

// TestZeroValues: each exported struct is of use as it is. Text, SizeError and WorldFileError are results.
func TestZeroValues(t *testing.T) {
	var m sidecar.Metadata
	assert.Equal(t, -1, m.Alpha())
	info := raster.Info{Bands: make([]raster.Band, 1)}
	assert.Empty(t, m.Describe(&info))
	m.Override(&sidecar.Metadata{Bands: map[int]*sidecar.Band{0: {Unit: "m"}}})
	require.Contains(t, m.Bands, 0)
	assert.Equal(t, sidecar.Band{Unit: "m"}, *m.Bands[0])

	palette, err := new(sidecar.ColorTable).Palette()
	require.NoError(t, err)
	assert.Nil(t, palette)
	_, _, err = new(sidecar.Xform).Affine()
	require.Error(t, err)
	_, ok, err := m.Affine(raster.Affine{})
	assert.False(t, ok)
	require.NoError(t, err)
	assert.Empty(t, m.Reference())

	assert.Empty(t, sidecar.Text{}.Bytes)
	var v *sidecar.Version // Watch makes others
	require.NoError(t, v.Settle(t.Context(), nil))
	require.NoError(t, v.Current(t.Context()))
	assert.Empty(t, v.String())
	require.ErrorIs(t, v.Because(t.Context(), assert.AnError), assert.AnError)
	assert.NotEmpty(t, (&sidecar.SizeError{}).Error())
	assert.NotEmpty(t, (&sidecar.WorldFileError{}).Error())
}
