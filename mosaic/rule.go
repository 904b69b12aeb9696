package mosaic

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// A Method says by what items are put in order.
type Method uint8

// The methods of the operation. DefaultMethod is the service's own, and None where that is not stated either.
const (
	DefaultMethod Method = iota
	None                 // by ID
	Center               // by the distance of items' middles from the middle of the view
	Nadir                // by the distance of items' nadirs from the middle of the view
	Viewpoint            // by the distance of items' nadirs from the rule's viewpoint
	Attribute            // by how far an attribute is from the rule's value
	LockRaster           // the items that the rule lists, as it lists them
	Northwest            // by the distance of items' middles from the north-western corner of the catalogue
	Seamline             // by the attribute SOrder, items being cut at their seamlines
)

var methodNames = [...]string{
	"Default", "None", "Center", "Nadir", "Viewpoint", "Attribute", "LockRaster", "Northwest", "Seamline",
}

func (m Method) String() string { return nameOf(methodNames[:], int(m)) }

// An Operation says what becomes of pixels where several items hold data.
type Operation uint8

// The operations. DefaultOperation is the service's own, and First where that is not stated either.
const (
	DefaultOperation Operation = iota
	First                      // the topmost raster's pixel, all its bands together
	Last                       // the undermost raster's
	Min                        // the least value, band by band
	Max
	Mean
	Blend // the mean, weighted by how far a pixel is from the edge of each raster's footprint
	Sum
)

var operationNames = [...]string{"Default", "First", "Last", "Min", "Max", "Mean", "Blend", "Sum"}

func (o Operation) String() string { return nameOf(operationNames[:], int(o)) }

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%d", i)
}

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
	Where  string  // a condition on the items' attributes (see Condition)
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
	if int(r.Method) >= len(methodNames) {
		return &RuleError{fmt.Sprintf("there is no mosaic method %d", r.Method)}
	}
	if int(r.Operation) >= len(operationNames) {
		return &RuleError{fmt.Sprintf("there is no mosaic operation %d", r.Operation)}
	}
	switch r.Method {
	case Attribute:
		if r.SortField == "" {
			return &RuleError{"the method Attribute needs the field to sort by"}
		}
		switch v := r.SortValue.(type) {
		case nil, string:
		case float64:
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return &RuleError{"the value to sort by is not finite"}
			}
		default:
			return &RuleError{fmt.Sprintf("the value to sort by is a %T, neither a number nor a text", v)}
		}
	case Viewpoint:
		if r.Viewpoint == nil {
			return &RuleError{"the method Viewpoint needs a viewpoint"}
		}
		if v := *r.Viewpoint; v.X-v.X != 0 || v.Y-v.Y != 0 {
			return &RuleError{"the viewpoint is not finite"}
		}
	case LockRaster:
		if len(r.LockIDs) == 0 {
			return &RuleError{"the method LockRaster needs the rasters that are drawn"}
		}
	}
	if t := r.Time; !t.From.IsZero() && !t.To.IsZero() && t.To.Before(t.From) {
		return &RuleError{"the time ends before it begins"}
	}
	if r.Where == "" {
		return nil
	}
	_, err := ParseCondition(r.Where)
	return err
}

// A View is what is looked at: some methods order by it.
type View struct {
	CRS        srs.CRS
	Envelope   srs.Envelope
	Resolution float64 // size of a pixel, in units of CRS; 0 if it is not known
}
