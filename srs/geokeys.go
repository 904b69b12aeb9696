package srs

import (
	"cmp"
	"slices"
	"strings"
	"unique"
)

// A GeoKey is one entry of a GeoTIFF file's directory of keys. Its value is Text if that is not empty, else Numbers if
// they are not nil, else Code.
type GeoKey struct {
	ID      GeoKeyID
	Code    uint16    // SHORT: a code of EPSG, or of the GeoTIFF standard itself; 0 is undefined, 32767 user-defined
	Numbers []float64 // DOUBLE
	Text    string    // ASCII, in parts with "|" between them; one at the end, as in files, is ignored

	// Err is why the value could not be read from the file, and nil in what GeoKeys returns. FromGeoKeys returns it if
	// it needs the value as numbers.
	Err error
}

// GeoKeys returns the CRS as GeoTIFF keys, in rising order of ID, as a file has to list them. GTRasterTypeGeoKey is not
// among them, as it is a property of the image.
//
// A CRS that EPSG has a code for, under that code or as the newest equivalent of another, is that code. Any other is
// user-defined: datum, ellipsoid, prime meridian, units, method and parameters are spelled out. One whose method
// GeoTIFF has no code for goes into PCSCitationGeoKey as "ESRI PE String = " and Esri's well-known text, which GDAL and
// FromGeoKeys read. Codes of Esri's are not written: GeoTIFF's are EPSG's.
//
// The error is ErrNotStated for the zero CRS, and an *UnsupportedError naming the projection if neither GeoTIFF nor
// Esri has words for it.
func (c CRS) GeoKeys() ([]GeoKey, error) {
	if c.IsZero() {
		return nil, ErrNotStated
	}
	d := c.definition()
	model, key := uint16(modelProjected), keyProjectedCRS
	if d.geographic() {
		model, key = modelGeographic, keyGeodeticCRS
	}
	keys := []GeoKey{{ID: keyModelType, Code: model}}
	if code := d.geoCode(); code != 0 {
		return append(keys, GeoKey{ID: key, Code: code}), nil
	}
	if d.geographic() {
		return d.appendGeographic(keys), nil
	}
	keys, err := d.appendProjection(d.baseSystem().appendBase(keys))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(keys, func(a, b GeoKey) int { return cmp.Compare(a.ID, b.ID) })
	return keys, nil
}

// geoCode returns EPSG's code of the CRS, 0 if there is none that a key can hold.
func (d *definition) geoCode() uint16 {
	for _, code := range [...]int{d.wkid, d.latest} {
		if known, err := lookup(epsg, code); err == nil && known.authority == epsg && known.system == d.system &&
			code >= 1024 && code < keyUserDefined {
			return uint16(code)
		}
	}
	return 0
}

// appendBase appends the code or the definition of the geographic system. The angles of parameters are degrees in both
// cases.
func (d definition) appendBase(keys []GeoKey) []GeoKey {
	if code := d.geoCode(); code != 0 {
		return append(keys, GeoKey{ID: keyGeodeticCRS, Code: code}, GeoKey{ID: keyAngularUnit, Code: 9102})
	}
	d.unit = degree
	return d.appendGeographic(keys)
}

// appendGeographic appends the definition of a geographic system.
func (d *definition) appendGeographic(keys []GeoKey) []GeoKey {
	r := openRegistry()
	// A datum's names are Esri's in well-known text, by which readers know it.
	datumName, ellipsoidName := d.datumName(), r.ellipsoidName(d.datum.ellipsoid, "Unknown")
	meridianName := r.meridianName(d.datum.meridian, "Unknown")
	keys = append(keys, GeoKey{ID: keyGeodeticCRS, Code: keyUserDefined},
		GeoKey{ID: keyGeodeticCitation, Text: "GCS Name = " + citation(d.name) + "|Datum = " + citation(datumName) +
			"|Ellipsoid = " + citation(ellipsoidName) + "|Primem = " + citation(meridianName)},
		GeoKey{ID: keyDatum, Code: keyUserDefined},
		GeoKey{ID: keyMeridian, Code: keyUserDefined}, GeoKey{ID: keyMeridianLongitude, Numbers: []float64{d.datum.meridian * degree / d.unit}},
		GeoKey{ID: keyEllipsoid, Code: keyUserDefined}, GeoKey{ID: keySemiMajorAxis, Numbers: []float64{d.datum.ellipsoid.A}})
	if d.unit == degree {
		keys[len(keys)-3].Numbers[0] = d.datum.meridian
	}
	if rf := d.datum.ellipsoid.RF; rf != 0 {
		keys = append(keys, GeoKey{ID: keyInvFlattening, Numbers: []float64{rf}})
	} else {
		keys = append(keys, GeoKey{ID: keySemiMinorAxis, Numbers: []float64{d.datum.ellipsoid.A}})
	}
	switch d.unit {
	case degree:
		keys = append(keys, GeoKey{ID: keyAngularUnit, Code: 9102})
	case grad:
		keys = append(keys, GeoKey{ID: keyAngularUnit, Code: 9105})
	case 1:
		keys = append(keys, GeoKey{ID: keyAngularUnit, Code: 9101})
	default:
		keys = append(keys, GeoKey{ID: keyAngularUnit, Code: keyUserDefined}, GeoKey{ID: keyAngularUnitSize, Numbers: []float64{d.unit}})
	}
	if shift, ok := d.datum.operations.numbers(); ok {
		keys = append(keys, GeoKey{ID: keyToWGS84, Numbers: shift[:]})
	}
	slices.SortFunc(keys, func(a, b GeoKey) int { return cmp.Compare(a.ID, b.ID) })
	return keys
}

// citation replaces the marks that part a citation in a name.
func citation(s string) string { return strings.NewReplacer("|", "/", "=", "-").Replace(toASCII(s)) }

// toASCII replaces all but printable ASCII.
func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// appendProjection appends the definition of a projected system.
func (d *definition) appendProjection(keys []GeoKey) ([]GeoKey, error) {
	keys = append(keys, GeoKey{ID: keyProjectedCRS, Code: keyUserDefined})
	s, ok := d.projection.Spell(d.datum.ellipsoid)
	if !ok || s.Method.GeoTIFF == 0 {
		wkt, err := CRS{unique.Make(*d)}.WKT()
		if err != nil {
			return nil, err
		}
		keys[0].Code = keyUserDefined // of the model type: otherwise GDAL looks for the projection in other keys
		return append(keys, GeoKey{ID: keyProjectedCit, Text: "ESRI PE String = " + toASCII(wkt)}), nil
	}
	keys = append(keys, GeoKey{ID: keyCitation, Text: citation(d.name)},
		GeoKey{ID: keyConversion, Code: keyUserDefined}, GeoKey{ID: keyMethod, Code: s.Method.GeoTIFF})
	for _, v := range s.Values {
		keys = append(keys, GeoKey{ID: GeoKeyID(v.GeoKey), Numbers: []float64{v.Value}})
	}
	switch d.unit {
	case metre:
		keys = append(keys, GeoKey{ID: keyLinearUnit, Code: 9001})
	case 0.3048:
		keys = append(keys, GeoKey{ID: keyLinearUnit, Code: 9002})
	case exactLength(12 / 39.37):
		keys = append(keys, GeoKey{ID: keyLinearUnit, Code: 9003})
	default:
		keys = append(keys, GeoKey{ID: keyLinearUnit, Code: keyUserDefined}, GeoKey{ID: keyLinearUnitSize, Numbers: []float64{d.unit}})
	}
	return keys, nil
}
