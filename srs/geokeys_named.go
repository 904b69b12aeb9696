package srs

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unique"
)

// projectedNames holds the rows of projected systems by canonical name, EPSG's and Esri's.
var projectedNames = sync.OnceValue(func() map[string]int {
	rows := map[string]int{}
	withdrawn := map[string]bool{}
	for i, row := range openRegistry().projected.rows {
		f := split(row)
		for _, name := range []string{f[2], f[3]} {
			key := canonical(name)
			if _, taken := rows[key]; key != "" && f[1] != "" && (!taken || withdrawn[key] && f[8] == "") {
				rows[key], withdrawn[key] = i, f[8] != ""
			}
		}
	}
	return rows
})

// named returns the system that a citation names and no key defines: by its name in the registry, or as a zone of UTM
// or of a state plane in ERDAS's words.
func (k geoKeys) named(key GeoKeyID) (definition, error) {
	for _, cited := range [...]GeoKeyID{keyProjectedCit, keyCitation} {
		text := k.text(cited)
		if text == "" {
			continue
		}
		text = text[:min(len(text), maxCitation)]
		values := citationValues(text)
		for _, name := range []string{values["PCS Name"], values["Projection Name"], text} {
			row, ok := projectedNames()[canonical(name)]
			if !ok {
				continue
			}
			d, err := openRegistry().projectedCRS(openRegistry().projected.rows[row])
			if err != nil {
				return d, refusedKey(key, k.codes[key], err)
			}
			k.note("the system is %v, by the name in %v alone", CRS{unique.Make(d)}, cited)
			return k.namedInUnit(d)
		}
		if d, ok, err := k.zone(key, cited, text, values); ok || err != nil {
			return d, err
		}
	}
	if key == keyGeodeticCRS {
		reason := fmt.Sprintf("a model that neither a text nor a name defines: %q", show(k.citations()))
		return definition{}, unsupportedKey(keyModelType, k.codes[keyModelType], reason)
	}
	reason := fmt.Sprintf("no code, nor a projection: %q", show(k.citations()))
	return definition{}, unsupportedKey(key, k.codes[key], reason)
}

// namedInUnit returns a system in the unit that the file states, if it states one.
func (k geoKeys) namedInUnit(d definition) (definition, error) {
	unit, from, err := k.linearUnit()
	if err != nil || unit == 0 || sameUnit(unit, d.unit) {
		return d, err
	}
	k.note("the unit is %g m, as %s states", unit, from)
	return d.inUnit(unit), nil
}

// isNamed reports whether named would find a system.
func (k geoKeys) isNamed() bool {
	_, err := k.quiet().named(keyProjectedCRS)
	return err == nil
}

// zone returns the zone of UTM or of a state plane that a citation states in ERDAS's words, "UTM Zone 10N" or "State
// Plane Zone 3101" with "NAD = 83"; ok is false if it states none.
func (k geoKeys) zone(key, cited GeoKeyID, text string, values map[string]string) (d definition, ok bool, err error) {
	conversion, system := 0, 0
	if _, words, found := strings.Cut(text, "State Plane Zone "); found {
		conversion, system, err = statePlane(words, text, values)
	} else if i := strings.Index(strings.ToLower(text), "utm zone "); i >= 0 {
		conversion = utmZone(text[i+len("utm zone "):])
	}
	if conversion == 0 {
		return d, false, err
	}
	var t description
	switch {
	case k.definesGeodetic():
		err = k.readGeographic(&t, key)
	case system != 0:
		_, err = t.readGeodeticCode(keyGeodeticCRS, uint16(system))
	default:
		err = unsupportedKey(cited, withoutPreamble(text), "a zone without a geographic system")
	}
	if err != nil {
		return d, true, err
	}
	unit, _, err := k.linearUnit()
	if err == nil && unit == 0 {
		err = unsupportedKey(cited, withoutPreamble(text), "a zone without a unit of length")
	}
	if err != nil {
		return d, true, err
	}
	t.name, t.linear = shortName(withoutPreamble(strings.TrimSpace(text))), unit
	d, err = k.onConversion(&t, uint16(conversion))
	if err == nil {
		k.note("the projection is EPSG's conversion %d, by the words of %v alone", conversion, cited)
	}
	return d, true, err
}

// statePlane returns EPSG's code of the conversion of a zone of a state plane, which follows from the zone's own
// number, and the code of the geographic system, or 0.
func statePlane(words, text string, values map[string]string) (conversion, system int, err error) {
	zone := leadingNumber(strings.TrimLeft(words, "-"))
	nad := values["NAD"]
	switch {
	case zone < 101 || zone > 5400: // Alabama East to Guam
		return 0, 0, unsupportedKey(keyProjectedCit, withoutPreamble(text), "a state plane that is not known")
	case strings.HasPrefix(nad, "83") || strings.Contains(text, "NAD83") || strings.Contains(text, "NAD 83"):
		return 10000 + zone + 30, 4269, nil
	case strings.HasPrefix(nad, "27") || strings.Contains(text, "NAD27") || strings.Contains(text, "NAD 27"):
		return 10000 + zone, 4267, nil
	}
	return 0, 0, unsupportedKey(keyProjectedCit, withoutPreamble(text), "a state plane without its datum, NAD27 or NAD83")
}

// utmZone returns EPSG's code of the conversion of a zone such as "10N", "10 North" or "10, Southern Hemisphere"; 0 if
// it is none.
func utmZone(words string) int {
	zone := leadingNumber(words)
	rest := strings.ToUpper(strings.TrimLeft(words, "0123456789, "))
	switch {
	case zone < 1 || zone > 60:
		return 0
	case strings.HasPrefix(rest, "N"):
		return 16000 + zone
	case strings.HasPrefix(rest, "S"):
		return 16100 + zone
	}
	return 0
}

// leadingNumber returns the number of up to four digits that a text begins with; 0 if it does not.
func leadingNumber(s string) int {
	n := 0
	for n < len(s) && n < 5 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	v, _ := strconv.Atoi(s[:n])
	return v
}
