package geotiff

import (
	"errors"
	"fmt"
)

// A FormatError reports that the file breaks the format.
type FormatError struct {
	Name   string // name of the tag, GeoKey or part of the file at fault, such as "BitsPerSample"
	Value  string // its value; empty if that does not help
	Reason string // what is wrong with it
	Err    error  // the cause, if there is one
}

func (e *FormatError) Error() string { return "geotiff: " + describe(e.Name, e.Value, e.Reason, e.Err) }

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// An UnsupportedError reports that the file may be right, but that this package cannot read it.
type UnsupportedError struct {
	Name   string // name of the tag or GeoKey that states what is not supported, such as "Compression"
	Value  string // its value
	Reason string // what about it is not supported; may be empty
}

func (e *UnsupportedError) Error() string {
	return "geotiff: not supported: " + describe(e.Name, e.Value, e.Reason, nil)
}

// A LimitError reports that the file, or a read of it, exceeds a limit. A caller can raise Max in the named field of
// Limits.
type LimitError struct {
	Limit string // name of the field of Limits
	What  string // what would exceed the limit
	Value uint64
	Max   int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("geotiff: %s: %d exceeds Limits.%s of %d", e.What, e.Value, e.Limit, e.Max)
}

// ErrNoGeoreference is the reason for refusing a file without a georeference. Options.Affine can supply one.
var ErrNoGeoreference = errors.New(
	"geotiff: no georeference: neither ModelTransformation nor ModelPixelScale with ModelTiepoint, nor a file beside that says it")

func describe(name, value, reason string, err error) string {
	s := name
	if value != "" {
		s += " " + value
	}
	if reason != "" {
		s += ": " + reason
	}
	if err != nil {
		s += ": " + err.Error()
	}
	return s
}

func wrong(name fmt.Stringer, value any, reason string) error {
	return &FormatError{Name: name.String(), Value: show(value), Reason: reason}
}

func unsupported(name fmt.Stringer, value any, reason string) error {
	return &UnsupportedError{Name: name.String(), Value: show(value), Reason: reason}
}

// show formats a value for a message, and cuts long lists short.
func show(v any) string {
	if v == nil {
		return ""
	}
	s := fmt.Sprint(v)
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}
