package rest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// The zero value of every exported struct works, but for MemoryStore and DirectoryStore, which are made by
// NewMemoryStore and OpenDirectoryStore alone. A RasterFile without Open cannot be downloaded.
func TestZeroValues(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	for _, target := range []string{"/?f=json", "/exportImage", "/exportImage?f=image&size=9", "/legend"} {
		none, zero := get(rest.NewHandler(s, nil), target), get(rest.NewHandler(s, &rest.Options{}), target)
		assert.Equal(t, http.StatusOK, none.Code, target)
		assert.Equal(t, none.Body.Bytes(), zero.Body.Bytes(), target)
	}
	assert.Equal(t, http.StatusOK, get(rest.NewDirectory(nil, &rest.Options{}), "/?f=json").Code)
	assert.Equal(t, http.StatusOK, get(rest.NewInfo(&rest.Options{}), "/?f=json").Code)
	assert.Equal(t, http.StatusOK, get(new(rest.Health), "/readyz").Code)
	assert.Equal(t, http.StatusInternalServerError, get(rest.NewHandler(&exportimage.Service{Logger: logger(t.Output())}, nil), "/?f=json").Code)

	store := rest.NewMemoryStore(rest.StoreLimits{})
	const name = "00000000000000000000000000000000.png"
	require.NoError(t, store.Put(t.Context(), name, []byte("x")))
	f, err := store.Open(t.Context(), name)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}
