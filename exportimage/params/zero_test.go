package params_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/resample"
)

// The zero value of every exported struct works, but for
//
//	Param  which needs a Name and a Read; of an empty text the zero one returns the zero value
//	Field  made by Bind alone
//
// Word, Box, Mosaic, Unit and Remarks are plain values.
func TestZeroValues(t *testing.T) {
	v, err := params.Param[int]{}.Parse(" ")
	require.NoError(t, err)
	assert.Zero(t, v)
	assert.Empty(t, params.Info{}.Usage())
	var table params.Table[exportimage.Request]
	remarks, err := table.Parse(url.Values{"Size": {"1"}, "empty": {" "}}, &exportimage.Request{})
	require.NoError(t, err)
	assert.Equal(t, []string{"size"}, remarks.Unknown)
	assert.Empty(t, remarks.Forgiven)
	assert.Empty(t, table.Infos())
	var nothing *params.Forgiven
	nothing.Add("a note")
	assert.Empty(t, nothing.Notes())
	var forgiven params.Forgiven
	forgiven.Add("a note")
	assert.Equal(t, []string{"a note"}, forgiven.Notes())
	var enum params.Enum[resample.Interpolation]
	_, err = enum.Parse("x")
	require.Error(t, err)
	assert.Empty(t, enum.Name(resample.Cubic))
	assert.Empty(t, enum.Names())
}

// TestZeroRendering: the zero Rendering is no rule.
func TestZeroRendering(t *testing.T) {
	got, err := params.RenderingParam.Parse("")
	require.NoError(t, err)
	assert.Equal(t, params.Rendering{}, got)
}
