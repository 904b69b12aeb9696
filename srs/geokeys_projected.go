package srs

import (
	"fmt"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A projectionMethod is a coordinate transformation method of GeoTIFF by its name in well-known text of version 1. Each
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

// A projectionParameter is a parameter in well-known text, and the keys that writers use for it: the first that is
// present counts.
type projectionParameter struct {
	name     string
	keys     []GeoKeyID
	value    float64 // degrees or a factor, if there is none of the keys
	required bool
	sparse   bool // left out where it is 0
}

var (
	keysLatitude  = []GeoKeyID{keyNatOriginLat, keyFalseOriginLat, keyCenterLat}
	keysLongitude = []GeoKeyID{keyNatOriginLong, keyFalseOriginLong, keyCenterLong}
	keysPole      = []GeoKeyID{keyStraightVertPole, keyNatOriginLong, keyFalseOriginLong, keyCenterLong}
	keysScale     = []GeoKeyID{keyScaleAtNatOrigin, keyScaleAtCenter}

	projectionParameters = map[rune]projectionParameter{
		'o': {name: "latitude_of_origin", keys: keysLatitude},
		'O': {name: "latitude_of_origin", keys: keysLatitude, sparse: true},
		'l': {name: "latitude_of_center", keys: keysLatitude},
		'm': {name: "central_meridian", keys: keysLongitude},
		'c': {name: "longitude_of_center", keys: keysLongitude},
		'p': {name: "central_meridian", keys: keysPole},
		's': {name: "standard_parallel_1", keys: []GeoKeyID{keyStdParallel1}},
		'1': {name: "standard_parallel_1", keys: []GeoKeyID{keyStdParallel1}, required: true},
		'2': {name: "standard_parallel_2", keys: []GeoKeyID{keyStdParallel2}, required: true},
		'k': {name: "scale_factor", keys: keysScale, value: 1},
		'a': {name: "azimuth", keys: []GeoKeyID{keyAzimuthAngle}, required: true},
		'g': {name: "rectified_grid_angle", keys: []GeoKeyID{keyRectifiedGridAngle}, value: 90},
		'x': {name: "false_easting", keys: []GeoKeyID{keyFalseEasting, keyFalseOriginEasting, keyCenterEasting}},
		'y': {name: "false_northing", keys: []GeoKeyID{keyFalseNorthing, keyFalseOriginNorthing, keyCenterNorthing}},
	}
)

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
	method, ok := projectionMethods[code]
	if !ok {
		return unsupportedKey(keyMethod, code, "a projection method that is not known")
	}
	if _, ok := k.numbers[keyStdParallel1]; ok && code == 7 {
		method = projectionMethod{"Mercator_2SP", "sOm"}
	}
	angular, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return err
	}
	if angular == 0 {
		angular = t.angular
	}
	t.method = method.name
	for _, letter := range method.parameters + "xy" {
		p := projectionParameters[letter]
		v, ok, err := k.firstNumber(p.keys...)
		if err != nil {
			return err
		}
		if !ok && p.required {
			return wrongKey(p.keys[0], nil, fmt.Sprintf("missing, which %v %d wants", keyMethod, code))
		}
		known, _ := projection.TextParameter(p.name)
		value := projection.TextValue{Name: p.name, Value: p.value}
		if ok {
			value, err = readParameter(p.name, known.Unit, v, false, 1, exactAngle(angular), exactLength(t.linear))
			if err != nil {
				return &GeoKeyError{Key: keyProjectedCRS.String(), Value: show(k.codes[keyProjectedCRS]), Err: err}
			}
		}
		if !p.sparse || value.Value != 0 {
			t.params[known.Key] = value
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
