package srs

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// geoKeys are a file's GeoKeys by the type of their values.
type geoKeys struct {
	codes   map[GeoKeyID]uint16
	texts   map[GeoKeyID]string    // with the marks that end them
	numbers map[GeoKeyID][]float64 // empty for a key whose values are missing
	errs    map[GeoKeyID]error     // why numbers could not be read
}

// FromGeoKeys gives the CRS that a file's GeoKeys name by a code or define. It is the zero CRS if they state none; vertical
// systems do not count. FromGeoKeys undoes [CRS.GeoKeys].
//
// A code decides, then Esri's well-known text in a citation, then the definition by the other keys. notes report what a
// user of the file should know of, as that it states no spatial reference.
//
// The error is a *GeoKeyError that names the key, and wraps the error of FromWKID or FromWKT where they refuse the code or
// the text of the key.
func FromGeoKeys(keys []GeoKey) (c CRS, notes []string, err error) {
	k := geoKeys{codes: map[GeoKeyID]uint16{}, texts: map[GeoKeyID]string{}, numbers: map[GeoKeyID][]float64{}, errs: map[GeoKeyID]error{}}
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
	c, err = k.crs(func(note string) { notes = append(notes, note) })
	return c, notes, err
}

// text is a key's text; empty if there is none. Keys may share a long one, so that it is not looked at before it is asked for.
func (k geoKeys) text(key GeoKeyID) string { return strings.TrimRight(k.texts[key], "|") }

// number is a key's one value; ok is false if there is no such key.
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

// firstNumber is the value of the first of some keys that is there; ok is false if none is.
func (k geoKeys) firstNumber(keys ...GeoKeyID) (v float64, ok bool, err error) {
	for _, key := range keys {
		if v, ok, err = k.number(key); ok || err != nil {
			break
		}
	}
	return v, ok, err
}

// isCode says whether a key has a code, rather than none or the one that means a definition by other keys.
func (k geoKeys) isCode(key GeoKeyID) bool {
	return k.codes[key] != keyUndefined && k.codes[key] != keyUserDefined
}

// crs is the spatial reference that the keys name by a code or define, or the zero one if they say nothing. Vertical ones
// do not count.
func (k geoKeys) crs(warn func(string)) (CRS, error) {
	if k.codes[keyModelType] == modelGeocentric {
		return CRS{}, unsupportedKey(keyModelType, modelGeocentric, "geocentric coordinates")
	}
	key := keyGeodeticCRS
	projects := k.codes[keyProjectedCRS] != keyUndefined || k.codes[keyMethod] != keyUndefined
	if model := k.codes[keyModelType]; model == modelProjected || model != modelGeographic && projects {
		key = keyProjectedCRS
	}
	switch {
	case k.isCode(key):
		return k.codedCRS(key)
	case k.codes[key] == keyUndefined && key == keyGeodeticCRS && k.codes[keyDatum] == keyUndefined && k.codes[keyEllipsoid] == keyUndefined:
		warn("no spatial reference is stated")
		return CRS{}, nil
	}
	if crs, err := k.esriCRS(key); err != nil || !crs.IsZero() {
		return crs, err
	}
	var wkt string
	g, err := k.geographicSystem(key)
	switch {
	case key == keyGeodeticCRS:
		wkt = g.wkt()
	case k.codes[keyMethod] == keyUndefined && k.codes[keyConversion] == keyUndefined:
		return CRS{}, unsupportedKey(key, k.codes[key], fmt.Sprintf("no code, nor a projection: %q", show(k.citations())))
	case err == nil:
		wkt, err = k.projectedWKT(g)
	}
	if err != nil {
		return CRS{}, err
	}
	crs, err := FromWKT(wkt)
	if _, ok := errors.AsType[*SyntaxError](err); ok {
		return crs, &GeoKeyError{Key: key.String(), Value: show(k.codes[key]), Err: err}
	}
	if err != nil {
		return crs, refusedKey(key, k.codes[key], err)
	}
	return crs, nil
}

// codedCRS is the spatial reference of a code.
func (k geoKeys) codedCRS(key GeoKeyID) (CRS, error) {
	code := k.codes[key]
	crs, err := FromWKID(int(code))
	if err != nil {
		return CRS{}, refusedKey(key, code, err)
	}
	if key == keyProjectedCRS && k.isCode(keyLinearUnit) {
		// The tolerance is a twentieth of what the two feet differ by.
		unit, ok := linearUnits[k.codes[keyLinearUnit]]
		if ok && !crs.Geographic() && math.Abs(unit/crs.Unit()-1) > 1e-7 {
			return CRS{}, unsupportedKey(keyLinearUnit, k.codes[keyLinearUnit],
				fmt.Sprintf("%v %d has a unit of %v m", key, code, crs.Unit()))
		}
	}
	return crs, nil
}

// esriCRS is the spatial reference that a citation spells out or has a well-known name of; the zero one if none does.
func (k geoKeys) esriCRS(key GeoKeyID) (CRS, error) {
	for _, c := range k.citations() {
		_, text, ok := strings.Cut(c, "ESRI PE String = ")
		if !ok {
			continue
		}
		text, _, _ = strings.Cut(text, "|")
		crs, err := FromWKT(text)
		if _, ok := errors.AsType[*SyntaxError](err); ok {
			continue // it may be cut short, and the other keys complete
		}
		if err != nil {
			return crs, refusedKey(key, k.codes[key], err)
		}
		if crs.Geographic() == (key == keyGeodeticCRS) {
			return crs, nil
		}
	}
	if code := k.wellKnown(); code != 0 && key == keyProjectedCRS {
		return FromWKID(int(code))
	}
	return CRS{}, nil
}

func (k geoKeys) citations() []string {
	var c []string
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation, keyGeodeticCitation} {
		if s := k.text(key); s != "" {
			c = append(c, s)
		}
	}
	return c
}

// wellKnown is the code of a user-defined spatial reference that a citation gives the name of a common one; 0 if none
// does.
func (k geoKeys) wellKnown() uint16 {
	for _, c := range [...]string{k.text(keyProjectedCit), k.text(keyCitation)} {
		for _, name := range [...]string{
			"WGS_1984_Web_Mercator_Auxiliary_Sphere", // Esri
			"WGS 84 / Pseudo-Mercator",               // EPSG, and what GDAL writes
		} {
			if strings.Contains(c, name) {
				return 3857
			}
		}
	}
	return 0
}

func wrongKey(key GeoKeyID, value any, reason string) error {
	return &GeoKeyError{Key: key.String(), Value: show(value), Reason: reason}
}

func unsupportedKey(key GeoKeyID, value any, reason string) error {
	return &GeoKeyError{Key: key.String(), Value: show(value), Reason: reason, Unsupported: true}
}

// refusedKey is the error of a code or a text that is no fault of the file's, but that FromWKID or FromWKT refuses.
func refusedKey(key GeoKeyID, code uint16, err error) error {
	return &GeoKeyError{Key: key.String(), Value: show(code), Unsupported: true, Err: err}
}

// show prints a value for a message, which a long list must not fill.
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
