package grid_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/grid"
)

// open opens a file of a folder in memory; further names and contents are the files beside it.
func open(t testing.TB, name, data string, beside ...string) (*grid.File, error) {
	fsys := fstest.MapFS{name: {Data: []byte(data)}}
	for i := 0; i < len(beside); i += 2 {
		fsys[beside[i]] = &fstest.MapFile{Data: []byte(beside[i+1])}
	}
	return grid.OpenFS(t.Context(), fsys, name, nil)
}

// readAll opens a file and reads all of it.
func readAll(t testing.TB, name, data string, beside ...string) (raster.Info, *raster.Block) {
	t.Helper()
	f, err := open(t, name, data, beside...)
	require.NoError(t, err)
	b, err := f.Read(t.Context(), nil, 0, f.Info().Grid.Bounds(), nil)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return f.Info(), b
}
