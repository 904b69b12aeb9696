package srs

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// esriPrefix leads Esri's well-known text in a citation, with an equals sign after it.
const esriPrefix = "ESRI PE String"

// An esriText is a system that a citation defines by well-known text.
type esriText struct {
	key        GeoKeyID // of the citation, 0 if there is no such text
	projected  bool     // by its first word
	ok         bool     // whether it was understood
	definition definition
}

func (t esriText) found() bool      { return t.ok }
func (t esriText) geographic() bool { return t.definition.geographic() }

// esriText returns the system that a citation defines by well-known text, a projected one before a geographic one. The
// error is why a text was not understood, if none was: that of the text that would be a projected system, if there is
// one.
func (k geoKeys) esriText() (found esriText, err error) {
	for _, key := range citationKeys {
		text, ok := wellKnownText(k.text(key))
		if !ok {
			continue
		}
		t := esriText{key: key, projected: hasPrefixFold(text, "PROJ")}
		d, errText := definitionFromWKT(text)
		t.definition, t.ok = d, errText == nil
		switch {
		case t.ok && (!found.ok || !d.geographic() && found.geographic()):
			if found.key != 0 && found.projected && !t.projected {
				continue // a geographic text does not make up for a projected one
			}
			found, err = t, nil
		case !t.ok && (found.key == 0 || t.projected && !found.projected):
			found, err = t, errText
		}
	}
	return found, err
}

// wellKnownText returns the well-known text in a citation, up to the mark that ends it.
func wellKnownText(citation string) (text string, ok bool) {
	if _, text, ok = strings.Cut(citation, esriPrefix); ok {
		text = strings.TrimLeft(text, " =")
	} else {
		text = strings.TrimSpace(citation)
		for _, keyword := range []string{"PROJCS[", "PROJCRS[", "GEOGCS[", "GEOGCRS["} {
			ok = ok || hasPrefixFold(text, keyword)
		}
	}
	text, _, _ = strings.Cut(text, "|")
	return strings.TrimSpace(text), ok
}

// completed returns the system of a text with what other keys add to it, and notes which of them it sets aside. Esri's
// names, in which most texts are, do not cover all datums, and have no shift to WGS 84.
func (k geoKeys) completed(t esriText, key GeoKeyID) definition {
	d := t.definition
	quiet := k.quiet()
	var keys description
	if k.definesGeodetic() && quiet.readGeographic(&keys, keyGeodeticCRS) == nil {
		known := keys.datum()
		near := nearEllipsoid(known.ellipsoid, d.datum.ellipsoid) && nearMeridian(known.meridian, d.datum.meridian)
		switch {
		case near && (known.id != "" && (d.datum.id == "" || k.isCode(keyGeodeticCRS) && sameDatumName(known, d.datum)) ||
			known.operations.text != ""):
			d.datum, d.wkt = known, ""
			if _, err := makeCRS(d); err != nil || !d.spelled() {
				d.wkt = t.definition.wkt
			}
		case !near || known.id != "" && known.id != d.datum.id:
			k.note("the geographic system that keys state is set aside: %v has another", t.key)
		}
	}
	if k.definesProjection() && key == keyProjectedCRS {
		if other, err := quiet.defined(key); err == nil && !sameProjection(d, other) {
			k.note("the projection that keys define is set aside: %v has another", t.key)
		}
	}
	if unit, from, err := k.linearUnit(); err == nil && unit != 0 && !d.geographic() && !sameUnit(unit, d.unit) {
		k.note("the unit of %g m that %s states is set aside: %v has %g m", unit, from, t.key, d.unit)
	}
	return d
}

// sameDatumName reports whether two datums have the same name in Esri's words, in which texts write them.
func sameDatumName(a, b datum) bool {
	x, y := definition{system: system{datum: a}}, definition{system: system{datum: b}}
	return x.datumName() == y.datumName()
}

// spelled reports whether well-known text can express the system.
func (d *definition) spelled() bool {
	if d.geographic() {
		return true
	}
	_, ok := d.projection.Spell(d.datum.ellipsoid)
	return ok
}

// keyError makes an error about what key asked for one that names the key.
func keyError(key GeoKeyID, code uint16, err error) error {
	if _, ok := errors.AsType[*GeoKeyError](err); ok {
		return err
	}
	_, unsupported := errors.AsType[*UnsupportedError](err)
	return &GeoKeyError{Key: key.String(), Value: show(code), Unsupported: unsupported, Err: err}
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
