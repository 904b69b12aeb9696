package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
	"github.com/geoexport/geoexport/srs"
)

// root is the path under which ArcGIS servers have their services.
const root = "/arcgis/rest/services"

// newHandler serves the services. The base is the server's URL, for links in answers; empty if it is not known.
func newHandler(services []*exportimage.Service, base string) http.Handler {
	o := &rest.Options{}
	if base != "" {
		o.BaseURL = base + root
	}
	directory := http.StripPrefix(root, rest.NewDirectory(services, o))
	mux := http.NewServeMux()
	mux.Handle(root, directory)
	mux.Handle(root+"/", directory)
	mux.Handle(strings.TrimSuffix(root, "/services")+"/info", rest.NewInfo(nil))
	for _, above := range []string{"/{$}", "/arcgis", "/arcgis/{$}", "/arcgis/rest", "/arcgis/rest/{$}"} {
		mux.Handle(above, http.RedirectHandler(root+"/", http.StatusFound))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff") // the mux's own answers do not carry it
		mux.ServeHTTP(w, r)
	})
}

// withHealth answers load balancers, and leaves all else to h.
func withHealth(h http.Handler, health *rest.Health) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			health.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// An ending is what happens between the signal to end and the end: requests are taken for the time of drain, after it was
// called, and then finished within grace.
type ending struct {
	call         func() // nil for nothing
	drain, grace time.Duration
}

// serve answers requests until ctx is done, and then ends.
func serve(ctx context.Context, listener net.Listener, h http.Handler, logger *slog.Logger, e ending) error {
	requests, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	server := &http.Server{
		Handler:           h,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second, // forms are small
		WriteTimeout:      5 * time.Minute,  // an export may take one, and lines are slow
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    256 << 10, // room for the longest parameters in a URL
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	logger.Info("ending", "cause", context.Cause(ctx))
	if e.call != nil {
		e.call()
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(e.drain):
	}
	limit, cancel := context.WithTimeout(requests, e.grace)
	defer cancel()
	err := server.Shutdown(limit)
	if err != nil {
		cutOff()
		server.Close() // its error adds nothing
		err = fmt.Errorf("requests that were not answered after %v were cut off", e.grace)
	}
	<-ended
	return err
}

// baseURL returns the server's URL on this machine.
func baseURL(addr net.Addr) string {
	host := addr.String()
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return "http://" + host
}

// linkBase returns the URL that links in answers begin with: the one that was given or, of a server that listens at one
// address, its own. One that listens at all addresses does not know by which of them it is reached, so that its links
// begin with their paths.
func linkBase(given string, addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if given != "" || ok && tcp.IP.IsUnspecified() {
		return strings.TrimSuffix(given, "/")
	}
	return baseURL(addr)
}

// announce prints the URLs of the directory and of each service, with an example that works.
func announce(ctx context.Context, w io.Writer, base string, services []*exportimage.Service, logger *slog.Logger) error {
	if _, err := fmt.Fprintf(w, "directory: %s%s/\n", base, root); err != nil {
		return err
	}
	for _, s := range services {
		at := fmt.Sprintf("%s%s/%s/ImageServer", base, root, url.PathEscape(s.Name))
		line := fmt.Sprintf("%s: %s\n", s.Name, at)
		query, err := example(ctx, s)
		switch {
		case err == nil:
			line += fmt.Sprintf("  such as %s/exportImage?%s\n", at, query)
		case ctx.Err() != nil:
			return context.Cause(ctx)
		default: // which need not be so for smaller boxes
			logger.Warn("the whole of a service cannot be drawn", "service", s.Name, "error", err)
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

// exampleSide is the longer side of the example's image, in pixels.
const exampleSide = 800

// example returns the query for an image of the whole service.
func example(ctx context.Context, s *exportimage.Service) (string, error) {
	res, err := s.Plan(ctx, exportimage.Request{Aspect: exportimage.ExactBox})
	if err != nil {
		return "", err
	}
	e := res.Envelope
	scale := exampleSide / math.Max(e.Width(), e.Height())
	side := func(v float64) int { return max(1, int(math.Round(v*scale))) }
	return fmt.Sprintf("bbox=%s&size=%d,%d&format=png&f=image", corners(e), side(e.Width()), side(e.Height())), nil
}

// corners formats a box as the operation takes it.
func corners(e srs.Envelope) string {
	var s []string
	for _, v := range [...]float64{e.XMin, e.YMin, e.XMax, e.YMax} {
		s = append(s, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(s, ",")
}
