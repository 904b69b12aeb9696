package mosaic

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// A SliceCondition chooses slices of multidimensional variables: those of a variable, those at places along a dimension,
// or both. The zero condition chooses all slices.
//
// Of several conditions, each holds for the slices of its Variable, or for all if it names none; and if any names a
// variable, only slices of the variables that are named are chosen. No two that differ may be about the same dimension of
// the same variable.
type SliceCondition struct {
	Variable  string     // in any case; empty is any
	Dimension string     // its name or alias, in any case; empty is none, for which Values must be empty
	Values    []Interval // of the dimension, of which one must hold; empty is all
	// Exact demands that a slice that stands for a range of values stands for one of Values. Otherwise, and for slices at
	// a single value, it suffices that both have a value in common.
	Exact bool
}

// An Interval is the values from From to To, both included. Times are milliseconds since 1970, in UTC.
type Interval struct{ From, To float64 }

// placeTolerance is by how much, relative to its size, a place along a dimension may be off, since programs print and
// parse it. Times are whole milliseconds and must be exact.
const placeTolerance = 1e-9

// Holds reports whether the slice at c is among the values of the condition.
func (s SliceCondition) Holds(c raster.Coordinate) bool {
	if len(s.Values) == 0 {
		return true
	}
	lower, upper := c.Range()
	return slices.ContainsFunc(s.Values, func(v Interval) bool {
		off := 0.0
		if !c.Time {
			off = placeTolerance * max(math.Abs(lower), math.Abs(upper))
		}
		if s.Exact && upper > lower && v.To > v.From {
			return math.Abs(v.From-lower) <= off && math.Abs(v.To-upper) <= off
		}
		return v.From <= upper+off && v.To >= lower-off
	})
}

// Names reports whether the condition is about the slices of a variable.
func (s SliceCondition) Names(variable string) bool {
	return s.Variable == "" || strings.EqualFold(s.Variable, variable)
}

// About reports whether the condition is about a dimension, by its name or alias.
func (s SliceCondition) About(c raster.Coordinate) bool {
	return strings.EqualFold(s.Dimension, c.Dimension) || c.Alias != "" && strings.EqualFold(s.Dimension, c.Alias)
}

// checkSlices returns a *RuleError for conditions without a meaning.
func checkSlices(list []SliceCondition) error {
	for i, s := range list {
		if s.Dimension == "" && len(s.Values) > 0 {
			return &RuleError{"a condition about slices has values and names no dimension"}
		}
		for _, v := range s.Values {
			if !(v.From-v.From == 0 && v.To-v.To == 0) {
				return &RuleError{fmt.Sprintf("dimension %s: values must be finite numbers", strconv.Quote(s.Dimension))}
			}
			if v.To < v.From {
				return &RuleError{fmt.Sprintf("dimension %s: the range from %v to %v ends before it begins", strconv.Quote(s.Dimension), v.From, v.To)}
			}
		}
		for _, o := range list[:i] {
			if sameCondition(s, o) {
				continue
			}
			if s.Dimension != "" && strings.EqualFold(o.Dimension, s.Dimension) &&
				(o.Variable == "" || s.Variable == "" || strings.EqualFold(o.Variable, s.Variable)) {
				return &RuleError{fmt.Sprintf("dimension %s comes twice: give its values in one condition", strconv.Quote(s.Dimension))}
			}
		}
	}
	return nil
}

func sameCondition(a, b SliceCondition) bool {
	return strings.EqualFold(a.Variable, b.Variable) && strings.EqualFold(a.Dimension, b.Dimension) &&
		a.Exact == b.Exact && slices.Equal(a.Values, b.Values)
}

// MatchSlice reports whether a slice meets all of some conditions. A condition about a dimension that the slice's variable
// does not have does not hold, unless it allows all values.
func MatchSlice(conditions []SliceCondition, s *raster.Slice) bool {
	named, among := false, false
	for _, c := range conditions {
		named = named || c.Variable != ""
		if !c.Names(s.Variable) {
			continue
		}
		among = among || c.Variable != ""
		if len(c.Values) == 0 {
			continue
		}
		i := dimensionIndex(s, c.Dimension)
		if i < 0 || !c.Holds(s.Coordinates[i]) {
			return false
		}
	}
	return !named || among
}
