package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/geoexport/geoexport/exportimage"
)

// An image and a refused request are numbers of Prometheus and spans of OpenTelemetry, below the caller's span.
func TestOperationsAreObserved(t *testing.T) {
	service, err := exportimage.Open(t.Context(), "../../testdata/demo/world.tif")
	require.NoError(t, err)
	defer service.Close()
	recorder := tracetest.NewSpanRecorder()
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)).Tracer("test")
	h := newHandler(service, prometheus.NewRegistry(), tracer)
	ctx, caller := tracer.Start(t.Context(), "request")
	get := func(target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil))
		return w
	}
	require.Equal(t, http.StatusOK, get("/exportImage?f=image&bbox=-117,34,-116,35&size=100,80").Code)
	require.Equal(t, http.StatusBadRequest, get("/exportImage?f=image&bbox=-117,34,-116,35&size=100000,80").Code)
	caller.End()

	text := get("/metrics").Body.String()
	for _, line := range []string{
		`geoexport_exported_pixels_total{format="png",service="world"} 8000`,
		`geoexport_operation_seconds_count{operation="exporting",result="ok",service="world"} 1`,
		`geoexport_operation_seconds_count{operation="exporting",result="invalid",service="world"} 1`,
		`geoexport_running_operations{operation="exporting",service="world"} 0`,
		`geoexport_stage_seconds_total{service="world",stage="warp"} `,
		`geoexport_source_pixels_total{service="world"} `,
	} {
		assert.Contains(t, text, line)
	}
	var exports []sdk.ReadOnlySpan
	for _, s := range recorder.Ended() {
		if s.Name() == "exporting" {
			exports = append(exports, s)
			assert.Equal(t, caller.SpanContext().TraceID(), s.SpanContext().TraceID())
		}
	}
	require.Len(t, exports, 2)
	assert.Contains(t, exports[0].Attributes(), attribute.Int("geoexport.width", 100))
	assert.Equal(t, codes.Unset, exports[0].Status().Code)
	assert.Equal(t, codes.Error, exports[1].Status().Code)
	assert.Contains(t, exports[1].Attributes(), attribute.String("geoexport.error.kind", "invalid"))
}

// Progress makes no span and no number.
func TestProgressIsNoOperation(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	s := &spans{tracer: sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)).Tracer("test")}
	registry := prometheus.NewRegistry()
	m := newMetrics(registry).observe("s")
	for _, e := range []exportimage.Event{{Phase: exportimage.Progress, ID: 5}, {Phase: exportimage.Progress, ID: 6}} {
		s.observe(e)
		m(e)
	}
	s.observe(exportimage.Event{Phase: exportimage.Ended, ID: 7})
	assert.Empty(t, recorder.Ended())
	families, err := registry.Gather()
	require.NoError(t, err)
	assert.Empty(t, families)
}
