package mosaic

import (
	"fmt"

	"github.com/geoexport/geoexport/srs"
)

// A Rule says which items of a catalogue are drawn, in which order, and how they are merged. The zero Rule is the
// service's default.
type Rule struct {
	Method    Method
	Operation Operation
	SortField string // of Attribute
	SortValue any    // of Attribute: the value whose neighbours come first; nil, float64 or string
	// Descending reverses the method's own order, and neither what comes before it (see Order) nor ties. It is the
	// opposite of the operation's "ascending", so that its zero is the operation's default. LockRaster and Seamline pay
	// no regard to it.
	Descending bool
	LockIDs    []int64 // of LockRaster, in drawing order
	Viewpoint  *Point  // of Viewpoint; a zero CRS is the view's
	// Corner is, for Northwest, the north-western corner of the whole catalogue, which must not depend on the view. Nil
	// is a point far off in the north-west: items are then in order of latitude less longitude.
	Corner *Point
	Where  string  // a condition on the items' attributes, described in the package comment; empty is true
	IDs    []int64 // only these items; all if nil
	Time   TimeExtent
}

// An UnsupportedError names the part of a rule that is understood but not served.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return "mosaic: " + e.What + " is not supported" }

// A RuleError says what is wrong with a rule.
type RuleError struct{ Reason string }

func (e *RuleError) Error() string { return "mosaic: " + e.Reason }

// Validate finds what is wrong with a rule by itself, before any catalogue is asked. The error is a *RuleError, or a
// *ConditionError about Where. Fields that the method does not use are not looked at: clients send them all.
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
	if r.Where == "" {
		return nil
	}
	_, err := parseCondition(r.Where)
	return err
}

// A View is what is looked at: some methods order by it.
type View struct {
	CRS        srs.CRS
	Envelope   srs.Envelope
	Resolution float64 // size of a pixel, in units of CRS; 0 if it is not known
}
