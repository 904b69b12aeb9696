package sources

import (
	"image"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/raster"
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

// What was fetched is kept for the next set: it asks the server for the beginning of the file, and no more.
func TestKeep(t *testing.T) {
	requests := 0
	files := http.FileServer(http.Dir(demo))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	keep := t.TempDir()
	var first *raster.Block
	for i := range 2 {
		set := Set{Private: true, Keep: keep}
		src, err := set.Open(t.Context(), server.URL+"/world.tif")
		require.NoError(t, err)
		ds, err := src.Items[0].Open(t.Context())
		require.NoError(t, err)
		before := requests
		got, err := ds.Read(t.Context(), nil, 0, image.Rect(0, 0, 1920, 960), []int{0})
		require.NoError(t, err)
		if i == 0 {
			require.Greater(t, requests, before)
			first = got
		}
		require.Equal(t, first.Bands, got.Bands)
		if i == 1 {
			require.Equal(t, before, requests)
		}
		require.NoError(t, set.Close())
	}
}
