package srs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A textMethod is what a projection method of a text is in PROJ's spelling.
type textMethod struct {
	op string

	// renames are keys that mean another one here, as "lat_1>lat_ts", and parameters that the method fixes, as "axis=wsu".
	renames string
}

// textMethods are the methods by canonical name. There are EPSG's names, which WKT 2 and PROJJSON use, Esri's, and those
// that GDAL gave to the OGC's WKT 1. Where they clash the key has a prefix: "epsg:" decides for the former two, and "ogc:"
// for WKT 1 that is not Esri's.
//
// Sources: IOGP Guidance Note 7-2; Esri's projection engine database; the OGC's 01-009 and 18-010.
var textMethods = map[string]textMethod{
	"transversemercator":                         {"tmerc", ""},
	"transversemercatorcomplex":                  {"tmerc", ""},
	"gausskruger":                                {"tmerc", ""},
	"transversemercatorsouthorientated":          {"tmerc", "axis=wsu"},
	"transversemercatorsouthoriented":            {"tmerc", "axis=wsu"},
	"transversemercatorzonedgridsystem":          {"tmerc_zoned", ""},
	"mercator":                                   {"merc", "lat_1>lat_ts"},
	"mercator1sp":                                {"merc", ""},
	"mercator2sp":                                {"merc", "lat_1>lat_ts"},
	"mercatorvarianta":                           {"merc", ""},
	"mercatorvariantb":                           {"merc", "lat_1>lat_ts"},
	"mercatorvariantc":                           {"merc", "lat_1>lat_ts"},
	"mercatorspherical":                          {"merc", "f=0"},
	"mercatorauxiliarysphere":                    {"merc", "lat_1>lat_ts f=0"},
	"popularvisualisationpseudomercator":         {"merc", "f=0"},
	"lambertconformalconic":                      {"lcc", ""},
	"lambertconformalconic1sp":                   {"lcc", "lat_0>lat_0,lat_1"},
	"lambertconformalconic2sp":                   {"lcc", ""},
	"lambertconformalconic2spbelgium":            {"lcc", "belgium="},
	"lambertconicconformal1sp":                   {"lcc", "lat_0>lat_0,lat_1"},
	"lambertconicconformal2sp":                   {"lcc", ""},
	"lambertconicconformal2spbelgium":            {"lcc", "belgium="},
	"lambertconicconformal2spmichigan":           {"lcc", ""},
	"lambertconicconformalwestorientated":        {"lcc", "lat_0>lat_0,lat_1 axis=wnu"},
	"lambertconicnearconformal":                  {"lcc_near", ""},
	"albers":                                     {"aea", ""},
	"albersequalarea":                            {"aea", ""},
	"albersconicequalarea":                       {"aea", ""},
	"platecarree":                                {"eqc", "lat_1>lat_ts"},
	"equirectangular":                            {"eqc", "lat_1>lat_ts"},
	"equidistantcylindrical":                     {"eqc", "lat_1>lat_ts"},
	"epsg:equidistantcylindrical":                {"eqc_ellipsoid", "lat_1>lat_ts"},
	"equidistantcylindricalellipsoidal":          {"eqc_ellipsoid", "lat_1>lat_ts"},
	"equidistantcylindricalspherical":            {"eqc", "lat_1>lat_ts"},
	"pseudoplatecarree":                          {"eqc", ""},
	"lambertazimuthalequalarea":                  {"laea", ""},
	"lambertazimuthalequalareaspherical":         {"laea", "f=0"},
	"cassini":                                    {"cass", ""},
	"cassinisoldner":                             {"cass", ""},
	"hyperboliccassinisoldner":                   {"cass", "hyperbolic="},
	"polyconic":                                  {"poly", ""},
	"americanpolyconic":                          {"poly", ""},
	"stereographic":                              {"stere", ""},
	"polarstereographicvarianta":                 {"stere", ""},
	"polarstereographicvariantb":                 {"stere", "polar"},
	"stereographicnorthpole":                     {"stere", "polar"},
	"stereographicsouthpole":                     {"stere", "polar"},
	"doublestereographic":                        {"sterea", ""},
	"obliquestereographic":                       {"sterea", ""},
	"hotineobliquemercator":                      {"omerc", "lon_0>lonc no_uoff="},
	"hotineobliquemercatorvarianta":              {"omerc", "lon_0>lonc no_uoff="},
	"hotineobliquemercatorazimuthnaturalorigin":  {"omerc", "lon_0>lonc no_uoff="},
	"rectifiedskeworthomorphicnaturalorigin":     {"omerc", "lon_0>lonc no_uoff="},
	"obliquemercator":                            {"omerc", "lon_0>lonc"},
	"hotineobliquemercatorvariantb":              {"omerc", "lon_0>lonc"},
	"hotineobliquemercatorazimuthcenter":         {"omerc", "lon_0>lonc"},
	"rectifiedskeworthomorphiccenter":            {"omerc", "lon_0>lonc"},
	"hotineobliquemercatortwopointnaturalorigin": {"omerc", ""},
	"swissobliquecylindrical":                    {"somerc", ""},
	"swissobliquemercator":                       {"somerc", ""},
	"labordeobliquemercator":                     {"labrd", ""},
	"krovak":                                     {"krovak", "krovak"},
	"krovaknorthorientated":                      {"krovak", "krovak"},
	"krovakmodified":                             {"mod_krovak", "krovak"},
	"krovakmodifiednorthorientated":              {"mod_krovak", "krovak"},
	"newzealandmapgrid":                          {"nzmg", ""},
	"azimuthalequidistant":                       {"aeqd", ""},
	"modifiedazimuthalequidistant":               {"aeqd", ""},
	"guamprojection":                             {"aeqd", "guam="},
	"cylindricalequalarea":                       {"cea", "lat_1>lat_ts"},
	"lambertcylindricalequalarea":                {"cea", "lat_1>lat_ts"},
	"lambertcylindricalequalareaspherical":       {"cea", "lat_1>lat_ts f=0"},
	"cylindricalequalareaspherical":              {"cea", "lat_1>lat_ts f=0"},
	"behrmann":                                   {"cea", "lat_1>lat_ts lat_ts=30"},
	"equidistantconic":                           {"eqdc", ""},
	"bonne":                                      {"bonne", "lat_0>lat_1"},
	"bonnesouthorientated":                       {"bonne", "lat_0>lat_1 axis=wsu"},
	"colombiaurban":                              {"col_urban", ""},
	"tunisiamininggrid":                          {"tunisia_mining", ""},
	"twopointequidistant":                        {"tpeqd", ""},
	"geostationarysatellite":                     {"geos", ""},
	"geostationarysatellitesweepx":               {"geos", "sweep=x"},
	"geostationarysatellitesweepy":               {"geos", "sweep=y"},
	"verticalnearsideperspective":                {"nsper", ""},
	"verticalperspective":                        {"nsper", ""},
	"orthographic":                               {"ortho", "f=0"},
	"orthographicspherical":                      {"ortho", "f=0"},
	"epsg:orthographic":                          {"ortho", ""},
	"ogc:orthographic":                           {"ortho", ""},
	"local":                                      {"ortho", ""},
	"localorthographic":                          {"ortho", ""},
	"gnomonic":                                   {"gnom", ""},
	"sinusoidal":                                 {"sinu", ""},
	"mollweide":                                  {"moll", ""},
	"robinson":                                   {"robin", ""},
	"eckerti":                                    {"eck1", ""},
	"eckertii":                                   {"eck2", ""},
	"eckertiii":                                  {"eck3", ""},
	"eckertiv":                                   {"eck4", ""},
	"eckertv":                                    {"eck5", ""},
	"eckertvi":                                   {"eck6", ""},
	"winkeli":                                    {"wink1", "lat_1>lat_ts"},
	"winkelii":                                   {"wink2", ""},
	"winkeltripel":                               {"wintri", ""},
	"vandergrinten":                              {"vandg", "R_A="},
	"vandergrinteni":                             {"vandg", "R_A="},
	"aitoff":                                     {"aitoff", ""},
	"hammeraitoff":                               {"hammer", ""},
	"miller":                                     {"mill", "R_A="},
	"millercylindrical":                          {"mill", "R_A="},
	"gallstereographic":                          {"gall", ""},
	"goodehomolosine":                            {"igh", ""},
	"interruptedgoodehomolosine":                 {"igh", ""},
	"interruptedgoodehomolosineocean":            {"igh_o", ""},
	"quarticauthalic":                            {"qua_aut", ""},
	"loximuthal":                                 {"loxim", "lat_0>lat_1"},
	"crasterparabolic":                           {"crast", ""},
	"flatpolarquartic":                           {"mbtfpq", ""},
	"times":                                      {"times", ""},
	"naturalearth":                               {"natearth", ""},
	"naturalearthii":                             {"natearth2", ""},
	"patterson":                                  {"patterson", ""},
	"compactmiller":                              {"comill", ""},
	"equalearth":                                 {"eqearth", ""},
	"wagneriv":                                   {"wag4", ""},
	"wagnerv":                                    {"wag5", ""},
	"wagnervii":                                  {"wag7", ""},
	"toblercylindricali":                         {"tobler1", ""},
	"toblercylindricalii":                        {"tobler2", ""},
	"polarstereographic":                         {"stere", "polarwkt1"},
	"lambertconformalconicwestorientated":        {"lcc", "lat_0>lat_0,lat_1 axis=wnu"},
	"peircequincuncialdiamond":                   {"peirce_q", "shape=diamond"},
	"peircequincuncialsquare":                    {"peirce_q", "shape=square"},
	"adamssquareii":                              {"adams_ws2", ""},
}

// parameterKind says how a parameter's value is to be read.
type parameterKind uint8

const (
	aNumber parameterKind = iota
	anAngle
	aLength
)

// textParameters are PROJ's keys and kinds of the parameters of a text, by canonical name.
var textParameters = map[string]struct {
	key  string
	kind parameterKind
}{
	"falseeasting":                        {"x_0", aLength},
	"eastingatfalseorigin":                {"x_0", aLength},
	"eastingatprojectioncentre":           {"x_0", aLength},
	"falsenorthing":                       {"y_0", aLength},
	"northingatfalseorigin":               {"y_0", aLength},
	"northingatprojectioncentre":          {"y_0", aLength},
	"centralmeridian":                     {"lon_0", anAngle},
	"longitudeofcenter":                   {"lon_0", anAngle},
	"longitudeoforigin":                   {"lon_0", anAngle},
	"longitudeofnaturalorigin":            {"lon_0", anAngle},
	"longitudeoffalseorigin":              {"lon_0", anAngle},
	"longitudeofprojectioncentre":         {"lon_0", anAngle},
	"longitudeoftopocentricorigin":        {"lon_0", anAngle},
	"latitudeoforigin":                    {"lat_0", anAngle},
	"latitudeofcenter":                    {"lat_0", anAngle},
	"latitudeofnaturalorigin":             {"lat_0", anAngle},
	"latitudeoffalseorigin":               {"lat_0", anAngle},
	"latitudeofprojectioncentre":          {"lat_0", anAngle},
	"latitudeoftopocentricorigin":         {"lat_0", anAngle},
	"standardparallel1":                   {"lat_1", anAngle},
	"centralparallel":                     {"lat_1", anAngle},
	"latitudeof1ststandardparallel":       {"lat_1", anAngle},
	"latitudeofstandardparallel":          {"lat_1", anAngle},
	"standardparallel2":                   {"lat_2", anAngle},
	"latitudeof2ndstandardparallel":       {"lat_2", anAngle},
	"scalefactor":                         {"k_0", aNumber},
	"scalefactoratnaturalorigin":          {"k_0", aNumber},
	"scalefactoratprojectioncentre":       {"k_0", aNumber},
	"scalefactoroninitialline":            {"k_0", aNumber},
	"scalefactoronpseudostandardparallel": {"k_0", aNumber},
	"ellipsoidscalingfactor":              {"k_0", aNumber},
	"azimuth":                             {"alpha", anAngle},
	"azimuthofinitialline":                {"alpha", anAngle},
	"azimuthatprojectioncentre":           {"alpha", anAngle},
	"colatitudeofconeaxis":                {"alpha", anAngle},
	"rectifiedgridangle":                  {"gamma", anAngle},
	"anglefromrectifiedtoskewgrid":        {"gamma", anAngle},
	"pseudostandardparallel1":             {"pseudo", anAngle},
	"latitudeofpseudostandardparallel":    {"pseudo", anAngle},
	"xscale":                              {"xscale", aNumber},
	"yscale":                              {"yscale", aNumber},
	"xyplanerotation":                     {"rotation", anAngle},
	"auxiliaryspheretype":                 {"sphere", aNumber},
	"height":                              {"h", aLength},
	"satelliteheight":                     {"h", aLength},
	"viewpointheight":                     {"h", aLength},
	"projectionplaneoriginheight":         {"h_0", aLength},
	"latitudeof1stpoint":                  {"lat_1", anAngle},
	"longitudeof1stpoint":                 {"lon_1", anAngle},
	"latitudeof2ndpoint":                  {"lat_2", anAngle},
	"longitudeof2ndpoint":                 {"lon_2", anAngle},
	"latitudeoffirstpoint":                {"lat_1", anAngle},
	"longitudeoffirstpoint":               {"lon_1", anAngle},
	"latitudeofsecondpoint":               {"lat_2", anAngle},
	"longitudeofsecondpoint":              {"lon_2", anAngle},
	"latitudeofpoint1":                    {"lat_1", anAngle},
	"longitudeofpoint1":                   {"lon_1", anAngle},
	"latitudeofpoint2":                    {"lat_2", anAngle},
	"longitudeofpoint2":                   {"lon_2", anAngle},
	"initiallongitude":                    {"initial", anAngle},
	"zonewidth":                           {"width", anAngle},
	"option":                              {"option", aNumber},
}

// textAxes are the axes of a projected system as far as a text states them. Both axes of a polar system point the same
// way, which states nothing.
type textAxes uint8

const (
	axesNotStated textAxes = iota
	axesPlain              // east and north, in any order
	axesReversed           // one points to the west or to the south
	axesSouthWest          // the first one to the south, and the second to the west
)

func (a textAxes) reversed() bool { return a == axesReversed || a == axesSouthWest }

// A textParameter is a parameter of a projection as a text names it: degrees, metres, or a number.
type textParameter struct {
	name  string
	value float64
}

// project turns a text's method and parameters into PROJ's arguments, and those into a projection on an ellipsoid.
// dialect is "epsg:" where names are EPSG's, and "ogc:" where they are those of the OGC's WKT 1.
func project(method, dialect string, params map[string]textParameter, e ellipsoid, axes textAxes) (projection.Projection, error) {
	name := canonical(method)
	m, ok := textMethods[dialect+name]
	if !ok {
		m, ok = textMethods[name]
	}
	if !ok {
		return projection.Projection{}, &UnsupportedError{"projection", method}
	}
	values := make(map[string]float64, len(params))
	for key, p := range params {
		values[key] = p.value
	}
	args := arguments{"proj": m.op}
	for rename := range strings.FieldsSeq(m.renames) {
		if from, to, ok := strings.Cut(rename, ">"); ok {
			if v, ok := values[from]; ok {
				delete(values, from)
				for key := range strings.SplitSeq(to, ",") {
					values[key] = v
				}
			}
		} else if key, value, ok := strings.Cut(rename, "="); ok {
			args[key] = value
		}
	}
	if err := adjust(&m, name, values, args, axes); err != nil {
		return projection.Projection{}, err
	}
	if args["axis"] == "wsu" || args["axis"] == "wnu" { // a text gives the false origin along its own axes
		values["x_0"] = -values["x_0"]
		if args["axis"] == "wsu" {
			values["y_0"] = -values["y_0"]
		}
	}
	for key, v := range values {
		args[key] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	p, err := parseProjection(m.op, e, args)
	if u, ok := err.(*UnsupportedError); ok && u.Element == "parameter of "+m.op {
		for _, key := range slices.Sorted(maps.Keys(params)) {
			if key == u.Name {
				return p, &UnsupportedError{"parameter of " + method, params[key].name}
			}
		}
	}
	if err == nil && axes.reversed() && p.Axes == projection.EastNorth {
		return p, &UnsupportedError{"axis direction of projection", method}
	}
	return p, err
}

// adjust sees to methods whose parameters do not map one to one.
func adjust(m *textMethod, name string, v map[string]float64, args arguments, axes textAxes) error {
	drop := func(key string, allowed ...float64) error {
		value, ok := v[key]
		delete(v, key)
		if ok && !slices.ContainsFunc(allowed, func(a float64) bool { return math.Abs(a-value) < 1e-9 }) {
			return &UnsupportedError{"value of a parameter", fmt.Sprintf("%s %v", key, value)}
		}
		return nil
	}
	switch {
	case name == "mercatorauxiliarysphere":
		return drop("sphere", 0)
	case name == "transversemercatorzonedgridsystem":
		if err := drop("initial", -180); err != nil {
			return err
		}
		return drop("width", 6)
	case m.op == "geos":
		return drop("option", 0)
	case name == "goodehomolosine": // Esri's: interrupted for the land, or for the oceans
		if v["option"] == 2 {
			m.op, args["proj"] = "igh_o", "igh_o"
		}
		return drop("option", 1, 2)
	case m.renames == "polar":
		// The latitude of true scale is a parameter of its own; the pole is on its side of the equator.
		lat, ok := v["lat_1"]
		if !ok {
			lat = v["lat_0"]
		}
		delete(v, "lat_1")
		v["lat_0"], v["lat_ts"] = math.Copysign(90, lat), lat
		if name == "stereographicsouthpole" {
			v["lat_0"] = -90
		}
	case m.renames == "polarwkt1":
		// GDAL's WKT 1 has the latitude of true scale in the place of the latitude of origin.
		if lat := v["lat_0"]; math.Abs(lat) != 90 {
			v["lat_0"], v["lat_ts"] = math.Copysign(90, lat), lat
		}
	case m.op == "lcc" && !has(v, "lat_2") && !has(v, "lat_0") && has(v, "lat_1"):
		v["lat_0"] = v["lat_1"]
	case m.op == "eqdc" || m.op == "aea":
		if !has(v, "lat_2") && has(v, "lat_1") {
			v["lat_2"] = v["lat_1"]
		}
	case m.renames == "krovak":
		if err := drop("pseudo", 78.5); err != nil {
			return err
		}
		// Esri tells the axes by scales and a rotation: -1, 1 and 90 is east and north, 1, 1 and 0 is south and west.
		turned := axes.reversed() || axes == axesNotStated && !strings.Contains(name, "northorientated")
		if has(v, "xscale") {
			turned = v["xscale"] == 1 && v["rotation"] == 0
		}
		if err := drop("xscale", 1, -1); err != nil {
			return err
		}
		if err := drop("yscale", 1, -1); err != nil {
			return err
		}
		if err := drop("rotation", 0, 90); err != nil {
			return err
		}
		if turned {
			args["axis"] = "swu"
		}
	case m.op == "omerc" && v["alpha"] == 90 && (v["gamma"] == 90 || !has(v, "gamma")) && !args.has("no_uoff"):
		// This is the Swiss oblique projection, as PROJ has it, too.
		m.op, args["proj"] = "somerc", "somerc"
		v["lon_0"] = v["lonc"]
		for _, key := range []string{"alpha", "gamma", "lonc"} {
			delete(v, key)
		}
	case m.op == "cass" && axes == axesSouthWest:
		args["axis"] = "swu"
	case (m.op == "tmerc" || m.op == "cass") && axes.reversed():
		args["axis"] = "wsu"
	}
	return nil
}

func has(v map[string]float64, key string) bool { _, ok := v[key]; return ok }
