package diskcache_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source/diskcache"
)

// TestZeroValues: zero Options are the defaults; a Cache is made by Open only.
func TestZeroValues(t *testing.T) {
	c := open(t, t.TempDir(), &diskcache.Options{})
	require.Zero(t, c.Bytes())
	require.NoError(t, c.Err())
}
