package mosaic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/geoexport/geoexport/srs"
)

// A Method says by what items are put in order.
type Method uint8

// The methods of the operation. DefaultMethod is the service's own, and None where that is not stated either.
const (
	DefaultMethod Method = iota
	None                 // by ID
	Center
	Nadir
	Viewpoint
	Attribute
	LockRaster
	Northwest
	Seamline
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
	First                      // the topmost raster's pixel
	Last
	Min
	Max
	Mean
	Blend
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
	// Descending reverses the method's order. It is the opposite of the operation's "ascending", so that its zero is
	// the operation's default.
	Descending bool
	LockIDs    []int64 // of LockRaster, in drawing order
	Viewpoint  *Point  // of Viewpoint
	Where      string  // a condition on the items' attributes
	IDs        []int64 // only these items
}

// A Point is a place in a CRS.
type Point struct {
	CRS  srs.CRS
	X, Y float64
}

// An UnsupportedError names the part of a rule that is understood but not served.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return "mosaic: " + e.What + " is not supported" }

// Check reports the first part of the rule that Order and Merger do not serve, as an *UnsupportedError.
func (r Rule) Check() error {
	switch {
	case r.Method != DefaultMethod && r.Method != None:
		return &UnsupportedError{fmt.Sprintf("mosaic method %v", r.Method)}
	case r.Operation != DefaultOperation && r.Operation != First:
		return &UnsupportedError{fmt.Sprintf("mosaic operation %v", r.Operation)}
	case r.Viewpoint != nil:
		return &UnsupportedError{"a viewpoint"}
	case len(r.LockIDs) > 0:
		return &UnsupportedError{"a list of locked rasters"}
	case r.Descending:
		return &UnsupportedError{"descending order"}
	case r.Where != "":
		return &UnsupportedError{"a where clause"}
	case len(r.IDs) > 0:
		return &UnsupportedError{"a list of item ids"}
	}
	return nil
}

// A View is what is looked at: some methods order by it.
type View struct {
	CRS      srs.CRS
	Envelope srs.Envelope
}

// Order sorts items so that the first is on top. The order is total: ties go to the lower ID. The one method served so
// far, None, is by ID alone, whatever the view; Check says whether r asks for another.
func (r Rule) Order(items []*Item, _ View) {
	slices.SortFunc(items, func(a, b *Item) int { return cmp.Compare(a.ID, b.ID) })
}
