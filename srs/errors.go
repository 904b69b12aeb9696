package srs

import (
	"errors"
	"fmt"
)

// ErrNotStated is returned where a CRS is needed and the zero CRS was given.
var ErrNotStated = errors.New("srs: the spatial reference is not stated")

// An UnknownError says that a code names no coordinate reference system that this package knows.
type UnknownError struct{ WKID int }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("srs: unknown spatial reference %d", e.WKID)
}

// An UnsupportedError says that a definition or a code was understood, and which part of it this package cannot work
// with.
type UnsupportedError struct {
	Element string // what kind of thing it is, such as "projection", "datum" or "parameter"
	Name    string // which one it is, as the definition spells it
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("srs: unsupported %s %.100q", e.Element, e.Name)
}

// A SyntaxError says that a text is no spatial reference in any form that this package reads.
type SyntaxError struct {
	Text   string // the text
	Reason string // what is wrong with it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("srs: cannot read spatial reference %.40q: %s", e.Text, e.Reason)
}

// An EnvelopeError says that a box cannot be taken to another CRS.
type EnvelopeError struct {
	Envelope Envelope
	Reason   string
}

func (e *EnvelopeError) Error() string {
	return fmt.Sprintf("srs: envelope [%g, %g, %g, %g] %s",
		e.Envelope.XMin, e.Envelope.YMin, e.Envelope.XMax, e.Envelope.YMax, e.Reason)
}
