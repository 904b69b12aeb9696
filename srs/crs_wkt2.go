package srs

import (
	"math"
	"strconv"
	"strings"
	"unique"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// WKT2 returns the CRS as well-known text of version 2 (ISO 19162:2019) on one line, with identifiers of the CRS, its
// base, datum, method and parameters where EPSG or Esri has them, and without areas of use, scopes and remarks. Axes
// are in the authority's order, and east before north where there is none; parameters are degrees, metres or units of
// the CRS, each with its unit. A datum's own shift to WGS 84, which only a text can have given, is written as a
// BOUNDCRS.
//
// The error is ErrNotStated for the zero CRS, and an *UnsupportedError naming the projection if neither EPSG nor PROJ
// has words for it.
func (c CRS) WKT2() (string, error) {
	if c.IsZero() {
		return "", ErrNotStated
	}
	d := c.definition()
	var b strings.Builder
	shift, bound := d.datum.operations.numbers()
	if bound {
		b.WriteString("BOUNDCRS[SOURCECRS[")
	}
	if d.geographic() {
		b.WriteString(`GEOGCRS["` + quoteWKT(d.name) + `",` + d.datumWKT2())
		b.WriteString(`,CS[ellipsoidal,2]` + d.axesWKT2() + `,` + angleUnitWKT2(d.unit))
	} else if d.projection.Rotated() {
		d.rotatedWKT2(&b)
	} else if err := d.projectedWKT2(&b); err != nil {
		return "", err
	}
	b.WriteString(d.idWKT2() + `]`)
	if bound {
		world, _ := lookup(epsg, 4326)
		text, err := CRS{unique.Make(world)}.WKT2()
		if err != nil {
			return "", err
		}
		b.WriteString(`],TARGETCRS[` + text + `],ABRIDGEDTRANSFORMATION["to WGS 84",METHOD["Position Vector transformation (geog2D domain)",ID["EPSG",9606]]`)
		for i, name := range [...]string{"X-axis translation", "Y-axis translation", "Z-axis translation", "X-axis rotation", "Y-axis rotation", "Z-axis rotation"} {
			b.WriteString(`,PARAMETER["` + name + `",` + wktNumber(shift[i]) + idWKT2(epsg, 8605+i) + `]`)
		}
		b.WriteString(`,PARAMETER["Scale difference",` + wktNumber(1+float64(shift[6]*1e-6)) +
			idWKT2(epsg, 8611) + `]]]`)
	}
	return b.String(), nil
}

// idWKT2 returns the identifier of a code, or "".
func idWKT2(authority string, code int) string {
	if code == 0 || authority == "" {
		return ""
	}
	return `,ID["` + authority + `",` + strconv.Itoa(code) + `]`
}

// idWKT2 writes the code of the CRS. A code that only a text gave may mean anything.
func (d *definition) idWKT2() string {
	if known, err := lookup(d.authority, d.wkid); err != nil || known.system != d.system {
		return ""
	}
	return idWKT2(d.authority, d.wkid)
}

// datumWKT2 writes the datum and the prime meridian.
func (d *definition) datumWKT2() string {
	r := openRegistry()
	name := d.datum.name
	if name == "" {
		name = "unknown"
	}
	id := ""
	if c := d.datum.code(); d.datum.operations.text == "" {
		id = idWKT2(c.authority, c.number)
	}
	return `DATUM["` + quoteWKT(name) + `",ELLIPSOID["` + quoteWKT(r.ellipsoidName(d.datum.ellipsoid, "unknown")) + `",` +
		wktNumber(d.datum.ellipsoid.A) + `,` + wktNumber(d.datum.ellipsoid.RF) + `,LENGTHUNIT["metre",1]]` + id + `],PRIMEM["` +
		r.meridianName(d.datum.meridian, "unknown") + `",` + wktNumber(d.datum.meridian) + `,` + angleUnitWKT2(degree) + `]`
}

// angleUnitWKT2 returns a unit of angles.
func angleUnitWKT2(unit float64) string {
	name := "unknown"
	switch unit {
	case degree:
		name = "degree"
	case grad:
		name = "grad"
	case 1:
		name = "radian"
	}
	return `ANGLEUNIT["` + name + `",` + wktNumber(unit) + `]`
}

// projectedWKT2 writes a PROJCRS up to its unit.
func (d *definition) projectedWKT2(b *strings.Builder) error {
	s, ok := d.projection.Spell(d.datum.ellipsoid)
	if !ok {
		return &UnsupportedError{"projection for well-known text", label(d.projection)}
	}
	base := d.baseSystem()
	b.WriteString(`PROJCRS["` + quoteWKT(d.name) + `",BASEGEOGCRS["` + quoteWKT(base.name) + `",` + d.datumWKT2() + `,` +
		angleUnitWKT2(base.unit) + idWKT2(base.authority, base.wkid) + `],CONVERSION["` + quoteWKT(d.name) + `",METHOD["` +
		s.Method.EPSG + `"` + idWKT2(epsg, s.Method.Code) + `]`)
	unit := `LENGTHUNIT["` + quoteWKT(openRegistry().unitName(d.unit)) + `",` + wktNumber(d.unit) + `]`
	for _, v := range s.Values {
		b.WriteString(`,PARAMETER["` + v.EPSG + `",` + wktNumber(v.Value) + `,`)
		switch v.Unit {
		case projection.Degree:
			b.WriteString(angleUnitWKT2(degree))
		case projection.Number:
			b.WriteString(`SCALEUNIT["unity",1]`)
		case projection.Metre:
			b.WriteString(`LENGTHUNIT["metre",1]`)
		default:
			b.WriteString(unit)
		}
		b.WriteString(idWKT2(epsg, v.Code) + `]`)
	}
	b.WriteString(`],CS[Cartesian,2]` + d.axesWKT2() + `,` + unit)
	return nil
}

// rotatedWKT2 writes longitudes and latitudes about another pole, a derived GEOGCRS, up to its unit.
func (d *definition) rotatedWKT2(b *strings.Builder) {
	s, _ := d.projection.Spell(d.datum.ellipsoid)
	base := d.baseSystem()
	b.WriteString(`GEOGCRS["` + quoteWKT(d.name) + `",BASEGEOGCRS["` + quoteWKT(base.name) + `",` + d.datumWKT2() + `,` +
		angleUnitWKT2(base.unit) + idWKT2(base.authority, base.wkid) + `],DERIVINGCONVERSION["` + quoteWKT(d.name) +
		`",METHOD["` + s.Method.EPSG + `"]`)
	for _, v := range s.Values {
		b.WriteString(`,PARAMETER["` + v.EPSG + `",` + wktNumber(v.Value) + `,` + angleUnitWKT2(degree) + `]`)
	}
	b.WriteString(`],CS[ellipsoidal,2],AXIS["longitude",east,ORDER[1]],AXIS["latitude",north,ORDER[2]],` + angleUnitWKT2(degree))
}

// baseSystem returns the geographic system under the projection: the registry's, or one without a code.
func (d *definition) baseSystem() definition {
	if d.base > 0 {
		if base, err := openRegistry().geographicCRS(openRegistry().geographic.rows[d.base-1]); err == nil {
			return base
		}
	}
	name := strings.TrimPrefix(d.datum.name, "D_")
	if name == "" {
		name = "unknown"
	}
	return definition{name: name, system: system{datum: d.datum, unit: degree}}
}

// code returns the datum's own code, or zero.
func (d datum) code() (c code) {
	if d.id == "" {
		return c
	}
	c.authority = epsg
	if d.id[0] == 'S' {
		c.authority = esri
	}
	c.number, _ = strconv.Atoi(d.id[1:])
	return c
}

// numbers returns the shift to WGS 84 that a text gave: metres, seconds of arc in the position vector convention, and
// parts per million.
func (o operations) numbers() (shift [7]float64, ok bool) {
	if o.text == unshifted {
		return shift, true
	}
	_, text, ok := strings.Cut(o.text, " -t")
	text, _, _ = strings.Cut(text, " ")
	for i, word := range strings.Split(text, ",") {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil || i == len(shift) {
			return shift, false
		}
		shift[i] = v
	}
	return shift, ok
}

// ellipsoidName returns the name of an ellipsoid, or otherwise.
func (r *registry) ellipsoidName(e ellipsoid, otherwise string) string {
	for _, row := range r.ellipsoids {
		if f := split(row); (ellipsoid{A: f.float(0), RF: f.float(1)}) == e && f[2] != "" {
			return f[2]
		}
	}
	return otherwise
}

// meridianName returns the name of a prime meridian, or otherwise.
func (r *registry) meridianName(longitude float64, otherwise string) string {
	for _, row := range r.meridians {
		if f := split(row); f.float(1) == longitude {
			return f[0]
		}
	}
	return otherwise
}

// unitName returns the name of a unit of length, or "unknown".
func (r *registry) unitName(unit float64) string {
	for i, row := range r.units {
		f := split(row)
		if f[1] != "deg" && f[1] != "grad" && math.Abs(r.unit(i)/unit-1) < 1e-15 {
			return f[0]
		}
	}
	return "unknown"
}
