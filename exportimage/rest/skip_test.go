package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

func TestSkippedRastersInJSON(t *testing.T) {
	s, _ := service(world(t))
	gone := *s.Catalog.(mosaic.Slice)[0]
	gone.ID, gone.Name = 0, "gone"
	gone.Open = func(context.Context) (raster.Dataset, error) {
		return nil, errors.New("open /srv/secret: no such file")
	}
	s.Catalog = append(s.Catalog.(mosaic.Slice), &gone)
	s.SkipUnreadable = true
	s.Logger = logger(t.Output())
	srv := httptest.NewServer(http.StripPrefix("/x/ImageServer", rest.NewHandler(s, nil)))
	defer srv.Close()
	res, err := http.Get(srv.URL + "/x/ImageServer/exportImage?f=json&bbox=0,0,4,4")
	require.NoError(t, err)
	defer res.Body.Close()
	var j struct {
		Skipped []struct {
			ID        int64
			Name, Why string
		}
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&j))
	require.Len(t, j.Skipped, 1, "of a picture that is not drawn, those that cannot be opened")
	assert.Equal(t, "gone", j.Skipped[0].Name)
	assert.NotContains(t, j.Skipped[0].Why, "secret")
}
