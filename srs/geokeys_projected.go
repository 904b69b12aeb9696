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

// readProjected reads a projected system on the geographic one that t describes already. Lengths in the keys are in the
// system's unit, and angles in the unit of GeogAngularUnitsGeoKey, or else that of the geographic system. Parameters
// without a key are 0, and factors 1, as in libgeotiff.
func (k geoKeys) readProjected(t *description) error {
	unit, err := k.unit(keyLinearUnit, keyLinearUnitSize, linearUnits)
	if err != nil {
		return err
	}
	if unit == 0 {
		unit = metre
	}
	t.name, t.dialect, t.linear, t.params = shortName(k.projectedName()), projection.OGC, unit, map[string]projection.TextValue{}
	if k.isCode(keyConversion) {
		return k.readConversion(t)
	}
	return k.readMethod(t)
}

// readConversion reads a zone of UTM, by EPSG's code of the conversion: 160zz is north, and 161zz south of the equator.
func (k geoKeys) readConversion(t *description) error {
	code := k.codes[keyConversion]
	zone, south := int(code)-16000, 0.0
	if zone > 100 {
		zone, south = zone-100, 1e7
	}
	if zone < 1 || zone > 60 {
		return unsupportedKey(keyConversion, code, "a conversion other than the zones of UTM")
	}
	t.method = "Transverse_Mercator"
	for _, p := range []projection.TextValue{
		{Name: "central_meridian", Value: float64(6*zone - 183)}, {Name: "scale_factor", Value: 0.9996},
		{Name: "false_easting", Value: 500000}, {Name: "false_northing", Value: south},
	} {
		known, _ := projection.TextParameter(p.Name)
		t.params[known.Key] = p
	}
	return nil
}

// readMethod reads a method with its parameters.
func (k geoKeys) readMethod(t *description) error {
	code := k.codes[keyMethod]
	method := projection.GeoTIFFMethod(code, func(key uint16) bool { _, ok := k.numbers[GeoKeyID(key)]; return ok })
	if method == nil {
		return unsupportedKey(keyMethod, code, "a projection method that is not known")
	}
	angular, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if angular == 0 {
		angular = t.angular
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
			value, err = readParameter(known.name, p.Unit, v, false, 1, exactAngle(angular), exactLength(t.linear))
			if err != nil {
				return &GeoKeyError{Key: keyProjectedCRS.String(), Value: show(k.codes[keyProjectedCRS]), Err: err}
			}
		}
		if p.EPSG != "" || value.Value != 0 { // a latitude that the method has no parameter for must be 0
			t.params[p.Key] = value
		}
	}
	return nil
}

// projectedName returns the name of a projected system in a citation: after "PCS Name = ", or else the citation as it
// is.
func (k geoKeys) projectedName() string {
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation} {
		text := k.text(key)
		if _, name, ok := strings.Cut(text, "PCS Name = "); ok {
			text = name
		}
		if text, _, _ = strings.Cut(text, "|"); strings.TrimSpace(text) != "" {
			return strings.TrimSpace(text)
		}
	}
	return "unnamed"
}
