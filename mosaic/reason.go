package mosaic

import "strconv"

// A Reason is the reason for which a rule leaves out an item that a catalogue offers for a view. If there are several,
// it is the first in the order of these constants.
type Reason uint8

// The reasons. Chosen means that the rule draws the item.
const (
	Chosen     Reason = iota
	NotLocked         // the method is LockRaster, and the item is not among LockIDs
	NotInIDs          // the item is not among IDs
	OtherTime         // the item's time does not intersect the rule's
	OtherSlice        // Slices does not choose the item
	NotWhere          // Where is false or unknown for the item
	OtherScale        // the view's resolution is outside MinPS to MaxPS
)

var reasonNames = [...]string{
	"it is drawn",
	"it is not among the rasters that the rule locks",
	"it is not among the rule's IDs",
	"it is of another time",
	"it is another slice, or none",
	"it does not meet where",
	"it is for other scales",
}

// String returns the reason as a clause about the item, such as "it is of another time".
func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return strconv.Itoa(int(r))
}
