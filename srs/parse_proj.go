package srs

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-spatial/proj/support"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// arguments are the words of a PROJ string by key, without the plus sign. Flags have an empty value.
type arguments map[string]string

// has reports whether a key is present.
func (a arguments) has(key string) bool { _, ok := a[key]; return ok }

// values returns the arguments as package projection takes them.
func (a arguments) values() projection.Arguments {
	out := make(projection.Arguments, len(a))
	for key, word := range a {
		out[key] = projection.Value{Word: word}
	}
	return out
}

// isPROJ reports whether a text that is not empty is a PROJ string, by its first key.
func isPROJ(s string) bool {
	return s[0] == '+' && strings.Contains(s, "=") || strings.HasPrefix(s, "proj=") || strings.HasPrefix(s, "init=")
}

// projUnits are PROJ's names of units in metres.
var projUnits = map[string]float64{
	"m": 1, "km": 1000, "dm": 0.1, "cm": 0.01, "mm": 0.001, "kmi": 1852, "in": 0.0254, "ft": 0.3048, "yd": 0.9144,
	"mi": 1609.344, "fath": 1.8288, "ch": 20.1168, "link": 0.201168, "us-in": 1 / 39.37, "us-ft": 12 / 39.37,
	"us-yd": 36 / 39.37, "us-ch": 792 / 39.37, "us-mi": 63360 / 39.37, "ind-yd": 0.91439523, "ind-ft": 0.30479841,
	"ind-ch": 20.11669506,
}

// projDatums are PROJ's datums: EPSG's code of the datum, or an ellipsoid and a shift to WGS 84.
var projDatums = map[string]struct {
	code  int
	ellps string
	shift []float64
}{
	"WGS84":         {6326, "WGS84", nil},
	"NAD83":         {6269, "GRS80", nil},
	"NAD27":         {6267, "clrk66", nil},
	"GGRS87":        {0, "GRS80", []float64{-199.87, 74.79, 246.62}},
	"potsdam":       {0, "bessel", []float64{598.1, 73.7, 418.2, 0.202, 0.045, -2.455, 6.7}},
	"carthage":      {0, "clrk80ign", []float64{-263, 6, 431}},
	"hermannskogel": {0, "bessel", []float64{577.326, 90.129, 463.919, 5.137, 1.474, 5.297, 2.4232}},
	"ire65":         {0, "mod_airy", []float64{482.530, -130.596, 564.557, -1.042, -0.214, -0.631, 8.15}},
	"nzgd49":        {0, "intl", []float64{59.47, -5.04, 187.44, 0.47, -0.1, 1.024, -4.5993}},
	"OSGB36":        {0, "airy", []float64{446.448, -125.157, 542.060, 0.1502, 0.2470, 0.8421, -20.4894}},
}

// definitionFromText reads well-known text, or the PROJ string or PROJJSON that some writers put in its place.
func definitionFromText(s string) (definition, error) {
	switch text := strings.TrimSpace(s); {
	case len(text) > maxText || text == "":
	case isPROJ(text):
		return definitionFromPROJ(text)
	case text[0] == '{':
		return definitionFromPROJJSON(text)
	}
	return definitionFromWKT(s)
}

// parsePROJ reads a PROJ string.
func parsePROJ(s string) (CRS, error) {
	d, err := definitionFromPROJ(s)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

// definitionFromPROJ is parsePROJ before the definition is interned.
func definitionFromPROJ(s string) (definition, error) {
	args := arguments{}
	for word := range strings.FieldsSeq(s) {
		key, value, _ := strings.Cut(strings.TrimPrefix(word, "+"), "=")
		if _, twice := args[key]; !twice {
			args[key] = value
		}
	}
	if init, ok := args["init"]; ok && !args.has("proj") {
		authority, code, _ := strings.Cut(init, ":")
		wkid, isCode := parseCode(code)
		if !isCode || !isAuthority(authority) {
			return definition{}, &UnsupportedError{"init file", init}
		}
		return lookup(strings.ToUpper(authority), wkid)
	}
	note := args.setAside()
	d, err := args.definition()
	if err != nil {
		if _, ok := errors.AsType[*UnsupportedError](err); ok {
			return definition{}, err
		}
		return definition{}, &SyntaxError{s, err.Error()}
	}
	d.name, d.note = "unnamed", joinNotes(joinNotes(note, args.olderForm(d.datum.ellipsoid)), args.overNote())
	d.wkt = strings.Clone(s) // what MarshalJSON writes, and Parse reads
	return d, nil
}

// setAside removes the keys that PROJ does not look at in the system either, and returns a note about them.
func (a arguments) setAside() (note string) {
	var unknown []string
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if !projection.Takes(a["proj"], key) && key != "lon_wrap" {
			unknown = append(unknown, "+"+key)
			delete(a, key)
		}
	}
	if len(unknown) == 0 {
		return ""
	}
	return fmt.Sprintf("set aside, as +proj=%s does not have them: %s", a["proj"], strings.Join(unknown, " "))
}

// olderForms are the operations that are of the sphere here, and in PROJ from a version on of the ellipsoid.
var olderForms = map[string]string{"eqc": "9.8", "gnom": "9.5"}

// olderForm returns a note about one of them.
func (a arguments) olderForm(e ellipsoid) string {
	version, ok := olderForms[a["proj"]]
	if !ok || e.RF == 0 || a.has("f") {
		return ""
	}
	return fmt.Sprintf("+proj=%s is the form of the sphere, as in PROJ before %s", a["proj"], version)
}

// overNote returns a note about +over, with which PROJ lets longitudes go on beyond half a turn.
func (a arguments) overNote() string {
	if !a.values().Flag("over") {
		return ""
	}
	return "set aside: +over, for longitudes more than half a turn from the central meridian count as those a turn away"
}

// joinNotes returns two notes as one.
func joinNotes(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// definition returns the definition that the arguments mean, without a name.
func (a arguments) definition() (d definition, err error) {
	t := description{datumName: "unnamed", systemName: "unnamed", angular: degree}
	if a.values().Flag("geoc") {
		return d, &UnsupportedError{"kind of latitudes", "geocentric, by +geoc"}
	}
	if grids, ok := a["nadgrids"]; ok && grids != "@null" {
		if t.grids = grids; strings.Trim(grids, ", ") == "" {
			return d, errors.New("+nadgrids names no file")
		}
	}
	if err := a.readEllipsoid(&t); err != nil {
		return d, err
	}
	if err := a.readDatum(&t); err != nil {
		return d, err
	}
	unit, err := a.unit()
	if err != nil {
		return d, err
	}
	switch name := a["proj"]; name {
	case "":
		return d, errors.New("it has no +proj")
	case "longlat", "latlong", "lonlat", "latlon":
		return a.geographic(&t)
	case "geocent", "cart":
		return d, &UnsupportedError{"kind of spatial reference", "geocentric"}
	default:
		if d, err = t.definition(); err != nil {
			return d, err
		}
		if d.unit = exactLength(unit); !(d.unit >= 1e-9 && d.unit <= 1e9) {
			return d, fmt.Errorf("the unit is %g m", unit)
		}
		if a["nadgrids"] == "@null" && t.ellipsoid == wgs84Ellipsoid.Sphere() {
			// A null grid keeps WGS 84's latitudes on another ellipsoid; on a sphere of WGS 84's size that is web
			// Mercator.
			d.datum, _ = datumOfCode(code{epsg, 6326})
		}
		if a["axis"] == "neu" {
			delete(a, "axis") // the order of the axes, which plays no part here
		}
		if d.projection, err = parseProjection(name, t.ellipsoid, a.values()); err != nil {
			return d, err
		}
		if d.projection.Rotated() {
			return a.rotated(d)
		}
		d.projection.FalseEasting, d.projection.FalseNorthing = inUnits(d.projection.FalseEasting, d.unit), inUnits(d.projection.FalseNorthing, d.unit)
		return d, nil
	}
}

// geographic returns the definition of a geographic system. Its longitudes may count from a meridian as a projection's do.
func (a arguments) geographic(t *description) (definition, error) {
	if wrap, ok := a["lon_wrap"]; ok {
		return definition{}, &UnsupportedError{"range of longitudes", "+lon_wrap=" + wrap}
	}
	if axes, ok := a["axis"]; ok && axes != "enu" && axes != "neu" {
		return definition{}, &UnsupportedError{"axis", axes}
	}
	var lon0 float64
	if err := a.values().ReadNumber("longlat", "lon_0", &lon0); err != nil {
		return definition{}, publicError(err)
	}
	t.meridian += lon0
	return t.definition()
}

// rotated returns the definition of longitudes and latitudes about another pole. They are degrees, also where a unit of a
// degree in radians says so.
func (a arguments) rotated(d definition) (definition, error) {
	if a.has("to_meter") && math.Abs(d.unit/degree-1) > 1e-8 || a.has("units") {
		return d, &UnsupportedError{"unit of a rotated pole", a["units"] + a["to_meter"]}
	}
	d.unit = rotatedUnit(d.projection)
	return d, nil
}

// rotatedUnit returns the metres in a degree of longitudes and latitudes about another pole, which count as a projection.
func rotatedUnit(p projection.Projection) float64 { return float64(p.Ellipsoid.A * degree) }

// readDatum reads the prime meridian and the shift to WGS 84.
func (a arguments) readDatum(t *description) (err error) {
	if pm, ok := a["pm"]; ok {
		if known, ok := openNames().meridians[canonical(pm)]; ok {
			t.meridian = known
		} else if err := a.values().ReadNumber("a prime meridian", "pm", &t.meridian); err != nil {
			return publicError(err)
		}
	}
	if shift, ok := a["towgs84"]; ok {
		if t.shift, err = parseNumbers(shift); err != nil || len(t.shift) != 3 && len(t.shift) != 7 {
			return fmt.Errorf("towgs84 is %.80q", shift)
		}
	}
	return nil
}

// unit returns the metres per unit of a projected system.
func (a arguments) unit() (unit float64, err error) {
	unit = 1
	if name, ok := a["units"]; ok {
		if unit, ok = projUnits[name]; !ok {
			return 0, &UnsupportedError{"unit", name}
		}
	}
	text, ok := a["to_meter"]
	if !ok {
		return unit, nil
	}
	over, under, isRatio := strings.Cut(text, "/")
	if unit, err = strconv.ParseFloat(over, 64); err != nil {
		return 0, fmt.Errorf("to_meter is %.40q", text)
	}
	if isRatio {
		v, err := strconv.ParseFloat(under, 64)
		if err != nil {
			return 0, fmt.Errorf("to_meter is %.40q", text)
		}
		unit /= v
	}
	return unit, nil
}

// readEllipsoid reads the datum or the ellipsoid, which is GRS 1980 if there is neither, as in PROJ.
func (a arguments) readEllipsoid(t *description) error {
	name := "GRS80" // as in PROJ
	if datum, ok := a["datum"]; ok {
		known, ok := projDatums[datum]
		if !ok {
			return &UnsupportedError{"datum", datum}
		}
		name, t.datumName, t.datumCode, t.shift = known.ellps, datum, code{epsg, known.code}, known.shift
	}
	if ellps, ok := a["ellps"]; ok {
		name = ellps
	}
	if t.ellipsoid, _ = ellipsoidNamed(name); t.ellipsoid.A == 0 {
		return &UnsupportedError{"ellipsoid", name}
	}
	if a.has("a") && !a.has("ellps") && !a.has("datum") {
		t.ellipsoid.RF = 0 // a sphere, unless something else follows
	}
	return a.readAxes(&t.ellipsoid)
}

// readAxes changes the size and the shape of an ellipsoid.
func (a arguments) readAxes(e *ellipsoid) error {
	for _, key := range []string{"R", "a", "rf", "f", "es", "e", "b"} {
		text, ok := a[key]
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s is %.40q", key, text)
		}
		switch {
		case v < 0 && key != "b":
			return fmt.Errorf("%s is negative: %.40q", key, text)
		case key == "e":
			v *= v
		}
		switch {
		case key == "R":
			*e = ellipsoid{A: v}
			return nil
		case key == "a":
			e.A = v
		case key == "rf":
			e.RF = v
		case v == 0 && key != "b", key == "b" && v == e.A:
			e.RF = 0
		case key == "f":
			e.RF = 1 / v
		case key == "b":
			e.RF = e.A / (e.A - v)
		default:
			e.RF = 1 / (1 - math.Sqrt(1-v))
		}
	}
	return nil
}

// ellipsoidNamed returns an ellipsoid by PROJ's name of it, from go-spatial's table. Where that has an ellipsoid of the
// registry rounded to its semi-minor axis, the registry's is returned, which has all digits.
func ellipsoidNamed(name string) (ellipsoid, bool) {
	row, ok := support.EllipsoidsTable[name]
	if !ok {
		return ellipsoid{}, false
	}
	number := func(text string) float64 {
		_, digits, _ := strings.Cut(text, "=")
		v, _ := strconv.ParseFloat(strings.TrimSuffix(digits, "."), 64) // two rows have a point too many
		return v
	}
	e := ellipsoid{A: number(row.Major), RF: number(row.Ell)}
	if !strings.HasPrefix(row.Ell, "b=") {
		return e, true
	}
	b := e.RF
	if e.RF = 0; b != e.A {
		e.RF = e.A / (e.A - b)
	}
	r := openRegistry()
	for i := range r.ellipsoids {
		known := r.ellipsoid(i)
		if minor, _, _ := squares(known); known.A == e.A && math.Abs(minor-b) < 1e-3 {
			return known, true
		}
	}
	return e, true
}
