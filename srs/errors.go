package srs

import (
	"errors"
	"fmt"
)

// ErrNotStated is returned where a CRS is needed and the zero CRS was given.
var ErrNotStated = errors.New("srs: the spatial reference is not stated")

// An UnknownError reports a code that is neither in the EPSG data set nor in Esri's, as far as this package contains
// them.
type UnknownError struct{ WKID int }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("srs: unknown spatial reference %d", e.WKID)
}

// An UnsupportedError reports a part of a definition, or the kind of system of a code, that this package understood but
// does not support.
type UnsupportedError struct {
	Element string // the kind of the part, such as "projection", "datum" or "parameter"
	Name    string // the part itself, as the definition spells it
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("srs: unsupported %s %.100q", e.Element, e.Name)
}

// A SyntaxError reports a text that is no spatial reference in any form that this package reads.
type SyntaxError struct {
	Text   string
	Reason string // what is wrong with it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("srs: cannot read spatial reference %.40q: %s", e.Text, e.Reason)
}

// An EnvelopeError reports a box that has no envelope in another CRS.
type EnvelopeError struct {
	Envelope Envelope
	Reason   string
}

func (e *EnvelopeError) Error() string {
	return fmt.Sprintf("srs: envelope [%g, %g, %g, %g] %s",
		e.Envelope.XMin, e.Envelope.YMin, e.Envelope.XMax, e.Envelope.YMax, e.Reason)
}

// A GeoKeyError reports a GeoKey of a file, or the directory of all of them, that is malformed or not supported.
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
