package srs

import (
	"cmp"
	"slices"
	"strings"
	"unique"
)

// A GeoKey is one entry of a GeoTIFF file's directory of keys. Its value is Text if that is not empty, else Numbers if
// there are any, else Code.
type GeoKey struct {
	ID      uint16
	Code    uint16    // SHORT: a code of EPSG, or of the GeoTIFF standard itself
	Numbers []float64 // DOUBLE
	Text    string    // ASCII, without the "|" that ends it in a file, but with those that part it
}

// Ids and values of keys (OGC GeoTIFF 1.1, section 7.1 and annexes B to D; methods of libgeotiff).
const (
	geoModelType      = 1024
	geoCitation       = 1026
	geoGeographic     = 2048
	geoGeogCitation   = 2049
	geoDatum          = 2050
	geoMeridian       = 2051
	geoAngularUnit    = 2054
	geoAngularSize    = 2055
	geoEllipsoid      = 2056
	geoSemiMajor      = 2057
	geoSemiMinor      = 2058
	geoInvFlattening  = 2059
	geoMeridianLong   = 2061
	geoToWGS84        = 2062
	geoProjected      = 3072
	geoProjCitation   = 3073
	geoConversion     = 3074
	geoMethod         = 3075
	geoLinearUnit     = 3076
	geoLinearUnitSize = 3077
	geoUserDefined    = 32767
)

// geoMethods are the methods that GeoTIFF has a code for, by their name in EPSG's words, and the keys of their
// parameters, in the order of the method's own.
var geoMethods = map[string]struct {
	code uint16
	keys []uint16
}{
	"Transverse Mercator":                    {1, []uint16{3081, 3080, 3092, 3082, 3083}},
	"Transverse Mercator (South Orientated)": {27, []uint16{3081, 3080, 3092, 3082, 3083}},
	"Hotine Oblique Mercator (variant A)":    {3, []uint16{3089, 3088, 3094, 3096, 3093, 3082, 3083}},
	"Hotine Oblique Mercator (variant B)":    {9815, []uint16{3089, 3088, 3094, 3096, 3093, 3090, 3091}},
	"Mercator (variant A)":                   {7, []uint16{3081, 3080, 3092, 3082, 3083}},
	"Mercator (variant B)":                   {7, []uint16{3078, 3080, 3082, 3083}},
	"Lambert Conic Conformal (2SP)":          {8, []uint16{3085, 3084, 3078, 3079, 3086, 3087}},
	"Lambert Conic Conformal (1SP)":          {9, []uint16{3081, 3080, 3092, 3082, 3083}},
	"Lambert Azimuthal Equal Area":           {10, []uint16{3089, 3088, 3082, 3083}},
	"Albers Equal Area":                      {11, []uint16{3081, 3080, 3078, 3079, 3082, 3083}},
	"Modified Azimuthal Equidistant":         {12, []uint16{3089, 3088, 3082, 3083}},
	"Equidistant Conic":                      {13, []uint16{3081, 3080, 3078, 3079, 3082, 3083}},
	"Stereographic":                          {14, []uint16{3089, 3088, 3092, 3082, 3083}},
	"Polar Stereographic (variant A)":        {15, []uint16{3081, 3095, 3092, 3082, 3083}},
	"Polar Stereographic (variant B)":        {15, []uint16{3081, 3095, 3082, 3083}},
	"Oblique Stereographic":                  {16, []uint16{3081, 3080, 3092, 3082, 3083}},
	"Equidistant Cylindrical (Spherical)":    {17, []uint16{3078, 3088, 3082, 3083}},
	"Cassini-Soldner":                        {18, []uint16{3081, 3080, 3082, 3083}},
	"Gnomonic":                               {19, []uint16{3089, 3088, 3082, 3083}},
	"Miller Cylindrical":                     {20, []uint16{3088, 3082, 3083}},
	"Orthographic":                           {21, []uint16{3089, 3088, 3082, 3083}},
	"American Polyconic":                     {22, []uint16{3081, 3080, 3082, 3083}},
	"Robinson":                               {23, []uint16{3088, 3082, 3083}},
	"Sinusoidal":                             {24, []uint16{3088, 3082, 3083}},
	"Van Der Grinten":                        {25, []uint16{3088, 3082, 3083}},
	"New Zealand Map Grid":                   {26, []uint16{3081, 3080, 3082, 3083}},
	"Lambert Cylindrical Equal Area":         {28, []uint16{3078, 3080, 3082, 3083}},
}

// GeoKeys gives the CRS as GeoTIFF keys, in rising order of ID, as a file has to list them. GTRasterTypeGeoKey is not
// among them, for it is the picture's.
//
// A CRS that EPSG has a code for, under that code or as the newest equivalent of another, is that code. Any other is
// user-defined: datum, ellipsoid, prime meridian, units, method and parameters are spelled out, and one whose method
// GeoTIFF has no code for goes into PCSCitationGeoKey as "ESRI PE String = " and Esri's well-known text, which GDAL and
// package geotiff read. Codes of Esri's are not written: GeoTIFF's are EPSG's.
//
// The error is ErrNotStated for the zero CRS, and an *UnsupportedError naming the projection if neither GeoTIFF nor Esri
// has words for it.
func (c CRS) GeoKeys() ([]GeoKey, error) {
	if c.IsZero() {
		return nil, ErrNotStated
	}
	d := c.definition()
	model, key := uint16(1), uint16(geoProjected)
	if d.geographic() {
		model, key = 2, geoGeographic
	}
	keys := []GeoKey{{ID: geoModelType, Code: model}}
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

// geoCode is EPSG's code of the CRS, 0 if it has none that a key can hold.
func (d *definition) geoCode() uint16 {
	for _, code := range [...]int{d.wkid, d.latest} {
		if known, err := lookup(epsg, code); err == nil && known.authority == epsg && known.system == d.system &&
			code >= 1024 && code < geoUserDefined {
			return uint16(code)
		}
	}
	return 0
}

// appendBase spells the geographic system out or gives its code. The angles of parameters are degrees in any case.
func (d definition) appendBase(keys []GeoKey) []GeoKey {
	if code := d.geoCode(); code != 0 {
		return append(keys, GeoKey{ID: geoGeographic, Code: code}, GeoKey{ID: geoAngularUnit, Code: 9102})
	}
	d.unit = degree
	return d.appendGeographic(keys)
}

// appendGeographic spells a geographic system out.
func (d *definition) appendGeographic(keys []GeoKey) []GeoKey {
	r := openRegistry()
	// A datum's names are Esri's in well-known text, by which readers know it.
	datumName, ellipsoidName := d.datumName(), r.ellipsoidName(d.datum.ellipsoid, "Unknown")
	meridianName := r.meridianName(d.datum.meridian, "Unknown")
	keys = append(keys, GeoKey{ID: geoGeographic, Code: geoUserDefined},
		GeoKey{ID: geoGeogCitation, Text: "GCS Name = " + citation(d.name) + "|Datum = " + citation(datumName) +
			"|Ellipsoid = " + citation(ellipsoidName) + "|Primem = " + citation(meridianName)},
		GeoKey{ID: geoDatum, Code: geoUserDefined},
		GeoKey{ID: geoMeridian, Code: geoUserDefined}, GeoKey{ID: geoMeridianLong, Numbers: []float64{d.datum.meridian * degree / d.unit}},
		GeoKey{ID: geoEllipsoid, Code: geoUserDefined}, GeoKey{ID: geoSemiMajor, Numbers: []float64{d.datum.ellipsoid.a}})
	if d.unit == degree {
		keys[len(keys)-3].Numbers[0] = d.datum.meridian
	}
	if rf := d.datum.ellipsoid.rf; rf != 0 {
		keys = append(keys, GeoKey{ID: geoInvFlattening, Numbers: []float64{rf}})
	} else {
		keys = append(keys, GeoKey{ID: geoSemiMinor, Numbers: []float64{d.datum.ellipsoid.a}})
	}
	switch d.unit {
	case degree:
		keys = append(keys, GeoKey{ID: geoAngularUnit, Code: 9102})
	case grad:
		keys = append(keys, GeoKey{ID: geoAngularUnit, Code: 9105})
	case 1:
		keys = append(keys, GeoKey{ID: geoAngularUnit, Code: 9101})
	default:
		keys = append(keys, GeoKey{ID: geoAngularUnit, Code: geoUserDefined}, GeoKey{ID: geoAngularSize, Numbers: []float64{d.unit}})
	}
	if shift, ok := d.datum.operations.numbers(); ok {
		keys = append(keys, GeoKey{ID: geoToWGS84, Numbers: shift[:]})
	}
	slices.SortFunc(keys, func(a, b GeoKey) int { return cmp.Compare(a.ID, b.ID) })
	return keys
}

// citation makes a name fit for a text of parts.
func citation(s string) string { return strings.NewReplacer("|", "/", "=", "-").Replace(toASCII(s)) }

func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// appendProjection spells a projected system out.
func (d *definition) appendProjection(keys []GeoKey) ([]GeoKey, error) {
	keys = append(keys, GeoKey{ID: geoProjected, Code: geoUserDefined})
	m, values, ok := d.projection.spell(d.datum.ellipsoid)
	method, known := geoMethods[m.name]
	if !ok || !known || d.projection.axes != eastNorth && method.code != 27 {
		wkt, err := CRS{unique.Make(*d)}.WKT()
		if err != nil {
			return nil, err
		}
		keys[0].Code = geoUserDefined // or GDAL looks for the projection in other keys
		return append(keys, GeoKey{ID: geoProjCitation, Text: "ESRI PE String = " + toASCII(wkt)}), nil
	}
	keys = append(keys, GeoKey{ID: geoCitation, Text: citation(d.name)},
		GeoKey{ID: geoConversion, Code: geoUserDefined}, GeoKey{ID: geoMethod, Code: method.code})
	for i, v := range values {
		keys = append(keys, GeoKey{ID: method.keys[i], Numbers: []float64{v.value}})
	}
	switch d.unit {
	case metre:
		keys = append(keys, GeoKey{ID: geoLinearUnit, Code: 9001})
	case 0.3048:
		keys = append(keys, GeoKey{ID: geoLinearUnit, Code: 9002})
	case exactLength(12 / 39.37):
		keys = append(keys, GeoKey{ID: geoLinearUnit, Code: 9003})
	default:
		keys = append(keys, GeoKey{ID: geoLinearUnit, Code: geoUserDefined}, GeoKey{ID: geoLinearUnitSize, Numbers: []float64{d.unit}})
	}
	return keys, nil
}
