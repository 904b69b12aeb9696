// Command observe serves rasters, and shows what the service does: numbers for Prometheus under /metrics, spans of
// OpenTelemetry on the standard output, and with -v every operation in the log.
//
//	cd examples/observe
//	go run . [-addr HOST:PORT] [-v] PATH...
//
// The hook is exportimage.Service.Observe: metrics.go and spans.go are the whole of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "the `address` to listen at")
	verbose := flag.Bool("v", false, "log every operation")
	flag.Parse()
	if err := run(context.Background(), *addr, *verbose, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "observe:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string, verbose bool, paths []string) error {
	if len(paths) == 0 {
		return errors.New("name the rasters to serve")
	}
	service, err := exportimage.Open(ctx, paths...)
	if err != nil {
		return err
	}
	defer service.Close() // it was only read
	exporter, err := stdouttrace.New()
	if err != nil {
		return err
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter))
	defer provider.Shutdown(context.WithoutCancel(ctx))
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug // the service's own account of each operation
	}
	service.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "http://%s/ and http://%s/metrics\n", listener.Addr(), listener.Addr())
	server := &http.Server{
		Handler:           newHandler(service, prometheus.NewRegistry(), provider.Tracer("geoexport")),
		ReadHeaderTimeout: 10 * time.Second,
	}
	return server.Serve(listener)
}

// newHandler serves a service that is observed by both, and its metrics.
func newHandler(service *exportimage.Service, registry *prometheus.Registry, tracer trace.Tracer) http.Handler {
	count := newMetrics(registry).observe(service.Name)
	traced := &spans{tracer: tracer, service: service.Name}
	service.Observe = func(e exportimage.Event) {
		count(e)
		traced.observe(e)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.Handle("/", rest.NewHandler(service, nil))
	return mux
}
