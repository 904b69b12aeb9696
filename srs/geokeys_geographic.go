package srs

import (
	"fmt"
	"math"
	"strings"
)

// A geographicSystem is what the keys say about longitudes and latitudes, alone or under a projection.
type geographicSystem struct {
	name     string
	datum    string  // well-known text: DATUM[…]
	meridian string  // the same: PRIMEM[…], in degrees
	unit     float64 // radians per unit
}

// wkt is the system as well-known text of version 1.
func (g geographicSystem) wkt() string {
	return `GEOGCS["` + quoteWKT(shortName(g.name)) + `",` + g.datum + `,` + g.meridian + `,UNIT["` + angleName(g.unit) + `",` + wktNumber(g.unit) + `]]`
}

func angleName(unit float64) string {
	switch unit {
	case angularUnits[9102]:
		return "degree"
	case angularUnits[9105]:
		return "grad"
	}
	return "unnamed"
}

// geographicSystem reads the system that key asks for, or under its projection. A code decides, and other keys fill in
// where there is none.
func (k geoKeys) geographicSystem(key GeoKeyID) (g geographicSystem, err error) {
	if k.isCode(keyGeodeticCRS) {
		return systemOfCode(keyGeodeticCRS, k.codes[keyGeodeticCRS], k.codes[keyGeodeticCRS])
	}
	unit, err := k.unit(keyAngularUnit, keyAngularUnitSize, angularUnits)
	if err != nil {
		return g, err
	}
	if unit == 0 {
		unit = angularUnits[9102]
	}
	names := k.geodeticNames()
	switch code := k.codes[keyDatum]; {
	case k.isCode(keyDatum):
		// EPSG gave the datums of its first twenty years the codes of their geographic systems plus 2000.
		if code < 6001 || code > 6999 {
			return g, unsupportedKey(keyDatum, code, "a datum that is not known")
		}
		if g, err = systemOfCode(keyDatum, code, code-2000); err != nil {
			return g, err
		}
	default:
		g.meridian = `PRIMEM["Greenwich",0]`
		if g.datum, err = k.datumWKT(key, names["Datum"]); err != nil {
			return g, err
		}
	}
	g.unit = unit
	if name := names["GCS Name"]; name != "" {
		g.name = name
	} else if g.name == "" {
		g.name = "unnamed"
	}
	if err := k.readShift(&g); err != nil {
		return g, err
	}
	return g, k.readMeridian(&g, names["Primem"])
}

// systemOfCode takes a known system apart. The error names the key and code that asked for it.
func systemOfCode(key GeoKeyID, asked, code uint16) (g geographicSystem, err error) {
	crs, err := FromWKID(int(code))
	if err != nil {
		if key == keyDatum {
			return g, unsupportedKey(key, asked, "a datum that is not known")
		}
		return g, refusedKey(key, asked, err)
	}
	if !crs.Geographic() {
		return g, wrongKey(key, asked, "it is not geographic")
	}
	wkt, err := crs.WKT()
	if err != nil {
		return g, refusedKey(key, asked, err)
	}
	// GEOGCS["name",DATUM["name",SPHEROID["name",a,rf]],PRIMEM["name",longitude],UNIT["name",size]]
	head, tail, _ := strings.Cut(wkt, `,PRIMEM[`)
	name, datum, _ := strings.Cut(head, `",DATUM[`)
	meridian, _, _ := strings.Cut(tail, `,UNIT[`)
	return geographicSystem{
		name:  strings.ReplaceAll(strings.TrimPrefix(name, `GEOGCS["`), `""`, `"`),
		datum: `DATUM[` + datum, meridian: `PRIMEM[` + meridian, unit: crs.Unit(),
	}, nil
}

// datumWKT defines a datum by its ellipsoid. A name tells whether it is a known one.
func (k geoKeys) datumWKT(key GeoKeyID, name string) (string, error) {
	if unit := k.codes[keyGeogLinearUnit]; unit != keyUndefined && unit != 9001 {
		return "", unsupportedKey(keyGeogLinearUnit, unit, "axes of an ellipsoid in other units than metres")
	}
	e, known := ellipsoids[k.codes[keyEllipsoid]]
	if !known {
		e.name = "unnamed"
	}
	a, hasMajor, err := k.number(keySemiMajorAxis)
	if err != nil {
		return "", err
	}
	b, hasMinor, err := k.number(keySemiMinorAxis)
	if err != nil {
		return "", err
	}
	rf, hasFlattening, err := k.number(keyInvFlattening)
	if err != nil {
		return "", err
	}
	switch {
	case hasMajor && hasFlattening:
		e.a, e.rf = a, rf
	case hasMajor && hasMinor && a > 0 && b > 0 && b <= a:
		e.a, e.rf = a, 0
		if a-b > 1e-9*a {
			e.rf = a / (a - b)
		}
	case hasMajor && hasMinor:
		return "", wrongKey(keySemiMinorAxis, b, fmt.Sprintf("%v is %v", keySemiMajorAxis, a))
	case known:
	case k.isCode(keyEllipsoid):
		return "", unsupportedKey(keyEllipsoid, k.codes[keyEllipsoid], "an ellipsoid that is not known")
	default:
		return "", unsupportedKey(key, k.codes[key], fmt.Sprintf("no code, nor a datum or ellipsoid: %q", show(k.citations())))
	}
	if name == "" {
		name = "unnamed"
	}
	return `DATUM["` + quoteWKT(shortName(name)) + `",SPHEROID["` + quoteWKT(shortName(e.name)) + `",` + wktNumber(e.a) + `,` + wktNumber(e.rf) + `]]`, nil
}

// readShift adds the datum's shift to WGS 84: metres, seconds in the position vector convention, and parts per million.
func (k geoKeys) readShift(g *geographicSystem) error {
	shift, ok := k.numbers[keyToWGS84]
	if !ok {
		return nil
	}
	if err := k.errs[keyToWGS84]; err != nil {
		return err
	}
	if len(shift) != 3 && len(shift) != 7 {
		return wrongKey(keyToWGS84, shift, "want 3 or 7 numbers")
	}
	var text []string
	for _, v := range shift {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return wrongKey(keyToWGS84, shift, "want finite numbers")
		}
		text = append(text, wktNumber(v))
	}
	g.datum = strings.TrimSuffix(g.datum, "]") + `,TOWGS84[` + strings.Join(text, ",") + `]]`
	return nil
}

// readMeridian replaces the prime meridian if the keys have one.
func (k geoKeys) readMeridian(g *geographicSystem, name string) error {
	longitude, ok, err := k.number(keyMeridianLongitude)
	if err != nil {
		return err
	}
	degrees := angularUnits[9102]
	if longitude != 0 && g.unit != degrees {
		longitude *= g.unit / degrees
	}
	if k.isCode(keyMeridian) {
		known, found := meridians[k.codes[keyMeridian]]
		if !found {
			return unsupportedKey(keyMeridian, k.codes[keyMeridian], "a prime meridian that is not known")
		}
		name, longitude, ok = known.name, known.longitude, true
	}
	if !ok {
		return nil
	}
	if name == "" {
		name = "unnamed"
	}
	g.meridian = `PRIMEM["` + quoteWKT(shortName(name)) + `",` + wktNumber(longitude) + `]`
	return nil
}

// geodeticNames are the names in GeogCitation, which writers pack as "GCS Name = …|Datum = …|Primem = …". A citation of
// any other form is the system's name.
func (k geoKeys) geodeticNames() map[string]string {
	text := k.text(keyGeodeticCitation)
	names := map[string]string{}
	for part := range strings.SplitSeq(text, "|") {
		if key, value, ok := strings.Cut(part, " = "); ok {
			names[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	if len(names) == 0 {
		names["GCS Name"] = strings.TrimSpace(text)
	}
	return names
}

// shortName cuts a name of a file down to what well-known text should hold: 100 bytes of valid UTF-8.
func shortName(s string) string {
	if len(s) > 100 {
		s = s[:100]
	}
	return strings.ToValidUTF8(s, "?")
}
