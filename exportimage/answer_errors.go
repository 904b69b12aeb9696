package exportimage

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// statuses are the HTTP statuses of the kinds of errors. 499 is what servers log for a caller who went away.
var statuses = map[Kind]int{
	Internal: http.StatusInternalServerError, Invalid: http.StatusBadRequest, NotFound: http.StatusNotFound,
	TooLarge: http.StatusRequestEntityTooLarge, Unsupported: http.StatusNotImplemented,
	Unavailable: http.StatusServiceUnavailable, Canceled: 499, Timeout: http.StatusGatewayTimeout,
}

// errorJSON is an error as ArcGIS puts it.
type errorJSON struct {
	Error struct {
		Code    int      `json:"code"`
		Message string   `json:"message"`
		Details []string `json:"details"`
	} `json:"error"`
}

func (a *answer) error(err error) {
	e := asError(err)
	a.fail(e, statuses[e.Kind])
}

// fail answers with an error, whose code and, unless all answers are to be successes, HTTP status are status. One for a
// callback is always a success: browsers run no script of another status, and the page would wait for ever.
func (a *answer) fail(e *Error, status int) {
	sent := status
	if a.service.AlwaysOK || a.callback != "" {
		sent = http.StatusOK
	}
	a.refuse(e, status, sent)
}

// refuse answers with an error, never cached. For f=image too it is JSON: clients tell it from a picture by the type.
func (a *answer) refuse(e *Error, code, status int) {
	if e.Kind == Internal {
		a.service.logger().ErrorContext(a.r.Context(), "export failed", "service", a.service.Name, "error", e)
	}
	a.w.Header().Set("Cache-Control", "no-store")
	if e.Kind == Unavailable {
		a.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(a.service.limits().Wait.Seconds()))))
	}
	var body errorJSON
	body.Error.Code = code
	body.Error.Message, body.Error.Details = e.describe()
	if a.f == "html" {
		a.errorPage(body, status)
		return
	}
	a.jsonStatus(body, status, true)
}

// describe puts an error into words for clients: ArcGIS's own where programs look for them, then what exactly was wrong.
// The cause of an internal error is not among them, since it may tell of the machine.
func (e *Error) describe() (message string, details []string) {
	switch e.Kind {
	case Invalid:
		message = "Invalid or missing input parameters."
		switch {
		case errors.Is(e, errSizeLimit):
			details = append(details, errSizeLimit.Error())
		case errors.Is(e, errFormat):
			details = append(details, errFormat.Error())
		case e.Param != "":
			details = append(details, fmt.Sprintf("'%s' parameter is invalid.", e.Param))
		}
	case Unsupported:
		message = "Not supported."
	case NotFound:
		message = "Unable to complete operation."
	case TooLarge:
		message = "A limit of the service is exceeded."
	default:
		message = "Unable to complete operation."
		if r, ok := errors.AsType[*rasterError](e); ok {
			return message, []string{r.public()}
		}
		return message, []string{}
	}
	return message, append(details, e.Error())
}
