package mosaic

import (
	"fmt"
	"time"

	"github.com/geoexport/geoexport/srs"
)

// A Rule determines how the items of a catalogue become an image: which are drawn, in which order, and how they are
// merged. The zero Rule is the service's default.
type Rule struct {
	Method    Method
	Operation Operation
	SortField string // of Attribute
	SortValue any    // of Attribute: items whose attribute is nearest to it come first; nil, float64 or string
	// Descending reverses the method's own order, but neither the keys before it (see Order) nor ties. It is the
	// opposite of the "ascending" of REST requests, so that its zero value is their default. LockRaster and Seamline
	// ignore it.
	Descending bool
	LockIDs    []int64 // of LockRaster, the topmost first
	Viewpoint  *Point  // of Viewpoint; a zero CRS is the view's
	// Corner is, for Northwest, the north-western corner of the whole catalogue; it must not depend on the view. If it
	// is nil, items are in order of longitude less latitude, as if the corner were far off.
	Corner *Point
	Where  string  // a condition on the items' attributes, described in the package comment; empty is true
	IDs    []int64 // only these items; all if nil
	Time   TimeExtent
	// Slices chooses among the items that are slices of multidimensional variables; the others are left out if it is not
	// empty. See SliceCondition.
	Slices []SliceCondition
	// Now is the moment that CURRENT_TIMESTAMP and CURRENT_DATE stand for in Where; zero is when the condition is read.
	Now time.Time
}

func (r Rule) now() time.Time {
	if r.Now.IsZero() {
		return time.Now().UTC()
	}
	return r.Now.UTC()
}

// An UnsupportedError names a part of a rule that is understood but not supported.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return "mosaic: " + e.What + " is not supported" }

// A RuleError reports a mistake in a rule.
type RuleError struct{ Reason string }

func (e *RuleError) Error() string { return "mosaic: " + e.Reason }

// Validate checks a rule by itself, before any catalogue is asked. The error is a *RuleError, or a *ConditionError
// about Where. Fields that the method does not use are not checked, since clients send all of them.
func (r Rule) Validate() error {
	if !r.Method.known() {
		return &RuleError{fmt.Sprintf("there is no mosaic method %d", r.Method)}
	}
	if !r.Operation.known() {
		return &RuleError{fmt.Sprintf("there is no mosaic operation %d", r.Operation)}
	}
	if check := r.Method.info().check; check != nil {
		if err := check(r); err != nil {
			return err
		}
	}
	if t := r.Time; !t.From.IsZero() && !t.To.IsZero() && t.To.Before(t.From) {
		return &RuleError{"the time ends before it begins"}
	}
	if err := checkSlices(r.Slices); err != nil {
		return err
	}
	if r.Where == "" {
		return nil
	}
	_, err := parseCondition(r.Where)
	return err
}

// A View is the box and resolution of an image, for which a rule chooses and orders items.
type View struct {
	CRS        srs.CRS
	Envelope   srs.Envelope
	Resolution float64 // size of a pixel, in units of CRS; 0 if it is not known
}
