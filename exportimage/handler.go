package exportimage

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// handler serves one image service over HTTP.
type handler struct {
	service *Service
	options *options
	sharing sharing
}

// NewHandler serves the operation over HTTP, and what clients ask of a service besides:
//
//	<mount>/                     the service: f=html, json or pjson
//	<mount>/exportImage          the operation: f=html, json, pjson, image or kmz
//	<mount>/output/<name>        pictures that f=json links to, if the service has an Output
//	<mount>/kml/image.kmz        the operation with f=kmz
//	<mount>/map                  a page that shows the service as a map
//	<mount>/legend, colormap, rasterAttributeTable, statistics, keyProperties, rasterFunctionInfos,
//	<mount>/info/thumbnail, info/metadata
//	                             what clients ask of a service besides, as JSON, a JPEG and XML
//
// The service and its resources are described as a renderingRule draws them, if there is one.
//
// The mount is whatever of the path ends in "/ImageServer", in any case, as ArcGIS clients expect it; elsewhere strip it
// with http.StripPrefix. Parameters come as query or form (POST, also multipart), or both. A HEAD is answered like a GET.
//
// f=json plans the picture without drawing it, unless it goes to the service's Output. With explain=true it is drawn, so that
// the trace in the answer has true costs.
//
// Errors are JSON objects as ArcGIS makes them, with the HTTP status that fits (see Service.AlwaysOK), and for f=html
// pages. Pages of other origins may read the answers (see AllowOrigins). Pictures have an ETag, and equal requests that
// come at the same time are exported once. The handler may be used concurrently.
//
// A picture is whole before the first byte of it is sent, so that slow clients hold memory but no place among
// Limits.Exports. How long they may hold it is for the http.Server to say: set ReadHeaderTimeout, ReadTimeout, WriteTimeout and
// IdleTimeout, as examples/serve does.
func NewHandler(s *Service, list ...Option) http.Handler {
	return &handler{service: s, options: newOptions(list)}
}

const (
	maxForm = 1 << 20   // bytes in the body of a POST
	maxURL  = 256 << 10 // bytes in the target of a request: the longest parameters fit
)

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	root, operation := splitPath(r)
	a := &answer{w: w, r: r, service: h.service, options: h.options, sharing: &h.sharing, root: root}
	form, ok := a.begin()
	if !ok {
		return
	}
	switch op := strings.ToLower(operation); {
	case op == "":
		a.resource(form)
	case op == "exportimage":
		a.exportImage(form)
	case op == "output", strings.HasPrefix(op, outputFolder):
		a.output(strings.TrimPrefix(op, outputFolder))
	case op == "map" && a.options.serves(Pages):
		a.mapPage()
	case strings.HasPrefix(op, "map/") && a.options.serves(Pages):
		a.mapAsset(op[len("map/"):])
	case op == "kml/image.kmz" && a.options.serves(KML):
		a.f = "kmz"
		a.exportImage(form)
	case resources[op] != nil && a.options.serves(Resources):
		a.subResource(resources[op], form)
	default:
		a.notServed(operation)
	}
}

func (a *answer) notServed(what string) {
	a.error(&Error{Kind: NotFound, Err: fmt.Errorf("%s is not served", quote(what))})
}

// begin does what all answers have in common, and gives the parameters. It reports false if it has answered.
func (a *answer) begin() (form url.Values, ok bool) {
	a.start = time.Now()
	header := a.w.Header()
	a.options.allow(header, a.r.Header.Get("Origin"))
	header.Set("X-Content-Type-Options", "nosniff")
	switch a.r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		header.Set("Access-Control-Allow-Methods", httpMethods)
		header.Set("Access-Control-Allow-Headers", a.r.Header.Get("Access-Control-Request-Headers"))
		a.timing()
		a.w.WriteHeader(http.StatusNoContent)
		return nil, false
	default:
		header.Set("Allow", httpMethods)
		e := &Error{Kind: Unsupported, Err: fmt.Errorf("method %s is not served", quote(a.r.Method))}
		a.fail(e, http.StatusMethodNotAllowed)
		return nil, false
	}
	if n := max(len(a.r.RequestURI), len(a.r.URL.RawQuery)); n > maxURL {
		e := &Error{Kind: TooLarge, Err: fmt.Errorf("the URL is longer than %d bytes: send a form by POST", maxURL)}
		a.fail(e, http.StatusRequestURITooLong)
		return nil, false
	}
	form, err := readForm(a.w, a.r)
	if err == nil {
		err = a.readTransport(form)
	}
	if err != nil {
		a.error(err)
		return nil, false
	}
	return form, true
}

const httpMethods = "GET, HEAD, POST, OPTIONS"

// servicePath is where in a path a service's own part begins.
var servicePath = regexp.MustCompile(`(?i)/ImageServer(/|$)`)

// splitPath cuts a request's path into the service's root, as the client knows it, and what is asked of the service.
func splitPath(r *http.Request) (root, operation string) {
	operation = strings.TrimSuffix(r.URL.Path, "/")
	if at := servicePath.FindStringIndex(operation); at != nil {
		operation = operation[at[1]:]
	}
	operation = strings.TrimPrefix(operation, "/")
	return strings.TrimSuffix(strings.TrimSuffix(targetPath(r), operation), "/"), operation
}

// targetPath is the path that the client asked for, without a slash at the end. What a mux stripped from the path is still
// in the request's target. It begins with one slash: with two, it would be another host's address in a page.
func targetPath(r *http.Request) string {
	path := r.URL.Path
	if target, err := url.ParseRequestURI(r.RequestURI); err == nil && target.Path != "" {
		path = target.Path
	}
	if path = strings.TrimSuffix(path, "/"); strings.HasPrefix(path, "//") {
		path = "/" + strings.TrimLeft(path, "/")
	}
	return path
}

// readForm gives the parameters of query and body together.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	var err error
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/") && r.Method == http.MethodPost {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, &Error{Kind: TooLarge, Err: fmt.Errorf("the form is longer than %d bytes", tooLarge.Limit)}
		}
		return nil, &Error{Kind: Invalid, Err: fmt.Errorf("the parameters cannot be read: %w", err)}
	}
	return r.Form, nil
}
