package srs

import (
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A Kind states what the coordinates of a CRS are.
type Kind uint8

const (
	NotStated   Kind = iota // of the zero CRS
	Geographic              // longitudes and latitudes
	Projected               // lengths in the plane of a map projection
	RotatedPole             // longitudes and latitudes about another pole, as in regional climate models
)

// String returns the kind in words.
func (k Kind) String() string {
	if names := [...]string{"not stated", "geographic", "projected", "rotated pole"}; int(k) < len(names) {
		return names[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// Kind returns what the coordinates of the CRS are.
func (c CRS) Kind() Kind {
	switch d := c.definition(); {
	case c.IsZero():
		return NotStated
	case d.geographic():
		return Geographic
	case d.projection.Rotated():
		return RotatedPole
	}
	return Projected
}

// An Axis is one of the two of a CRS, as its authority lists them.
type Axis struct {
	Name         string // "Easting", "Geodetic latitude"
	Abbreviation string // "E", "Lat"; "" if there is none
	Direction    string // "east", "north", "south" or "west"

	// Meridian is that along which the axis runs, in degrees, if both lead to or from a pole, as in polar stereographic
	// systems: "90" or "-45", and "" for all others.
	Meridian string
}

// Axes returns the axes in the authority's order, in which documents list coordinates. This package takes and gives x before
// y in any case. A system of a text has east before north, or what the text says where it is turned. The zero CRS has none.
func (c CRS) Axes() (axes [2]Axis) {
	if c.IsZero() {
		return axes
	}
	d := c.definition()
	for i, f := range d.axes() {
		axes[i] = Axis{f[0], f[1], f[2], f[3]}
	}
	return axes
}

// axes returns name, abbreviation, direction and meridian of the axes in the authority's order.
func (d *definition) axes() [2]fields {
	first, second := fields{"Easting", "E", "east"}, fields{"Northing", "N", "north"}
	if d.geographic() || d.projection.Rotated() {
		first, second = fields{"Geodetic longitude", "Lon", "east"}, fields{"Geodetic latitude", "Lat", "north"}
	}
	// The registry has no axes for turned systems of Esri's, whose row is then the first, easting and northing.
	if d.axisRow > 0 && (d.axisRow > 1 || d.projection.Axes == projection.EastNorth) {
		f := split(openRegistry().axes[d.axisRow-1])
		return [2]fields{{f[0], f[1], f[2], f[3]}, {f[4], f[5], f[6], f[7]}}
	}
	swap, west, south := d.projection.Axes.Parts()
	if west {
		first = fields{"Westing", "W", "west"}
	}
	if south {
		second = fields{"Southing", "S", "south"}
	}
	if swap {
		first, second = second, first
	}
	return [2]fields{first, second}
}

// axesWKT2 writes the axes, those of the registry or our own.
func (d *definition) axesWKT2() string {
	var b strings.Builder
	for i, f := range d.axes() {
		name := strings.ToLower(f[0][:1]) + f[0][1:]
		if f[1] != "" {
			name += " (" + f[1] + ")"
		}
		b.WriteString(`,AXIS["` + name + `",` + f[2])
		if f[3] != "" {
			b.WriteString(`,MERIDIAN[` + f[3] + `,` + angleUnitWKT2(degree) + `]`)
		}
		b.WriteString(`,ORDER[` + strconv.Itoa(i+1) + `]]`)
	}
	return b.String()
}
