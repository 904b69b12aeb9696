package rest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
)

// Boxes that are cut at a pole or to one turn of the world are drawn, whatever the last bits of their sides become. The
// first one failed, of 1 in about 200.
func TestOverlaysAreCutAtThePoles(t *testing.T) {
	s, _ := service(world(t))
	s.Formats = nil
	h := rest.NewHandler(s, nil)
	draw := func(west, south, east, north float64) {
		path := fmt.Sprintf("/exportImage?f=kmz&size=200,200&bboxSR=4326&bbox=%v,%v,%v,%v", west, south, east, north)
		w := get(h, path)
		require.Equal(t, http.StatusOK, w.Code, "%s: %s", path, w.Body)
	}
	draw(21.6422962, -69.4100488, 129.860283, -15.3010554)
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		west, south := 600*r.Float64()-300, 180*r.Float64()-100
		draw(west, south, west+1+400*r.Float64(), max(south, -89)+1+100*r.Float64())
	}
}
