package srs

import (
	"math"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/srs/internal/projection"
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
	"tmerc": {"Transverse_Mercator", "mko"}, "merc": {"Mercator", "m1"}, "lcc": {"Lambert_Conformal_Conic", "m12ko"},
	"aea": {"Albers", "m12o"}, "eqdc": {"Equidistant_Conic", "m12o"}, "poly": {"Polyconic", "mo"},
	"cass": {"Cassini", "mo"}, "bonne": {"Bonne", "m1"}, "laea": {"Lambert_Azimuthal_Equal_Area", "mo"},
	"stere": {"Stereographic", "mko"}, "sterea": {"Double_Stereographic", "mko"},
	"omerc":  {"Hotine_Oblique_Mercator_Azimuth_Center", "kacl"},
	"somerc": {"Hotine_Oblique_Mercator_Azimuth_Center", "kacl"},
	"labrd":  {"Laborde_Oblique_Mercator", "kacl"}, "krovak": {"Krovak", "kacl"}, "nzmg": {"New_Zealand_Map_Grid", "co"},
	"aeqd": {"Azimuthal_Equidistant", "mo"}, "tpeqd": {"Two_Point_Equidistant", "t"},
	"ortho": {"Orthographic", "cl"}, "gnom": {"Gnomonic", "cl"}, "nsper": {"Vertical_Near_Side_Perspective", "hcl"},
	"geos": {"Geostationary_Satellite", "hc"}, "cea": {"Cylindrical_Equal_Area", "m1"},
	"eqc": {"Equidistant_Cylindrical", "m1"}, "eqc_ellipsoid": {"Equidistant_Cylindrical_Ellipsoidal", "m1"},
	"sinu": {"Sinusoidal", "m"}, "eqearth": {"Equal_Earth", "m"}, "moll": {"Mollweide", "m"}, "robin": {"Robinson", "m"},
	"eck1": {"Eckert_I", "m"}, "eck2": {"Eckert_II", "m"}, "eck3": {"Eckert_III", "m"}, "eck4": {"Eckert_IV", "m"},
	"eck5": {"Eckert_V", "m"}, "eck6": {"Eckert_VI", "m"}, "mill": {"Miller_Cylindrical", "m"},
	"comill": {"Compact_Miller", "m"}, "patterson": {"Patterson", "m"}, "gall": {"Gall_Stereographic", "m"},
	"wink1": {"Winkel_I", "m1"}, "wink2": {"Winkel_II", "m1"}, "wintri": {"Winkel_Tripel", "m1"},
	"vandg": {"Van_der_Grinten_I", "m"}, "aitoff": {"Aitoff", "m"}, "hammer": {"Hammer_Aitoff", "m"},
	"qua_aut": {"Quartic_Authalic", "m"}, "loxim": {"Loximuthal", "mp"}, "crast": {"Craster_Parabolic", "m"},
	"mbtfpq": {"Flat_Polar_Quartic", "m"}, "times": {"Times", "m"}, "natearth": {"Natural_Earth", "m"},
	"natearth2": {"Natural_Earth_II", "m"}, "wag4": {"Wagner_IV", "m"}, "wag5": {"Wagner_V", "m"},
	"wag7": {"Wagner_VII", "m"}, "igh": {"Goode_Homolosine", "m"}, "igh_o": {"Goode_Homolosine", "m"}, "tobler1": {"Tobler_Cylindrical_I", "m"},
	"tobler2": {"Tobler_Cylindrical_II", "m"},
}

// projectionWKT writes the PROJECTION and its PARAMETERs.
func (d *definition) projectionWKT(b *strings.Builder) error {
	p := d.projection
	m, ok := esriMethods[p.ID()]
	refuse := &UnsupportedError{"projection for Esri's well-known text", label(p)}
	if !ok {
		return refuse
	}
	var more string // parameters that only one method has
	switch sphere := p.Ellipsoid.RF == 0 && d.datum.ellipsoid.RF != 0; {
	case p.ID() == "merc" && sphere:
		m.name, more = "Mercator_Auxiliary_Sphere", `,PARAMETER["Auxiliary_Sphere_Type",0.0]`
	case p.ID() == "merc" && p.StandardParallel1 == 0 && p.ScaleFactor < 1:
		// Esri's has no scale factor, which says the same as a standard parallel: cos φ / √(1 − e² sin² φ).
		_, es, _ := squares(p.Ellipsoid)
		k2 := float64(p.ScaleFactor * p.ScaleFactor)
		p.StandardParallel1 = math.Asin(math.Sqrt((1-k2)/(1-float64(k2*es)))) / degree
	case p.ID() == "merc" && p.ScaleFactor != 1, p.ID() == "lcc" && p.Variant != "", p.ID() == "cass" && p.Variant != "",
		p.ID() == "aeqd" && p.Variant != "", p.ID() == "omerc" && p.RectifiedGridAngle != p.Azimuth, p.Variant == "modified",
		p.Variant == "equator", p.ID() == "cea" && p.ScaleFactor != 1:
		return refuse
	case p.ID() == "lcc" && p.StandardParallel1 == p.StandardParallel2 && p.StandardParallel1 == p.LatitudeOfOrigin: // another origin PROJ would overlook
		m.parameters = "m1ko"
	case p.ID() == "lcc" && p.ScaleFactor == 1:
		m.parameters = "m12o"
	case p.ID() == "stere" && math.Abs(p.LatitudeOfOrigin) == 90 && p.StandardParallel1 != p.LatitudeOfOrigin:
		if m.name, m.parameters = "Stereographic_North_Pole", "m1"; p.LatitudeOfOrigin < 0 {
			m.name = "Stereographic_South_Pole"
		}
		if p.ScaleFactor != 1 {
			return refuse
		}
	case p.ID() == "omerc" && p.Variant == "two_point":
		m.name, m.parameters = "Hotine_Oblique_Mercator_Two_Point_Natural_Origin", "ktl"
	case p.ID() == "omerc" && p.Variant == "no_uoff":
		m.name = "Hotine_Oblique_Mercator_Azimuth_Natural_Origin"
	case p.ID() == "igh":
		more = `,PARAMETER["Option",1.0]`
	case p.ID() == "igh_o":
		more = `,PARAMETER["Option",2.0]`
	case p.ID() == "somerc":
		p.Azimuth = 90
	case p.ID() == "geos":
		more = `,PARAMETER["Option",0.0]`
		if p.Variant != "" {
			return refuse
		}
	case p.ID() == "ortho" && (!sphere && p.Ellipsoid.RF != 0 || p.Azimuth != 0 || p.ScaleFactor != 1):
		m.name, m.parameters = "Local", "kacl"
	case p.ID() == "krovak":
		more = `,PARAMETER["Pseudo_Standard_Parallel_1",78.5],PARAMETER["X_Scale",-1.0],PARAMETER["Y_Scale",1.0],PARAMETER["XY_Plane_Rotation",90.0]`
		if p.Axes == projection.SouthWest {
			more = `,PARAMETER["Pseudo_Standard_Parallel_1",78.5],PARAMETER["X_Scale",1.0],PARAMETER["Y_Scale",1.0],PARAMETER["XY_Plane_Rotation",0.0]`
		}
	}
	switch {
	case p.Axes == projection.WestSouth && p.ID() == "tmerc":
		p.ScaleFactor = -p.ScaleFactor // which is how Esri says it
	case p.Axes != projection.EastNorth && p.ID() != "krovak":
		return refuse
	}

	b.WriteString(`,PROJECTION["` + m.name + `"]`)
	parameter := func(name string, v float64) { b.WriteString(`,PARAMETER["` + name + `",` + wktNumber(v) + `]`) }
	x0, y0 := p.FalseEasting, p.FalseNorthing
	if p.ID() == "krovak" { // along the axes of the country
		if p.Axes == projection.EastNorth {
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
			parameter("Central_Meridian", p.CentralMeridian/angle)
		case 'c':
			parameter("Longitude_Of_Center", p.CentralMeridian/angle)
		case 'k':
			parameter("Scale_Factor", p.ScaleFactor)
		case '1':
			parameter("Standard_Parallel_1", p.StandardParallel1/angle)
		case '2':
			parameter("Standard_Parallel_2", p.StandardParallel2/angle)
		case 'p':
			parameter("Central_Parallel", p.StandardParallel1/angle)
		case 'o':
			parameter("Latitude_Of_Origin", p.LatitudeOfOrigin/angle)
		case 'l':
			parameter("Latitude_Of_Center", p.LatitudeOfOrigin/angle)
		case 'a':
			parameter("Azimuth", p.Azimuth/angle)
		case 'h':
			parameter("Height", p.Height)
		case 't':
			parameter("Latitude_Of_1st_Point", p.LatitudeOfPoint1/angle)
			parameter("Latitude_Of_2nd_Point", p.LatitudeOfPoint2/angle)
			parameter("Longitude_Of_1st_Point", math.Remainder(p.CentralMeridian+p.LongitudeOfPoint1, 360)/angle)
			parameter("Longitude_Of_2nd_Point", math.Remainder(p.CentralMeridian+p.LongitudeOfPoint2, 360)/angle)
		}
	}
	b.WriteString(more)
	return nil
}
