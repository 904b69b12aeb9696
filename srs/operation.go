package srs

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An Operation is a datum operation that a caller chooses, where ArcGIS speaks of a geographic transformation: it leads
// from one datum to another, or back. [Options].Operations uses it. It is immutable. The zero Operation is
// an error in Options.
type Operation struct {
	definition *operationDefinition
	way        way
}

// A way is the direction in which an operation is used.
type way int8

const (
	either   way = iota // the one that fits
	forward             // as published
	backward            // the inverse
)

// An operationDefinition is an operation as published.
type operationDefinition struct {
	wkid      int    // 0 of a text without a code
	source    string // the text that defined it; "" if its code did
	name      string // EPSG's, or Esri's
	esriName  string // "" if it is not known, or the same
	from, to  datum
	accuracy  float64 // metres, NaN if unknown
	moving    bool    // its parameters change with time; those of its own epoch are used
	withdrawn bool

	// One of the following says what it does.

	text   string      // a word: see word
	method string      // of an operation by grid files
	files  []string    // their names: those of the publication, and then others for the same
	steps  []Operation // in a row
}

// An OperationError reports an [Operation] that is not known, that cannot be used, or that does not lead from the one
// system to the other.
type OperationError struct {
	Operation string   // its name and code
	Reason    string   // what is wrong with it
	Files     []string // the names of the grid file that it needs, if that is what it lacks; all name the same shifts

	// Mismatch is set if the operation leads between other systems than those of the Transformer.
	Mismatch bool
	// Unsupported is set if the operation may be right, but this package lacks its method or its grid file.
	Unsupported bool
}

func (e *OperationError) Error() string {
	return fmt.Sprintf("srs: datum transformation %.200s %s", e.Operation, e.Reason)
}

// Forward returns the operation in the direction in which it is published.
func (o Operation) Forward() Operation { return Operation{o.definition, forward} }

// Backward returns the inverse of the operation as published.
func (o Operation) Backward() Operation { return Operation{o.definition, backward} }

// IsZero reports whether the operation is the zero Operation.
func (o Operation) IsZero() bool { return o.definition == nil }

// WKID returns the operation's code, 0 if a text defined it.
func (o Operation) WKID() int {
	if o.definition == nil {
		return 0
	}
	return o.definition.wkid
}

// Name returns the name of the operation as published, such as "OSGB36 to WGS 84 (6)".
func (o Operation) Name() string {
	if o.definition == nil {
		return ""
	}
	return o.definition.name
}

// Accuracy returns the largest error of results, in metres, as published; NaN if it is unknown.
func (o Operation) Accuracy() float64 {
	if o.definition == nil {
		return math.NaN()
	}
	return o.definition.accuracy
}

// Note returns what is worth knowing about the operation, and is not an error: that its authority has withdrawn it, or
// that its parameters change with time and are those of its own epoch. It is empty if there is nothing.
func (o Operation) Note() string {
	if o.definition == nil {
		return ""
	}
	var notes []string
	if o.definition.withdrawn {
		notes = append(notes, "its authority has withdrawn it")
	}
	if o.definition.moving {
		notes = append(notes, "its parameters change with time, and those of its own epoch are used")
	}
	return strings.Join(notes, "; ")
}

// MarshalJSON returns the object by which ArcGIS's REST API names a transformation: {"wkid":1623}, or {"wkt":"GEOGTRAN[…]"}
// where a text defined it, and with transformForward where a direction was chosen. The zero Operation is null.
func (o Operation) MarshalJSON() ([]byte, error) {
	if o.definition == nil {
		return []byte("null"), nil
	}
	object := struct {
		WKID    int    `json:"wkid,omitempty"`
		WKT     string `json:"wkt,omitempty"`
		Forward *bool  `json:"transformForward,omitempty"`
	}{WKT: o.definition.source}
	if object.WKT == "" {
		object.WKID = o.definition.wkid
	}
	if o.way != either {
		object.Forward = new(o.way == forward)
	}
	return json.Marshal(object)
}

// String returns the operation's name and code, and whether it is the inverse.
func (o Operation) String() string {
	if o.definition == nil {
		return "no operation"
	}
	s := o.definition.String()
	if o.way == backward {
		return "inverse of " + s
	}
	return s
}

func (d *operationDefinition) String() string {
	s := d.name
	if d.esriName != "" {
		s += ", " + d.esriName
	}
	if d.wkid != 0 {
		s += " [" + strconv.Itoa(d.wkid) + "]"
	}
	return s
}

// between says which datums the operation connects.
func (d *operationDefinition) between() string { return d.from.title() + " to " + d.to.title() }

// title returns the datum's name for messages.
func (d datum) title() string {
	if d.name == "" {
		return "an unnamed datum"
	}
	return d.name
}

// isDatum reports whether two datums are the same for one who chose an operation between datums: operations to WGS 84
// that are stated elsewhere do not count, nor does the meridian from which longitudes are counted.
func (d datum) isDatum(e datum) bool {
	if d.body != e.body {
		return false
	}
	if d.id != "" && e.id != "" {
		return d.id == e.id || sameUnderMeridian(d, e)
	}
	return nearEllipsoid(d.ellipsoid, e.ellipsoid) && d.name != "" && canonical(d.name) == canonical(e.name)
}

// is reports whether two datums are one, whatever operations lead to them.
func (d datum) is(e datum) bool { return d.id != "" && d.id == e.id || d == e }

// sameUnderMeridian reports whether a datum is another with longitudes counted elsewhere, which the data set marks in its
// name: "NTF (Paris)" is "NTF".
func sameUnderMeridian(d, e datum) bool {
	base := func(name string) string {
		before, _, _ := strings.Cut(name, " (")
		return canonical(before)
	}
	return d.meridian != e.meridian && d.ellipsoid == e.ellipsoid && base(d.name) == base(e.name)
}
