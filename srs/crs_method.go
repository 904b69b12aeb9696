package srs

import (
	"math"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// A spelledMethod is a projection method in EPSG's words, in which WKT 2 and GeoTIFF speak. Each letter of parameters is
// a key of spelledParameters.
type spelledMethod struct {
	name       string // EPSG's, or PROJ's where EPSG has none
	code       int    // EPSG's, or 0
	parameters string
}

// A spelledParameter is a parameter in EPSG's words, and where a projection has it.
type spelledParameter struct {
	name string
	code int // EPSG's, or 0
	kind parameterKind
	of   func(*projection.Projection) *float64 // nil if the method fixes the value
	is   float64                               // the fixed value
}

// spelledParameters: names are EPSG's of 2022, which PROJ 9.1 writes, and which all later readers know.
var spelledParameters = map[rune]spelledParameter{
	'o': {name: "Latitude of natural origin", code: 8801, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfOrigin }},
	'b': {name: "Latitude of natural origin", code: 8801, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.StandardParallel1 }},
	'l': {name: "Longitude of natural origin", code: 8802, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.CentralMeridian }},
	'k': {name: "Scale factor at natural origin", code: 8805, of: func(p *projection.Projection) *float64 { return &p.ScaleFactor }},
	'x': {name: "False easting", code: 8806, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseEasting }},
	'y': {name: "False northing", code: 8807, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseNorthing }},
	'c': {name: "Latitude of projection centre", code: 8811, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfOrigin }},
	'm': {name: "Longitude of projection centre", code: 8812, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.CentralMeridian }},
	'a': {name: "Azimuth of initial line", code: 8813, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.Azimuth }},
	'g': {name: "Angle from Rectified to Skew Grid", code: 8814, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.RectifiedGridAngle }},
	's': {name: "Scale factor on initial line", code: 8815, of: func(p *projection.Projection) *float64 { return &p.ScaleFactor }},
	'E': {name: "Easting at projection centre", code: 8816, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseEasting }},
	'N': {name: "Northing at projection centre", code: 8817, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseNorthing }},
	'p': {name: "Latitude of pseudo standard parallel", code: 8818, kind: anAngle, is: 78.5},
	'f': {name: "Scale factor on pseudo standard parallel", code: 8819, of: func(p *projection.Projection) *float64 { return &p.ScaleFactor }},
	'O': {name: "Latitude of false origin", code: 8821, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfOrigin }},
	'L': {name: "Longitude of false origin", code: 8822, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.CentralMeridian }},
	'1': {name: "Latitude of 1st standard parallel", code: 8823, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.StandardParallel1 }},
	'2': {name: "Latitude of 2nd standard parallel", code: 8824, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.StandardParallel2 }},
	'X': {name: "Easting at false origin", code: 8826, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseEasting }},
	'Y': {name: "Northing at false origin", code: 8827, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.FalseNorthing }},
	'i': {name: "Initial longitude", code: 8830, kind: anAngle, is: -180},
	'w': {name: "Zone width", code: 8831, kind: anAngle, is: 6},
	'P': {name: "Latitude of standard parallel", code: 8832, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.StandardParallel1 }},
	'r': {name: "Longitude of origin", code: 8833, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.CentralMeridian }},
	't': {name: "Latitude of topocentric origin", code: 8834, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfOrigin }},
	'T': {name: "Longitude of topocentric origin", code: 8835, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.CentralMeridian }},
	'v': {name: "Viewpoint height", code: 8840, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.Height }},
	'q': {name: "Co-latitude of cone axis", code: 1036, kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.Azimuth }},
	'K': {name: "Ellipsoid scaling factor", code: 1038, of: func(p *projection.Projection) *float64 { return &p.ScaleFactor }},
	'h': {name: "Projection plane origin height", code: 1039, kind: aLength, of: func(p *projection.Projection) *float64 { return &p.Height }},
	'H': {name: "Satellite Height", kind: aLength, of: func(p *projection.Projection) *float64 { return &p.Height }},
	'A': {name: "Latitude of 1st point", kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfPoint1 }},
	'B': {name: "Longitude of 1st point", kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LongitudeOfPoint1 }},
	'C': {name: "Latitude of 2nd point", kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LatitudeOfPoint2 }},
	'D': {name: "Longitude of 2nd point", kind: anAngle, of: func(p *projection.Projection) *float64 { return &p.LongitudeOfPoint2 }},
}

// spelledMethods are the methods by kernel, with a suffix where a kernel has several, as spell finds them.
var spelledMethods = map[string]spelledMethod{
	"tmerc":                 {"Transverse Mercator", 9807, "olkxy"},
	"tmerc south":           {"Transverse Mercator (South Orientated)", 9808, "olkxy"},
	"tmerc_zoned":           {"Transverse Mercator Zoned Grid System", 9824, "oiwkxy"},
	"merc":                  {"Mercator (variant A)", 9804, "olkxy"},
	"merc true":             {"Mercator (variant B)", 9805, "1lxy"},
	"merc sphere":           {"Popular Visualisation Pseudo Mercator", 1024, "olxy"},
	"lcc":                   {"Lambert Conic Conformal (2SP)", 9802, "OL12XY"},
	"lcc 1sp":               {"Lambert Conic Conformal (1SP)", 9801, "olkxy"},
	"lcc west":              {"Lambert Conic Conformal (West Orientated)", 9826, "olkxy"},
	"lcc scaled":            {"Lambert Conic Conformal (2SP Michigan)", 1051, "OL12XYK"},
	"lcc belgium":           {"Lambert Conic Conformal (2SP Belgium)", 9803, "OL12XY"},
	"lcc_near":              {"Lambert Conic Near-Conformal", 9817, "olkxy"},
	"aea":                   {"Albers Equal Area", 9822, "OL12XY"},
	"eqdc":                  {"Equidistant Conic", 0, "ol12xy"},
	"bonne":                 {"Bonne", 9827, "blxy"},
	"bonne south":           {"Bonne (South Orientated)", 9828, "blxy"},
	"poly":                  {"American Polyconic", 9818, "olxy"},
	"laea":                  {"Lambert Azimuthal Equal Area", 9820, "olxy"},
	"laea sphere":           {"Lambert Azimuthal Equal Area (Spherical)", 1027, "olxy"},
	"stere":                 {"Stereographic", 0, "olkxy"},
	"stere polar":           {"Polar Stereographic (variant A)", 9810, "olkxy"},
	"stere true":            {"Polar Stereographic (variant B)", 9829, "Prxy"},
	"sterea":                {"Oblique Stereographic", 9809, "olkxy"},
	"omerc":                 {"Hotine Oblique Mercator (variant B)", 9815, "cmagsEN"},
	"omerc no_uoff":         {"Hotine Oblique Mercator (variant A)", 9812, "cmagsxy"},
	"omerc two_point":       {"Hotine Oblique Mercator Two Point Natural Origin", 0, "cABCDsEN"},
	"labrd":                 {"Laborde Oblique Mercator", 9813, "cmasxy"},
	"krovak":                {"Krovak (North Orientated)", 1041, "crqpfxy"},
	"krovak south":          {"Krovak", 9819, "crqpfxy"},
	"krovak modified":       {"Krovak Modified (North Orientated)", 1043, "crqpfxy"},
	"krovak modified south": {"Krovak Modified", 1042, "crqpfxy"},
	"nzmg":                  {"New Zealand Map Grid", 9811, "olxy"},
	"cass":                  {"Cassini-Soldner", 9806, "olxy"},
	"cass hyperbolic":       {"Hyperbolic Cassini-Soldner", 9833, "olxy"},
	"col_urban":             {"Colombia Urban", 1052, "olxyh"},
	"tunisia_mining":        {"Tunisia Mining Grid", 9816, "OLXY"},
	"aeqd":                  {"Modified Azimuthal Equidistant", 9832, "olxy"},
	"aeqd guam":             {"Guam Projection", 9831, "olxy"},
	"tpeqd":                 {"Two Point Equidistant", 0, "ABCDxy"},
	"ortho":                 {"Orthographic", 9840, "olxy"},
	"ortho sphere":          {"Orthographic (Spherical)", 0, "olxy"},
	"ortho local":           {"Local Orthographic", 1130, "cmasEN"},
	"gnom":                  {"Gnomonic", 0, "olxy"},
	"nsper":                 {"Vertical Perspective", 9838, "tTv"},
	"geos":                  {"Geostationary Satellite (Sweep Y)", 0, "lHxy"},
	"geos sweep_x":          {"Geostationary Satellite (Sweep X)", 0, "lHxy"},
	"eqc":                   {"Equidistant Cylindrical (Spherical)", 1029, "1lxy"},
	"eqc_ellipsoid":         {"Equidistant Cylindrical", 1028, "1lxy"},
	"cea":                   {"Lambert Cylindrical Equal Area", 9835, "1lxy"},
	"cea sphere":            {"Lambert Cylindrical Equal Area (Spherical)", 9834, "1lxy"},
	"sinu":                  {"Sinusoidal", 0, "lxy"},
	"eqearth":               {"Equal Earth", 1078, "lxy"},
	"moll":                  {"Mollweide", 0, "lxy"},
	"robin":                 {"Robinson", 0, "lxy"},
	"eck1":                  {"Eckert I", 0, "lxy"},
	"eck2":                  {"Eckert II", 0, "lxy"},
	"eck3":                  {"Eckert III", 0, "lxy"},
	"eck4":                  {"Eckert IV", 0, "lxy"},
	"eck5":                  {"Eckert V", 0, "lxy"},
	"eck6":                  {"Eckert VI", 0, "lxy"},
	"mill":                  {"Miller Cylindrical", 0, "lxy"},
	"comill":                {"Compact Miller", 0, "lxy"},
	"patterson":             {"Patterson", 0, "lxy"},
	"gall":                  {"Gall Stereographic", 0, "lxy"},
	"wink1":                 {"Winkel I", 0, "l1xy"},
	"wink2":                 {"Winkel II", 0, "l1xy"},
	"wintri":                {"Winkel Tripel", 0, "l1xy"},
	"vandg":                 {"Van Der Grinten", 0, "lxy"},
	"aitoff":                {"Aitoff", 0, "lxy"},
	"qua_aut":               {"Quartic Authalic", 0, "lxy"},
	"loxim":                 {"Loximuthal", 0, "blxy"},
	"crast":                 {"Craster Parabolic", 0, "lxy"},
	"mbtfpq":                {"Flat Polar Quartic", 0, "lxy"},
	"times":                 {"Times", 0, "lxy"},
	"natearth":              {"Natural Earth", 0, "lxy"},
	"natearth2":             {"Natural Earth II", 0, "lxy"},
	"wag4":                  {"Wagner IV", 0, "lxy"},
	"wag5":                  {"Wagner V", 0, "lxy"},
	"wag7":                  {"Wagner VII", 0, "lxy"},
	"igh":                   {"Interrupted Goode Homolosine", 0, "lxy"},
	"igh_o":                 {"Interrupted Goode Homolosine Ocean", 0, "lxy"},
	"peirce_q diamond":      {"Peirce Quincuncial (Diamond)", 0, "olkxy"},
	"peirce_q square":       {"Peirce Quincuncial (Square)", 0, "olkxy"},
	// Esri's names, as neither EPSG nor PROJ has any.
	"hammer":    {"Hammer_Aitoff", 0, "lxy"},
	"tobler1":   {"Tobler_Cylindrical_I", 0, "lxy"},
	"tobler2":   {"Tobler_Cylindrical_II", 0, "lxy"},
	"adams_ws2": {"Adams_Square_II", 0, "lxy"},
}

// A spelledValue is a parameter with its value: degrees, units of the CRS, metres for heights, or a number.
type spelledValue struct {
	letter rune
	spelledParameter
	value float64
}

// spell gives a projection's method and parameters in EPSG's words. datum is the ellipsoid of the datum. ok is false if
// there are none that say all of it.
func spell(p projection.Projection, datum ellipsoid) (m spelledMethod, values []spelledValue, ok bool) {
	m, ok = spelledMethods[methodOf(&p, datum)]
	if !ok {
		return m, nil, false
	}
	for _, letter := range m.parameters {
		s := spelledParameters[letter]
		v := s.is
		if s.of != nil {
			field := s.of(&p)
			v, *field = *field, 0
		}
		values = append(values, spelledValue{letter, s, v})
	}
	// What is left is what the words have not said.
	if p.ScaleFactor == 1 {
		p.ScaleFactor = 0
	}
	return m, values, p == projection.Projection{Descriptor: p.Descriptor, Ellipsoid: p.Ellipsoid}
}

// method finds the form of the kernel's method, and takes from the projection what the form's name says.
func methodOf(p *projection.Projection, datum ellipsoid) string {
	name := p.ID()
	if p.Variant != "" {
		name += " " + p.Variant
	}
	sphere := p.Ellipsoid != datum
	switch p.ID() {
	case "merc", "laea", "ortho", "cea":
		if sphere && p.Ellipsoid != datum.Sphere() {
			return ""
		}
	case "mill", "vandg":
		sphere = p.Ellipsoid != datum.AuthalicSphere()
		if sphere {
			return ""
		}
	default:
		m := kernelMethod(p)
		if m.sphere && p.Ellipsoid != datum.Sphere() || !m.sphere && sphere {
			return ""
		}
	}
	switch p.ID() {
	case "tmerc":
		if p.Axes == projection.WestSouth {
			name, p.Axes = name+" south", projection.EastNorth
		}
	case "bonne":
		if p.Axes == projection.WestSouth {
			name, p.Axes = name+" south", projection.EastNorth
		}
	case "cass": // which has no method of its own for that: the axes alone say it
		if p.Axes == projection.WestSouth || p.Axes == projection.SouthWest {
			p.Axes = projection.EastNorth
		}
	case "krovak":
		// The text has the false origin along the axes of the country.
		switch p.Axes {
		case projection.SouthWest:
			name, p.Axes = name+" south", projection.EastNorth
			p.FalseEasting, p.FalseNorthing = p.FalseNorthing, p.FalseEasting
		case projection.EastNorth:
			p.FalseEasting, p.FalseNorthing = -p.FalseEasting, -p.FalseNorthing
		}
	case "merc":
		switch {
		case sphere:
			name += " sphere"
		case p.StandardParallel1 != 0:
			name += " true"
		}
	case "lcc":
		oneParallel := p.StandardParallel1 == p.StandardParallel2 && p.StandardParallel1 == p.LatitudeOfOrigin
		switch {
		case p.Variant != "":
		case oneParallel && p.Axes == projection.WestNorth:
			name, p.Axes, p.StandardParallel1, p.StandardParallel2 = name+" west", projection.EastNorth, 0, 0
		case oneParallel:
			name, p.StandardParallel1, p.StandardParallel2 = name+" 1sp", 0, 0
		case p.ScaleFactor != 1:
			name += " scaled"
		}
	case "stere":
		switch {
		case p.Variant != "" || math.Abs(p.LatitudeOfOrigin) != 90:
		case p.StandardParallel1 == p.LatitudeOfOrigin:
			name, p.StandardParallel1 = name+" polar", 0
		default:
			name, p.LatitudeOfOrigin = name+" true", 0
		}
	case "somerc":
		name, p.Azimuth, p.RectifiedGridAngle = "omerc", 90, 90
	case "omerc", "tpeqd":
		if p.ID() == "tpeqd" || p.Variant == "two_point" {
			p.LongitudeOfPoint1, p.LongitudeOfPoint2, p.CentralMeridian = math.Remainder(p.CentralMeridian+p.LongitudeOfPoint1, 360), math.Remainder(p.CentralMeridian+p.LongitudeOfPoint2, 360), 0
		}
	case "ortho":
		switch {
		case sphere && (p.Azimuth != 0 || p.ScaleFactor != 1):
			return ""
		case sphere:
			name += " sphere"
		case p.Azimuth != 0 || p.ScaleFactor != 1:
			name += " local"
		}
	case "laea", "cea":
		if sphere {
			name += " sphere"
		}
	}
	p.Variant = ""
	return name
}

// kernelMethod is one of the methods that have the projection's kernel. All of those but of x_merc are alike in whether
// they are on the sphere.
func kernelMethod(p *projection.Projection) method {
	for _, m := range methods {
		if m.kernel == p.ID() {
			return m
		}
	}
	return method{}
}
