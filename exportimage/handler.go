package exportimage

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// handler serves one image service over HTTP.
type handler struct {
	s       *Service
	sharing sharing
}

// NewHandler serves the operation over HTTP, and a description of the service at its root:
//
//	<mount>/              the service: f=html, json or pjson
//	<mount>/exportImage   the operation: f=html, json, pjson, image or kmz
//
// The mount is whatever of the path ends in "/ImageServer", in any case, as ArcGIS clients expect it; elsewhere strip it
// with http.StripPrefix. Parameters come as query or form (POST, also multipart), or both. A HEAD is answered like a GET.
//
// Errors are JSON objects as ArcGIS makes them, with the HTTP status that fits (see Service.AlwaysOK), and for f=html
// pages. Any page may read the answers (CORS). Pictures have an ETag, and equal requests that come at the same time are
// exported once. The handler may be used concurrently.
func NewHandler(s *Service) http.Handler { return &handler{s: s} }

// maxForm bounds the body of a POST.
const maxForm = 1 << 20

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	a := answer{w: w, r: r, service: h.s, sharing: &h.sharing}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS")
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, POST, OPTIONS")
		a.fail(&Error{Kind: Unsupported, Err: fmt.Errorf("method %s is not served", quote(r.Method))}, http.StatusMethodNotAllowed)
		return
	}
	root, operation := splitPath(r)
	a.root = root
	form, err := readForm(w, r)
	if err == nil {
		err = a.readTransport(form)
	}
	if err != nil {
		a.error(err)
		return
	}
	switch strings.ToLower(operation) {
	case "":
		a.resource()
	case "exportimage":
		a.exportImage(form)
	default:
		a.error(&Error{Kind: NotFound, Err: fmt.Errorf("%s is not served", quote(operation))})
	}
}

// splitPath cuts a request's path into the service's root, as the client knows it, and what is asked of the service.
func splitPath(r *http.Request) (root, operation string) {
	const service = "/imageserver"
	path := strings.TrimSuffix(r.URL.Path, "/")
	if i := strings.Index(strings.ToLower(path)+"/", service+"/"); i >= 0 {
		operation = strings.TrimPrefix(path[i+len(service):], "/")
	} else {
		operation = strings.TrimPrefix(path, "/")
	}
	root = path
	// What a mux stripped from the path is still in the request's target.
	if target, err := url.ParseRequestURI(r.RequestURI); err == nil && target.Path != "" {
		root = strings.TrimSuffix(target.Path, "/")
	}
	return strings.TrimSuffix(strings.TrimSuffix(root, operation), "/"), operation
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
