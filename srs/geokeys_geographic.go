package srs

import (
	"fmt"
	"math"
	"strings"
)

// readGeographic reads the geographic system that key asks for, or the one under its projection. A code decides, and
// other keys define what has none, or what they contradict under a projection.
func (k geoKeys) readGeographic(t *description, key GeoKeyID) error {
	if k.isCode(keyGeodeticCRS) {
		k.noteShift(keyGeodeticCRS)
		d, err := t.readGeodeticCode(keyGeodeticCRS, k.codes[keyGeodeticCRS])
		if err != nil || key == keyGeodeticCRS {
			return err
		}
		return k.readParts(t, d)
	}
	unit, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if unit == 0 {
		unit = degree
	}
	names := k.geodeticNames()
	if k.isCode(keyDatum) {
		if err := k.readDatumCode(t, names["GCS Name"]); err != nil {
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

// readGeodeticCode reads the geographic system of a code, and returns it. The error names the key and code of the file.
func (t *description) readGeodeticCode(key GeoKeyID, stated uint16) (definition, error) {
	d, err := systemOfCode(stated)
	switch {
	case err != nil:
		return d, refusedKey(key, stated, err)
	case !d.geographic():
		return d, wrongKey(key, stated, "it is not geographic")
	}
	t.systemName, t.system = esriName(d.esriName, d.name, "GCS_"), code{d.authority, d.wkid}
	t.datumName, t.ellipsoid, t.meridian, t.angular = d.datumName(), d.datum.ellipsoid, d.datum.meridian, d.unit
	return d, nil
}

// readDatumCode reads EPSG's code of a datum. An ellipsoid in other keys that is not the datum's goes before the code.
// name is that of the geographic system, or empty.
func (k geoKeys) readDatumCode(t *description, name string) error {
	t.datumCode = code{epsg, int(k.codes[keyDatum])}
	d, known := datumOfCode(t.datumCode)
	if !known {
		if d, known = k.formerDatum(); !known {
			return unsupportedKey(keyDatum, k.codes[keyDatum], "a datum that is not known")
		}
		t.datumCode = code{}
	}
	t.datumName, t.ellipsoid, t.meridian = d.name, d.ellipsoid, d.meridian
	if system, ok := systemOn(d, name); ok {
		t.systemName, t.system = system.name, code{system.authority, system.wkid}
	}
	k.readEllipsoid(t, k.stated(keyDatum))
	return nil
}

// formerDatum returns the datum of a code that EPSG no longer has, such as that of a datum that became an ensemble. Codes of
// datums up to 6999 were those of their geographic systems and 2000.
func (k geoKeys) formerDatum() (datum, bool) {
	stated := k.codes[keyDatum]
	if stated <= 6000 || stated >= 7000 {
		return datum{}, false
	}
	system, err := lookupOwn(epsg, int(stated)-2000) // and not the horizontal part of a three-dimensional one
	if err != nil || !system.geographic() {
		return datum{}, false
	}
	k.note("%v %d is read as the datum of EPSG:%d", keyDatum, stated, stated-2000)
	return system.datum, true
}

// systemOn returns the geographic system of the registry that is on a datum: the one of a name, as several may be on
// it with other transformations, or else the usual one.
func systemOn(d datum, name string) (definition, bool) {
	r, n := openRegistry(), openNames()
	rows := r.datumByID(d.id)
	for _, row := range n.geographic[canonical(name)] {
		if f := split(r.geographic.rows[row]); len(rows) == 1 && f.integer(4, 0) == rows[0] && f[1] != "" {
			system, err := r.geographicCRS(r.geographic.rows[row])
			return system, err == nil
		}
	}
	if len(rows) == 1 {
		if row, ok := n.users[rows[0]]; ok {
			system, err := r.geographicCRS(r.geographic.rows[row])
			return system, err == nil
		}
	}
	return definition{}, false
}

// noteShift notes that a shift to WGS 84 is set aside for the transformations of a code.
func (k geoKeys) noteShift(key GeoKeyID) {
	for _, v := range k.numbers[keyToWGS84] {
		if v != 0 {
			k.note("%v is set aside: %v %d has transformations of its own", keyToWGS84, key, k.codes[key])
			return
		}
	}
}

// readDatumName reads the datum of a geographic system that a citation names, where no key defines any; ok is false if
// the name is not known.
func (k geoKeys) readDatumName(t *description) (ok bool) {
	names := k.geodeticNames()
	for _, name := range []string{names["Datum"], names["GCS Name"]} {
		rows := openNames().geographic[canonical(name)]
		if name == "" || len(rows) == 0 {
			continue
		}
		d, err := openRegistry().geographicCRS(openRegistry().geographic.rows[rows[0]])
		if err != nil {
			continue
		}
		t.datumName, t.ellipsoid, t.meridian, t.systemName = d.datumName(), d.datum.ellipsoid, d.datum.meridian, d.name
		k.note("the geographic system is %s, by the name in %v alone", d.name, keyGeodeticCitation)
		return true
	}
	return false
}

// readDatum reads a datum that is defined by its ellipsoid. Its name may make it a known one.
func (k geoKeys) readDatum(t *description, key GeoKeyID, name string) error {
	e, from, err := k.statedEllipsoid()
	switch {
	case err != nil:
		return err
	case from != 0:
	case k.readDatumName(t):
		if key := k.otherEllipsoid(t.ellipsoid); key != 0 {
			k.note("%s is set aside: the name %q has another ellipsoid", k.stated(key), t.systemName)
		}
		return nil
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
	asWritten := longitude
	if longitude != 0 && t.angular != degree {
		longitude *= t.angular / degree
	}
	if k.isCode(keyMeridian) {
		known, found := meridians[k.codes[keyMeridian]]
		if !found {
			return unsupportedKey(keyMeridian, k.codes[keyMeridian], "a prime meridian that is not known")
		}
		if key := k.otherMeridian(known.longitude, t.angular); key != 0 {
			k.note("%s is set aside: %s says otherwise", k.stated(key), k.stated(keyMeridian))
		}
		name, longitude, ok = known.name, known.longitude, true
	}
	if key := k.otherMeridian(t.meridian, t.angular); key != 0 && t.meridian != 0 && t.datumCode.number != 0 {
		k.note("the prime meridian is that of %s, and not that of %s", k.stated(key), k.stated(keyDatum))
	}
	if ok {
		// GDAL writes degrees times the unit's size in radians: what it means by a number is known from the name alone.
		t.setMeridian(name, longitude, asWritten/t.angular)
	}
	return nil
}

// geodeticNames returns the names in GeogCitation. A citation without named values is the system's name.
func (k geoKeys) geodeticNames() map[string]string {
	text := k.text(keyGeodeticCitation)
	names := citationValues(text)
	if len(names) == 0 && !isERDAS(text) {
		names["GCS Name"] = strings.TrimSpace(text)
	}
	for _, word := range []string{"GCS Name", "Datum"} { // GDAL marks withdrawn systems
		names[word] = strings.TrimSuffix(names[word], " (deprecated)")
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
