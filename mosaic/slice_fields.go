package mosaic

import (
	"slices"
	"strings"
)

// NamesField reports whether the rule's condition or, if it sorts by an attribute, its SortField names a field, in any
// case. A condition that cannot be parsed names none.
func (r Rule) NamesField(name string) bool {
	if r.Method == Attribute && strings.EqualFold(r.SortField, name) {
		return true
	}
	if r.Where == "" {
		return false
	}
	c, err := parseCondition(r.Where)
	return err == nil && slices.ContainsFunc(c.fields, func(f string) bool { return strings.EqualFold(f, name) })
}

// Locks reports whether the rule's method draws the rasters of LockIDs.
func (r Rule) Locks() bool { return r.Method.known() && r.Method.info().locks }
