package exportimage

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/encode"
	"github.com/geoexport/geoexport/raster"
	files "github.com/geoexport/geoexport/raster/source"
)

// A Kind sorts errors by what a program can do about them.
type Kind uint8

// The kinds of errors, and what a caller can do. The zero Kind is Internal, so that an unforeseen error is not blamed
// on the caller.
const (
	Internal    Kind = iota // a fault of the service or of a raster: look into the log
	Invalid                 // the request has a value without a meaning: correct it
	NotFound                // there is no such service or file
	TooLarge                // a limit of the service is exceeded: ask for less
	Unsupported             // the request is understood, and not served
	Unavailable             // the service is too busy, or a raster changed while it was read: try again later
	Canceled                // the caller's context was cancelled
	Timeout                 // the export took longer than allowed: ask for less, or try again
	Upstream                // a raster that is far away cannot be read: try again, or look into the log
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "too large", "unsupported", "unavailable", "canceled", "timeout",
	"upstream",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// An Error is the error of every exported function of this package. Param names the parameter at fault as the operation
// spells it ("bbox"); it is empty where none is. Of the zero value, only the Kind is known.
type Error struct {
	Kind  Kind
	Param string
	Err   error
}

func (e *Error) Error() string {
	text := e.Kind.String()
	if e.Err != nil {
		text = e.Err.Error()
	}
	if e.Param != "" {
		return e.Param + ": " + text
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func invalid(param, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Param: param, Err: fmt.Errorf(format, args...)}
}

func notFound(param, format string, args ...any) *Error {
	return &Error{Kind: NotFound, Param: param, Err: fmt.Errorf(format, args...)}
}

func unsupported(param, format string, args ...any) *Error {
	return &Error{Kind: Unsupported, Param: param, Err: fmt.Errorf(format, args...)}
}

// AsError returns the *Error in err's chain, or else one around err, of the Kind that its causes show: cancellation and
// deadlines are recognised wherever they come from. It returns nil for nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if o, ok := errors.AsType[*encode.OptionError](err); ok {
		param := map[string]string{"quality": "compressionQuality", "tolerance": "compressionTolerance"}[o.Option]
		return &Error{Kind: Invalid, Param: cmp.Or(param, o.Option), Err: err}
	}
	if _, ok := errors.AsType[*encode.UnsupportedError](err); ok {
		return &Error{Kind: Unsupported, Param: "format", Err: err}
	}
	if b, ok := errors.AsType[*raster.BudgetError](err); ok {
		if r, named := errors.AsType[*RasterError](err); named {
			return &Error{Kind: TooLarge, Err: &RasterError{r.Verb, r.Name, b}}
		}
		return &Error{Kind: TooLarge, Err: b}
	}
	if f, ok := errors.AsType[*files.FarError](err); ok && !changed(err) {
		return &Error{Kind: farKind(f), Err: err}
	}
	switch {
	case changed(err): // the next request reads the new version
		return &Error{Kind: Unavailable, Err: err}
	case errors.Is(err, context.Canceled):
		return &Error{Kind: Canceled, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Timeout, Err: err}
	}
	return &Error{Kind: Internal, Err: err}
}

// farKind returns what a caller can do about a source that is far away.
func farKind(f *files.FarError) Kind {
	switch {
	case f.Timeout():
		return Timeout
	case f.Status == 503 || f.Status == 429: // the server is too busy
		return Unavailable
	}
	return Upstream
}

// A CatalogError reports that the service's catalogue failed. The text of Public may be shown to anyone; Err may hold
// addresses and the like, and is for the log.
type CatalogError struct{ Err error }

// Public returns the message without its cause.
func (e *CatalogError) Public() string { return "the service's catalogue cannot be read" }

func (e *CatalogError) Error() string { return fmt.Sprintf("reading the catalogue: %v", e.Err) }

// Unwrap returns the cause.
func (e *CatalogError) Unwrap() error { return e.Err }

// A RasterError names the raster of a service that failed. The text of Public may be shown to anyone, and says what is
// wrong with a source that is far away; Err may hold paths and the like, and is for the log.
type RasterError struct {
	Verb string // what could not be done to the raster, such as "open" or "read"
	Name string // of the raster
	Err  error
}

// Public returns the message without its cause.
func (e *RasterError) Public() string {
	if changed(e.Err) {
		return fmt.Sprintf("raster %q: it changed while it was read", e.Name)
	}
	if f, ok := errors.AsType[*files.FarError](e.Err); ok {
		return fmt.Sprintf("raster %q: cannot %s it: %v", e.Name, e.Verb, f)
	}
	return fmt.Sprintf("raster %q: cannot %s it", e.Name, e.Verb)
}

func (e *RasterError) Error() string { return fmt.Sprintf("%s: %v", e.Public(), e.Err) }

// Unwrap returns the cause.
func (e *RasterError) Unwrap() error { return e.Err }
