package srs

import (
	"fmt"
	"math"
	"strings"
)

// readGeographic reads the geographic system that key asks for, or the one under its projection. A code decides, and
// other keys define what has none.
func (k geoKeys) readGeographic(t *description, key GeoKeyID) error {
	if k.isCode(keyGeodeticCRS) {
		return t.readGeodeticCode(keyGeodeticCRS, k.codes[keyGeodeticCRS], k.codes[keyGeodeticCRS])
	}
	unit, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if unit == 0 {
		unit = degree
	}
	names := k.geodeticNames()
	if code := k.codes[keyDatum]; k.isCode(keyDatum) {
		// EPSG gave the datums of its first twenty years the codes of their geographic systems plus 2000.
		if code < 6001 || code > 6999 {
			return unsupportedKey(keyDatum, code, "a datum that is not known")
		}
		if err := t.readGeodeticCode(keyDatum, code, code-2000); err != nil {
			return err
		}
	} else if err := k.readDatum(t, key, names["Datum"]); err != nil {
		return err
	}
	t.angular = unit
	if name := names["GCS Name"]; name != "" {
		t.systemName = shortName(name)
	} else if t.systemName == "" {
		t.systemName = "unnamed"
	}
	if err := k.readShift(t); err != nil {
		return err
	}
	return k.readMeridian(t, names["Primem"])
}

// readGeodeticCode reads the geographic system of a code. The error names the key and code of the file.
func (t *description) readGeodeticCode(key GeoKeyID, stated, code uint16) error {
	d, err := lookup("", int(code))
	switch {
	case err != nil && key == keyDatum:
		return unsupportedKey(key, stated, "a datum that is not known")
	case err != nil:
		return refusedKey(key, stated, err)
	case !d.geographic():
		return wrongKey(key, stated, "it is not geographic")
	}
	t.systemName = esriName(d.esriName, d.name, "GCS_")
	t.datumName, t.ellipsoid, t.meridian, t.angular = d.datumName(), d.datum.ellipsoid, d.datum.meridian, d.unit
	return nil
}

// readDatum reads a datum that is defined by its ellipsoid. Its name may make it a known one.
func (k geoKeys) readDatum(t *description, key GeoKeyID, name string) error {
	if unit := k.codes[keyGeogLinearUnit]; unit != keyUndefined && unit != 9001 {
		return unsupportedKey(keyGeogLinearUnit, unit, "axes of an ellipsoid in other units than metres")
	}
	e, known := ellipsoids[k.codes[keyEllipsoid]]
	a, hasMajor, err := k.number(keySemiMajorAxis)
	if err != nil {
		return err
	}
	b, hasMinor, err := k.number(keySemiMinorAxis)
	if err != nil {
		return err
	}
	rf, hasFlattening, err := k.number(keyInvFlattening)
	if err != nil {
		return err
	}
	switch {
	case hasMajor && hasFlattening:
		e = ellipsoid{A: a, RF: rf}
	case hasMajor && hasMinor && a > 0 && b > 0 && b <= a:
		e = ellipsoid{A: a}
		if a-b > 1e-9*a {
			e.RF = a / (a - b)
		}
	case hasMajor && hasMinor:
		return wrongKey(keySemiMinorAxis, b, fmt.Sprintf("%v is %v", keySemiMajorAxis, a))
	case known:
	case k.isCode(keyEllipsoid):
		return unsupportedKey(keyEllipsoid, k.codes[keyEllipsoid], "an ellipsoid that is not known")
	default:
		return unsupportedKey(key, k.codes[key], fmt.Sprintf("no code, nor a datum or ellipsoid: %q", show(k.citations())))
	}
	if name == "" {
		name = "unnamed"
	}
	t.datumName, t.ellipsoid = shortName(name), e
	return nil
}

// readShift reads the datum's shift to WGS 84: metres, seconds in the position vector convention, and parts per
// million.
func (k geoKeys) readShift(t *description) error {
	shift, ok := k.numbers[keyToWGS84]
	switch {
	case !ok:
		return nil
	case k.errs[keyToWGS84] != nil:
		return k.errs[keyToWGS84]
	case len(shift) != 3 && len(shift) != 7:
		return wrongKey(keyToWGS84, shift, "want 3 or 7 numbers")
	}
	for _, v := range shift {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return wrongKey(keyToWGS84, shift, "want finite numbers")
		}
	}
	t.shift = shift
	return nil
}

// readMeridian reads the prime meridian, if the keys state one.
func (k geoKeys) readMeridian(t *description, name string) error {
	longitude, ok, err := k.number(keyMeridianLongitude)
	if err != nil {
		return err
	}
	if longitude != 0 && t.angular != degree {
		longitude *= t.angular / degree
	}
	if k.isCode(keyMeridian) {
		known, found := meridians[k.codes[keyMeridian]]
		if !found {
			return unsupportedKey(keyMeridian, k.codes[keyMeridian], "a prime meridian that is not known")
		}
		name, longitude, ok = known.name, known.longitude, true
	}
	if ok {
		t.setMeridian(name, longitude, longitude)
	}
	return nil
}

// geodeticNames returns the names in GeogCitation, which writers pack as "GCS Name = …|Datum = …|Primem = …". A
// citation of any other form is the system's name.
func (k geoKeys) geodeticNames() map[string]string {
	text := k.text(keyGeodeticCitation)
	names := map[string]string{}
	for part := range strings.SplitSeq(text, "|") {
		if key, value, ok := strings.Cut(part, " = "); ok {
			names[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	if len(names) == 0 {
		names["GCS Name"] = strings.TrimSpace(text)
	}
	return names
}

// shortName returns at most 100 bytes of a name, as valid UTF-8. It does not share the memory of the file's text, which
// may be long.
func shortName(s string) string {
	if len(s) > 100 {
		s = s[:100]
	}
	return strings.Clone(strings.ToValidUTF8(s, "?"))
}
