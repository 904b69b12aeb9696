package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/internal/servicetest"
)

// The recipe for an operation in CONTRIBUTING.md, followed for a toy. Its first part would be a file of package
// exportimage: the operation as Go.

type inExtentRequest struct{ Geometry exportimage.Geometry }

// inExtent reports whether a geometry meets the service's extent.
func inExtent(ctx context.Context, s *exportimage.Service, req inExtentRequest) (bool, error) {
	d, err := s.Describe(ctx)
	return err == nil && d.Extent.Intersects(req.Geometry.Envelope), err
}

// The second part would be a file of this package: a table of parameters, all of which exist, and the answer.

var inExtentTable = params.Table[inExtentRequest]{
	params.Bind(params.GeometryParam, func(r *inExtentRequest, g exportimage.Geometry) { r.Geometry = g }),
}

func (r *responder) inExtent(form url.Values) error {
	var req inExtentRequest
	if _, err := inExtentTable.Parse(form, &req); err != nil {
		return err
	}
	in, err := inExtent(r.request.Context(), r.service, req)
	if err != nil {
		return err
	}
	r.json(map[string]bool{"in": in})
	return nil
}

func TestAnOperationIsAFileOnEitherSideAndALine(t *testing.T) {
	// The line, in the table of operations.
	operations["inextent"] = operation{Resources, asJSON((*responder).inExtent)}
	t.Cleanup(func() { delete(operations, "inextent") })

	s, _ := servicetest.Service(servicetest.Ramp(t))
	get := func(o *Options, target string) (status int, body map[string]any) {
		w := httptest.NewRecorder()
		NewHandler(s, o).ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), w.Body.String())
		return w.Code, body
	}
	status, body := get(nil, "/inExtent?geometry=100,100")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, map[string]any{"in": true}, body)
	_, body = get(nil, "/INEXTENT?f=json&geometry=-5,-5,-1,-1")
	assert.Equal(t, map[string]any{"in": false}, body)
	status, body = get(nil, "/inExtent?geometry=here")
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, body["error"].(map[string]any)["details"], "'geometry' parameter is invalid.")
	status, _ = get(&Options{Without: Resources}, "/inExtent?f=json&geometry=100,100")
	assert.Equal(t, http.StatusNotFound, status)
}
