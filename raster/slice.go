package raster

// A Slice is the part of a multidimensional variable that a band holds: the values of one variable, such as a temperature,
// at one place along each of its dimensions other than columns and rows, such as a time and a depth.
type Slice struct {
	Variable    string // such as "water_temp"
	Description string // of the variable, for people; empty if it is not stated
	Unit        string // of the variable's values; empty if it is not stated
	// Coordinates are the place, in the order of the variable's dimensions, whose names differ in more than case. Nil is
	// that of a variable without further dimensions.
	Coordinates []Coordinate
}

// A Coordinate is the place of a slice along one dimension.
type Coordinate struct {
	// Dimension is its name: "StdTime", "StdZ" (upward) or "StdPressure" for those that are known to be time, height and
	// pressure, as in ArcGIS, and else the source's own.
	Dimension string
	Alias     string // the source's own name, if that is another
	Unit      string // "ISO8601" for StdTime, "m" for StdZ, "Pa" for StdPressure; empty if it is not stated
	Time      bool   // Value and Upper are milliseconds since 1970, in UTC
	Value     float64
	// Ranged states that the slice stands for a range of values, from Value to Upper; otherwise it is at Value alone.
	Ranged bool
	Upper  float64
}

// Range returns the values for which the slice stands, which are one if both are equal.
func (c Coordinate) Range() (lower, upper float64) {
	if !c.Ranged {
		return c.Value, c.Value
	}
	return c.Value, max(c.Value, c.Upper)
}

// Same reports whether two slices are at the same place of the same variable. Names of dimensions must be equal.
func (s *Slice) Same(o *Slice) bool {
	if s.Variable != o.Variable || len(s.Coordinates) != len(o.Coordinates) {
		return false
	}
	for i, c := range s.Coordinates {
		lower, upper := c.Range()
		l, u := o.Coordinates[i].Range()
		if c.Dimension != o.Coordinates[i].Dimension || lower != l || upper != u {
			return false
		}
	}
	return true
}
