package rest_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
)

// A tile of a slice is the image that exportImage answers with for its box and that slice, and slices differ.
func TestTilesOfSlices(t *testing.T) {
	s, _ := servicetest.Ocean(t)
	s.Name, s.Formats, s.Tiles = "ocean", nil, new(exportimage.WebMercatorTiles())
	h := rest.NewHandler(s, nil)
	side := earth / 32 // the ocean begins at 10.5° west and 50.5° north, and tile 5/10/15 at 11.25° west and 55.8° north
	box := fmt.Sprintf("%.9f,%.9f,%.9f,%.9f", 15*side-earth/2, earth/2-11*side, 16*side-earth/2, earth/2-10*side)
	seen := map[string]int64{}
	for _, slice := range []int64{0, 2, 14} { // of ice, of which the third is later, and of water_temp
		rule := "&renderingRule=" + url.QueryEscape(
			`{"rasterFunction":"Stretch","rasterFunctionArguments":{"StretchType":5,"Statistics":[[0,2200,1000,500]],"UseGamma":false}}`)
		want := get(h, fmt.Sprintf("/exportImage?f=image&format=png32&size=256,256&adjustAspectRatio=false&bboxSR=102100"+
			"&imageSR=102100&bbox=%s&sliceId=%d%s", url.QueryEscape(box), slice, rule))
		require.Equal(t, http.StatusOK, want.Code, want.Body.String())
		got := get(h, fmt.Sprintf("/tile/5/10/15?sliceId=%d%s", slice, rule))
		require.Equal(t, http.StatusOK, got.Code, got.Body.String())
		assert.True(t, bytes.Equal(want.Body.Bytes(), got.Body.Bytes()), "slice %d", slice)
		other, twice := seen[got.Body.String()]
		assert.False(t, twice, "slices %d and %d are the same", other, slice)
		seen[got.Body.String()] = slice
	}
	for path, want := range map[string]string{
		"/tile/5/10/15?sliceId=15": "sliceId: ", "/tile/5/10/15?sliceId=-1": "sliceId: ", "/tile/5/10/15?sliceId=x": "sliceId: ",
	} {
		w := get(h, path)
		assert.Equal(t, http.StatusBadRequest, w.Code, path)
		assert.Contains(t, w.Body.String(), want)
	}
}
