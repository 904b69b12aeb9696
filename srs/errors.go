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

// A GeoKeyError says that a GeoKey of a file, or the directory of all of them, is wrong or not supported.
type GeoKeyError struct {
	Key         string // name and number of the key or the tag at fault, such as "ProjCoordTransGeoKey (3075)"
	Value       string // its value; empty if that explains nothing
	Reason      string // what is wrong with it
	Unsupported bool   // the key may be right, but this package does not support its value
	Err         error  // the cause, if there is one
}

func (e *GeoKeyError) Error() string {
	s := "srs: "
	if e.Unsupported {
		s += "not supported: "
	}
	s += e.Key
	if e.Value != "" {
		s += " " + e.Value
	}
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *GeoKeyError) Unwrap() error { return e.Err }
