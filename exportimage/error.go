package exportimage

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/geoexport/geoexport/encode"
)

// A Kind says what sort of thing went wrong, for programs to act on.
type Kind uint8

// The kinds of errors. The zero Kind is Internal, so that an error nobody thought of is not blamed on the caller.
const (
	Internal    Kind = iota // a fault here or in a raster
	Invalid                 // the request says something that has no meaning
	NotFound                // no such service or file
	TooLarge                // a limit of the service is exceeded
	Unsupported             // understood, but not served
	Unavailable             // too busy now
	Canceled                // the caller went away
	Timeout                 // the time for an export is over
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "too large", "unsupported", "unavailable", "canceled", "timeout",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// An Error is what every exported function of this package returns when it fails. Param names the parameter at fault as
// the operation spells it ("bbox"), and is empty where none is.
type Error struct {
	Kind  Kind
	Param string
	Err   error
}

func (e *Error) Error() string {
	if e.Param != "" {
		return fmt.Sprintf("%s: %v", e.Param, e.Err)
	}
	return e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func invalid(param, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Param: param, Err: fmt.Errorf(format, args...)}
}

func unsupported(param, format string, args ...any) *Error {
	return &Error{Kind: Unsupported, Param: param, Err: fmt.Errorf(format, args...)}
}

// asError makes an *Error of any error, keeping one that is inside. Cancellation and deadlines are recognised wherever
// they came from.
func asError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if o, ok := errors.AsType[*encode.OptionError](err); ok {
		param := map[string]string{"quality": "compressionQuality"}[o.Option]
		return &Error{Kind: Invalid, Param: cmp.Or(param, o.Option), Err: err}
	}
	if _, ok := errors.AsType[*encode.UnsupportedError](err); ok {
		return &Error{Kind: Unsupported, Param: "format", Err: err}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &Error{Kind: Canceled, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: Timeout, Err: err}
	}
	return &Error{Kind: Internal, Err: err}
}

// rasterError says which raster of a service failed, and at what, in words that may be shown to anyone. Its cause may hold
// paths and the like, and is for the log.
type rasterError struct {
	verb, name string
	err        error
}

func (e *rasterError) public() string { return fmt.Sprintf("raster %q: cannot %s it", e.name, e.verb) }
func (e *rasterError) Error() string  { return fmt.Sprintf("%s: %v", e.public(), e.err) }
func (e *rasterError) Unwrap() error  { return e.err }
