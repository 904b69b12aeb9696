package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/exportimage"
	"github.com/geoexport/geoexport/exportimage/rest"
)

// root is the path under which ArcGIS servers have their services.
const root = "/arcgis/rest/services"

// newHandler serves the services. The base is the server's URL, for links in answers; empty if it is not known. The origins are
// those of rest.Options.
func newHandler(services []*exportimage.Service, base string, origins []string) http.Handler {
	o := &rest.Options{Origins: origins}
	if base != "" {
		o.BaseURL = base + root
	}
	directory := http.StripPrefix(root, rest.NewDirectory(services, o))
	mux := http.NewServeMux()
	mux.Handle(root, directory)
	mux.Handle(root+"/", directory)
	mux.Handle(strings.TrimSuffix(root, "/services")+"/info", rest.NewInfo(&rest.Options{Origins: origins}))
	for _, above := range []string{"/{$}", "/arcgis", "/arcgis/{$}", "/arcgis/rest", "/arcgis/rest/{$}"} {
		mux.Handle(above, http.RedirectHandler(root+"/", http.StatusFound))
	}
	// People leave out parts of the path, and clients of ArcGIS's Web Map Services the word rest.
	for _, short := range []string{"/services", "/rest/services", "/arcgis/services"} {
		there := http.StripPrefix(short, http.HandlerFunc(redirectBelow))
		mux.Handle(short, there)
		mux.Handle(short+"/", there)
	}
	mux.Handle("/", rest.NewDirectory(nil, o)) // which has nothing, and says so with a link to what there is
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff") // the mux's own answers do not carry it
		mux.ServeHTTP(w, r)
	})
}

// redirectBelow redirects to a path below the root, with the query.
func redirectBelow(w http.ResponseWriter, r *http.Request) {
	to := url.URL{Path: root + "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: r.URL.RawQuery}
	http.Redirect(w, r, to.String(), http.StatusFound)
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

// announce prints the URL of the directory, and what is there.
func announce(w io.Writer, base string, services []*exportimage.Service) error {
	const most = 10
	var names []string
	for _, s := range services[:min(most, len(services))] {
		names = append(names, s.Name)
	}
	if more := len(services) - most; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	_, err := fmt.Fprintf(w, "directory: %s%s/\nservices: %s\n", base, root, strings.Join(names, ", "))
	return err
}
