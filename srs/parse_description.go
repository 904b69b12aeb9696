package srs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A code is an authority's number of something, or zero.
type code struct {
	authority string // "EPSG" or "ESRI"
	number    int
}

// maxShiftNumber is the largest number of a shift to WGS 84 that is read, in metres, seconds of arc or parts per
// million. Those of the EPSG data set stay below a thousandth of it.
const maxShiftNumber = 1e7

// A description is a CRS as a text spells it out, whatever the text's form.
type description struct {
	name      string
	wkid      int // the code that the text gives the CRS, if it is not in the registry
	authority string

	systemName string // of the geographic CRS
	system     code   // of the geographic CRS, if it is the base of a projected one
	datumName  string
	datumCode  code
	ellipsoid  ellipsoid
	meridian   float64   // degrees from Greenwich
	angular    float64   // radians per unit of the geographic CRS
	shift      []float64 // to WGS 84, in the position vector convention: 3 or 7 numbers, or none
	grids      string    // names of files from the datum to WGS 84, with commas between them, or none

	method  string // "" if geographic
	dialect projection.Dialect
	params  map[string]projection.TextValue
	linear  float64   // metres per unit of the projected CRS
	surface ellipsoid // that the projection maps, if it is not the datum's

	extension *definition // what the text says besides, in a PROJ string
	note      string      // what was set aside
	axes      projection.TextAxes
}

// definition returns the definition that the description means. The error is an *UnsupportedError, or states what is
// wrong with the text.
func (t *description) definition() (definition, error) {
	if !(t.ellipsoid.A >= 1 && t.ellipsoid.A <= 1e9) || t.ellipsoid.RF != 0 && !(t.ellipsoid.RF > 1 && t.ellipsoid.RF < 1e15) {
		return definition{}, fmt.Errorf("an ellipsoid is %g, %g", t.ellipsoid.A, t.ellipsoid.RF)
	}
	if !(math.Abs(t.meridian) <= 360) {
		return definition{}, fmt.Errorf("a prime meridian is %g", t.meridian)
	}
	if err := t.checkShift(); err != nil {
		return definition{}, err
	}
	if t.extension != nil {
		return t.extended(), nil
	}
	d := definition{wkid: t.wkid, latest: t.wkid, authority: t.authority, name: t.name}
	d.datum, d.note = t.datum(), t.note
	e := t.onSurface(d.datum.ellipsoid)
	if t.method != "" && isWebMercatorSphere(t.datumName, t.ellipsoid) {
		d.datum, _ = datumOfCode(code{epsg, 6326})
	}
	d.unit = exactAngle(t.angular)
	if !(d.unit >= 1e-9 && d.unit <= 10) {
		return d, fmt.Errorf("an angle's UNIT is %g", t.angular)
	}
	if t.method == "" {
		if t.axes.Reversed() {
			return d, &UnsupportedError{"axis direction of a geographic system", t.name}
		}
		return d, nil
	}
	d.unit = exactLength(t.linear)
	if !(d.unit >= 1e-9 && d.unit <= 1e9) {
		return d, fmt.Errorf("a UNIT is %g", t.linear)
	}
	for _, key := range slices.Sorted(maps.Keys(t.params)) { // in one order, so that errors are the same on every run
		p := t.params[key]
		if !(math.Abs(p.Value) <= 1e15) {
			return d, fmt.Errorf("parameter %.40q is %g", p.Name, p.Value)
		}
	}
	var err error
	d.projection, err = projection.FromText(projection.Text{Method: t.method, Dialect: t.dialect, Values: t.params, Axes: t.axes}, e)
	if err != nil {
		return d, publicError(err)
	}
	d.projection.FalseEasting = inUnits(d.projection.FalseEasting, d.unit)
	d.projection.FalseNorthing = inUnits(d.projection.FalseNorthing, d.unit)
	return d, nil
}

// checkShift returns an error if a number of the shift is too large.
func (t *description) checkShift() error {
	for _, v := range t.shift {
		if !(math.Abs(v) <= maxShiftNumber) {
			return fmt.Errorf("a shift to WGS 84 has %g", v)
		}
	}
	return nil
}

// datum returns the datum of the registry that the description means, or else a new one.
func (t *description) datum() datum {
	fits := func(d datum) bool {
		return nearEllipsoid(d.ellipsoid, t.ellipsoid) && nearMeridian(d.meridian, t.meridian)
	}
	d, ok := datum{}, false
	if t.system.number > 0 {
		base, err := lookup(t.system.authority, t.system.number)
		d, ok = base.datum, err == nil && base.geographic() && fits(base.datum)
	}
	if !ok && t.datumCode.number > 0 {
		d, ok = datumOfCode(t.datumCode)
		ok = ok && fits(d)
	}
	if !ok {
		d, ok = findDatum(t.datumName, t.systemName, t.ellipsoid, t.meridian)
	}
	if !ok {
		d = datum{name: t.datumName, ellipsoid: t.ellipsoid, meridian: t.meridian, body: bodyOf(t.ellipsoid)}
	}
	switch {
	case t.grids != "":
		d.operations = operations{text: nadgrids + t.grids}
	case t.shift == nil:
	case d.id != pivot:
		d.operations = t.operations(d)
	case slices.ContainsFunc(t.shift, func(v float64) bool { return v != 0 }):
		t.note = "set aside: a shift from WGS 84 to itself"
	}
	return d
}

// operations returns the operation to WGS 84 that the text states. It replaces those of a known datum, also if it is a
// shift of zeros, which leads through geocentric coordinates from one ellipsoid to the other. Between GRS 1980 and WGS 84,
// which are 0.1 mm apart, zeros mean that coordinates are the same.
func (t *description) operations(d datum) operations {
	zeros := !slices.ContainsFunc(t.shift, func(v float64) bool { return v != 0 })
	if zeros && d.ellipsoid.A == wgs84Ellipsoid.A && math.Abs(d.ellipsoid.RF-wgs84Ellipsoid.RF) < 1e-4 {
		return operations{text: unshifted}
	}
	numbers := strings.ReplaceAll(strings.Trim(fmt.Sprint(t.shift), "[]"), " ", ",")
	return operations{text: fmt.Sprintf("c%v,%v -t%s g%v,%v",
		wgs84Ellipsoid.A, wgs84Ellipsoid.RF, numbers, d.ellipsoid.A, d.ellipsoid.RF)}
}

// bodyOf guesses the celestial body of an ellipsoid by its size; "" is the Earth.
func bodyOf(e ellipsoid) string {
	if math.Abs(e.A/6371000-1) < 0.02 {
		return ""
	}
	for _, row := range openRegistry().ellipsoids {
		f := split(row)
		if f[4] != "" && math.Abs(f.float(0)-e.A) < 1 {
			return f[4]
		}
	}
	return fmt.Sprintf("body of radius %g m", e.A)
}

// exactAngle returns degrees or grads without the rounding of texts, which may have nine digits, and other units as
// they are.
func exactAngle(unit float64) float64 {
	for _, exact := range []float64{degree, grad} {
		if math.Abs(unit/exact-1) < 1e-8 {
			return exact
		}
	}
	return unit
}

// exactLength returns a unit of the registry without the rounding of texts, and other units as they are. It is stricter
// than exactAngle, as there are two feet.
func exactLength(unit float64) float64 {
	r := openRegistry()
	for i := range r.units {
		if exact := r.unit(i); math.Abs(unit/exact-1) < 1e-11 {
			return exact
		}
	}
	return unit
}

// inUnits converts metres to units of unit metres, rounded to 1e-8 units, so that a false origin is the same number
// whether the text states it in metres or in units.
func inUnits(metres, unit float64) float64 {
	v := metres / unit
	if math.Abs(v) < 1e7 {
		return math.Round(v*1e8) / 1e8
	}
	return v
}
