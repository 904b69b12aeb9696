package srs

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// This file finds out which unit the angles of a projection are in. The standard says GeogAngularUnitsGeoKey, and
// GeogAzimuthUnitsGeoKey for an azimuth. GDAL 3.9.1 and later, Esri's and Agisoft's programs write them so, but for the
// azimuth, which GDAL leaves in degrees. GDAL up to 3.9.0 wrote degrees under any unit. Files state no version. A
// latitude of origin of 52 on NTF (Paris) is then Lambert II in grads, and 46.8 is the same in degrees.

// angleUnits are the units of a projection's angles in radians, and of those that are azimuths.
type angleUnits struct{ angle, azimuth float64 }

// of returns the unit of a field.
func (u angleUnits) of(f projection.Field) float64 {
	if f == projection.Azimuth {
		return u.azimuth
	}
	return u.angle
}

// unitName returns a unit for notes.
func unitName(unit float64) string {
	switch unit {
	case degree:
		return "degrees"
	case grad:
		return "grads"
	}
	return fmt.Sprintf("units of %g radians", unit)
}

// String returns the units for notes.
func (u angleUnits) String() string {
	if u.angle == u.azimuth {
		return unitName(u.angle)
	}
	return unitName(u.angle) + ", with an azimuth in " + unitName(u.azimuth)
}

// A reading is what a projection's keys define if their angles are in some units.
type reading struct {
	units angleUnits
	definition
}

// angleReadings returns the units that the angles of a projection may be in, the standard's first. base is the unit of
// the geographic system.
func (k geoKeys) angleReadings(base float64) ([]angleUnits, error) {
	unit, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return nil, err
	}
	if unit == 0 {
		unit = base
	}
	unit = exactAngle(unit)
	all := []angleUnits{{unit, unit}, {unit, degree}, {degree, degree}}
	_, turned := k.numbers[keyAzimuthAngle]
	switch code := k.codes[keyAzimuthUnit]; {
	case !turned:
		all = []angleUnits{all[0], all[2]}
	case code != keyUndefined && angularUnits[code] == 0:
		return nil, unsupportedKey(keyAzimuthUnit, code, "a unit that is not known")
	case code != keyUndefined:
		azimuth := exactAngle(angularUnits[code])
		all = []angleUnits{{unit, azimuth}, {degree, azimuth}}
	}
	return slices.Compact(all), nil
}

// onMethod returns the system that a method with its parameters makes of the geographic one that t describes. known are
// systems that the file names besides. Angles are in the unit that makes it a known system, or else in the only one
// that they fit, or else in the standard's, with a note.
func (k geoKeys) onMethod(t *description, known ...definition) (definition, error) {
	units, err := k.angleReadings(t.angular)
	if err != nil {
		return definition{}, err
	}
	var all []reading
	var first error
	for _, u := range units {
		own := *t
		d, err := k.onMethodIn(&own, u)
		if err == nil && len(units) > 1 {
			_, err = newConversion(d.system) // which refuses latitudes beyond the poles
		}
		switch {
		case err != nil && first == nil:
			first = err
		case err == nil && !slices.ContainsFunc(all, func(r reading) bool { return r.sameAngles(d) }):
			all = append(all, reading{u, d})
		}
	}
	if len(all) == 0 {
		return definition{}, first
	}
	chosen, why := all[0], ""
	if len(all) > 1 {
		chosen, why = k.chosenReading(all, known)
	}
	switch {
	case why != "":
		k.note("the angles of the projection are read as %v, %s", chosen.units, why)
	case chosen.units != units[0] && !chosen.vanishes():
		k.note("the angles of the projection are read as %v, as those that they fit, and not as %v", chosen.units, units[0])
	}
	return chosen.definition, nil
}

// chosenReading returns one of several readings, and why, for a note; why is empty if the standard's is certain.
func (k geoKeys) chosenReading(all []reading, known []definition) (chosen reading, why string) {
	if name, d, ok := k.namedInFull(); ok {
		known = append(known, d)
		if best, score := bestReading(all, known); score >= sameAngles {
			return best, unlessStandard(best, all, fmt.Sprintf("as the system that is named %q has them", name))
		}
	} else if best, score := bestReading(all, known); score >= sameAngles {
		return best, unlessStandard(best, all, "as in the conversion that the file states")
	}
	best, score := bestReading(all, systemsOn(all[0].datum))
	if score >= sameAngles {
		return best, unlessStandard(best, all, "as a known system on that datum has them")
	}
	plausible := slices.DeleteFunc(slices.Clone(all), reading.isTiny)
	if len(plausible) == 1 {
		return plausible[0], unlessStandard(plausible[0], all, "as the others are next to 0")
	}
	others := make([]string, 0, len(all))
	if score == 0 {
		if rounded, ok := k.roundedReading(all); ok {
			best, score = rounded, sameAngle
		}
	}
	reason := "as the standard has it"
	if score == 0 {
		// GDAL reads an azimuth as degrees, which it also writes. No other program is known to write one in another unit.
		best = all[0]
		if all[1].units.angle == all[0].units.angle {
			best, reason = all[1], "as GDAL writes it"
		}
	} else if score == sameAngle {
		reason = "which known systems or round numbers suggest"
	}
	for _, r := range all {
		if r.units != best.units {
			others = append(others, r.units.String())
		}
	}
	return best, fmt.Sprintf("%s, but may be %s, as GDAL before 3.9.1 wrote degrees under any unit",
		reason, strings.Join(others, ", or "))
}

// unlessStandard returns a reason if a reading is not the standard's.
func unlessStandard(r reading, all []reading, reason string) string {
	if r.units == all[0].units {
		return ""
	}
	return fmt.Sprintf("%s, and not as %v", reason, all[0].units)
}

// namedInFull returns the system of the registry that a citation names.
func (k geoKeys) namedInFull() (name string, d definition, ok bool) {
	name, _, _ = strings.Cut(k.projectedName(), " + ") // a compound system's horizontal part
	name = shortName(strings.TrimSuffix(strings.TrimSpace(name), " (deprecated)"))
	row, ok := projectedNames()[canonical(name)]
	if !ok {
		return name, d, false
	}
	d, err := openRegistry().projectedCRS(openRegistry().projected.rows[row])
	return name, d, err == nil
}

// systemsOn returns the projected systems of the registry on a datum, or on its ellipsoid and prime meridian if it is
// no known one.
func systemsOn(on datum) (systems []definition) {
	r := openRegistry()
	bases := map[int]bool{}
	for i, row := range r.geographic.rows {
		f := split(row)
		d := r.datum(f.integer(4, 0))
		alike := nearEllipsoid(d.ellipsoid, on.ellipsoid) && nearMeridian(d.meridian, on.meridian)
		bases[i] = d.id == on.id || on.id == "" && alike
	}
	for _, row := range r.projected.rows {
		f := split(row)
		if !bases[f.integer(4, 0)] {
			continue
		}
		if d, err := r.projectedCRS(row); err == nil {
			systems = append(systems, d)
		}
	}
	return systems
}

// How much a reading has in common with known systems.
const (
	noAngle    = iota
	sameAngle  // an angle that is not zero
	sameAngles // all angles
	sameSystem
)

// bestReading returns the reading that has most in common with known systems, and how much; noAngle if no reading has
// more than all the others.
func bestReading(all []reading, known []definition) (best reading, score int) {
	single := true
	for _, r := range all {
		own := noAngle
		for _, d := range known {
			own = max(own, r.common(d))
		}
		switch {
		case own > score:
			best, score, single = r, own, true
		case own == score:
			single = false
		}
	}
	if !single {
		return reading{}, noAngle
	}
	return best, score
}

// angles returns the angles of a projection that GeoKeys have, in degrees. The last one is 90 where no key states it.
func (d definition) angles() [6]float64 {
	p := d.projection
	return [...]float64{
		p.LatitudeOfOrigin, p.CentralMeridian, p.StandardParallel1, p.StandardParallel2, p.Azimuth, p.RectifiedGridAngle,
	}
}

// nearAngle reports whether two angles in degrees are the same but for the rounding of files.
func nearAngle(a, b float64) bool { return math.Abs(a-b) < 1e-4 }

// common returns how much a reading has in common with a known system.
func (r reading) common(d definition) int {
	same := noAngle
	others := d.angles()
	for i, v := range r.angles() {
		if v != 0 && nearAngle(v, others[i]) {
			same = sameAngle
		}
	}
	if same == noAngle || !r.sameAngles(d) {
		return same
	}
	if sameProjection(d, r.definition) {
		return sameSystem
	}
	return sameAngles
}

// sameAngles reports whether the angles of a reading are those of a system.
func (r reading) sameAngles(d definition) bool {
	if r.projection.Descriptor != d.projection.Descriptor {
		return false
	}
	a, b := r.angles(), d.angles()
	return slices.EqualFunc(a[:], b[:], nearAngle)
}

// vanishes reports whether no angle depends on the unit.
func (r reading) vanishes() bool { return r.largest() == 0 }

// isTiny reports whether all angles are so near 0 that their unit cannot be meant: 46.8 seconds as a latitude.
func (r reading) isTiny() bool { return r.largest() < 0.1 }

// largest returns the largest angle in degrees.
func (r reading) largest() (v float64) {
	all := r.angles()
	for _, angle := range all[:5] {
		v = max(v, math.Abs(angle))
	}
	return v
}

// roundedReading returns the reading of which the file's numbers show that they have been converted: they have many
// digits, and are round in one of the two units after conversion from the other. 41.85 degrees are 46.5 grads, and
// 45.8333333333 grads are 41.25 degrees.
func (k geoKeys) roundedReading(all []reading) (best reading, ok bool) {
	unit := all[0].units.angle / degree
	converted := [2]bool{} // to the file's unit, and to degrees
	for key := keyStdParallel1; key <= keyRectifiedGridAngle; key++ {
		v, stated, err := k.number(key)
		if !stated || err != nil || key == keyAzimuthAngle || !isAngleKey(key) || isRound(v) {
			continue
		}
		converted[0] = converted[0] || isRound(v*unit)
		converted[1] = converted[1] || isRound(v/unit)
	}
	if converted[0] == converted[1] {
		return reading{}, false
	}
	for _, r := range all {
		if (r.units.angle == degree) == converted[1] {
			best, ok = r, true // the last one, whose azimuth is in degrees as GDAL has it
		}
	}
	return best, ok
}

// isRound reports whether a number has no more than four decimals, but for the noise of a conversion.
func isRound(v float64) bool { return math.Abs(float64(v)-math.Round(float64(v*1e4))/1e4) < 1e-10 }

// isAngleKey reports whether a key is that of an angle.
func isAngleKey(key GeoKeyID) bool {
	switch key {
	case keyStdParallel1, keyStdParallel2, keyNatOriginLong, keyNatOriginLat, keyFalseOriginLong, keyFalseOriginLat,
		keyCenterLong, keyCenterLat, keyAzimuthAngle, keyStraightVertPole, keyRectifiedGridAngle:
		return true
	}
	return false
}
