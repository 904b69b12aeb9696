package srs

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/go-spatial/proj/support"
)

// FromWKT gives the CRS that a well-known text defines.
//
// If the text as a whole bears an identifier, AUTHORITY or ID, with a code that FromWKID knows, the code decides.
// Otherwise WKT 1 is understood, in the OGC's and in Esri's spelling: GEOGCS on the supported datums, and PROJCS on
// those with one of the projections Transverse_Mercator and Gauss_Kruger, Mercator in its variants,
// Mercator_Auxiliary_Sphere, Albers, and Plate_Carree and Equidistant_Cylindrical, which Esri defines on the sphere.
// Axes are east and north, whatever order AXIS gives them. A vertical system beside the horizontal one is ignored.
//
// The error is a *SyntaxError if the text is malformed, longer than 64 KiB or nested more than 32 deep, and an
// *UnsupportedError that names the part which is not supported.
func FromWKT(wkt string) (CRS, error) {
	d, err := definitionFromWKT(wkt)
	if err != nil {
		return CRS{}, err
	}
	return makeCRS(d)
}

func definitionFromWKT(wkt string) (definition, error) {
	if len(wkt) > maxText {
		return definition{}, tooLong(wkt)
	}
	text := strings.TrimSpace(wkt)
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
	if d.wkid == 0 {
		d.wkt = strings.Clone(text)
	}
	return d, nil
}

// readCRS reads a PROJCS or GEOGCS, or recognises the code of any other node.
func readCRS(n *wktNode) (definition, error) {
	wkid, authority := 0, ""
	if id := n.find("AUTHORITY", "ID"); id != nil && isAuthority(id.value(0)) {
		if code, ok := parseCode(id.value(1)); ok {
			if d, ok := lookup(code); ok {
				return d, nil
			}
			wkid, authority = code, strings.ToUpper(id.value(0))
		}
	}
	var d definition
	var err error
	switch n.keyword {
	case "PROJCS":
		d, err = readProjected(n)
	case "GEOGCS":
		d, _, err = readGeographic(n)
	case "COMPD_CS":
		if h := n.find("PROJCS", "GEOGCS"); h != nil {
			return readCRS(h)
		}
		return definition{}, errors.New("COMPD_CS has no horizontal system")
	default:
		return definition{}, &UnsupportedError{"well-known text element", n.keyword}
	}
	d.wkid, d.latest, d.authority = wkid, wkid, authority
	return d, err
}

// datums are the names that WKT 1 and Esri give to the supported datums, as canonical makes them.
var datums = map[string]datum{
	"wgs1984":                                wgs84,
	"wgs84":                                  wgs84,
	"worldgeodeticsystem1984":                wgs84,
	"northamerican1983":                      nad83,
	"northamericandatum1983":                 nad83,
	"nad83":                                  nad83,
	"etrs1989":                               etrs89,
	"etrs89":                                 etrs89,
	"sirgas2000":                             sirgas2000,
	"wgs1984majorauxiliarysphere":            wgs84, // on a sphere, but with latitudes of WGS 84: see lookup
	"popularvisualisationdatum":              wgs84, // the same
	"europeanterrestrialreferencesystem1989": etrs89,
	"worldgeodeticsystem1984ensemble":        wgs84,
	"europeanterrestrialreferencesystem1989ensemble":    etrs89,
	"sistemadereferenciageocentricoparalasamericas2000": sirgas2000,
}

// canonical makes the spellings of a name alike: Transverse_Mercator, "Transverse Mercator", D_WGS_1984.
func canonical(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimPrefix(name, "d_")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_ -()", r) {
			return -1
		}
		return r
	}, name)
}

// readGeographic reads a GEOGCS, and the ellipsoid for projections on it.
func readGeographic(n *wktNode) (d definition, e ellipsoid, err error) {
	d.name = n.value(0)
	dn := n.find("DATUM")
	if dn == nil {
		return d, e, errors.New("GEOGCS has no DATUM")
	}
	known, ok := datums[canonical(dn.value(0))]
	if !ok {
		return d, e, &UnsupportedError{"datum", dn.value(0)}
	}
	sn := dn.find("SPHEROID", "ELLIPSOID")
	if sn == nil {
		return d, e, errors.New("DATUM has no SPHEROID")
	}
	a, err := sn.number(1)
	if err != nil {
		return d, e, err
	}
	rf, err := sn.number(2)
	if err != nil {
		return d, e, err
	}
	switch e = (ellipsoid{a, rf}); {
	case e.near(known.ellipsoid):
		e = known.ellipsoid
	case e != known.ellipsoid.sphere():
		return d, e, &UnsupportedError{"spheroid for its datum", sn.value(0)}
	}
	if shift := dn.find("TOWGS84"); shift != nil {
		for i := range shift.values {
			if v, err := shift.number(i); err != nil {
				return d, e, err
			} else if v != 0 {
				return d, e, &UnsupportedError{"datum shift", "TOWGS84[" + strings.Join(shift.values, ",") + "]"}
			}
		}
	}
	if pm := n.find("PRIMEM"); pm != nil {
		if v, err := pm.number(1); err != nil {
			return d, e, err
		} else if v != 0 {
			return d, e, &UnsupportedError{"prime meridian", pm.value(0)}
		}
	}
	unit, err := readUnit(n)
	if err != nil {
		return d, e, err
	}
	if math.Abs(unit/degree-1) < 1e-8 { // texts round it, some to nine digits
		unit = degree
	}
	d.system = system{datum: known, unit: unit}
	return d, e, readAxes(n)
}

// readUnit reads the size of a system's UNIT.
func readUnit(n *wktNode) (float64, error) {
	u := n.find("UNIT")
	if u == nil {
		return 0, fmt.Errorf("%s has no UNIT", n.keyword)
	}
	v, err := u.number(1)
	if err == nil && !(v >= 1e-9 && v <= 1e9) {
		err = fmt.Errorf("a UNIT is %g", v)
	}
	return v, err
}

// readAxes refuses axes that point west or south: turning them is not supported.
func readAxes(n *wktNode) error {
	for i := range n.nodes {
		if a := &n.nodes[i]; a.keyword == "AXIS" {
			switch strings.ToUpper(a.value(1)) {
			case "EAST", "NORTH":
			default:
				return &UnsupportedError{"axis direction", a.value(1)}
			}
		}
	}
	return nil
}

// readProjected reads a PROJCS.
func readProjected(n *wktNode) (definition, error) {
	gn, pn := n.find("GEOGCS"), n.find("PROJECTION")
	if gn == nil || pn == nil {
		return definition{}, errors.New("PROJCS lacks GEOGCS or PROJECTION")
	}
	d, e, err := readGeographic(gn)
	if err != nil {
		return d, err
	}
	d.name = n.value(0)
	d.projection.ellipsoid = e
	params, err := readParameters(n, d.unit/degree)
	if err != nil {
		return d, err
	}
	if d.unit, err = readUnit(n); err != nil {
		return d, err
	}
	onSphere, err := readExtension(n, d.datum.ellipsoid.a)
	if err != nil {
		return d, err
	}
	method := pn.value(0)
	if onSphere {
		if canonical(method) != "mercator1sp" {
			return d, &UnsupportedError{"extension to projection", method}
		}
		d.projection.ellipsoid = e.sphere()
	}
	if err := params.project(method, &d.projection); err != nil {
		return d, err
	}
	return d, readAxes(n)
}

// readExtension recognises the EXTENSION by which GDAL marks web Mercator in WKT 1, which has no name for it.
func readExtension(n *wktNode, a float64) (onSphere bool, err error) {
	e := n.find("EXTENSION")
	if e == nil {
		return false, nil
	}
	ps, err := support.NewProjString(e.value(1))
	if err != nil || !strings.EqualFold(e.value(0), "PROJ4") {
		return false, &UnsupportedError{"extension", e.value(0)}
	}
	proj, _ := ps.GetAsString("proj")
	major, _ := ps.GetAsFloat("a")
	minor, _ := ps.GetAsFloat("b")
	if proj != "merc" || major != a || minor != a {
		return false, &UnsupportedError{"extension", e.value(1)}
	}
	return true, nil
}
