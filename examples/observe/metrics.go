package main

import (
	"github.com/geoexport/geoexport/exportimage"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics are what a service does, in numbers for Prometheus.
type metrics struct {
	running *prometheus.GaugeVec     // service, operation
	took    *prometheus.HistogramVec // service, operation, result: ok, or the kind of the error
	pixels  *prometheus.CounterVec   // service, format
	stages  *prometheus.CounterVec   // service, stage; seconds over all workers
	read    *prometheus.CounterVec   // service; source pixels
	fetched *prometheus.CounterVec   // service; bytes
	skipped *prometheus.CounterVec   // service; rasters
}

// newMetrics registers the metrics.
func newMetrics(r prometheus.Registerer) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(
			prometheus.CounterOpts{Namespace: "geoexport", Name: name, Help: help}, append([]string{"service"}, labels...))
	}
	m := &metrics{
		running: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "geoexport", Name: "running_operations", Help: "Operations that have begun and not ended, those that wait among them.",
		}, []string{"service", "operation"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "geoexport", Name: "operation_seconds", Help: "How long operations took, their waiting included.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"service", "operation", "result"}),
		pixels:  counter("exported_pixels_total", "Pixels of images.", "format"),
		stages:  counter("stage_seconds_total", "How long the stages of exports took, summed over workers.", "stage"),
		read:    counter("source_pixels_total", "Pixels read from rasters, those out of the cache left out."),
		fetched: counter("fetched_bytes_total", "Bytes fetched from rasters that are far away."),
		skipped: counter("skipped_rasters_total", "Rasters left out because they could not be read."),
	}
	r.MustRegister(m.running, m.took, m.pixels, m.stages, m.read, m.fetched, m.skipped)
	return m
}

// observe returns the hook for one service.
func (m *metrics) observe(service string) func(exportimage.Event) {
	return func(e exportimage.Event) {
		switch e.Phase {
		case exportimage.Begun:
			m.running.WithLabelValues(service, e.Operation).Inc()
		case exportimage.Ended:
			m.running.WithLabelValues(service, e.Operation).Dec()
			result := "ok"
			if e.Err != nil {
				result = exportimage.AsError(e.Err).Kind.String()
			}
			m.took.WithLabelValues(service, e.Operation, result).Observe(e.Took.Seconds())
			if e.Result != nil {
				m.image(service, e.Result)
			}
		}
	}
}

// image adds what the trace of an image says.
func (m *metrics) image(service string, r *exportimage.Result) {
	m.pixels.WithLabelValues(service, r.Format).Add(float64(r.Size.X) * float64(r.Size.Y))
	for _, s := range stagesOf(r.Trace) {
		m.stages.WithLabelValues(service, s.name).Add(s.took.Seconds())
	}
	for _, raster := range r.Trace.Rasters {
		m.read.WithLabelValues(service).Add(float64(raster.SourcePixels))
	}
	m.fetched.WithLabelValues(service).Add(float64(r.Trace.Fetched.Bytes))
	m.skipped.WithLabelValues(service).Add(float64(len(r.Trace.Skipped)))
}
