package srs

import (
	"fmt"
	"strings"
)

// A projectionMethod is a coordinate transformation method of GeoTIFF under its name in well-known text of version 1. Each
// letter of parameters is a key of projectionParameters.
type projectionMethod struct{ name, parameters string }

// projectionMethods are the methods by the code of ProjCoordTransGeoKey (GeoTIFF 1.0, section 6.3.3.3).
var projectionMethods = map[uint16]projectionMethod{
	1:  {"Transverse_Mercator", "omk"},
	3:  {"Hotine_Oblique_Mercator", "lcagk"},
	7:  {"Mercator_1SP", "Omk"},
	8:  {"Lambert_Conformal_Conic_2SP", "12om"},
	9:  {"Lambert_Conformal_Conic_1SP", "omk"},
	10: {"Lambert_Azimuthal_Equal_Area", "lc"},
	11: {"Albers_Conic_Equal_Area", "12lc"},
	12: {"Azimuthal_Equidistant", "lc"},
	13: {"Equidistant_Conic", "12lc"},
	14: {"Stereographic", "omk"},
	15: {"Polar_Stereographic", "opk"},
	16: {"Oblique_Stereographic", "omk"},
	17: {"Equirectangular", "sOm"},
	18: {"Cassini_Soldner", "om"},
	19: {"Gnomonic", "om"},
	20: {"Miller_Cylindrical", "Oc"},
	21: {"Local_Orthographic", "om"}, // EPSG's, which is that of an ellipsoid
	22: {"Polyconic", "om"},
	23: {"Robinson", "c"},
	24: {"Sinusoidal", "c"},
	25: {"VanDerGrinten", "m"},
	26: {"New_Zealand_Map_Grid", "om"},
	27: {"Transverse_Mercator_South_Orientated", "omk"},
	28: {"Cylindrical_Equal_Area", "sm"},

	9815: {"Hotine_Oblique_Mercator_Azimuth_Center", "lcagk"}, // EPSG's code, which libgeotiff writes
}

// A projectionParameter is a parameter in well-known text, and the keys that writers give it by, the first that is there
// counts.
type projectionParameter struct {
	name     string
	keys     []GeoKeyID
	value    float64 // if there is none of the keys
	required bool
	angle    bool
	sparse   bool // left out where it is the default
}

var (
	keysLatitude  = []GeoKeyID{keyNatOriginLat, keyFalseOriginLat, keyCenterLat}
	keysLongitude = []GeoKeyID{keyNatOriginLong, keyFalseOriginLong, keyCenterLong}
	keysPole      = []GeoKeyID{keyStraightVertPole, keyNatOriginLong, keyFalseOriginLong, keyCenterLong}
	keysScale     = []GeoKeyID{keyScaleAtNatOrigin, keyScaleAtCenter}

	projectionParameters = map[rune]projectionParameter{
		'o': {name: "latitude_of_origin", keys: keysLatitude, angle: true},
		'O': {name: "latitude_of_origin", keys: keysLatitude, angle: true, sparse: true},
		'l': {name: "latitude_of_center", keys: keysLatitude, angle: true},
		'm': {name: "central_meridian", keys: keysLongitude, angle: true},
		'c': {name: "longitude_of_center", keys: keysLongitude, angle: true},
		'p': {name: "central_meridian", keys: keysPole, angle: true},
		's': {name: "standard_parallel_1", keys: []GeoKeyID{keyStdParallel1}, angle: true},
		'1': {name: "standard_parallel_1", keys: []GeoKeyID{keyStdParallel1}, angle: true, required: true},
		'2': {name: "standard_parallel_2", keys: []GeoKeyID{keyStdParallel2}, angle: true, required: true},
		'k': {name: "scale_factor", keys: keysScale, value: 1},
		'a': {name: "azimuth", keys: []GeoKeyID{keyAzimuthAngle}, angle: true, required: true},
		'g': {name: "rectified_grid_angle", keys: []GeoKeyID{keyRectifiedGridAngle}, angle: true, value: 90},
		'x': {name: "false_easting", keys: []GeoKeyID{keyFalseEasting, keyFalseOriginEasting, keyCenterEasting}},
		'y': {name: "false_northing", keys: []GeoKeyID{keyFalseNorthing, keyFalseOriginNorthing, keyCenterNorthing}},
	}
)

// projectedWKT defines a projected system on a geographic one. Lengths are in the system's unit, as they are in the keys;
// angles, which the keys have in the unit of GeogAngularUnitsGeoKey, come to be in that of the geographic system. Parameters
// without a key are 0, and factors 1, as libgeotiff has it.
func (k geoKeys) projectedWKT(g geographicSystem) (string, error) {
	unit, err := k.unit(keyLinearUnit, keyLinearUnitSize, linearUnits)
	if err != nil {
		return "", err
	}
	if unit == 0 {
		unit = 1
	}
	var b strings.Builder
	b.WriteString(`PROJCS["` + quoteWKT(shortName(k.projectedName())) + `",` + g.wkt())
	if k.isCode(keyConversion) {
		err = k.conversionWKT(&b, g, unit)
	} else {
		err = k.methodWKT(&b, g)
	}
	name := "unnamed"
	if unit == 1 {
		name = "metre"
	}
	b.WriteString(`,UNIT["` + name + `",` + wktNumber(unit) + `]]`)
	return b.String(), err
}

// conversionWKT writes a zone of UTM, by EPSG's code of the conversion: 160zz is north, and 161zz south of the equator.
func (k geoKeys) conversionWKT(b *strings.Builder, g geographicSystem, unit float64) error {
	code := k.codes[keyConversion]
	zone, south := int(code)-16000, 0.0
	if zone > 100 {
		zone, south = zone-100, 1e7
	}
	if zone < 1 || zone > 60 {
		return unsupportedKey(keyConversion, code, "a conversion other than the zones of UTM")
	}
	b.WriteString(`,PROJECTION["Transverse_Mercator"]`)
	degrees := angularUnits[9102] / g.unit
	for _, p := range []struct {
		name  string
		value float64
	}{
		{"latitude_of_origin", 0}, {"central_meridian", float64(6*zone-183) * degrees}, {"scale_factor", 0.9996},
		{"false_easting", 500000 / unit}, {"false_northing", south / unit},
	} {
		writeParameter(b, p.name, p.value)
	}
	return nil
}

// methodWKT writes a method with its parameters.
func (k geoKeys) methodWKT(b *strings.Builder, g geographicSystem) error {
	code := k.codes[keyMethod]
	method, ok := projectionMethods[code]
	if !ok {
		return unsupportedKey(keyMethod, code, "a projection method that is not known")
	}
	if _, ok := k.numbers[keyStdParallel1]; ok && code == 7 {
		method = projectionMethod{"Mercator_2SP", "sOm"}
	}
	angle := 1.0
	angular, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if angular != 0 && angular != g.unit {
		angle = angular / g.unit
	}
	b.WriteString(`,PROJECTION["` + method.name + `"]`)
	for _, letter := range method.parameters + "xy" {
		p := projectionParameters[letter]
		v, ok, err := k.firstNumber(p.keys...)
		switch {
		case err != nil:
			return err
		case !ok && p.required:
			return wrongKey(p.keys[0], nil, fmt.Sprintf("missing, which %v %d wants", keyMethod, code))
		case !ok && p.angle:
			v = p.value * angularUnits[9102] / g.unit
			if angularUnits[9102] == g.unit {
				v = p.value
			}
		case !ok:
			v = p.value
		case p.angle:
			v *= angle
		}
		if !p.sparse || v != 0 {
			writeParameter(b, p.name, v)
		}
	}
	return nil
}

func writeParameter(b *strings.Builder, name string, v float64) {
	b.WriteString(`,PARAMETER["` + name + `",` + wktNumber(v) + `]`)
}

// projectedName is the name of a projected system in a citation: "PCS Name = …|", or the citation as it is.
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
