package sources

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster/source"
)

func TestOpenFar(t *testing.T) {
	server := httptest.NewServer(http.FileServer(http.Dir(demo)))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	for path, name := range map[string]string{"/world.tif": "world", "/olinda_mosaic/olinda_west.tif?token=1": "olinda_west"} {
		set := Set{Private: true}
		src, err := set.Open(t.Context(), server.URL+path)
		require.NoError(t, err)
		assert.Equal(t, name, src.Name)
		assert.Equal(t, "1:"+name, listing(src.Items))
		file, _, _ := strings.Cut(path, "?")
		disk, err := set.Open(t.Context(), demo+file)
		require.NoError(t, err)
		assert.Equal(t, disk.Items[0].Footprint, src.Items[0].Footprint)
		require.NoError(t, set.Close())
	}
	var set Set
	_, err := set.Open(t.Context(), server.URL+"/world.tif")
	require.ErrorAs(t, err, new(*source.AddressError), "the address is not a public one")
	_, err = (&Set{Private: true}).Open(t.Context(), server.URL+"/none.tif?token=secret")
	require.ErrorContains(t, err, "404")
	assert.NotContains(t, err.Error(), "secret")
}
