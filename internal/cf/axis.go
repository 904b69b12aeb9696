// Package cf reads what the attributes of a netCDF dimension's coordinates mean, by the CF conventions
// (https://cfconventions.org, version 1.11, chapters 3 and 4): time, height and pressure in one unit each, under the
// names that ArcGIS gives them.
package cf

import (
	"fmt"
	"math"
	"strings"
)

// The names of dimensions whose meaning is known.
const (
	Time     = "StdTime"     // milliseconds since 1970, in UTC
	Height   = "StdZ"        // metres, upward
	Pressure = "StdPressure" // pascals
)

// An Axis is a dimension and how its values are converted. The zero Axis leaves values as they are.
type Axis struct {
	Name, Unit string
	// Time is set for the name Time.
	Time bool

	clock  clock
	factor float64 // 0 counts as 1
}

// metres, pascals are units by their names in lower case.
var (
	metres = map[string]float64{
		"m": 1, "meter": 1, "meters": 1, "metre": 1, "metres": 1, "km": 1000, "kilometer": 1000, "kilometers": 1000,
		"kilometre": 1000, "kilometres": 1000, "cm": 0.01, "centimeter": 0.01, "centimeters": 0.01,
		"centimetre": 0.01, "centimetres": 0.01, "ft": 0.3048, "foot": 0.3048, "feet": 0.3048,
	}
	pascals = map[string]float64{
		"pa": 1, "pascal": 1, "pascals": 1, "hpa": 100, "hectopascal": 100, "hectopascals": 100, "kpa": 1000,
		"mb": 100, "mbar": 100, "millibar": 100, "millibars": 100, "dbar": 1e4, "decibar": 1e4, "decibars": 1e4,
		"bar": 1e5, "bars": 1e5,
	}
)

// NewAxis returns the axis of the dimension with a name and attributes, of which attribute returns the text, empty if
// there is none. It keeps its own name and unit where they are not known to be time, height or pressure; note is then
// the reason, if they look like one of these.
func NewAxis(name string, attribute func(string) string) (a Axis, note string) {
	unit := strings.TrimSpace(attribute("units"))
	own := Axis{Name: name, Unit: unit}
	key := strings.ToLower(unit)
	if what, since, ok := cutSince(unit); ok {
		c, err := newClock(what, since, attribute("calendar"))
		if err != nil {
			return own, fmt.Sprintf("dimension %q is not read as time: %v", name, err)
		}
		return Axis{Name: Time, Unit: "ISO8601", Time: true, clock: c}, ""
	}
	if factor, ok := pascals[key]; ok {
		return Axis{Name: Pressure, Unit: "Pa", factor: factor}, ""
	}
	positive, standard := strings.ToLower(attribute("positive")), strings.ToLower(attribute("standard_name"))
	down := positive == "down" || positive == "" && strings.Contains(standard, "depth")
	vertical := positive != "" || strings.EqualFold(attribute("axis"), "Z") || strings.Contains(standard, "depth") ||
		strings.Contains(standard, "height") || strings.Contains(standard, "altitude")
	if factor, ok := metres[key]; ok && vertical {
		if down {
			factor = -factor
		}
		return Axis{Name: Height, Unit: "m", factor: factor}, ""
	}
	return own, ""
}

// Value returns a value of the dimension as the axis has it; NaN for a time that is none.
func (a Axis) Value(v float64) float64 {
	switch {
	case a.Time:
		return a.clock.milliseconds(v)
	case a.factor == 0 || v == 0: // no zero below zero
		return v
	case math.Abs(a.factor) < 1 && a.factor != 0.3048 && a.factor != -0.3048:
		return v / math.Round(1/a.factor) // exact where the result is, unlike a product with 0.01
	}
	return v * a.factor
}
