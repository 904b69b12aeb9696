package srs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// This file compares codes with the keys beside them that state the same things by their parts. The code of the system
// that coordinates are in counts. Codes of less, which are the base of a projection, a datum, an ellipsoid and a
// conversion, give way to numbers, as in GDAL 3.6. Whatever is set aside is noted, but not what is only rounded.

// stated returns a key with its value, for notes.
func (k geoKeys) stated(key GeoKeyID) string {
	if numbers, ok := k.numbers[key]; ok && len(numbers) == 1 {
		return fmt.Sprintf("%v %s", key, strconv.FormatFloat(numbers[0], 'f', -1, 64))
	} else if ok {
		return fmt.Sprintf("%v %s", key, show(numbers))
	}
	return fmt.Sprintf("%v %d", key, k.codes[key])
}

// statedEllipsoid returns the ellipsoid that keys define by numbers, or else by a code, and the first key that does so;
// from is 0 if none does. A part of the numbers defines none.
func (k geoKeys) statedEllipsoid() (e ellipsoid, from GeoKeyID, err error) {
	if unit := k.codes[keyGeogLinearUnit]; unit != keyUndefined && unit != 9001 {
		return e, 0, unsupportedKey(keyGeogLinearUnit, unit, "axes of an ellipsoid in other units than metres")
	}
	a, hasMajor, err := k.number(keySemiMajorAxis)
	if err != nil {
		return e, 0, err
	}
	b, hasMinor, err := k.number(keySemiMinorAxis)
	if err != nil {
		return e, 0, err
	}
	rf, hasFlattening, err := k.number(keyInvFlattening)
	if err != nil {
		return e, 0, err
	}
	switch {
	case hasMajor && hasFlattening:
		e, from = ellipsoid{A: a, RF: rf}, keySemiMajorAxis
	case hasMajor && hasMinor && a > 0 && b > 0 && b <= a:
		e, from = ellipsoid{A: a}, keySemiMajorAxis
		if a-b > 1e-9*a {
			e.RF = a / (a - b)
		}
	case hasMajor && hasMinor:
		return e, 0, wrongKey(keySemiMinorAxis, b, fmt.Sprintf("%v is %v", keySemiMajorAxis, a))
	case k.isCode(keyEllipsoid):
		known, ok := ellipsoids[k.codes[keyEllipsoid]]
		if !ok {
			return e, 0, unsupportedKey(keyEllipsoid, k.codes[keyEllipsoid], "an ellipsoid that is not known")
		}
		e, from = known, keyEllipsoid
	default:
		return e, 0, nil
	}
	if other := k.otherEllipsoid(e); other != 0 {
		k.note("%s is set aside: %s says otherwise", k.stated(other), k.stated(from))
	}
	return e, from, nil
}

// otherEllipsoid returns the first key that contradicts an ellipsoid, or 0.
func (k geoKeys) otherEllipsoid(e ellipsoid) GeoKeyID {
	size := 1.0
	if unit, ok := linearUnits[k.codes[keyGeogLinearUnit]]; ok {
		size = unit
	}
	b, _, _ := squares(e)
	for _, n := range [...]struct {
		key                  GeoKeyID
		exact, size, nearest float64
		decimals             int
	}{
		{keySemiMajorAxis, e.A, size, 1e-3, 0},
		{keySemiMinorAxis, b, size, 1e-3, 0},
		{keyInvFlattening, e.RF, 1, 1e-5, 2},
	} {
		v, ok, err := k.number(n.key)
		if err != nil || ok && !isRounded(float64(v*n.size), n.exact, n.nearest, n.decimals) {
			return n.key
		}
	}
	if !k.isCode(keyEllipsoid) {
		return 0
	}
	if known, ok := ellipsoids[k.codes[keyEllipsoid]]; !ok || !sameAxes(known, e) {
		return keyEllipsoid
	}
	return 0
}

// sameAxes reports whether two ellipsoids are the same but for the rounding of the first one.
func sameAxes(rounded, exact ellipsoid) bool {
	return isRounded(rounded.A, exact.A, 1e-3, 0) && isRounded(rounded.RF, exact.RF, 1e-5, 2)
}

// isRounded reports whether v is an exact number to within nearest, or rounded to a number of decimals, of which there
// are at least the given ones. What three and more decimals are followed by may have been cut off.
func isRounded(v, exact, nearest float64, decimals int) bool {
	if math.Abs(v-exact) <= nearest {
		return true
	}
	const noise = 1e-7
	for n := decimals; n < 9; n++ {
		power := math.Pow10(n)
		rounded, cut := math.Round(exact*power)/power, math.Trunc(exact*power)/power
		if math.Abs(v-rounded) < noise || n > 2 && math.Abs(v-cut) < noise {
			return true
		}
	}
	return false
}

// otherMeridian returns the first key that contradicts a prime meridian, which is in degrees, or 0. A longitude may be
// in degrees, in the system's unit, or in degrees times the unit's size in radians, as GDAL writes it.
func (k geoKeys) otherMeridian(meridian, unit float64) GeoKeyID {
	if k.isCode(keyMeridian) {
		if known, ok := meridians[k.codes[keyMeridian]]; !ok || !nearMeridian(known.longitude, meridian) {
			return keyMeridian
		}
	}
	v, ok, err := k.number(keyMeridianLongitude)
	if err != nil {
		return keyMeridianLongitude
	}
	for _, v := range [...]float64{v, v * unit / degree, v / unit} {
		if !ok || isRounded(v, meridian, 1e-5, 4) {
			return 0
		}
	}
	return keyMeridianLongitude
}

// noteParts notes which keys contradict the datum of a system that from states, and are set aside. unit is that of the
// geographic system, in radians.
func (k geoKeys) noteParts(d datum, unit float64, from string) {
	if key := k.otherEllipsoid(d.ellipsoid); key != 0 {
		k.note("%s is set aside: %s has another ellipsoid", k.stated(key), from)
	}
	if key := k.otherMeridian(d.meridian, unit); key != 0 {
		k.note("%s is set aside: %s has another prime meridian", k.stated(key), from)
	}
}

// readParts reads the keys that contradict the code of the geographic system under a projection, which is d: a datum,
// an ellipsoid and a prime meridian go before it.
func (k geoKeys) readParts(t *description, d definition) error {
	from := k.stated(keyGeodeticCRS)
	if k.isCode(keyDatum) && d.datum.id != "" {
		switch other, known := datumOfCode(code{epsg, int(k.codes[keyDatum])}); {
		case !known:
			k.note("%s is set aside, as it is not known: %s counts", k.stated(keyDatum), from)
		case other.id != d.datum.id:
			k.note("the datum is that of %s, and not that of %s", k.stated(keyDatum), from)
			from = k.stated(keyDatum)
			if err := k.readDatumCode(t, ""); err != nil {
				return err
			}
		}
	}
	k.readEllipsoid(t, from)
	key := k.otherMeridian(t.meridian, t.angular)
	switch {
	case key == 0:
		return nil
	case k.codes[keyMeridian] == keyUndefined:
		k.note("%s is set aside, as there is no %v: %s has another prime meridian", k.stated(key), keyMeridian, from)
		return nil
	}
	k.note("the prime meridian is that of %s, and not that of %s", k.stated(key), from)
	t.datumCode, t.system = code{}, code{}
	return k.readMeridian(t, "")
}

// readEllipsoid reads the ellipsoid that keys define, if it is not the one that from states and t has. The datum is
// then no known one.
func (k geoKeys) readEllipsoid(t *description, from string) {
	if k.otherEllipsoid(t.ellipsoid) == 0 {
		return
	}
	e, key, err := k.statedEllipsoid()
	switch {
	case err != nil:
		k.note("an ellipsoid is left aside, and %s counts: %v", from, err)
	case key == 0:
		k.note("%s is set aside, as it alone defines no ellipsoid: %s has another",
			k.stated(k.otherEllipsoid(t.ellipsoid)), from)
	case !sameAxes(e, t.ellipsoid):
		k.note("the ellipsoid is that of %s, and not that of %s", k.stated(key), from)
		t.ellipsoid, t.datumCode, t.system = e, code{}, code{}
	}
}

// noteProjection notes that the projection which keys define is not that of a system which from states, and is set
// aside.
func (k geoKeys) noteProjection(d definition, from string) {
	if !k.definesProjection() {
		k.noteParameters(d, from)
		return
	}
	others, complete := k.otherParameters(d)
	if k.isMethodOf(d) && !k.isCode(keyConversion) && len(others) == 0 && (complete || !k.parameterized()) {
		return
	}
	base := description{
		systemName: "unnamed", datumName: d.datum.name,
		ellipsoid: d.datum.ellipsoid, meridian: d.datum.meridian, angular: d.baseSystem().unit,
	}
	switch other, err := k.quiet().projected(&base, d); {
	case err != nil:
		k.note("the projection that keys define is set aside, and %s counts: %v", from, err)
	case !sameProjection(d, other.inUnit(d.unit)):
		k.note("the projection that keys define is set aside: %s has another", from)
	}
}

// noteParameters notes which parameters, and which method without any, are set aside for the projection of a system
// that from states.
func (k geoKeys) noteParameters(d definition, from string) {
	others, _ := k.otherParameters(d)
	if k.isCode(keyMethod) && !k.isMethodOf(d) {
		others = append([]GeoKeyID{keyMethod}, others...)
	}
	for _, key := range others {
		k.note("%s is set aside: %s has another projection", k.stated(key), from)
	}
}

// otherParameters returns the keys of parameters that contradict a system's, in rising order. complete reports whether
// there are keys for all of its parameters.
func (k geoKeys) otherParameters(d definition) (others []GeoKeyID, complete bool) {
	spelling, complete := d.projection.Spell(d.datum.ellipsoid)
	known := map[GeoKeyID]float64{}
	for _, v := range spelling.Values {
		stated := false
		for _, key := range sameParameter(GeoKeyID(v.GeoKey)) {
			known[key] = v.Value
			_, ok := k.numbers[key]
			stated = stated || ok
		}
		complete = complete && stated
	}
	for key := keyStdParallel1; key <= keyRectifiedGridAngle; key++ {
		if _, ok := k.numbers[key]; !ok {
			continue
		}
		v, _, err := k.number(key)
		same := slices.ContainsFunc(k.meanings(key, v, d.baseSystem().unit), func(v float64) bool {
			return isRounded(v, known[key], 1e-9*math.Abs(known[key]), 5)
		})
		if err != nil || !same {
			others = append(others, key)
		}
	}
	return others, complete
}

// meanings returns what a number may mean under a parameter's key: of an angle, in degrees, one for each unit that it may
// be in. base is the unit of the geographic system.
func (k geoKeys) meanings(key GeoKeyID, v, base float64) []float64 {
	units, err := k.quiet().angleReadings(base)
	if err != nil || !isAngleKey(key) {
		return []float64{v}
	}
	var all []float64
	for _, u := range units {
		unit := u.angle
		if key == keyAzimuthAngle {
			unit = u.azimuth
		}
		if unit != degree {
			all = append(all, v*(unit/degree))
		} else {
			all = append(all, v)
		}
	}
	return all
}

// sameParameter returns the keys that writers use for the parameter of a key.
func sameParameter(key GeoKeyID) []GeoKeyID {
	for _, p := range geoParameters {
		if slices.Contains(p.keys, key) {
			return p.keys
		}
	}
	return []GeoKeyID{key}
}

// parameterized reports whether there is a key of a parameter.
func (k geoKeys) parameterized() bool {
	for key := keyStdParallel1; key <= keyRectifiedGridAngle; key++ {
		if _, ok := k.numbers[key]; ok {
			return true
		}
	}
	return false
}

// isMethodOf reports whether the method that keys state is that of a system.
func (k geoKeys) isMethodOf(d definition) bool {
	spelling, ok := d.projection.Spell(d.datum.ellipsoid)
	return ok && spelling.Method.GeoTIFF != 0 && spelling.Method.GeoTIFF == k.codes[keyMethod]
}
