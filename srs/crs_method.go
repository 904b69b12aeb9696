package srs

import "math"

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
	of   func(*projection) *float64 // nil if the method fixes the value
	is   float64                    // the fixed value
}

// spelledParameters: names are EPSG's of 2022, which PROJ 9.1 writes, and which all later readers know.
var spelledParameters = map[rune]spelledParameter{
	'o': {name: "Latitude of natural origin", code: 8801, kind: anAngle, of: func(p *projection) *float64 { return &p.lat0 }},
	'b': {name: "Latitude of natural origin", code: 8801, kind: anAngle, of: func(p *projection) *float64 { return &p.lat1 }},
	'l': {name: "Longitude of natural origin", code: 8802, kind: anAngle, of: func(p *projection) *float64 { return &p.lon0 }},
	'k': {name: "Scale factor at natural origin", code: 8805, of: func(p *projection) *float64 { return &p.k0 }},
	'x': {name: "False easting", code: 8806, kind: aLength, of: func(p *projection) *float64 { return &p.x0 }},
	'y': {name: "False northing", code: 8807, kind: aLength, of: func(p *projection) *float64 { return &p.y0 }},
	'c': {name: "Latitude of projection centre", code: 8811, kind: anAngle, of: func(p *projection) *float64 { return &p.lat0 }},
	'm': {name: "Longitude of projection centre", code: 8812, kind: anAngle, of: func(p *projection) *float64 { return &p.lon0 }},
	'a': {name: "Azimuth of initial line", code: 8813, kind: anAngle, of: func(p *projection) *float64 { return &p.alpha }},
	'g': {name: "Angle from Rectified to Skew Grid", code: 8814, kind: anAngle, of: func(p *projection) *float64 { return &p.gamma }},
	's': {name: "Scale factor on initial line", code: 8815, of: func(p *projection) *float64 { return &p.k0 }},
	'E': {name: "Easting at projection centre", code: 8816, kind: aLength, of: func(p *projection) *float64 { return &p.x0 }},
	'N': {name: "Northing at projection centre", code: 8817, kind: aLength, of: func(p *projection) *float64 { return &p.y0 }},
	'p': {name: "Latitude of pseudo standard parallel", code: 8818, kind: anAngle, is: 78.5},
	'f': {name: "Scale factor on pseudo standard parallel", code: 8819, of: func(p *projection) *float64 { return &p.k0 }},
	'O': {name: "Latitude of false origin", code: 8821, kind: anAngle, of: func(p *projection) *float64 { return &p.lat0 }},
	'L': {name: "Longitude of false origin", code: 8822, kind: anAngle, of: func(p *projection) *float64 { return &p.lon0 }},
	'1': {name: "Latitude of 1st standard parallel", code: 8823, kind: anAngle, of: func(p *projection) *float64 { return &p.lat1 }},
	'2': {name: "Latitude of 2nd standard parallel", code: 8824, kind: anAngle, of: func(p *projection) *float64 { return &p.lat2 }},
	'X': {name: "Easting at false origin", code: 8826, kind: aLength, of: func(p *projection) *float64 { return &p.x0 }},
	'Y': {name: "Northing at false origin", code: 8827, kind: aLength, of: func(p *projection) *float64 { return &p.y0 }},
	'i': {name: "Initial longitude", code: 8830, kind: anAngle, is: -180},
	'w': {name: "Zone width", code: 8831, kind: anAngle, is: 6},
	'P': {name: "Latitude of standard parallel", code: 8832, kind: anAngle, of: func(p *projection) *float64 { return &p.lat1 }},
	'r': {name: "Longitude of origin", code: 8833, kind: anAngle, of: func(p *projection) *float64 { return &p.lon0 }},
	't': {name: "Latitude of topocentric origin", code: 8834, kind: anAngle, of: func(p *projection) *float64 { return &p.lat0 }},
	'T': {name: "Longitude of topocentric origin", code: 8835, kind: anAngle, of: func(p *projection) *float64 { return &p.lon0 }},
	'v': {name: "Viewpoint height", code: 8840, kind: aLength, of: func(p *projection) *float64 { return &p.height }},
	'q': {name: "Co-latitude of cone axis", code: 1036, kind: anAngle, of: func(p *projection) *float64 { return &p.alpha }},
	'K': {name: "Ellipsoid scaling factor", code: 1038, of: func(p *projection) *float64 { return &p.k0 }},
	'h': {name: "Projection plane origin height", code: 1039, kind: aLength, of: func(p *projection) *float64 { return &p.height }},
	'H': {name: "Satellite Height", kind: aLength, of: func(p *projection) *float64 { return &p.height }},
	'A': {name: "Latitude of 1st point", kind: anAngle, of: func(p *projection) *float64 { return &p.lat1 }},
	'B': {name: "Longitude of 1st point", kind: anAngle, of: func(p *projection) *float64 { return &p.lon1 }},
	'C': {name: "Latitude of 2nd point", kind: anAngle, of: func(p *projection) *float64 { return &p.lat2 }},
	'D': {name: "Longitude of 2nd point", kind: anAngle, of: func(p *projection) *float64 { return &p.lon2 }},
}

// spelledMethods are the methods by kernel, with a suffix where a kernel has several, as spell finds them.
var spelledMethods = map[string]spelledMethod{
	"x_tmerc":                 {"Transverse Mercator", 9807, "olkxy"},
	"x_tmerc south":           {"Transverse Mercator (South Orientated)", 9808, "olkxy"},
	"x_tmzone":                {"Transverse Mercator Zoned Grid System", 9824, "oiwkxy"},
	"x_merc":                  {"Mercator (variant A)", 9804, "olkxy"},
	"x_merc true":             {"Mercator (variant B)", 9805, "1lxy"},
	"x_merc sphere":           {"Popular Visualisation Pseudo Mercator", 1024, "olxy"},
	"x_lcc":                   {"Lambert Conic Conformal (2SP)", 9802, "OL12XY"},
	"x_lcc 1sp":               {"Lambert Conic Conformal (1SP)", 9801, "olkxy"},
	"x_lcc west":              {"Lambert Conic Conformal (West Orientated)", 9826, "olkxy"},
	"x_lcc scaled":            {"Lambert Conic Conformal (2SP Michigan)", 1051, "OL12XYK"},
	"x_lcc belgium":           {"Lambert Conic Conformal (2SP Belgium)", 9803, "OL12XY"},
	"x_lccnc":                 {"Lambert Conic Near-Conformal", 9817, "olkxy"},
	"x_aea":                   {"Albers Equal Area", 9822, "OL12XY"},
	"x_eqdc":                  {"Equidistant Conic", 0, "ol12xy"},
	"x_bonne":                 {"Bonne", 9827, "blxy"},
	"x_bonne south":           {"Bonne (South Orientated)", 9828, "blxy"},
	"x_poly":                  {"American Polyconic", 9818, "olxy"},
	"x_laea":                  {"Lambert Azimuthal Equal Area", 9820, "olxy"},
	"x_laea sphere":           {"Lambert Azimuthal Equal Area (Spherical)", 1027, "olxy"},
	"x_stere":                 {"Stereographic", 0, "olkxy"},
	"x_stere polar":           {"Polar Stereographic (variant A)", 9810, "olkxy"},
	"x_stere true":            {"Polar Stereographic (variant B)", 9829, "Prxy"},
	"x_sterea":                {"Oblique Stereographic", 9809, "olkxy"},
	"x_omerc":                 {"Hotine Oblique Mercator (variant B)", 9815, "cmagsEN"},
	"x_omerc no_uoff":         {"Hotine Oblique Mercator (variant A)", 9812, "cmagsxy"},
	"x_omerc two_point":       {"Hotine Oblique Mercator Two Point Natural Origin", 0, "cABCDsEN"},
	"x_labrd":                 {"Laborde Oblique Mercator", 9813, "cmasxy"},
	"x_krovak":                {"Krovak (North Orientated)", 1041, "crqpfxy"},
	"x_krovak south":          {"Krovak", 9819, "crqpfxy"},
	"x_krovak modified":       {"Krovak Modified (North Orientated)", 1043, "crqpfxy"},
	"x_krovak modified south": {"Krovak Modified", 1042, "crqpfxy"},
	"x_nzmg":                  {"New Zealand Map Grid", 9811, "olxy"},
	"x_cass":                  {"Cassini-Soldner", 9806, "olxy"},
	"x_cass hyperbolic":       {"Hyperbolic Cassini-Soldner", 9833, "olxy"},
	"x_colurban":              {"Colombia Urban", 1052, "olxyh"},
	"x_tunisia":               {"Tunisia Mining Grid", 9816, "OLXY"},
	"x_aeqd":                  {"Modified Azimuthal Equidistant", 9832, "olxy"},
	"x_aeqd guam":             {"Guam Projection", 9831, "olxy"},
	"x_tpeqd":                 {"Two Point Equidistant", 0, "ABCDxy"},
	"x_ortho":                 {"Orthographic", 9840, "olxy"},
	"x_ortho sphere":          {"Orthographic (Spherical)", 0, "olxy"},
	"x_ortho local":           {"Local Orthographic", 1130, "cmasEN"},
	"x_gnom":                  {"Gnomonic", 0, "olxy"},
	"x_nsper":                 {"Vertical Perspective", 9838, "tTv"},
	"x_geos":                  {"Geostationary Satellite (Sweep Y)", 0, "lHxy"},
	"x_geos sweep_x":          {"Geostationary Satellite (Sweep X)", 0, "lHxy"},
	"x_eqc":                   {"Equidistant Cylindrical (Spherical)", 1029, "1lxy"},
	"x_eqce":                  {"Equidistant Cylindrical", 1028, "1lxy"},
	"x_cea":                   {"Lambert Cylindrical Equal Area", 9835, "1lxy"},
	"x_cea sphere":            {"Lambert Cylindrical Equal Area (Spherical)", 9834, "1lxy"},
	"x_sinu":                  {"Sinusoidal", 0, "lxy"},
	"x_eqearth":               {"Equal Earth", 1078, "lxy"},
	"x_moll":                  {"Mollweide", 0, "lxy"},
	"x_robin":                 {"Robinson", 0, "lxy"},
	"x_eck1":                  {"Eckert I", 0, "lxy"},
	"x_eck2":                  {"Eckert II", 0, "lxy"},
	"x_eck3":                  {"Eckert III", 0, "lxy"},
	"x_eck4":                  {"Eckert IV", 0, "lxy"},
	"x_eck5":                  {"Eckert V", 0, "lxy"},
	"x_eck6":                  {"Eckert VI", 0, "lxy"},
	"x_mill":                  {"Miller Cylindrical", 0, "lxy"},
	"x_comill":                {"Compact Miller", 0, "lxy"},
	"x_patterson":             {"Patterson", 0, "lxy"},
	"x_gall":                  {"Gall Stereographic", 0, "lxy"},
	"x_wink1":                 {"Winkel I", 0, "l1xy"},
	"x_wink2":                 {"Winkel II", 0, "l1xy"},
	"x_wintri":                {"Winkel Tripel", 0, "l1xy"},
	"x_vandg":                 {"Van Der Grinten", 0, "lxy"},
	"x_aitoff":                {"Aitoff", 0, "lxy"},
	"x_quaaut":                {"Quartic Authalic", 0, "lxy"},
	"x_loxim":                 {"Loximuthal", 0, "blxy"},
	"x_crast":                 {"Craster Parabolic", 0, "lxy"},
	"x_mbtfpq":                {"Flat Polar Quartic", 0, "lxy"},
	"x_times":                 {"Times", 0, "lxy"},
	"x_natearth":              {"Natural Earth", 0, "lxy"},
	"x_natearth2":             {"Natural Earth II", 0, "lxy"},
	"x_wag4":                  {"Wagner IV", 0, "lxy"},
	"x_wag5":                  {"Wagner V", 0, "lxy"},
	"x_wag7":                  {"Wagner VII", 0, "lxy"},
	"x_igh":                   {"Interrupted Goode Homolosine", 0, "lxy"},
	"x_igho":                  {"Interrupted Goode Homolosine Ocean", 0, "lxy"},
	"x_peirce diamond":        {"Peirce Quincuncial (Diamond)", 0, "olkxy"},
	"x_peirce square":         {"Peirce Quincuncial (Square)", 0, "olkxy"},
	// Esri's names, as neither EPSG nor PROJ has any.
	"x_hammer":  {"Hammer_Aitoff", 0, "lxy"},
	"x_tobler1": {"Tobler_Cylindrical_I", 0, "lxy"},
	"x_tobler2": {"Tobler_Cylindrical_II", 0, "lxy"},
	"x_adams2":  {"Adams_Square_II", 0, "lxy"},
}

// A spelledValue is a parameter with its value: degrees, units of the CRS, metres for heights, or a number.
type spelledValue struct {
	letter rune
	spelledParameter
	value float64
}

// spell gives a projection's method and parameters in EPSG's words. datum is the ellipsoid of the datum. ok is false if
// there are none that say all of it.
func (p projection) spell(datum ellipsoid) (m spelledMethod, values []spelledValue, ok bool) {
	m, ok = spelledMethods[p.method(datum)]
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
	if p.k0 == 1 {
		p.k0 = 0
	}
	return m, values, p == projection{kernel: p.kernel, ellipsoid: p.ellipsoid}
}

// method finds the form of the kernel's method, and takes from the projection what the form's name says.
func (p *projection) method(datum ellipsoid) string {
	name := p.kernel
	if p.variant != "" {
		name += " " + p.variant
	}
	sphere := p.ellipsoid != datum
	switch p.kernel {
	case "x_merc", "x_laea", "x_ortho", "x_cea":
		if sphere && p.ellipsoid != datum.sphere() {
			return ""
		}
	case "x_mill", "x_vandg":
		sphere = p.ellipsoid != datum.authalicSphere()
		if sphere {
			return ""
		}
	default:
		m := p.kernelMethod()
		if m.sphere && p.ellipsoid != datum.sphere() || !m.sphere && sphere {
			return ""
		}
	}
	switch p.kernel {
	case "x_tmerc":
		if p.axes == westSouth {
			name, p.axes = name+" south", eastNorth
		}
	case "x_bonne":
		if p.axes == westSouth {
			name, p.axes = name+" south", eastNorth
		}
	case "x_cass": // which has no method of its own for that: the axes alone say it
		if p.axes == westSouth || p.axes == southWest {
			p.axes = eastNorth
		}
	case "x_krovak":
		// The text has the false origin along the axes of the country.
		switch p.axes {
		case southWest:
			name, p.axes = name+" south", eastNorth
			p.x0, p.y0 = p.y0, p.x0
		case eastNorth:
			p.x0, p.y0 = -p.x0, -p.y0
		}
	case "x_merc":
		switch {
		case sphere:
			name += " sphere"
		case p.lat1 != 0:
			name += " true"
		}
	case "x_lcc":
		oneParallel := p.lat1 == p.lat2 && p.lat1 == p.lat0
		switch {
		case p.variant != "":
		case oneParallel && p.axes == westNorth:
			name, p.axes, p.lat1, p.lat2 = name+" west", eastNorth, 0, 0
		case oneParallel:
			name, p.lat1, p.lat2 = name+" 1sp", 0, 0
		case p.k0 != 1:
			name += " scaled"
		}
	case "x_stere":
		switch {
		case p.variant != "" || math.Abs(p.lat0) != 90:
		case p.lat1 == p.lat0:
			name, p.lat1 = name+" polar", 0
		default:
			name, p.lat0 = name+" true", 0
		}
	case "x_somerc":
		name, p.alpha, p.gamma = "x_omerc", 90, 90
	case "x_omerc", "x_tpeqd":
		if p.kernel == "x_tpeqd" || p.variant == "two_point" {
			p.lon1, p.lon2, p.lon0 = math.Remainder(p.lon0+p.lon1, 360), math.Remainder(p.lon0+p.lon2, 360), 0
		}
	case "x_ortho":
		switch {
		case sphere && (p.alpha != 0 || p.k0 != 1):
			return ""
		case sphere:
			name += " sphere"
		case p.alpha != 0 || p.k0 != 1:
			name += " local"
		}
	case "x_laea", "x_cea":
		if sphere {
			name += " sphere"
		}
	}
	p.variant = ""
	return name
}

// kernelMethod is one of the methods that have the projection's kernel. All of those but of x_merc are alike in whether
// they are on the sphere.
func (p *projection) kernelMethod() method {
	for _, m := range methods {
		if m.kernel == p.kernel {
			return m
		}
	}
	return method{}
}
