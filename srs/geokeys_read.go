package srs

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// geoKeys are a file's GeoKeys by the type of their values.
type geoKeys struct {
	codes   map[GeoKeyID]uint16
	texts   map[GeoKeyID]string    // with the "|" that ends each
	numbers map[GeoKeyID][]float64 // empty for a key whose values are missing
	errs    map[GeoKeyID]error     // why numbers could not be read

	note func(format string, args ...any) // adds to what the user of the file should know
}

// FromGeoKeys returns the CRS that the GeoKeys of a file name by a code or define, the inverse of [CRS.GeoKeys]. It is
// the zero CRS if they state none; vertical systems do not count. [GeoKeyTags.Keys] takes keys from the tags of a file.
//
// A code decides, then Esri's well-known text in a citation, then the definition by the other keys, then a name in a
// citation. A projected system in any of these goes before the code of a geographic one. Under a projection that keys
// define, a datum, an ellipsoid and a prime meridian in keys of their own go before the code of the geographic system,
// and a method with its parameters before the code of a conversion, as in GDAL. The unit of a projected code
// is that of ProjLinearUnitsGeoKey or of a citation by ERDAS, where one is stated. Codes of conversions, and of
// geographic 3D and compound systems, are EPSG's; of the latter two the horizontal part is used.
//
// notes report what the user of a file should know: that it states no spatial reference, or which of its statements was
// set aside because another says otherwise and is more particular.
//
// The error is a *GeoKeyError that names the key, and wraps the error of FromWKID or FromWKT where they refuse the code
// or the text of the key; or it is the Err of a key whose numbers are needed.
func FromGeoKeys(keys []GeoKey) (c CRS, notes []string, err error) {
	k := geoKeys{
		codes: map[GeoKeyID]uint16{}, texts: map[GeoKeyID]string{},
		numbers: map[GeoKeyID][]float64{}, errs: map[GeoKeyID]error{},
	}
	k.note = func(format string, args ...any) {
		if note := fmt.Sprintf(format, args...); !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	for _, key := range keys {
		switch {
		case key.Text != "":
			k.texts[key.ID] = key.Text
		case key.Numbers != nil || key.Err != nil:
			k.numbers[key.ID], k.errs[key.ID] = key.Numbers, key.Err
		default:
			k.codes[key.ID] = key.Code
		}
	}
	c, err = k.crs()
	return c, notes, err
}

// text returns a key's text, or "". It trims on each call: very many keys may share one long text, and few are ever
// used.
func (k geoKeys) text(key GeoKeyID) string { return strings.TrimRight(k.texts[key], "|") }

// number returns a key's one value; ok is false if there is no such key.
func (k geoKeys) number(key GeoKeyID) (v float64, ok bool, err error) {
	list, ok := k.numbers[key]
	switch {
	case !ok:
		return 0, false, nil
	case k.errs[key] != nil:
		return 0, false, k.errs[key]
	case len(list) != 1:
		return 0, false, wrongKey(key, list, "want one number")
	case math.IsNaN(list[0]) || math.IsInf(list[0], 0):
		return 0, false, wrongKey(key, list[0], "want a finite number")
	}
	return list[0], true, nil
}

// firstNumber returns the value of the first of some keys that is present; ok is false if none is.
func (k geoKeys) firstNumber(keys ...GeoKeyID) (v float64, ok bool, err error) {
	for _, key := range keys {
		if v, ok, err = k.number(key); ok || err != nil {
			break
		}
	}
	return v, ok, err
}

// isCode reports whether a key has a code, rather than none or the one for a definition by other keys.
func (k geoKeys) isCode(key GeoKeyID) bool {
	return k.codes[key] != keyUndefined && k.codes[key] != keyUserDefined
}

// crs returns the CRS that the keys name or define, or the zero CRS if they state none.
func (k geoKeys) crs() (CRS, error) {
	if k.codes[keyModelType] == modelGeocentric {
		return CRS{}, unsupportedKey(keyModelType, modelGeocentric, "geocentric coordinates")
	}
	text, errText := k.esriText()
	key := k.kind(text, errText)
	switch {
	case k.isCode(key) && !(key == keyGeodeticCRS && k.codes[keyModelType] == keyUserDefined):
		d, err := k.coded(key)
		if err == nil && text.found() && !(text.geographic() == d.geographic() && sameProjection(d, text.definition)) {
			k.note("%v is set aside: %v %d is another system", text.key, key, k.codes[key])
		}
		return finish(d, key, k.codes[key], err)
	case text.found() && text.geographic() == (key == keyGeodeticCRS):
		return finish(k.completed(text, key), key, k.codes[key], nil)
	case key == keyGeodeticCRS && !k.definesGeodetic() && !k.isNamed():
		k.note("no spatial reference is stated")
		return CRS{}, nil
	}
	if code := k.webMercator(); code != 0 {
		d, err := lookup(epsg, code)
		return finish(d, key, k.codes[key], err)
	}
	if key == keyGeodeticCRS && k.codes[keyModelType] != keyUserDefined || k.definesProjection() {
		d, err := k.defined(key)
		if err == nil && errText != nil {
			k.note("%v is left aside, and other keys count: %v", text.key, errText)
		}
		return finish(d, key, k.codes[key], err)
	}
	if errText != nil {
		_, malformed := errors.AsType[*SyntaxError](errText)
		return CRS{}, &GeoKeyError{Key: text.key.String(), Unsupported: !malformed, Err: errText}
	}
	d, err := k.named(key)
	return finish(d, key, k.codes[key], err)
}

// kind returns the key of the kind of system that the file is in: keyProjectedCRS or keyGeodeticCRS. Esri's text goes
// before the model type, and that before the presence of keys.
func (k geoKeys) kind(text esriText, errText error) GeoKeyID {
	model := k.codes[keyModelType]
	switch {
	case model == modelProjected:
		return keyProjectedCRS
	case text.found() && !text.geographic() || errText != nil && text.projected && model != modelGeographic:
		if model == modelGeographic {
			k.note("%v %d is set aside: %v defines a projected system", keyModelType, model, text.key)
		}
		return keyProjectedCRS
	case model == modelGeographic:
		if k.isCode(keyProjectedCRS) || k.definesProjection() {
			k.note("the keys of a projected system are set aside: %v %d is geographic", keyModelType, model)
		}
		return keyGeodeticCRS
	case k.codes[keyProjectedCRS] != keyUndefined || k.definesProjection():
		return keyProjectedCRS
	}
	return keyGeodeticCRS
}

// definesGeodetic reports whether keys state a geographic system by a code or by its parts.
func (k geoKeys) definesGeodetic() bool {
	return k.codes[keyGeodeticCRS] != keyUndefined || k.codes[keyDatum] != keyUndefined ||
		k.codes[keyEllipsoid] != keyUndefined
}

// definesProjection reports whether keys state a projection by a method or a conversion.
func (k geoKeys) definesProjection() bool {
	return k.isCode(keyMethod) || k.isCode(keyConversion)
}

// defined returns the system that the keys define for key, which is user-defined.
func (k geoKeys) defined(key GeoKeyID) (definition, error) {
	var t description
	if err := k.readGeographic(&t, key); err != nil {
		return definition{}, err
	}
	if key == keyGeodeticCRS {
		t.name = t.systemName
		d, err := t.definition()
		if err != nil {
			err = keyError(key, k.codes[key], err)
		}
		return d, err
	}
	return k.projected(&t)
}

// finish makes a CRS of a definition that key asked for.
func finish(d definition, key GeoKeyID, code uint16, err error) (CRS, error) {
	if err != nil {
		return CRS{}, err
	}
	c, err := makeCRS(d)
	if err != nil {
		return CRS{}, keyError(key, code, err)
	}
	return c, nil
}

// citations returns the citations that are present.
func (k geoKeys) citations() []string {
	var c []string
	for _, key := range citationKeys {
		if s := k.text(key); s != "" {
			c = append(c, s)
		}
	}
	return c
}

func wrongKey(key GeoKeyID, value any, reason string) error {
	return &GeoKeyError{Key: key.String(), Value: show(value), Reason: reason}
}

func unsupportedKey(key GeoKeyID, value any, reason string) error {
	return &GeoKeyError{Key: key.String(), Value: show(value), Reason: reason, Unsupported: true}
}

// refusedKey returns the error of a key whose code or text FromWKID or FromWKT refuses, which is no fault of the file.
func refusedKey(key GeoKeyID, code uint16, err error) error {
	return &GeoKeyError{Key: key.String(), Value: show(code), Unsupported: true, Err: err}
}

// show prints a value for a message, and cuts a long one off.
func show(v any) string {
	if v == nil {
		return ""
	}
	s := fmt.Sprint(v)
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return s
}
