package main

import (
	"sync"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// spans makes a span of OpenTelemetry of each operation of a service. Its parent is the span in the caller's context, such as
// that of the HTTP request.
type spans struct {
	tracer  trace.Tracer
	service string
	open    sync.Map // of trace.Span, by the operation's ID
}

// observe is the hook.
func (s *spans) observe(e exportimage.Event) {
	switch e.Phase {
	case exportimage.Begun:
		_, span := s.tracer.Start(e.Context, e.Operation, trace.WithTimestamp(e.Start),
			trace.WithAttributes(attribute.String("geoexport.service", s.service)))
		s.open.Store(e.ID, span)
	case exportimage.Ended:
		v, ok := s.open.LoadAndDelete(e.ID)
		if !ok {
			return
		}
		span := v.(trace.Span)
		if e.Result != nil {
			span.SetAttributes(attributesOf(e.Result)...)
		}
		if e.Err != nil {
			span.SetAttributes(attribute.String("geoexport.error.kind", exportimage.AsError(e.Err).Kind.String()))
			span.RecordError(e.Err)
			span.SetStatus(codes.Error, e.Err.Error())
		}
		span.End(trace.WithTimestamp(e.Start.Add(e.Took)))
	}
}

// attributesOf are what is worth searching for in the spans of images.
func attributesOf(r *exportimage.Result) []attribute.KeyValue {
	out := []attribute.KeyValue{
		attribute.String("geoexport.format", r.Format), attribute.String("geoexport.crs", r.CRS.String()),
		attribute.Int("geoexport.width", r.Size.X), attribute.Int("geoexport.height", r.Size.Y),
		attribute.Int("geoexport.rasters", len(r.Trace.Rasters)), attribute.Int("geoexport.skipped", len(r.Trace.Skipped)),
	}
	for _, s := range stagesOf(r.Trace) {
		out = append(out, attribute.Float64("geoexport.stage."+s.name+"_ms", float64(s.took)/float64(time.Millisecond)))
	}
	return out
}

// A stage of an export, and how long it took, summed over workers.
type stage struct {
	name string
	took time.Duration
}

func stagesOf(t exportimage.Trace) []stage {
	s := t.Stages
	return []stage{
		{"plan", s.Plan}, {"read", s.Read}, {"warp", s.Warp}, {"merge", s.Merge}, {"render", s.Render}, {"encode", s.Encode},
	}
}
