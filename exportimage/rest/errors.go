package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/geoexport/geoexport/exportimage"
)

// statuses maps kinds of errors to HTTP statuses. Servers log 499 for a caller who went away.
var statuses = map[exportimage.Kind]int{
	exportimage.Internal:    http.StatusInternalServerError,
	exportimage.Invalid:     http.StatusBadRequest,
	exportimage.NotFound:    http.StatusNotFound,
	exportimage.TooLarge:    http.StatusRequestEntityTooLarge,
	exportimage.Unsupported: http.StatusNotImplemented,
	exportimage.Unavailable: http.StatusServiceUnavailable,
	exportimage.Canceled:    499,
	exportimage.Timeout:     http.StatusGatewayTimeout,
	exportimage.Upstream:    http.StatusBadGateway,
}

// Status returns the HTTP status of an error of a service, as handlers of this package answer it: 499 for a caller who went
// away, and 200 for nil.
func Status(err error) int {
	if err == nil {
		return http.StatusOK
	}
	return statuses[exportimage.AsError(err).Kind]
}

// ErrorJSON returns an error of a service as the JSON of ArcGIS with which handlers of this package answer it, for handlers of others:
//
//	{"error":{"code":400,"message":"Invalid or missing input parameters.","details":["'bbox' parameter is invalid.", …]}}
//
// What only concerns the machine, such as paths, is left out.
func ErrorJSON(err error) []byte {
	var body errorJSON
	if err != nil {
		body.Error.Code = Status(err)
		body.Error.Message, body.Error.Details = describe(exportimage.AsError(err))
	}
	text, _ := json.Marshal(body) // texts and numbers always can be
	return text
}

// errorJSON is an error in the form of ArcGIS.
type errorJSON struct {
	Error struct {
		Code    int      `json:"code"`
		Message string   `json:"message"`
		Details []string `json:"details"`
	} `json:"error"`
}

func (r *responder) error(err error) {
	e := exportimage.AsError(err)
	r.fail(e, Status(e))
}

// fail answers with an error. status is the error's code and, unless Options.AlwaysOK is set, the HTTP status. An error
// for a callback always has status 200: browsers run no script of another status, and the page would wait for ever. A
// client that asks for parts of a file, as GDAL does, takes any success for one, and gets the true status.
func (r *responder) fail(e *exportimage.Error, status int) {
	sent := status
	if r.settings.AlwaysOK && !r.inParts() || r.callback != "" {
		sent = http.StatusOK
	}
	r.refuse(e, status, sent)
}

// refuse answers with an error, which must never be cached. It is JSON for f=image too: clients distinguish it from an
// image by its type.
func (r *responder) refuse(e *exportimage.Error, code, status int) {
	if _, ofRaster := errors.AsType[*exportimage.RasterError](e); e.Kind == exportimage.Internal ||
		e.Kind == exportimage.Upstream || e.Kind == exportimage.Unavailable && ofRaster {
		r.log("export failed", "error", e)
	}
	for _, name := range []string{"Content-Encoding", "Content-Disposition", "Content-Length", "ETag"} {
		r.w.Header().Del(name) // of an answer that could not be made
	}
	r.w.Header().Set("Cache-Control", "no-store")
	if e.Kind == exportimage.Unavailable {
		r.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(r.service.Settings().Limits.Wait.Seconds()))))
	}
	var body errorJSON
	body.Error.Code = code
	body.Error.Message, body.Error.Details = describe(e)
	if r.wmsAnswer != nil {
		r.refuseWMS(e, status)
		return
	}
	if r.f == "html" {
		r.errorPage(body, status)
		return
	}
	r.jsonStatus(body, status, true)
}

// A publicError names what failed: a raster, the catalogue, a temporary file or the store. Its Public leaves out why, which
// is not for strangers.
type publicError interface {
	error
	Public() string
}

// A storeError reports that Options.Output failed.
type storeError struct {
	verb string // what could not be done to a file
	err  error
}

func (e *storeError) Public() string { return "the store of images: cannot " + e.verb + " a file" }
func (e *storeError) Error() string  { return fmt.Sprintf("%s: %v", e.Public(), e.err) }
func (e *storeError) Unwrap() error  { return e.err }

// describe puts an error into words for clients: ArcGIS's own where programs look for them, then the exact fault. The
// cause of an internal error is left out, since it may hold details of the machine.
func describe(e *exportimage.Error) (message string, details []string) {
	switch e.Kind {
	case exportimage.Invalid:
		message = "Invalid or missing input parameters."
		switch {
		case errors.Is(e, exportimage.ErrSizeLimit):
			details = append(details, exportimage.ErrSizeLimit.Error())
		case errors.Is(e, exportimage.ErrFormat):
			details = append(details, exportimage.ErrFormat.Error())
		case e.Param != "":
			details = append(details, fmt.Sprintf("'%s' parameter is invalid.", e.Param))
		}
	case exportimage.Unsupported:
		message = "Not supported."
	case exportimage.NotFound:
		message = "Unable to complete operation."
	case exportimage.TooLarge:
		message = "A limit of the service is exceeded."
	default:
		message = "Unable to complete operation."
		if named, ok := errors.AsType[publicError](e); ok {
			return message, []string{named.Public()}
		}
		return message, []string{}
	}
	return message, append(details, withoutPackages(e.Error()))
}

// packages matches the names of packages that begin errors of Go, at the beginning of a message or of a part of it.
var packages = regexp.MustCompile(
	`(^|: )(?:(?:encode|exportimage|function|geotiff|kmz|lerc|mosaic|overview|params|raster|resample|sidecar|source|srs|worldfile): )+`)

// withoutPackages returns a message for people who do not know the program, without the names of its packages.
func withoutPackages(message string) string { return packages.ReplaceAllString(message, "$1") }

func invalid(param, format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.Invalid, Param: param, Err: fmt.Errorf(format, args...)}
}

func unsupported(param, format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.Unsupported, Param: param, Err: fmt.Errorf(format, args...)}
}

func notFound(format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.NotFound, Err: fmt.Errorf(format, args...)}
}

func tooLarge(format string, args ...any) *exportimage.Error {
	return &exportimage.Error{Kind: exportimage.TooLarge, Err: fmt.Errorf(format, args...)}
}
