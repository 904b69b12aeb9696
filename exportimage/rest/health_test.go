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

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/internal/servicetest"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
)

// A process is ready as long as one of its services can be described, until it drains.
func TestHealth(t *testing.T) {
	good, _ := service(world(t))
	good.Name, good.Gate = "good", exportimage.NewGate(exportimage.Limits{})
	it := servicetest.Item(1, world(t))
	it.Open = func(context.Context) (raster.Dataset, error) { return nil, errors.New("/secret/path: it is broken") }
	broken := &exportimage.Service{Name: "broken", Catalog: mosaic.Slice{it}, Gate: good.Gate, Logger: logger(t.Output())}
	var body struct {
		Status   string
		Services map[string]string
		Gates    []map[string]int64
	}
	ask := func(h http.Handler, path string) int {
		t.Helper()
		w := get(h, path)
		body.Services, body.Gates = nil, nil
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), "%s", w.Body)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		return w.Code
	}
	both := &rest.Health{Services: []*exportimage.Service{good, broken}}
	assert.Equal(t, http.StatusOK, ask(both, "/readyz"))
	assert.Equal(t, "ok", body.Services["good"])
	assert.Equal(t, `Unable to complete operation. raster "raster 1": cannot open it`, body.Services["broken"])
	assert.Equal(t, http.StatusOK, ask(both, "/some/mount/healthz"))
	assert.Equal(t, []map[string]int64{{"running": 0, "waiting": 0, "bytes": 0, "spool": 0}}, body.Gates, "they share one")

	alone := &rest.Health{Services: []*exportimage.Service{broken}}
	assert.Equal(t, http.StatusServiceUnavailable, ask(alone, "/readyz"))
	assert.Equal(t, "unready", body.Status)
	assert.Equal(t, http.StatusOK, ask(alone, "/healthz"), "it lives")

	both.Drain()
	assert.Equal(t, http.StatusServiceUnavailable, ask(both, "/readyz"))
	assert.Equal(t, "draining", body.Status)
	assert.Equal(t, http.StatusOK, ask(both, "/healthz"))

	assert.Equal(t, http.StatusNotFound, get(both, "/health").Code)
	w := httptest.NewRecorder()
	both.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/healthz", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, http.StatusOK, ask(&rest.Health{}, "/readyz"))
}
