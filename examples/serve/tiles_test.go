package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tiles are on the scheme that the command line names: their kind, the spatial reference of their service and its
// finest resolution.
func TestTiles(t *testing.T) {
	for scheme, want := range map[string]map[string]string{
		"":          {"world": " 4326", "olinda_elevation": " 31985"},
		"web":       {"world": "Map 3857", "olinda_elevation": "Map 3857"},
		"own":       {"world": "Map 4326", "olinda_elevation": "Map 31985"},
		"elevation": {"world": "Map 3857", "olinda_elevation": "Elevation 3857"},
	} {
		r := start(t, "-tiles", scheme)
		for name, want := range want {
			_, body := r.get(r.base() + root + "/" + name + "/ImageServer?f=json")
			var d struct {
				CacheType        string
				SpatialReference struct{ LatestWkid int }
			}
			require.NoError(t, json.Unmarshal(body, &d))
			assert.Equal(t, want, fmt.Sprint(d.CacheType, " ", d.SpatialReference.LatestWkid), "%s %s", scheme, name)
			resp, _ := r.get(r.base() + root + "/" + name + "/ImageServer/tile/0/0/0")
			assert.Equal(t, d.CacheType != "", resp.StatusCode == http.StatusOK, "%s %s", scheme, name)
		}
		r.stop()
	}
}
