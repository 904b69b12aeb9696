package srs

import (
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// WKT returns the CRS as well-known text of version 1 in Esri's dialect, which ArcGIS, GDAL and QGIS read, without a
// code. Names are Esri's where Esri has its own. Longitudes of prime meridians are degrees.
//
// The error is ErrNotStated for the zero CRS, and an *UnsupportedError naming the projection if Esri has no name for
// it.
func (c CRS) WKT() (string, error) {
	if c.IsZero() {
		return "", ErrNotStated
	}
	d := c.definition()
	if d.geographic() {
		return d.geographicWKT(), nil
	}
	var b strings.Builder
	b.WriteString(`PROJCS["` + quoteWKT(esriName(d.esriName, d.name, "")) + `",` + d.geographicWKT())
	if err := d.projectionWKT(&b); err != nil {
		return "", err
	}
	b.WriteString(`,UNIT["` + esriUnit(d.unit) + `",` + wktNumber(d.unit) + `]]`)
	return b.String(), nil
}

// geographicWKT writes the GEOGCS.
func (d *definition) geographicWKT() string {
	r := openRegistry()
	name, unit := esriName(d.esriName, d.name, "GCS_"), d.unit
	if !d.geographic() {
		name, unit = esriName("", strings.TrimPrefix(d.datum.name, "D_"), "GCS_"), degree
		if d.base > 0 {
			f := split(r.geographic.rows[d.base-1])
			name, unit = esriName(f[3], f[2], "GCS_"), r.unit(f.integer(5, 0))
		}
	}
	datumName := d.datumName()
	spheroid := "Unknown"
	for _, row := range r.ellipsoids {
		f := split(row)
		if (ellipsoid{A: f.float(0), RF: f.float(1)}) == d.datum.ellipsoid && f[2] != "" {
			spheroid = esriName(f[3], f[2], "")
			break
		}
	}
	meridian := "Greenwich"
	if d.datum.meridian != 0 {
		meridian = "Unknown"
		for _, row := range r.meridians {
			if f := split(row); f.float(1) == d.datum.meridian {
				meridian = esriName("", f[0], "")
			}
		}
	}
	angle := "Degree"
	switch unit {
	case degree:
	case grad:
		angle = "Grad"
	case 1:
		angle = "Radian"
	default:
		angle = "Unknown"
	}
	return `GEOGCS["` + quoteWKT(name) + `",DATUM["` + quoteWKT(datumName) + `",SPHEROID["` + quoteWKT(spheroid) + `",` +
		wktNumber(d.datum.ellipsoid.A) + `,` + wktNumber(d.datum.ellipsoid.RF) + `]],PRIMEM["` + meridian + `",` +
		wktNumber(d.datum.meridian) + `],UNIT["` + angle + `",` + wktNumber(unit) + `]]`
}

// datumName returns Esri's name of the datum, or one in Esri's manner.
func (d *definition) datumName() string {
	r := openRegistry()
	if rows := r.datumByID(d.datum.id); d.datum.id != "" && len(rows) > 0 {
		f := split(r.datums[rows[0]])
		if alias, _, _ := strings.Cut(f[2], "|"); alias != "" {
			return alias
		}
	}
	return esriName("", d.datum.name, "D_")
}

// esriName returns Esri's name if it is known, and otherwise a name in Esri's manner: words joined by underscores.
func esriName(known, name, prefix string) string {
	if known != "" {
		return known
	}
	if prefix != "" && strings.HasPrefix(name, prefix) {
		return name
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(` /-()_,;"[]`, r) })
	return prefix + strings.Join(words, "_")
}

// quoteWKT doubles the quotation marks of a string, as well-known text has them.
func quoteWKT(s string) string { return strings.ReplaceAll(s, `"`, `""`) }

// wktNumber returns the shortest text that reads as the same number, always with a point, as Esri writes it.
func wktNumber(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	if math.Abs(v) >= 1e-5 && math.Abs(v) < 1e21 || v == 0 {
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// esriUnits are Esri's names of units of length.
var esriUnits = map[string]string{
	"metre": "Meter", "US survey foot": "Foot_US", "foot": "Foot", "kilometre": "Kilometer", "chain": "Chain", "link": "Link",
	"Clarke's link": "Link_Clarke", "Clarke's foot": "Foot_Clarke", "Clarke's yard": "Yard_Clarke",
	"Gold Coast foot": "Foot_Gold_Coast", "Indian yard": "Yard_Indian", "Indian yard (1937)": "Yard_Indian_1937",
	"German legal metre": "Meter_German", "British yard (Sears 1922)": "Yard_Sears",
	"British foot (Sears 1922)": "Foot_Sears", "British chain (Sears 1922)": "Chain_Sears",
	"British chain (Sears 1922 truncated)": "Chain_Sears_1922_Truncated",
	"British chain (Benoit 1895 B)":        "Chain_Benoit_1895_B",
}

// esriUnit returns Esri's name of a unit of length.
func esriUnit(unit float64) string {
	r := openRegistry()
	for i, row := range r.units {
		if f := split(row); r.unit(i) == unit {
			if name, ok := esriUnits[f[0]]; ok {
				return name
			}
			return esriName("", f[0], "")
		}
	}
	return "Unknown"
}

// projectionWKT writes the PROJECTION and its PARAMETERs.
func (d *definition) projectionWKT(b *strings.Builder) error {
	s, ok := d.projection.SpellEsri(d.datum.ellipsoid)
	if !ok {
		return &UnsupportedError{"projection for Esri's well-known text", label(d.projection)}
	}
	angle := 1.0 // degrees per unit
	if d.base > 0 {
		f := split(openRegistry().geographic.rows[d.base-1])
		angle = openRegistry().unit(f.integer(5, 0)) / degree
	}
	b.WriteString(`,PROJECTION["` + s.Method.Esri + `"]`)
	for _, v := range s.Values {
		if v.Field != projection.NoField && v.Unit == projection.Degree {
			v.Value /= angle
		}
		b.WriteString(`,PARAMETER["` + v.Esri + `",` + wktNumber(v.Value) + `]`)
	}
	return nil
}
