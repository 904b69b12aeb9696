package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/params"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// What Status and ErrorJSON return of an error is what a handler answers.
func TestErrorsOutsideHandlers(t *testing.T) {
	s := &exportimage.Service{}
	_, err := s.Export(t.Context(), exportimage.Request{})
	w := httptest.NewRecorder()
	rest.NewHandler(s, nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/exportImage?f=json&bbox=0,0,1,1", nil))
	assert.Equal(t, w.Code, rest.Status(err))
	assert.JSONEq(t, w.Body.String(), string(rest.ErrorJSON(err)))

	_, err = params.ParseRequest(map[string][]string{"bbox": {"1,2"}})
	require.Error(t, err)
	w = httptest.NewRecorder()
	rest.NewHandler(s, nil).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/exportImage?f=json&bbox=1,2", nil))
	assert.Equal(t, 400, rest.Status(err))
	assert.JSONEq(t, w.Body.String(), string(rest.ErrorJSON(err)))

	for err, want := range map[error]int{
		nil: 200, context.Canceled: 499, context.DeadlineExceeded: 504, errors.New("/etc/passwd"): 500,
		&exportimage.Error{Kind: exportimage.TooLarge}: 413, &exportimage.Error{Kind: exportimage.Upstream}: 502,
	} {
		assert.Equal(t, want, rest.Status(err), "%v", err)
		assert.NotContains(t, string(rest.ErrorJSON(err)), "passwd")
	}
}

func ExampleErrorJSON() {
	_, err := params.ParseRequest(map[string][]string{"bbox": {"1,2"}})
	fmt.Println(rest.Status(err))
	fmt.Printf("%.66s…\n", rest.ErrorJSON(err))
	// Output:
	// 400
	// {"error":{"code":400,"message":"Invalid or missing input parameter…
}
