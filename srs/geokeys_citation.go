package srs

import (
	"slices"
	"strconv"
	"strings"
)

// citationKeys are the keys that hold citations, the most particular first.
var citationKeys = [...]GeoKeyID{keyProjectedCit, keyCitation, keyGeodeticCitation}

// citationWords are the names of the values in a citation: "GCS Name = …|Datum = …" as GDAL and Esri write it, and one
// to a line as ERDAS does.
var citationWords = []string{
	"GeoTIFF Units", "LUnits", "AUnits", "Units", "Projection Name", "Projection", "PCS Name", "PRJ Name", "GCS Name",
	"Datum", "Ellipsoid", "Primem", "NAD",
}

// maxCitation is how much of a citation is read for values, in bytes. Real ones stay below a quarter of it.
const maxCitation = 4096

// citationValues returns the named values in a citation. A value ends at a bar, at the end of the line, or where the
// next name begins.
func citationValues(text string) map[string]string {
	values := map[string]string{}
	text = text[:min(len(text), maxCitation)]
	open, start := "", 0
	end := func(at int) {
		if _, twice := values[open]; open != "" && !twice {
			values[open] = strings.TrimSpace(text[start:at])
		}
		open = ""
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '|' || c == '\n' || c == '\r' {
			end(i)
			continue
		}
		if i > 0 && !strings.ContainsRune("| \n\r\t.", rune(text[i-1])) {
			continue
		}
		for _, word := range citationWords {
			if strings.HasPrefix(text[i:], word+" = ") {
				end(i)
				open, start = word, i+len(word)+len(" = ")
				i = start - 1
				break
			}
		}
	}
	end(len(text))
	return values
}

// isERDAS reports whether ERDAS IMAGINE wrote a citation, in whose words units are plain "Units".
func isERDAS(citation string) bool { return strings.Contains(citation, "IMAGINE GeoTIFF") }

// withoutPreamble returns a citation without the lines that ERDAS IMAGINE begins each with: its name, a copyright and
// its version.
func withoutPreamble(citation string) string {
	if !isERDAS(citation) {
		return citation
	}
	lines := slices.DeleteFunc(strings.Split(citation[:min(len(citation), maxCitation)], "\n"), func(line string) bool {
		return strings.Contains(line, "IMAGINE") || strings.Contains(line, "Copyright") || strings.Contains(line, "$")
	})
	return strings.Join(lines, ", ")
}

// citedUnits are units of length in metres, by the canonical name that ERDAS and Esri give them and the registry does
// not. ERDAS's plain feet are those of the US survey.
var citedUnits = map[string]float64{
	"meters": 1, "meter": 1, "m": 1, "centimeters": 0.01, "centimeter": 0.01, "cm": 0.01, "millimeters": 0.001,
	"millimeter": 0.001, "mm": 0.001, "kilometers": 1000, "kilometer": 1000, "km": 1000,
	"ussurveyfeet": 12 / 39.37, "ussurveyfoot": 12 / 39.37, "footus": 12 / 39.37, "feet": 12 / 39.37, "foot": 12 / 39.37,
	"ft": 12 / 39.37, "internationalfeet": 0.3048, "internationalfoot": 0.3048, "inches": 1 / 39.37, "inch": 1 / 39.37,
	"in": 1 / 39.37, "yards": 0.9144, "yard": 0.9144, "yd": 0.9144, "miles": 1609.344, "mile": 1609.344, "mi": 1609.344,
	"modifiedamericanfeet": 0.3048122530, "clarkefeet": 0.3047972654, "clarkefoot": 0.3047972654, "footclarke": 0.3047972654,
	"indianfeet": 0.30479951024814694, "indianfoot": 0.30479951024814694, "yardindian": 0.9143985307444408,
	"footgoldcoast": 0.3047997101815088, "linkclarke": 0.201166195164, "yardsears": 0.9143984146160287,
	"50kilometers": 50000, "150kilometers": 150000,
}

// citedUnit returns the unit of length that a citation states, in metres, with the words; 0 if none does. ok is false
// if the unit is not known.
func (k geoKeys) citedUnit() (unit float64, words string, ok bool) {
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation} {
		text := k.text(key)
		values := citationValues(text)
		name := values["LUnits"]
		if name == "" && isERDAS(text) {
			name = values["Units"]
		}
		if name == "" {
			continue
		}
		words = shortName(name)
		if unit = citedUnits[canonical(strings.TrimSuffix(name, "."))]; unit == 0 {
			unit = openRegistry().unitNamed(name)
		}
		return exactLength(unit), strconv.Quote(words) + " in " + key.String(), unit != 0
	}
	return 0, "", true
}

// unitNamed returns a unit of length by its name; 0 if there is none.
func (r *registry) unitNamed(name string) float64 {
	for i, row := range r.units {
		f := split(row)
		if f[1] != "deg" && f[1] != "grad" && canonical(f[0]) == canonical(name) {
			return r.unit(i)
		}
	}
	return 0
}

// linearUnit returns the size of the unit of length that the file states, in metres, and which statement that is; 0 if
// none is. As in GDAL, the words of a citation go before the code of ProjLinearUnitsGeoKey, which ERDAS left at metres,
// but not before a size.
func (k geoKeys) linearUnit() (unit float64, from string, err error) {
	code := k.codes[keyLinearUnit]
	if _, sized := k.numbers[keyLinearUnitSize]; !k.isCode(keyLinearUnit) && sized {
		unit, err = k.unit(keyLinearUnit, keyLinearUnitSize, linearUnits)
		return unit, keyLinearUnitSize.String(), err
	}
	cited, words, ok := k.citedUnit()
	coded := 0.0
	if k.isCode(keyLinearUnit) {
		if coded, err = k.unit(keyLinearUnit, keyLinearUnitSize, linearUnits); err != nil {
			return 0, "", err
		}
	}
	switch {
	case code == keyUserDefined && ok && cited == 0 && k.isCode(keyProjectedCRS):
		k.note("%v %d is left aside, as its size is missing", keyLinearUnit, code)
		return 0, "", nil
	case code == keyUserDefined && ok && cited == 0:
		_, err = k.unit(keyLinearUnit, keyLinearUnitSize, linearUnits)
		return 0, "", err
	case !ok && coded == 0:
		return 0, "", unsupportedKey(keyLinearUnit, nil, "the unit "+words+" is not known")
	case !ok:
		k.note("the unit %s is not known, and %v %d counts", words, keyLinearUnit, code)
		return coded, keyLinearUnit.String(), nil
	case cited != 0 && coded != 0 && !sameUnit(cited, coded):
		k.note("%v %d is set aside: the unit is %s", keyLinearUnit, code, words)
		return cited, words, nil
	case cited != 0:
		return cited, words, nil
	}
	return coded, keyLinearUnit.String(), nil
}

// webMercatorNames are names of web Mercator in files, in canonical form. whole ones stand for it only by themselves.
var webMercatorNames = []struct {
	name  string
	whole bool
}{
	{"webmercatorauxiliarysphere", false}, {"wgs84pseudomercator", false}, {"googlemapsglobalmercator", false},
	{"popularvisualisationcrsmercator", false}, {"wgs1984webmercator", false}, {"wgs84webmercator", false},
	{"webmercator", true}, {"googlemercator", true}, {"sphericalmercator", true}, {"pseudomercator", true},
	{"googlewebmercator", true},
}

// webMercator returns 3857 if a citation calls a user-defined system by a name of web Mercator, which GeoTIFF has no
// method for, and the keys define nothing else than a Mercator projection without parameters; 0 otherwise.
func (k geoKeys) webMercator() int {
	if k.isCode(keyConversion) {
		return 0
	}
	for _, key := range [...]GeoKeyID{keyProjectedCit, keyCitation} {
		name := canonical(k.text(key)[:min(len(k.text(key)), maxCitation)])
		for _, known := range webMercatorNames {
			if !(name == known.name || !known.whole && strings.Contains(name, known.name)) {
				continue
			}
			if !k.plainMercator() {
				k.note("the name %q is set aside: the keys define another system", show(k.text(key)))
				return 0
			}
			return 3857
		}
	}
	return 0
}

// plainMercator reports whether the keys define no projection, or Mercator's with its origin at 0, 0, without a scale
// and on an ellipsoid of WGS 84's size.
func (k geoKeys) plainMercator() bool {
	const mercator = 7
	if k.isCode(keyMethod) && k.codes[keyMethod] != mercator {
		return false
	}
	for key, numbers := range k.numbers {
		want := 0.0
		switch {
		case key == keyScaleAtNatOrigin || key == keyScaleAtCenter:
			want = 1
		case key == keySemiMajorAxis:
			want = wgs84Ellipsoid.A
		case key < keyStdParallel1:
			continue
		}
		if !slices.Equal(numbers, []float64{want}) {
			return false
		}
	}
	unit, _, err := k.quiet().linearUnit()
	return err == nil && (unit == 0 || unit == metre)
}
