package srs

import (
	"errors"
	"fmt"
	"maps"
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
}

// FromGeoKeys returns the CRS that the GeoKeys of a file name by a code or define, the inverse of [CRS.GeoKeys]. It is
// the zero CRS if they state none; vertical systems do not count. [GeoKeyTags.Keys] takes keys from the tags of a file.
//
// A code decides, then Esri's well-known text in a citation, then the definition by the other keys. notes report what
// the user of a file should know, such as that it states no spatial reference.
//
// The error is a *GeoKeyError that names the key, and wraps the error of FromWKID or FromWKT where they refuse the code
// or the text of the key; or it is the Err of a key whose numbers are needed.
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
func (k geoKeys) crs(note func(string)) (CRS, error) {
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
		note("no spatial reference is stated")
		return CRS{}, nil
	}
	if crs, err := k.esriCRS(key); err != nil || !crs.IsZero() {
		return crs, err
	}
	t, err := k.describe(key)
	if err != nil {
		return CRS{}, err
	}
	crs, err := t.crs()
	if err != nil {
		_, unsupported := errors.AsType[*UnsupportedError](err)
		return CRS{}, &GeoKeyError{Key: key.String(), Value: show(k.codes[key]), Unsupported: unsupported, Err: err}
	}
	return crs, nil
}

// describe reads the system that the keys define for key, which is user-defined.
func (k geoKeys) describe(key GeoKeyID) (t description, err error) {
	err = k.readGeographic(&t, key)
	switch {
	case key == keyGeodeticCRS:
		t.name = t.systemName
	case k.codes[keyMethod] == keyUndefined && k.codes[keyConversion] == keyUndefined:
		err = unsupportedKey(key, k.codes[key], fmt.Sprintf("no code, nor a projection: %q", show(k.citations())))
	case err == nil:
		err = k.readProjected(&t)
	}
	return t, err
}

// crs makes a CRS of what GeoKeys describe.
func (t *description) crs() (CRS, error) {
	d, err := t.definition()
	if err != nil {
		return CRS{}, err
	}
	if !d.geographic() {
		// A polar projection with a latitude of true scale and a scale factor has no other spelling.
		if _, ok := d.projection.Spell(d.datum.ellipsoid); !ok {
			d.wkt = t.projectedWKT()
		}
	}
	return makeCRS(d)
}

// projectedWKT writes a projected system as well-known text of version 1 in the OGC's words, with names of the
// parameters as they are.
func (t *description) projectedWKT() string {
	var b strings.Builder
	b.WriteString(`PROJCS["` + quoteWKT(t.name) + `",GEOGCS["` + quoteWKT(t.systemName) + `",DATUM["` + quoteWKT(t.datumName) +
		`",SPHEROID["unnamed",` + wktNumber(t.ellipsoid.A) + `,` + wktNumber(t.ellipsoid.RF) + `]`)
	for i, v := range t.shift {
		b.WriteString([]string{`,TOWGS84[`, `,`}[min(i, 1)] + wktNumber(v))
	}
	if len(t.shift) > 0 {
		b.WriteString(`]`)
	}
	b.WriteString(`],PRIMEM["unnamed",` + wktNumber(t.meridian) + `],UNIT["degree",` + wktNumber(degree) + `]],PROJECTION["` + t.method + `"]`)
	for _, key := range slices.Sorted(maps.Keys(t.params)) {
		p := t.params[key]
		if key == "x_0" || key == "y_0" {
			p.Value /= t.linear
		}
		b.WriteString(`,PARAMETER["` + p.Name + `",` + wktNumber(p.Value) + `]`)
	}
	b.WriteString(`,UNIT["unnamed",` + wktNumber(t.linear) + `]]`)
	return b.String()
}

// codedCRS returns the CRS of a code.
func (k geoKeys) codedCRS(key GeoKeyID) (CRS, error) {
	code := k.codes[key]
	crs, err := FromWKID(int(code))
	if err != nil {
		return CRS{}, refusedKey(key, code, err)
	}
	if key == keyProjectedCRS && k.isCode(keyLinearUnit) {
		// The tolerance is a twentieth of the difference between the two feet.
		unit, ok := linearUnits[k.codes[keyLinearUnit]]
		if ok && !crs.Geographic() && math.Abs(unit/crs.Unit()-1) > 1e-7 {
			return CRS{}, unsupportedKey(keyLinearUnit, k.codes[keyLinearUnit],
				fmt.Sprintf("%v %d has a unit of %v m", key, code, crs.Unit()))
		}
	}
	return crs, nil
}

// esriCRS returns the CRS that a citation defines by Esri's well-known text or names; the zero CRS if none does.
func (k geoKeys) esriCRS(key GeoKeyID) (CRS, error) {
	for _, c := range k.citations() {
		_, text, ok := strings.Cut(c, "ESRI PE String = ")
		if !ok {
			continue
		}
		text, _, _ = strings.Cut(text, "|")
		crs, err := FromWKT(text)
		if _, ok := errors.AsType[*SyntaxError](err); ok {
			continue // the text may be cut short; the other keys may be complete
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

// citations returns the citations that are present.
func (k geoKeys) citations() []string {
	var c []string
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation, keyGeodeticCitation} {
		if s := k.text(key); s != "" {
			c = append(c, s)
		}
	}
	return c
}

// wellKnown returns the code of a common CRS by whose name a citation calls a user-defined one; 0 if none does.
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
