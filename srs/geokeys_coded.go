package srs

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// systemOfCode returns the system of a code in a file, of a geographic 3D or compound one the horizontal part.
func systemOfCode(code uint16) (definition, error) {
	d, err := lookup("", int(code))
	// Of a few numbers Esri and EPSG made systems of different kinds. GeoKeys have EPSG's.
	if own, errOwn := lookupOwn(epsg, int(code)); err == nil && errOwn == nil && own.geographic() != d.geographic() {
		d = own
	}
	if part, ok := horizontalOf(code); ok && err != nil {
		d, err = lookup(epsg, part)
	}
	return d, err
}

// systemOf is systemOfCode for the key's code. Of a withdrawn geographic code, such as 4234 and 4291, it is the code's own
// system and not what replaced it if the ellipsoid that the file states is closer to the former's.
func (k geoKeys) systemOf(key GeoKeyID) (definition, error) {
	d, err := systemOfCode(k.codes[key])
	own, errOwn := lookupOwn(epsg, int(k.codes[key]))
	if err != nil || errOwn != nil || !d.geographic() || !own.geographic() || own.datum.ellipsoid == d.datum.ellipsoid {
		return d, err
	}
	e, from, err := k.statedEllipsoid()
	if err != nil || from == 0 || !sameAxes(e, own.datum.ellipsoid) {
		return d, nil
	}
	off := func(other ellipsoid) float64 { return math.Abs(e.A-other.A) + math.Abs(e.RF-other.RF) }
	if off(own.datum.ellipsoid) < off(d.datum.ellipsoid) {
		return own, nil
	}
	return d, nil
}

// coded returns the system of a code, in the unit that other statements give it.
func (k geoKeys) coded(key GeoKeyID) (definition, error) {
	code := k.codes[key]
	d, err := k.systemOf(key)
	if err != nil {
		return d, refusedKey(key, code, err)
	}
	if d.geographic() {
		if key != keyGeodeticCRS {
			k.note("%s is geographic", k.stated(key))
		}
		return d, k.noteGeodetic(d, key)
	}
	if key == keyGeodeticCRS {
		k.note("%s is not geographic", k.stated(key))
	}
	unit, from, err := k.linearUnit()
	if err != nil {
		return d, err
	}
	k.noteProjected(d, key)
	if unit == 0 || sameUnit(unit, d.unit) {
		return d, nil
	}
	k.note("the unit is %g m, as %s states, and not the %g m of %v %d", unit, from, d.unit, key, code)
	return d.inUnit(unit), nil
}

// sameUnit reports whether two units of length are the same. The tolerance is a twentieth of the difference between the
// two feet.
func sameUnit(a, b float64) bool { return math.Abs(a/b-1) < 1e-7 }

// inUnit returns a projected system with coordinates in units of unit metres. It has no code then.
func (d definition) inUnit(unit float64) definition {
	unit = exactLength(unit)
	d.projection.FalseEasting = inUnits(d.projection.FalseEasting*d.unit, unit)
	d.projection.FalseNorthing = inUnits(d.projection.FalseNorthing*d.unit, unit)
	d.unit = unit
	d.wkid, d.latest, d.authority, d.wkt, d.esriName, d.area = 0, 0, "", "", "", 0
	d.name = fmt.Sprintf("%s in units of %g m", d.name, unit)
	return d
}

// noteGeodetic notes which statements a code of a geographic system sets aside. The error is that of a unit that is not
// known.
func (k geoKeys) noteGeodetic(d definition, key GeoKeyID) error {
	unit, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if unit != 0 && math.Abs(unit/d.unit-1) > 1e-7 {
		k.note("%v %d is set aside: %v %d has its own unit, as GDAL has it",
			keyAngularUnit, k.codes[keyAngularUnit], key, k.codes[key])
	}
	k.noteDatum(d, key)
	k.noteParts(d.datum, d.unit, k.stated(key))
	return nil
}

// noteDatum notes that a shift to WGS 84, or the code of another datum, is set aside.
func (k geoKeys) noteDatum(d definition, key GeoKeyID) {
	k.noteShift(key)
	if !k.isCode(keyDatum) || d.datum.id == "" {
		return
	}
	if other, ok := datumOfCode(code{epsg, int(k.codes[keyDatum])}); ok && other.id != d.datum.id {
		k.note("%v %d is set aside: %v %d is on another datum", keyDatum, k.codes[keyDatum], key, k.codes[key])
	}
}

// noteProjected notes which statements a code of a projected system sets aside.
func (k geoKeys) noteProjected(d definition, key GeoKeyID) {
	k.noteDatum(d, key)
	if k.isCode(keyGeodeticCRS) && key != keyGeodeticCRS {
		switch other, err := systemOfCode(k.codes[keyGeodeticCRS]); {
		case err != nil || !other.geographic():
			k.note("%s is set aside, as it is no geographic system that is known: %s counts", k.stated(keyGeodeticCRS), k.stated(key))
		case other.datum.id != d.datum.id:
			k.note("%s is set aside: %s is on another datum", k.stated(keyGeodeticCRS), k.stated(key))
		}
	}
	base := d.baseSystem()
	k.noteParts(d.datum, base.unit, k.stated(key))
	unit, err := k.quiet().unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil || unit != 0 && math.Abs(unit/degree-1) > 1e-7 && math.Abs(unit/base.unit-1) > 1e-7 {
		k.note("%s is set aside: %s has its own unit", k.stated(keyAngularUnit), k.stated(key))
	}
	k.noteProjection(d, k.stated(key))
}

// quiet returns the same keys without a reader of notes.
func (k geoKeys) quiet() geoKeys {
	k.note = func(string, ...any) {}
	return k
}

// sameProjection reports whether two systems put points near the first one's origin within a millimetre of each other,
// on ellipsoids and prime meridians that agree. Whether the datums do is left to the caller.
func sameProjection(a, b definition) bool {
	if a.geographic() != b.geographic() || !nearEllipsoid(a.datum.ellipsoid, b.datum.ellipsoid) ||
		!nearMeridian(a.datum.meridian, b.datum.meridian) {
		return false
	}
	if a.geographic() {
		return math.Abs(a.unit/b.unit-1) < 1e-7
	}
	if !sameUnit(a.unit, b.unit) {
		return false
	}
	from, errA := newConversion(a.system)
	to, errB := newConversion(b.system)
	if errA != nil || errB != nil {
		return false
	}
	base := newGeographicConversion(degree, 0)
	p := a.projection
	for _, lat := range []float64{p.LatitudeOfOrigin - 1, p.LatitudeOfOrigin + 1.5, p.StandardParallel1 + 0.7} {
		for _, lon := range []float64{-1.5, 0.5, 2} {
			x, y := []float64{from.lon0 + lon}, []float64{min(max(lat, -89), 89)}
			u, v := []float64{x[0]}, []float64{y[0]}
			newTransformer(base, from).change(x, y)
			newTransformer(base, to).change(u, v)
			if off := portable.Hypot(x[0]-u[0], y[0]-v[0]) * a.unit; off > 1e-3 || math.IsNaN(x[0]) != math.IsNaN(u[0]) {
				return false
			}
		}
	}
	return true
}
