package source_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

// TestZeroValues: a zero File is a closed one of no bytes, and a zero Range is one of no bytes. A nil Pin, not a zero
// one, is that of a source without an identity.
func TestZeroValues(t *testing.T) {
	var f source.File
	require.Zero(t, f.Size())
	_, err := f.ReadAtContext(t.Context(), make([]byte, 1), 0)
	require.ErrorIs(t, err, fs.ErrClosed)
	require.ErrorIs(t, f.Close(), fs.ErrClosed)
	require.Empty(t, source.Range{}.Buffer)
	require.Empty(t, f.Name())
	_, err = f.Identity(t.Context())
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = f.Latest(t.Context())
	require.ErrorIs(t, err, fs.ErrClosed)
	require.NotEmpty(t, (&source.ChangedError{}).Error())
	require.NotEmpty(t, (&source.AddressError{}).Error())
	require.NotEmpty(t, (&source.FarError{}).Error())
	require.False(t, (&source.FarError{}).Timeout())
	require.NoError(t, (*source.Pin)(nil).Check(t.Context()))
	for _, c := range []*source.Counter{nil, new(source.Counter)} {
		c.Add(0, 0, 0)
		require.Zero(t, c.Requests()+c.Bytes()+c.Repeated())
	}
	require.Nil(t, source.CounterOf(t.Context()))
	require.NotEmpty(t, (&source.SchemeError{}).Error())
	_, _, err = source.Schemes{"s3": source.Scheme{}}.Of("s3://bucket/a.tif")
	require.ErrorAs(t, err, new(*source.SchemeError))
}
