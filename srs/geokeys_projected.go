package srs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// geoParameters are the keys that writers use for a parameter, of which the first that is present counts, the value if
// there is none, in degrees or as a factor, and the name in well-known text.
var geoParameters = map[projection.Field]struct {
	name  string
	keys  []GeoKeyID
	value float64
}{
	projection.LatitudeOfOrigin:   {"latitude_of_origin", []GeoKeyID{keyNatOriginLat, keyFalseOriginLat, keyCenterLat}, 0},
	projection.CentralMeridian:    {"central_meridian", []GeoKeyID{keyNatOriginLong, keyFalseOriginLong, keyCenterLong}, 0},
	projection.StandardParallel1:  {"standard_parallel_1", []GeoKeyID{keyStdParallel1}, 0},
	projection.StandardParallel2:  {"standard_parallel_2", []GeoKeyID{keyStdParallel2}, 0},
	projection.ScaleFactor:        {"scale_factor", []GeoKeyID{keyScaleAtNatOrigin, keyScaleAtCenter}, 1},
	projection.Azimuth:            {"azimuth", []GeoKeyID{keyAzimuthAngle}, 0},
	projection.RectifiedGridAngle: {"rectified_grid_angle", []GeoKeyID{keyRectifiedGridAngle}, 90},
	projection.FalseEasting:       {"false_easting", []GeoKeyID{keyFalseEasting, keyFalseOriginEasting, keyCenterEasting}, 0},
	projection.FalseNorthing:      {"false_northing", []GeoKeyID{keyFalseNorthing, keyFalseOriginNorthing, keyCenterNorthing}, 0},
}

// projected returns a projected system on the geographic one that t describes already. Lengths in the keys are in the
// system's unit. known are systems that the file names besides. Parameters without a key are 0, and factors 1, as in libgeotiff.
func (k geoKeys) projected(t *description, known ...definition) (definition, error) {
	unit, _, err := k.linearUnit()
	if err != nil {
		return definition{}, err
	}
	if unit == 0 {
		unit = metre
	}
	t.name, t.linear = shortName(k.projectedName()), unit
	if !k.isCode(keyConversion) {
		return k.onMethod(t, known...)
	}
	own := *t
	d, err := k.onConversion(t, k.codes[keyConversion])
	switch {
	case err != nil:
		return d, err
	case !k.isCode(keyMethod) || !k.parameterized():
		k.noteParameters(d, k.stated(keyConversion))
		return d, nil
	}
	switch other, err := k.quiet().onMethod(&own, append(known, d)...); {
	case err != nil:
		k.note("the parameters that keys state are left aside, and %s counts: %v", k.stated(keyConversion), err)
	case !sameProjection(d, other):
		k.note("the projection is that of %s with its parameters, and not that of %s",
			k.stated(keyMethod), k.stated(keyConversion))
		return k.onMethod(t, append(known, d)...)
	}
	return d, nil
}

// onMethodIn returns the system that a method with its parameters makes of the geographic one that t describes, with
// angles in the given units.
func (k geoKeys) onMethodIn(t *description, units angleUnits) (definition, error) {
	t.dialect, t.params = projection.OGC, map[string]projection.TextValue{}
	if err := k.readMethod(t, units); err != nil {
		return definition{}, err
	}
	d, err := t.definition()
	if err != nil {
		return d, keyError(keyProjectedCRS, k.codes[keyProjectedCRS], err)
	}
	// A polar projection with a latitude of true scale and a scale factor has no other spelling.
	if !d.spelled() {
		d.wkt = t.projectedWKT()
	}
	return d, nil
}

// onConversion returns the system that one of EPSG's conversions makes of the geographic one that t describes, in the
// unit that t has. It has no code, and the name that t has.
func (k geoKeys) onConversion(t *description, conversion uint16) (definition, error) {
	d, err := t.definition() // of the geographic system, as t has no method
	if err != nil {
		return d, keyError(keyConversion, conversion, err)
	}
	d.unit = exactLength(t.linear)
	if !(d.unit >= 1e-9 && d.unit <= 1e9) {
		return d, wrongKey(keyLinearUnitSize, d.unit, "want the size of a unit")
	}
	p, ok, err := conversionOf(conversion, d.datum.ellipsoid, d.unit)
	switch {
	case !ok:
		return d, unsupportedKey(keyConversion, conversion, "a conversion that is not known")
	case err != nil:
		return d, refusedKey(keyConversion, conversion, err)
	}
	d.projection = p
	return d, nil
}

// readMethod reads a method with its parameters, whose angles are in the given units.
func (k geoKeys) readMethod(t *description, units angleUnits) error {
	code := k.codes[keyMethod]
	method := projection.GeoTIFFMethod(code, func(key uint16) bool { _, ok := k.numbers[GeoKeyID(key)]; return ok })
	if method == nil {
		return unsupportedKey(keyMethod, code, "a projection method that is not known")
	}
	t.method = method.OGC[0]
	for _, p := range method.Parameters {
		if p.GeoKey == 0 {
			continue
		}
		known := geoParameters[p.Field]
		if key := GeoKeyID(p.GeoKey); !slices.Contains(known.keys, key) {
			known.keys = append([]GeoKeyID{key}, known.keys...)
		}
		v, ok, err := k.firstNumber(known.keys...)
		if err != nil {
			return err
		}
		if !ok && p.Required {
			return wrongKey(known.keys[0], nil, fmt.Sprintf("missing, which %v %d wants", keyMethod, code))
		}
		value := projection.TextValue{Name: known.name, Value: known.value}
		if ok {
			value, err = readParameter(known.name, p.Unit, v, false, 1, units.of(p.Field), exactLength(t.linear))
			if err != nil {
				return keyError(keyProjectedCRS, k.codes[keyProjectedCRS], err)
			}
		}
		if p.EPSG != "" || value.Value != 0 { // a latitude that the method has no parameter for must be 0
			t.params[p.Key] = value
		}
	}
	return nil
}

// projectedName returns the name of a projected system in a citation, which may be one value in it or all of it.
func (k geoKeys) projectedName() string {
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation} {
		text := k.text(key)
		values := citationValues(text)
		for _, word := range []string{"PCS Name", "Projection Name"} {
			if name := values[word]; name != "" {
				return name
			}
		}
		if isERDAS(text) || len(values) > 0 {
			continue
		}
		if text, _, _ = strings.Cut(text, "|"); strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return "unnamed"
}
