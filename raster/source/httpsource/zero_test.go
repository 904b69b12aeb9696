package httpsource_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source/httpsource"
)

// TestZeroValues: the zero Client opens URLs of public addresses, see TestAddresses; a Source is made by Open only.
func TestZeroValues(t *testing.T) {
	require.NotEmpty(t, httpsource.StatusError(0).Error())
	_, err := new(httpsource.Client).Open(t.Context(), "")
	require.Error(t, err)
}
