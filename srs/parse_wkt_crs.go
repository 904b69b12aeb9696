package srs

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// FromWKT returns the CRS that a well-known text defines.
//
// WKT 1 is read in the spelling of the OGC, GDAL or Esri, and WKT 2 of 2015 and 2019. If the text as a whole has an
// identifier, AUTHORITY or ID, with a code that FromWKID knows, and both mean the same but for rounding, the result has
// the code. Where they differ by a millimetre or more, the text counts, and CRS.Note states that.
//
// A datum is the known one, with its operations, if its name or that of its geographic system is EPSG's or Esri's, and
// its ellipsoid and prime meridian agree. A TOWGS84 or a BOUNDCRS replaces the operations; if it is all zeros, only
// latitudes of different ellipsoids differ. From any other datum only the ellipsoid is used, and latitudes and longitudes
// are copied.
//
// X is east and y north, in whatever order AXIS lists them; only axes to the west or to the south turn them, where the
// method has such a form. Of a compound system the horizontal one is used, and a vertical one beside it is ignored.
//
// The error is a *SyntaxError if the text is malformed, longer than 64 KiB or nested more than 32 deep, and an
// *UnsupportedError that names the part which is not supported, or states that the system is vertical, geocentric or
// geographic 3D.
func FromWKT(wkt string) (CRS, error) {
	d, err := definitionFromWKT(wkt)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

// definitionFromWKT is FromWKT before the definition is interned.
func definitionFromWKT(wkt string) (definition, error) {
	if len(wkt) > maxText {
		return definition{}, tooLong(wkt)
	}
	text := plainQuotes(strings.TrimSpace(wkt))
	roots, err := parseWKT(text)
	if err != nil {
		return definition{}, &SyntaxError{wkt, err.Error()}
	}
	for _, n := range roots[1:] {
		if n.keyword != "VERTCS" && n.keyword != "VERT_CS" {
			return definition{}, &SyntaxError{wkt, fmt.Sprintf("%.20s follows the definition", n.keyword)}
		}
	}
	d, err := readCRS(&roots[0])
	if err != nil {
		if _, ok := errors.AsType[*UnsupportedError](err); ok {
			return definition{}, err
		}
		return definition{}, &SyntaxError{wkt, err.Error()}
	}
	if d.wkid == 0 || d.datum.operations.text != "" {
		d.wkt = strings.Clone(text)
	}
	return d, nil
}

// plainQuotes returns a text with plain quotation marks in place of typographic ones, and of those with a backslash before
// them, with which texts come out of documents and of programs' source code.
func plainQuotes(s string) string {
	switch first := strings.IndexByte(s, '"'); {
	case first < 0:
		return strings.NewReplacer("\u201c", `"`, "\u201d", `"`).Replace(s)
	case first > 0 && s[first-1] == '\\':
		return strings.ReplaceAll(s, `\"`, `"`)
	}
	return s
}

// otherKinds are the kinds of systems that are not horizontal, by keyword.
var otherKinds = map[string]string{
	"VERT_CS": "vertical", "VERTCS": "vertical", "VERTCRS": "vertical", "VERTICALCRS": "vertical", "GEOCCS": "geocentric",
	"LOCAL_CS": "engineering (LOCAL_CS)", "ENGCRS": "engineering (ENGCRS)", "ENGINEERINGCRS": "engineering (ENGINEERINGCRS)",
	"TIMECRS": "temporal", "PARAMETRICCRS": "parametric",
}

// code returns the EPSG or Esri code of the element itself, or zero.
func (n *wktNode) code() code {
	if id := n.find("AUTHORITY", "ID"); id != nil && isAuthority(id.value(0)) {
		if number, ok := parseCode(id.value(1)); ok {
			return code{strings.ToUpper(id.value(0)), number}
		}
	}
	return code{}
}

// readCRS reads a projected or geographic system.
func readCRS(n *wktNode) (definition, error) {
	own := n.code()
	if own.number > 0 {
		if d, err := lookup(own.authority, own.number); err == nil {
			return d.withText(func() (definition, error) { return readDefinition(n, own) }), nil
		}
	}
	return readDefinition(n, own)
}

// readDefinition reads a system without regard to the code that it bears.
func readDefinition(n *wktNode, own code) (definition, error) {
	t := description{name: n.value(0), wkid: own.number, authority: own.authority}
	var err error
	switch n.keyword {
	case "PROJCS", "PROJCRS", "PROJECTEDCRS":
		err = t.readProjected(n)
	case "GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS":
		if n.find("DERIVINGCONVERSION") != nil {
			return t.readDerived(n)
		}
		err = t.readGeographic(n)
	case "COMPD_CS", "COMPOUNDCRS":
		for i := range n.nodes {
			if strings.Contains("PROJCS GEOGCS PROJCRS PROJECTEDCRS GEOGCRS GEOGRAPHICCRS GEODCRS GEODETICCRS BOUNDCRS", n.nodes[i].keyword) {
				return readCRS(&n.nodes[i])
			}
		}
		return definition{}, fmt.Errorf("%s has no horizontal system", n.keyword)
	case "BOUNDCRS":
		return readBound(n)
	default:
		if kind := otherKinds[n.keyword]; kind != "" {
			return definition{}, &UnsupportedError{"kind of spatial reference", kind}
		}
		return definition{}, &UnsupportedError{"well-known text element", n.keyword}
	}
	if err != nil {
		return definition{}, err
	}
	return t.definition()
}

// readBound reads a system that comes with its own transformation to WGS 84.
func readBound(n *wktNode) (definition, error) {
	source, transformation := n.find("SOURCECRS"), n.find("ABRIDGEDTRANSFORMATION")
	if source == nil || len(source.nodes) == 0 || transformation == nil {
		return definition{}, errors.New("BOUNDCRS lacks SOURCECRS or ABRIDGEDTRANSFORMATION")
	}
	method := transformation.find("METHOD")
	if method == nil {
		return definition{}, errors.New("ABRIDGEDTRANSFORMATION has no METHOD")
	}
	name := canonical(method.value(0))
	var shift [7]float64
	known := map[string]int{
		"xaxistranslation": 0, "yaxistranslation": 1, "zaxistranslation": 2,
		"xaxisrotation": 3, "yaxisrotation": 4, "zaxisrotation": 5, "scaledifference": 6,
	}
	if !strings.HasPrefix(name, "geocentrictranslations") && !strings.HasPrefix(name, "positionvector") && !strings.HasPrefix(name, "coordinateframe") {
		return definition{}, &UnsupportedError{"transformation method", method.value(0)}
	}
	for i := range transformation.nodes {
		p := &transformation.nodes[i]
		if p.keyword != "PARAMETER" {
			continue
		}
		k, ok := known[canonical(p.value(0))]
		if !ok {
			return definition{}, &UnsupportedError{"parameter of " + method.value(0), p.value(0)}
		}
		v, err := p.number(1)
		if err != nil {
			return definition{}, err
		}
		switch { // the abridged form has lengths in metres, rotations in seconds, and the scale as a factor
		case k == 6 && math.Abs(v-1) < 0.1:
			v = (v - 1) * 1e6
		case k >= 3 && k <= 5 && strings.HasPrefix(name, "coordinateframe"):
			v = -v
		}
		shift[k] = v
	}
	if target := n.find("TARGETCRS"); target == nil || len(target.nodes) == 0 || !strings.HasPrefix(canonical(target.nodes[0].value(0)), "wgs") {
		return definition{}, &UnsupportedError{"target of BOUNDCRS", "other than WGS 84"}
	}
	d, err := readCRS(&source.nodes[0])
	if err != nil {
		return d, err
	}
	t := description{datumName: d.datum.name, ellipsoid: d.datum.ellipsoid, meridian: d.datum.meridian, shift: shift[:]}
	if err := t.checkShift(); err != nil {
		return definition{}, err
	}
	d.datum.operations = t.datum().operations
	d.wkid, d.latest, d.base, d.area = 0, 0, 0, 0
	return d, nil
}

// isWKT2 reports whether a CRS is written in WKT 2, by its keyword.
func (n *wktNode) isWKT2() bool { return strings.HasSuffix(n.keyword, "CRS") }

// readGeographic reads a geographic system, on its own or as the base of a projected one.
func (t *description) readGeographic(n *wktNode) error {
	t.systemName = n.value(0)
	if cs := n.find("CS"); cs != nil {
		switch {
		case strings.EqualFold(cs.value(0), "Cartesian"):
			return &UnsupportedError{"kind of spatial reference", "geocentric"}
		case cs.value(1) == "3":
			return &UnsupportedError{"kind of spatial reference", "geographic 3D"}
		}
	}
	dn := n.find("DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE")
	if dn == nil {
		return fmt.Errorf("%s has no DATUM", n.keyword)
	}
	t.datumName = dn.value(0)
	t.datumCode = dn.code()
	sn := dn.find("SPHEROID", "ELLIPSOID")
	if sn == nil {
		return fmt.Errorf("%s has no SPHEROID", dn.keyword)
	}
	var err error
	if t.ellipsoid.A, err = sn.number(1); err != nil {
		return err
	}
	if t.ellipsoid.RF, err = sn.number(2); err != nil {
		return err
	}
	if t.ellipsoid.A, err = sn.scaled(t.ellipsoid.A, "LENGTHUNIT", "UNIT"); err != nil {
		return err
	}
	if shift := dn.find("TOWGS84"); shift != nil {
		for i := range shift.values {
			v, err := shift.number(i)
			if err != nil {
				return err
			}
			t.shift = append(t.shift, v)
		}
		if len(t.shift) != 3 && len(t.shift) != 7 {
			return fmt.Errorf("TOWGS84 has %d numbers", len(t.shift))
		}
	}
	if t.angular, err = readUnit(n, degree); err != nil {
		return err
	}
	if pm := n.find("PRIMEM", "PRIMEMERIDIAN"); pm != nil {
		if err := t.readMeridian(pm); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(n.keyword, "BASE") && t.method == "" {
		if t.extension, err = readExtension(n); err != nil {
			return err
		}
	}
	return t.readAxes(n)
}

// readMeridian reads a prime meridian. WKT 1 means the system's unit, but many writers wrote degrees: the longitude of
// a known name decides.
func (t *description) readMeridian(pm *wktNode) error {
	v, err := pm.number(1)
	if err != nil {
		return err
	}
	if unit := pm.find("ANGLEUNIT", "UNIT"); unit != nil {
		factor, err := unit.number(1)
		if err != nil {
			return err
		}
		t.meridian = v * exactAngle(factor) / degree
	} else {
		t.meridian = v
	}
	t.setMeridian(pm.value(0), t.meridian, v*exactAngle(t.angular)/degree)
	return nil
}

// setMeridian sets the prime meridian to a longitude in degrees. If the registry knows the name, and its longitude is
// near the one given, or near another that the text may mean, it sets the registry's.
func (t *description) setMeridian(name string, longitude, other float64) {
	t.meridian = longitude
	if known, ok := openNames().meridians[canonical(name)]; ok && (math.Abs(longitude-known) < 1e-5 || math.Abs(other-known) < 1e-5) {
		t.meridian = known
	}
}

// scaled multiplies v by the unit in the element, if there is one.
func (n *wktNode) scaled(v float64, keywords ...string) (float64, error) {
	u := n.find(keywords...)
	if u == nil {
		return v, nil
	}
	factor, err := u.number(1)
	if err == nil && !(factor >= 1e-9 && factor <= 1e9) {
		err = fmt.Errorf("a %s is %g", u.keyword, factor)
	}
	return v * factor, err
}

// readUnit reads the size of a system's unit, which stands beside the axes or within them. A base of WKT 2 may lack it:
// it is then otherwise.
func readUnit(n *wktNode, otherwise float64) (float64, error) {
	u := n.find("UNIT", "ANGLEUNIT", "LENGTHUNIT")
	if axis := n.find("AXIS"); u == nil && axis != nil {
		u = axis.find("ANGLEUNIT", "LENGTHUNIT", "UNIT")
	}
	if u == nil {
		if strings.HasPrefix(n.keyword, "BASE") {
			return otherwise, nil
		}
		return 0, fmt.Errorf("%s has no UNIT", n.keyword)
	}
	v, err := u.number(1)
	if err == nil && !(v >= 1e-9 && v <= 1e9) {
		err = fmt.Errorf("a UNIT is %g", v)
	}
	return v, err
}

// readAxes reads the directions of the axes.
func (t *description) readAxes(n *wktNode) error {
	var directions []string
	for i := range n.nodes {
		if a := &n.nodes[i]; a.keyword == "AXIS" {
			directions = append(directions, strings.ToLower(a.value(1)))
		}
	}
	return t.setAxes(directions)
}

// setAxes sets the axes by the directions that a text lists.
func (t *description) setAxes(directions []string) error {
	if len(directions) == 0 || len(directions) == 2 && directions[0] == directions[1] {
		return nil
	}
	t.axes = projection.AxesPlain
	for _, d := range directions {
		switch d {
		case "east", "north", "up":
		case "west", "south":
			t.axes = projection.AxesReversed
		default:
			return &UnsupportedError{"axis direction", d}
		}
	}
	switch strings.Join(directions, " ") {
	case "south west":
		t.axes = projection.AxesSouthWest
	case "west south":
		t.axes = projection.AxesWestSouth
	}
	return nil
}

// readProjected reads a projected system.
func (t *description) readProjected(n *wktNode) error {
	base := n.find("GEOGCS", "BASEGEOGCRS", "BASEGEODCRS")
	if base == nil {
		return fmt.Errorf("%s has no GEOGCS", n.keyword)
	}
	conversion, method := n, n.find("PROJECTION")
	if c := n.find("CONVERSION", "DERIVINGCONVERSION"); c != nil {
		conversion, method = c, c.find("METHOD", "PROJECTION")
	}
	if method == nil {
		return fmt.Errorf("%s has no PROJECTION", n.keyword)
	}
	t.method = method.value(0)
	if err := t.readGeographic(base); err != nil {
		return err
	}
	t.system = base.code()
	isEsri := hasPrefixFold(t.systemName, "GCS_") || hasPrefixFold(t.datumName, "D_") // as PROJ recognises Esri's
	switch {
	case n.isWKT2() && !(isEsri && strings.Contains(t.method+conversion.value(0), "_")) && !(isEsri && method.find("ID") == nil):
		t.dialect = projection.EPSG
	case !isEsri:
		t.dialect = projection.OGC
	}
	t.axes = projection.AxesNotStated
	var err error
	if t.linear, err = readUnit(n, metre); err != nil {
		return err
	}
	if t.extension, err = readExtension(n); err != nil {
		return err
	}
	if err := t.readSemiAxes(conversion); err != nil {
		return err
	}
	if t.params, err = readParameters(conversion, exactAngle(t.angular), exactLength(t.linear)); err != nil {
		return err
	}
	return t.readAxes(n)
}

// readParameters returns the PARAMETERs of a projection by PROJ's keys, in degrees and metres. If a parameter has no
// unit of its own, angles are in the unit of the geographic system, and lengths in that of the projected one.
func readParameters(n *wktNode, angular, linear float64) (map[string]projection.TextValue, error) {
	params := map[string]projection.TextValue{}
	for i := range n.nodes {
		p := &n.nodes[i]
		if p.keyword != "PARAMETER" || isSemiAxis(p.value(0)) {
			continue
		}
		known, ok := projection.TextParameter(p.value(0))
		if !ok {
			return nil, &UnsupportedError{"parameter", p.value(0)}
		}
		if _, ok := params[known.Key]; ok {
			return nil, fmt.Errorf("parameter %.40q is there twice", p.value(0))
		}
		v, err := p.number(1)
		if err != nil {
			return nil, err
		}
		unit := p.find("ANGLEUNIT", "LENGTHUNIT", "SCALEUNIT", "UNIT")
		factor := 1.0
		if unit != nil {
			if factor, err = unit.number(1); err != nil {
				return nil, err
			}
		}
		if params[known.Key], err = readParameter(p.value(0), known.Unit, v, unit != nil, factor, angular, linear); err != nil {
			return nil, err
		}
	}
	return params, nil
}

// readParameter converts a value to degrees, metres or a plain number: from units of factor if own is set, otherwise
// from angular radians or linear metres.
func readParameter(name string, unit projection.Unit, v float64, own bool, factor, angular, linear float64) (projection.TextValue, error) {
	switch unit {
	case projection.Degree:
		if own {
			angular = exactAngle(factor)
		}
		if angular != degree {
			v *= angular / degree
		}
		if !(math.Abs(v) <= 360) {
			return projection.TextValue{}, fmt.Errorf("parameter %.40q is %g degrees", name, v)
		}
	case projection.SystemUnit, projection.Metre:
		if own {
			linear = exactLength(factor)
		}
		v *= linear
	default:
		v *= factor
	}
	return projection.TextValue{Name: name, Value: v}, nil
}

// hasPrefixFold reports whether s begins with prefix, in any case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
