package mosaic

import (
	"context"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
)

type closing struct {
	raster.Dataset
	closed *int
	err    error
}

func (c closing) Close() error { *c.closed++; return c.err }

// Close closes each raster of a folder once, and says what went wrong; afterwards they cannot be opened.
func TestSliceClose(t *testing.T) {
	closed := 0
	s, err := Folder(t.Context(), folderOf("a.tif", "b.tif"), &FolderOptions{
		Open: func(_ context.Context, name string) (raster.Dataset, error) {
			ds := closing{newMemory(gridOf(t, name), name), &closed, nil}
			if name == "b.tif" {
				ds.err = assert.AnError
			}
			return ds, nil
		},
	})
	require.NoError(t, err)
	_, err = s[0].Open(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, append(s, &Item{ID: 9}).Close(), assert.AnError)
	assert.Equal(t, 2, closed)
	require.NoError(t, s.Close(), "a second time")
	assert.Equal(t, 2, closed)
	_, err = s[0].Open(t.Context())
	require.ErrorIs(t, err, fs.ErrClosed)
	require.ErrorContains(t, err, "a.tif")
}
