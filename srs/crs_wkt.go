package srs

import (
	"math"
	"strconv"
	"strings"
)

// WKT writes the CRS as well-known text of version 1 in Esri's dialect, which ArcGIS, GDAL and QGIS read, without a code.
// Names are Esri's where it has its own. Longitudes of prime meridians are degrees.
//
// The error is ErrNotStated for the zero CRS, and an *UnsupportedError naming the projection if Esri has no name for it.
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
		if (ellipsoid{f.float(0), f.float(1)}) == d.datum.ellipsoid && f[2] != "" {
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
		wktNumber(d.datum.ellipsoid.a) + `,` + wktNumber(d.datum.ellipsoid.rf) + `]],PRIMEM["` + meridian + `",` +
		wktNumber(d.datum.meridian) + `],UNIT["` + angle + `",` + wktNumber(unit) + `]]`
}

// datumName is Esri's name of the datum, or one in Esri's manner.
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

// esriName is Esri's name if there is one, and else a name in Esri's manner: words joined by underscores.
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

func quoteWKT(s string) string { return strings.ReplaceAll(s, `"`, `""`) }

// wktNumber writes a number as Esri does, always with a point, and so that it reads as the same number.
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

// esriMethods are Esri's names of the kernels' methods, and their parameters besides the false origin and what
// projectionWKT adds: "m" central meridian, "c" longitude of centre, "k" scale factor, "1" and "2" standard parallels,
// "p" central parallel, "o" latitude of origin, "l" latitude of centre, "a" azimuth, "h" height, "t" two points.
var esriMethods = map[string]struct{ name, parameters string }{
	"x_tmerc": {"Transverse_Mercator", "mko"}, "x_merc": {"Mercator", "m1"}, "x_lcc": {"Lambert_Conformal_Conic", "m12ko"},
	"x_aea": {"Albers", "m12o"}, "x_eqdc": {"Equidistant_Conic", "m12o"}, "x_poly": {"Polyconic", "mo"},
	"x_cass": {"Cassini", "mo"}, "x_bonne": {"Bonne", "m1"}, "x_laea": {"Lambert_Azimuthal_Equal_Area", "mo"},
	"x_stere": {"Stereographic", "mko"}, "x_sterea": {"Double_Stereographic", "mko"},
	"x_omerc":  {"Hotine_Oblique_Mercator_Azimuth_Center", "kacl"},
	"x_somerc": {"Hotine_Oblique_Mercator_Azimuth_Center", "kacl"},
	"x_labrd":  {"Laborde_Oblique_Mercator", "kacl"}, "x_krovak": {"Krovak", "kacl"}, "x_nzmg": {"New_Zealand_Map_Grid", "co"},
	"x_aeqd": {"Azimuthal_Equidistant", "mo"}, "x_tpeqd": {"Two_Point_Equidistant", "t"},
	"x_ortho": {"Orthographic", "cl"}, "x_gnom": {"Gnomonic", "cl"}, "x_nsper": {"Vertical_Near_Side_Perspective", "hcl"},
	"x_geos": {"Geostationary_Satellite", "hc"}, "x_cea": {"Cylindrical_Equal_Area", "m1"},
	"x_eqc": {"Equidistant_Cylindrical", "m1"}, "x_eqce": {"Equidistant_Cylindrical_Ellipsoidal", "m1"},
	"x_sinu": {"Sinusoidal", "m"}, "x_eqearth": {"Equal_Earth", "m"}, "x_moll": {"Mollweide", "m"}, "x_robin": {"Robinson", "m"},
	"x_eck1": {"Eckert_I", "m"}, "x_eck2": {"Eckert_II", "m"}, "x_eck3": {"Eckert_III", "m"}, "x_eck4": {"Eckert_IV", "m"},
	"x_eck5": {"Eckert_V", "m"}, "x_eck6": {"Eckert_VI", "m"}, "x_mill": {"Miller_Cylindrical", "m"},
	"x_comill": {"Compact_Miller", "m"}, "x_patterson": {"Patterson", "m"}, "x_gall": {"Gall_Stereographic", "m"},
	"x_wink1": {"Winkel_I", "m1"}, "x_wink2": {"Winkel_II", "m1"}, "x_wintri": {"Winkel_Tripel", "m1"},
	"x_vandg": {"Van_der_Grinten_I", "m"}, "x_aitoff": {"Aitoff", "m"}, "x_hammer": {"Hammer_Aitoff", "m"},
	"x_quaaut": {"Quartic_Authalic", "m"}, "x_loxim": {"Loximuthal", "mp"}, "x_crast": {"Craster_Parabolic", "m"},
	"x_mbtfpq": {"Flat_Polar_Quartic", "m"}, "x_times": {"Times", "m"}, "x_natearth": {"Natural_Earth", "m"},
	"x_natearth2": {"Natural_Earth_II", "m"}, "x_wag4": {"Wagner_IV", "m"}, "x_wag5": {"Wagner_V", "m"},
	"x_wag7": {"Wagner_VII", "m"}, "x_igh": {"Goode_Homolosine", "m"}, "x_igho": {"Goode_Homolosine", "m"}, "x_tobler1": {"Tobler_Cylindrical_I", "m"},
	"x_tobler2": {"Tobler_Cylindrical_II", "m"},
}

// projectionWKT writes the PROJECTION and its PARAMETERs.
func (d *definition) projectionWKT(b *strings.Builder) error {
	p := d.projection
	m, ok := esriMethods[p.kernel]
	refuse := &UnsupportedError{"projection for Esri's well-known text", p.label()}
	if !ok {
		return refuse
	}
	var more string // parameters that only one method has
	switch sphere := p.ellipsoid.rf == 0 && d.datum.ellipsoid.rf != 0; {
	case p.kernel == "x_merc" && sphere:
		m.name, more = "Mercator_Auxiliary_Sphere", `,PARAMETER["Auxiliary_Sphere_Type",0.0]`
	case p.kernel == "x_merc" && p.lat1 == 0 && p.k0 < 1:
		// Esri's has no scale factor, which says the same as a standard parallel: cos φ / √(1 − e² sin² φ).
		_, es, _ := p.ellipsoid.squares()
		k2 := float64(p.k0 * p.k0)
		p.lat1 = math.Asin(math.Sqrt((1-k2)/(1-float64(k2*es)))) / degree
	case p.kernel == "x_merc" && p.k0 != 1, p.kernel == "x_lcc" && p.variant != "", p.kernel == "x_cass" && p.variant != "",
		p.kernel == "x_aeqd" && p.variant != "", p.kernel == "x_omerc" && p.gamma != p.alpha, p.variant == "modified",
		p.variant == "equator", p.kernel == "x_cea" && p.k0 != 1:
		return refuse
	case p.kernel == "x_lcc" && p.lat1 == p.lat2 && p.lat1 == p.lat0: // another origin PROJ would overlook
		m.parameters = "m1ko"
	case p.kernel == "x_lcc" && p.k0 == 1:
		m.parameters = "m12o"
	case p.kernel == "x_stere" && math.Abs(p.lat0) == 90 && p.lat1 != p.lat0:
		if m.name, m.parameters = "Stereographic_North_Pole", "m1"; p.lat0 < 0 {
			m.name = "Stereographic_South_Pole"
		}
		if p.k0 != 1 {
			return refuse
		}
	case p.kernel == "x_omerc" && p.variant == "two_point":
		m.name, m.parameters = "Hotine_Oblique_Mercator_Two_Point_Natural_Origin", "ktl"
	case p.kernel == "x_omerc" && p.variant == "no_uoff":
		m.name = "Hotine_Oblique_Mercator_Azimuth_Natural_Origin"
	case p.kernel == "x_igh":
		more = `,PARAMETER["Option",1.0]`
	case p.kernel == "x_igho":
		more = `,PARAMETER["Option",2.0]`
	case p.kernel == "x_somerc":
		p.alpha = 90
	case p.kernel == "x_geos":
		more = `,PARAMETER["Option",0.0]`
		if p.variant != "" {
			return refuse
		}
	case p.kernel == "x_ortho" && (!sphere && p.ellipsoid.rf != 0 || p.alpha != 0 || p.k0 != 1):
		m.name, m.parameters = "Local", "kacl"
	case p.kernel == "x_krovak":
		more = `,PARAMETER["Pseudo_Standard_Parallel_1",78.5],PARAMETER["X_Scale",-1.0],PARAMETER["Y_Scale",1.0],PARAMETER["XY_Plane_Rotation",90.0]`
		if p.axes == southWest {
			more = `,PARAMETER["Pseudo_Standard_Parallel_1",78.5],PARAMETER["X_Scale",1.0],PARAMETER["Y_Scale",1.0],PARAMETER["XY_Plane_Rotation",0.0]`
		}
	}
	switch {
	case p.axes == westSouth && p.kernel == "x_tmerc":
		p.k0 = -p.k0 // which is how Esri says it
	case p.axes != eastNorth && p.kernel != "x_krovak":
		return refuse
	}

	b.WriteString(`,PROJECTION["` + m.name + `"]`)
	parameter := func(name string, v float64) { b.WriteString(`,PARAMETER["` + name + `",` + wktNumber(v) + `]`) }
	x0, y0 := p.x0, p.y0
	if p.kernel == "x_krovak" { // along the axes of the country
		if p.axes == eastNorth {
			x0, y0 = -x0, -y0
		} else {
			x0, y0 = y0, x0
		}
	}
	angle := 1.0 // degrees per unit
	if d.base > 0 {
		f := split(openRegistry().geographic.rows[d.base-1])
		angle = openRegistry().unit(f.integer(5, 0)) / degree
	}
	parameter("False_Easting", x0)
	parameter("False_Northing", y0)
	for _, c := range m.parameters {
		switch c {
		case 'm':
			parameter("Central_Meridian", p.lon0/angle)
		case 'c':
			parameter("Longitude_Of_Center", p.lon0/angle)
		case 'k':
			parameter("Scale_Factor", p.k0)
		case '1':
			parameter("Standard_Parallel_1", p.lat1/angle)
		case '2':
			parameter("Standard_Parallel_2", p.lat2/angle)
		case 'p':
			parameter("Central_Parallel", p.lat1/angle)
		case 'o':
			parameter("Latitude_Of_Origin", p.lat0/angle)
		case 'l':
			parameter("Latitude_Of_Center", p.lat0/angle)
		case 'a':
			parameter("Azimuth", p.alpha/angle)
		case 'h':
			parameter("Height", p.height)
		case 't':
			parameter("Latitude_Of_1st_Point", p.lat1/angle)
			parameter("Latitude_Of_2nd_Point", p.lat2/angle)
			parameter("Longitude_Of_1st_Point", math.Remainder(p.lon0+p.lon1, 360)/angle)
			parameter("Longitude_Of_2nd_Point", math.Remainder(p.lon0+p.lon2, 360)/angle)
		}
	}
	b.WriteString(more)
	return nil
}
