package grid

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrNoGeoreference is the reason for refusing a file of which nothing says where its pixels lie. Options.Affine can
// supply that.
var ErrNoGeoreference = errors.New("grid: no georeference: neither the header nor a file beside says where the pixels lie")

// A FormatError reports that a file is wrong, or its header.
type FormatError struct {
	Name   string // name of the entry or part at fault, such as "NROWS"
	Value  string // its value; empty if that does not help
	Reason string // what is wrong with it
	Err    error  // the cause, if there is one
}

func (e *FormatError) Error() string {
	s := "grid: " + describe(e.Name, e.Value, e.Reason)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// An UnsupportedError reports that a file may be right, but that this package cannot read it.
type UnsupportedError struct {
	Name   string // name of the entry that states what is not supported, such as "file compression"
	Value  string // its value
	Reason string // what about it is not supported; may be empty
}

func (e *UnsupportedError) Error() string {
	return "grid: not supported: " + describe(e.Name, e.Value, e.Reason)
}

// A LimitError reports that a file, or a read of it, exceeds a limit. A caller can raise Max in the named field of
// Limits.
type LimitError struct {
	Limit string // name of the field of Limits
	What  string // what would exceed the limit
	Value uint64
	Max   int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("grid: %s: %d exceeds Limits.%s of %d", e.What, e.Value, e.Limit, e.Max)
}

func describe(name, value, reason string) string {
	s := name
	if value != "" {
		s += " " + printable(shorten(value))
	}
	if reason != "" {
		s += ": " + reason
	}
	return s
}

// printable returns a text as it is, or quoted if it has bytes that do not print.
func printable(s string) string {
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return strconv.Quote(s)
		}
	}
	return s
}

// shorten cuts a text for a message to a bounded length.
func shorten(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}
