package geotiff

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/geoexport/geoexport/srs"
)

// geoKeys are the entries of the GeoKey directory, by where their values are stored.
type geoKeys struct {
	codes   map[geoKey]uint16
	texts   map[geoKey]string    // with the marks that end them
	numbers map[geoKey][]float64 // empty for a key whose values lie outside the field that has them

	// errNumbers is why GeoDoubleParams could not be read. It matters only to systems that need numbers.
	errNumbers error
}

func readGeoKeys(ctx context.Context, d *directory) (geoKeys, error) {
	k := geoKeys{codes: map[geoKey]uint16{}, texts: map[geoKey]string{}, numbers: map[geoKey][]float64{}}
	if !d.has(tagGeoKeyDirectory) {
		return k, nil
	}
	dir, err := d.uints(ctx, tagGeoKeyDirectory)
	if err != nil {
		return k, err
	}
	if len(dir) < 4 || dir[0] != 1 {
		return k, wrong(tagGeoKeyDirectory, dir, "want version 1 and a header of 4 values")
	}
	if n := dir[3]; n > uint64(len(dir)-4)/4 {
		return k, wrong(tagGeoKeyDirectory, nil, fmt.Sprintf("%d keys in %d values", n, len(dir)))
	}
	var ascii string
	if d.has(tagGeoASCIIParams) {
		if ascii, err = d.ascii(ctx, tagGeoASCIIParams); err != nil {
			return k, err
		}
	}
	var numbers []float64
	if numbers, k.errNumbers = d.floats(ctx, tagGeoDoubleParams); ctx.Err() != nil {
		return k, k.errNumbers
	}
	for e := dir[4 : 4+4*dir[3]]; len(e) > 0; e = e[4:] {
		key, location, count, value := geoKey(e[0]), tag(e[1]), e[2], e[3]
		switch {
		case location == 0:
			k.codes[key] = uint16(value)
		case location == tagGeoDoubleParams:
			k.numbers[key] = nil
			if value <= uint64(len(numbers)) && count <= uint64(len(numbers))-value {
				k.numbers[key] = numbers[value : value+count]
			}
		case location == tagGeoASCIIParams:
			if value > uint64(len(ascii)) {
				continue // a text that is not there is no harm: only codes are relied on
			}
			text := ascii[value:]
			k.texts[key] = text[:min(count, uint64(len(text)))]
		}
	}
	return k, nil
}

// pixelIsPoint says whether the file's coordinates are those of pixel centres rather than of corners.
func (k geoKeys) pixelIsPoint() bool { return k.codes[keyRasterType] == rasterPixelIsPoint }

// text is a key's text; empty if there is none. Keys may share a long one, so that it is not looked at before it is asked for.
func (k geoKeys) text(key geoKey) string { return strings.TrimRight(k.texts[key], "|") }

// number is a key's one value; ok is false if there is no such key.
func (k geoKeys) number(key geoKey) (v float64, ok bool, err error) {
	list, ok := k.numbers[key]
	switch {
	case !ok:
		return 0, false, nil
	case k.errNumbers != nil:
		return 0, false, k.errNumbers
	case len(list) != 1:
		return 0, false, wrong(key, list, "want one number")
	case math.IsNaN(list[0]) || math.IsInf(list[0], 0):
		return 0, false, wrong(key, list[0], "want a finite number")
	}
	return list[0], true, nil
}

// firstNumber is the value of the first of some keys that is there; ok is false if none is.
func (k geoKeys) firstNumber(keys ...geoKey) (v float64, ok bool, err error) {
	for _, key := range keys {
		if v, ok, err = k.number(key); ok || err != nil {
			break
		}
	}
	return v, ok, err
}

// isCode says whether a key has a code, rather than none or the one that means a definition by other keys.
func (k geoKeys) isCode(key geoKey) bool {
	return k.codes[key] != keyUndefined && k.codes[key] != keyUserDefined
}

// crs is the spatial reference that the keys name by a code or define, or the zero one if they say nothing. Vertical ones
// do not count.
func (k geoKeys) crs(warn func(string)) (srs.CRS, error) {
	if k.codes[keyModelType] == modelGeocentric {
		return srs.CRS{}, unsupported(keyModelType, modelGeocentric, "geocentric coordinates")
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
		return srs.CRS{}, nil
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
		return srs.CRS{}, unsupported(key, k.codes[key], fmt.Sprintf("no code, nor a projection: %q", show(k.citations())))
	case err == nil:
		wkt, err = k.projectedWKT(g)
	}
	if err != nil {
		return srs.CRS{}, err
	}
	crs, err := srs.FromWKT(wkt)
	if _, ok := errors.AsType[*srs.SyntaxError](err); ok {
		return crs, &FormatError{Name: key.String(), Value: show(k.codes[key]), Err: err}
	}
	if err != nil {
		return crs, fmt.Errorf("geotiff: %v %d: %w", key, k.codes[key], err)
	}
	return crs, nil
}

// codedCRS is the spatial reference of a code.
func (k geoKeys) codedCRS(key geoKey) (srs.CRS, error) {
	code := k.codes[key]
	crs, err := srs.FromWKID(int(code))
	if err != nil {
		return srs.CRS{}, fmt.Errorf("geotiff: %v %d: %w", key, code, err)
	}
	if key == keyProjectedCRS && k.isCode(keyLinearUnit) {
		// The tolerance is a twentieth of what the two feet differ by.
		unit, ok := linearUnits[k.codes[keyLinearUnit]]
		if ok && !crs.Geographic() && math.Abs(unit/crs.Unit()-1) > 1e-7 {
			return srs.CRS{}, unsupported(keyLinearUnit, k.codes[keyLinearUnit],
				fmt.Sprintf("%v %d has a unit of %v m", key, code, crs.Unit()))
		}
	}
	return crs, nil
}

// esriCRS is the spatial reference that a citation spells out or has a well-known name of; the zero one if none does.
func (k geoKeys) esriCRS(key geoKey) (srs.CRS, error) {
	for _, c := range k.citations() {
		_, text, ok := strings.Cut(c, "ESRI PE String = ")
		if !ok {
			continue
		}
		text, _, _ = strings.Cut(text, "|")
		crs, err := srs.FromWKT(text)
		if _, ok := errors.AsType[*srs.SyntaxError](err); ok {
			continue // it may be cut short, and the other keys complete
		}
		if err != nil {
			return crs, fmt.Errorf("geotiff: %v %d: %w", key, k.codes[key], err)
		}
		if crs.Geographic() == (key == keyGeodeticCRS) {
			return crs, nil
		}
	}
	if code := k.wellKnown(); code != 0 && key == keyProjectedCRS {
		return srs.FromWKID(int(code))
	}
	return srs.CRS{}, nil
}

func (k geoKeys) citations() []string {
	var c []string
	for _, key := range [...]geoKey{keyProjectedCit, keyCitation, keyGeodeticCitation} {
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
