package srs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-spatial/proj/support"
)

// A method is one of PROJ's operation names and what it is here.
type method struct {
	kernel string

	// keys are the parameters that the method takes besides lon_0, x_0, y_0 and axis. One that ends in "!" must be given.
	keys string

	// sphere says that the method is defined on the sphere only, and takes the semi-major axis as its radius.
	sphere bool

	// check completes and checks a projection. It may be nil.
	check func(p *projection, a arguments) error
}

// methods are PROJ's operation names (version 9), and some of ours for what it has no name for:
//
//   - eqc is the spherical form, whatever the ellipsoid, as in PROJ up to 9.7 and as Esri means it; eqc_ellipsoid is
//     EPSG's method 1028.
//   - lcc takes +belgium for EPSG's method 9803, and mod_krovak is 1042 and 1043, as in PROJ 9.4.
//   - lcc_near is EPSG's 9817, the Lambert conic near-conformal projection; tunisia_mining is 9816; tmerc_zoned is 9824.
//   - ortho takes +alpha and +k_0 for EPSG's 1130, local orthographic, as in PROJ 9.7.
var methods = map[string]method{
	"merc":    {kernel: "x_merc", keys: "k_0 lat_ts lat_0", check: checkMercator},
	"webmerc": {kernel: "x_merc", keys: "lat_0", sphere: true, check: checkMercator},

	"tmerc":       {kernel: "x_tmerc", keys: "lat_0 k_0 approx algo", check: checkTransverse},
	"etmerc":      {kernel: "x_tmerc", keys: "lat_0 k_0", check: checkTransverse},
	"utm":         {kernel: "x_tmerc", keys: "zone! south approx algo", check: checkUTM},
	"tmerc_zoned": {kernel: "x_tmzone", keys: "lat_0 k_0"},

	"omerc":      {kernel: "x_omerc", keys: "lat_0 lonc alpha gamma k_0 no_uoff lat_1 lon_1 lat_2 lon_2", check: checkOblique},
	"somerc":     {kernel: "x_somerc", keys: "lat_0 k_0"},
	"labrd":      {kernel: "x_labrd", keys: "lat_0! alpha k_0"},
	"krovak":     {kernel: "x_krovak", keys: "lat_0 alpha k_0 czech", check: checkKrovak},
	"mod_krovak": {kernel: "x_krovak", keys: "lat_0 alpha k_0 czech", check: checkKrovak},

	"lcc":      {kernel: "x_lcc", keys: "lat_0 lat_1! lat_2 k_0 belgium", check: checkLambert},
	"lcc_near": {kernel: "x_lccnc", keys: "lat_0! k_0"},
	"aea":      {kernel: "x_aea", keys: "lat_0 lat_1! lat_2!"},
	"eqdc":     {kernel: "x_eqdc", keys: "lat_0 lat_1! lat_2!"},
	"bonne":    {kernel: "x_bonne", keys: "lat_1!"},
	"poly":     {kernel: "x_poly", keys: "lat_0"},

	"laea":   {kernel: "x_laea", keys: "lat_0"},
	"stere":  {kernel: "x_stere", keys: "lat_0 lat_ts k_0", check: checkStereographic},
	"ups":    {kernel: "x_stere", keys: "south", check: checkUPS},
	"sterea": {kernel: "x_sterea", keys: "lat_0 k_0"},
	"aeqd":   {kernel: "x_aeqd", keys: "lat_0 guam", check: checkFlag("guam")},
	"tpeqd":  {kernel: "x_tpeqd", keys: "lat_1 lon_1 lat_2 lon_2", sphere: true, check: checkTwoPoint},
	"ortho":  {kernel: "x_ortho", keys: "lat_0 alpha k_0"},
	"gnom":   {kernel: "x_gnom", keys: "lat_0", sphere: true},
	"nsper":  {kernel: "x_nsper", keys: "lat_0 h!", sphere: true},
	"geos":   {kernel: "x_geos", keys: "lat_0 h! sweep", check: checkGeostationary},

	"cass":           {kernel: "x_cass", keys: "lat_0 hyperbolic", check: checkFlag("hyperbolic")},
	"col_urban":      {kernel: "x_colurban", keys: "lat_0 h_0!"},
	"nzmg":           {kernel: "x_nzmg", keys: "lat_0", check: checkNewZealand},
	"tunisia_mining": {kernel: "x_tunisia", keys: "lat_0!"},

	"eqc":           {kernel: "x_eqc", keys: "lat_0 lat_ts", sphere: true, check: checkCylindrical},
	"eqc_ellipsoid": {kernel: "x_eqce", keys: "lat_0 lat_ts", check: checkCylindrical},
	"cea":           {kernel: "x_cea", keys: "lat_ts k_0", check: checkCylindrical},

	"sinu":    {kernel: "x_sinu"},
	"eqearth": {kernel: "x_eqearth"},

	"mill":      {kernel: "x_mill", sphere: true},
	"comill":    {kernel: "x_comill", sphere: true},
	"patterson": {kernel: "x_patterson", sphere: true},
	"gall":      {kernel: "x_gall", sphere: true},
	"tobler1":   {kernel: "x_tobler1", sphere: true},
	"tobler2":   {kernel: "x_tobler2", sphere: true},
	"moll":      {kernel: "x_moll", sphere: true},
	"wag4":      {kernel: "x_wag4", sphere: true},
	"wag5":      {kernel: "x_wag5", sphere: true},
	"wag7":      {kernel: "x_wag7", sphere: true},
	"hammer":    {kernel: "x_hammer", sphere: true},
	"aitoff":    {kernel: "x_aitoff", sphere: true},
	"wintri":    {kernel: "x_wintri", keys: "lat_1", sphere: true, check: checkTripel},
	"wink1":     {kernel: "x_wink1", keys: "lat_ts", sphere: true, check: checkCylindrical},
	"wink2":     {kernel: "x_wink2", keys: "lat_1", sphere: true},
	"eck1":      {kernel: "x_eck1", sphere: true},
	"eck2":      {kernel: "x_eck2", sphere: true},
	"eck3":      {kernel: "x_eck3", sphere: true},
	"eck4":      {kernel: "x_eck4", sphere: true},
	"eck5":      {kernel: "x_eck5", sphere: true},
	"eck6":      {kernel: "x_eck6", sphere: true},
	"crast":     {kernel: "x_crast", sphere: true},
	"mbtfpq":    {kernel: "x_mbtfpq", sphere: true},
	"qua_aut":   {kernel: "x_quaaut", sphere: true},
	"times":     {kernel: "x_times", sphere: true},
	"loxim":     {kernel: "x_loxim", keys: "lat_1!", sphere: true},
	"robin":     {kernel: "x_robin", sphere: true},
	"natearth":  {kernel: "x_natearth", sphere: true},
	"natearth2": {kernel: "x_natearth2", sphere: true},
	"vandg":     {kernel: "x_vandg", sphere: true},
	"adams_ws2": {kernel: "x_adams2", sphere: true},
	"peirce_q":  {kernel: "x_peirce", keys: "lat_0 k_0 shape!", sphere: true, check: checkPeirce},
	"igh":       {kernel: "x_igh", sphere: true},
	"igh_o":     {kernel: "x_igho", sphere: true},
}

// callerKeys are the parameters of a PROJ string that are not the projection's business.
var callerKeys = map[string]bool{
	"proj": true, "type": true, "no_defs": true, "wktext": true, "units": true, "to_meter": true, "vunits": true,
	"vto_meter": true, "ellps": true, "datum": true, "a": true, "b": true, "rf": true, "R": true, "es": true, "e": true,
	"pm": true, "towgs84": true, "nadgrids": true, "geoidgrids": true, "over": true, "title": true,
}

// keyAliases are the second spellings of parameters.
var keyAliases = map[string]string{"k": "k_0", "no_off": "no_uoff", "azi": "alpha"}

// arguments are the parameters of one PROJ string by name, without the plus sign. Flags have an empty value.
type arguments map[string]string

// parseProjection turns one of PROJ's operation names and its parameters, with the ellipsoid of the datum, into a
// projection: +proj=name +key=value. Parameters of other parts of a PROJ string, such as units and datum, are passed
// over; the caller has seen to them.
//
// False eastings and northings are metres in PROJ, and x0 and y0 are metres here, too: the caller divides them by the
// system's unit. They come in the order and with the signs of the axes: +axis=wsu +x_0=1 is x0 = −1.
//
// The error is an *UnsupportedError naming the method, or the parameter that the method does not take, or whose value
// it cannot work with.
func parseProjection(name string, e ellipsoid, args arguments) (projection, error) {
	m, ok := methods[name]
	if !ok {
		return projection{}, &UnsupportedError{"projection", name}
	}
	a := arguments{"proj": name}
	known := strings.Fields("lon_0 x_0 y_0 axis f R_A " + strings.ReplaceAll(m.keys, "!", ""))
	for _, key := range slices.Sorted(maps.Keys(args)) {
		value := args[key]
		if alias, ok := keyAliases[key]; ok && !slices.Contains(known, key) {
			key = alias
		}
		switch {
		case slices.Contains(known, key):
			a[key] = value
		case !callerKeys[key] && key != "f":
			return projection{}, &UnsupportedError{"parameter of " + name, key}
		}
	}
	for key := range strings.FieldsSeq(m.keys) {
		if key, required := strings.CutSuffix(key, "!"); required && !a.has(key) {
			return projection{}, &UnsupportedError{"projection", name + " without " + key}
		}
	}

	p := projection{kernel: m.kernel, ellipsoid: e, k0: 1}
	for _, f := range []struct {
		key string
		to  *float64
	}{
		{"lon_0", &p.lon0}, {"lat_0", &p.lat0}, {"lat_1", &p.lat1}, {"lat_2", &p.lat2}, {"lon_1", &p.lon1}, {"lon_2", &p.lon2},
		{"k_0", &p.k0}, {"x_0", &p.x0}, {"y_0", &p.y0}, {"alpha", &p.alpha}, {"gamma", &p.gamma}, {"h", &p.height}, {"h_0", &p.height},
		{"lat_ts", &p.lat1},
	} {
		if err := a.number(name, f.key, f.to); err != nil {
			return projection{}, err
		}
	}
	for _, v := range []float64{p.lat0, p.lat1, p.lat2} {
		if !(math.Abs(v) <= 90) {
			return projection{}, &UnsupportedError{"latitude in a projection", fmt.Sprint(v)}
		}
	}
	for _, v := range []float64{p.lon0, p.lon1, p.lon2, p.alpha, p.gamma} {
		if !(math.Abs(v) <= 360) {
			return projection{}, &UnsupportedError{"angle in a projection", fmt.Sprint(v)}
		}
	}
	if a.has("R_A") {
		p.ellipsoid = e.authalicSphere()
	}
	if f, err := strconv.ParseFloat(a["f"], 64); m.sphere || err == nil && f == 0 {
		p.ellipsoid = p.ellipsoid.sphere()
	}
	if m.check != nil {
		if err := m.check(&p, a); err != nil {
			return projection{}, err
		}
	}
	if !(p.k0 > 0) || math.IsInf(p.k0, 0) {
		return projection{}, &UnsupportedError{"scale factor", fmt.Sprint(p.k0)}
	}
	if s := a["axis"]; s != "" {
		turn, ok := axesByName[s]
		if !ok || p.axes != eastNorth {
			return projection{}, &UnsupportedError{"axis", s}
		}
		p.axes = turn
		p.x0, p.y0 = turn.orient(p.x0, p.y0)
	}
	return p, nil
}

// authalicSphere is the sphere with the same surface.
func (e ellipsoid) authalicSphere() ellipsoid {
	if e.rf == 0 {
		return e
	}
	f := 1 / e.rf
	ec := math.Sqrt(f * (2 - f))
	return ellipsoid{a: e.a * math.Sqrt(0.5*(1+(1-ec*ec)/ec*math.Atanh(ec)))}
}

func (a arguments) has(key string) bool { _, ok := a[key]; return ok }

// flag says whether a flag is set: +south, but not +south=F.
func (a arguments) flag(key string) bool {
	v, ok := a[key]
	return ok && !strings.HasPrefix(strings.ToLower(v), "f")
}

// number reads a number or an angle in degrees, which may be 8d30'15"W, if the parameter is there.
func (a arguments) number(method, key string, to *float64) error {
	s, ok := a[key]
	if !ok {
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		v, err = support.DMSToDD(s)
	}
	if err != nil || !(math.Abs(v) <= 1e15) {
		return &UnsupportedError{"value of a parameter of " + method, key + "=" + s}
	}
	*to = v
	return nil
}

func checkMercator(p *projection, _ arguments) error {
	if p.lat0 != 0 {
		return &UnsupportedError{"latitude of origin of a Mercator projection", fmt.Sprint(p.lat0)}
	}
	return checkCylindrical(p, nil)
}

// checkCylindrical makes the latitude of true scale positive, as north and south are the same here, so that there is
// one spelling of each system.
func checkCylindrical(p *projection, _ arguments) error {
	p.lat1 = math.Abs(p.lat1)
	if p.lat1 > 89.9 {
		return &UnsupportedError{"latitude of true scale", fmt.Sprint(p.lat1)}
	}
	return nil
}

// checkTransverse takes the minus sign of a scale factor for axes to the west and south, which is how Esri defines the
// South African grids.
func checkTransverse(p *projection, _ arguments) error {
	if p.k0 < 0 {
		p.k0, p.axes = -p.k0, westSouth
	}
	return nil
}

func checkUTM(p *projection, a arguments) error {
	zone, err := strconv.Atoi(a["zone"])
	if err != nil || zone < 1 || zone > 60 {
		return &UnsupportedError{"zone of utm", a["zone"]}
	}
	p.lon0, p.k0 = float64(6*zone-183), 0.9996
	p.x0 += 500_000
	if a.flag("south") {
		p.y0 += 10_000_000
	}
	return nil
}

// checkLambert sets what PROJ takes for the second standard parallel if only one is given, and for the latitude of
// origin if none is.
func checkLambert(p *projection, a arguments) error {
	if !a.has("lat_2") {
		p.lat2 = p.lat1
		if !a.has("lat_0") {
			p.lat0 = p.lat1
		}
	}
	return checkFlag("belgium")(p, a)
}

// checkFlag takes a flag as the variant of its name.
func checkFlag(key string) func(*projection, arguments) error {
	return func(p *projection, a arguments) error {
		if a.flag(key) {
			p.variant = key
		}
		return nil
	}
}

// checkStereographic sets the latitude of true scale of a polar form without one to the pole itself.
func checkStereographic(p *projection, a arguments) error {
	switch {
	case math.Abs(p.lat0) != 90:
		p.lat1 = 0
	case !a.has("lat_ts"):
		p.lat1 = p.lat0
	case p.lat1 == 0:
		p.variant = "equator"
	default:
		p.lat1 = math.Copysign(p.lat1, p.lat0)
	}
	return nil
}

func checkUPS(p *projection, a arguments) error {
	p.lat0, p.k0 = 90, 0.994
	if a.flag("south") {
		p.lat0 = -90
	}
	p.lat1 = p.lat0
	p.x0, p.y0 = p.x0+2_000_000, p.y0+2_000_000
	return nil
}

// checkOblique reads the line of an oblique Mercator projection: two points, or a point and an azimuth.
func checkOblique(p *projection, a arguments) error {
	if a.flag("no_uoff") {
		p.variant = "no_uoff"
	}
	alpha, gamma := a.has("alpha"), a.has("gamma")
	if !alpha && !gamma {
		if p.variant != "" {
			return &UnsupportedError{"parameter of omerc through two points", p.variant}
		}
		p.variant = "two_point"
		return checkTwoPoint(p, a)
	}
	for _, key := range []string{"lat_1", "lon_1", "lat_2", "lon_2"} {
		if a.has(key) {
			return &UnsupportedError{"parameter of omerc with an azimuth", key}
		}
	}
	if err := a.number("omerc", "lonc", &p.lon0); err != nil {
		return err
	}
	if math.Abs(p.lon0) > 360 {
		return &UnsupportedError{"angle in a projection", fmt.Sprint(p.lon0)}
	}
	switch {
	case !gamma:
		p.gamma = p.alpha
	case !alpha:
		return &UnsupportedError{"projection", "omerc with gamma but without alpha"}
	}
	return nil
}

// checkTwoPoint counts the points' longitudes from lon0: the first point's, or the middle of both for the two-point
// equidistant projection.
func checkTwoPoint(p *projection, a arguments) error {
	p.lon0 = p.lon1
	if p.kernel == "x_tpeqd" {
		p.lon0 = math.Remainder((p.lon1+p.lon2)/2, 360)
	}
	p.lon1, p.lon2 = math.Remainder(p.lon1-p.lon0, 360), math.Remainder(p.lon2-p.lon0, 360)
	return nil
}

// checkKrovak sets what is fixed in Krovak's projection of Czechoslovakia. Without +czech x is the country's y negated,
// false origin included.
func checkKrovak(p *projection, a arguments) error {
	for _, d := range []struct {
		key   string
		to    *float64
		value float64
	}{{"lat_0", &p.lat0, 49.5}, {"lon_0", &p.lon0, 24 + 50./60}, {"k_0", &p.k0, 0.9999}, {"alpha", &p.alpha, 30 + 17./60 + 17.30311/3600}} {
		if !a.has(d.key) {
			*d.to = d.value
		}
	}
	if a["proj"] == "mod_krovak" {
		p.variant = "modified"
		if !a.has("alpha") {
			p.alpha = 30 + 17./60 + 17.3030/3600
		}
	}
	if a.flag("czech") {
		p.axes = westSouth
	} else {
		p.x0, p.y0 = -p.x0, -p.y0
	}
	return nil
}

func checkGeostationary(p *projection, a arguments) error {
	switch s := a["sweep"]; {
	case p.lat0 != 0:
		return &UnsupportedError{"latitude of origin of geos", fmt.Sprint(p.lat0)}
	case s == "x":
		p.variant = "sweep_x"
	case s != "" && s != "y":
		return &UnsupportedError{"sweep of geos", s}
	}
	return nil
}

// checkTripel sets Winkel's own standard parallel, whose cosine is 2/π.
func checkTripel(p *projection, a arguments) error {
	if !a.has("lat_1") {
		p.lat1 = math.Acos(2/math.Pi) / degree
	}
	return nil
}

func checkPeirce(p *projection, a arguments) error {
	if a.has("lat_0") && p.lat0 != 90 {
		return &UnsupportedError{"latitude of origin of peirce_q", a["lat_0"]}
	}
	p.lat0 = 90
	switch p.variant = a["shape"]; p.variant {
	case "square", "diamond":
		return nil
	}
	return &UnsupportedError{"shape of peirce_q", a["shape"]}
}

// checkNewZealand sets what is fixed in the New Zealand Map Grid.
func checkNewZealand(p *projection, a arguments) error {
	for _, d := range []struct {
		key   string
		to    *float64
		value float64
	}{{"lat_0", &p.lat0, -41}, {"lon_0", &p.lon0, 173}, {"x_0", &p.x0, 2_510_000}, {"y_0", &p.y0, 6_023_150}} {
		if !a.has(d.key) {
			*d.to = d.value
		}
	}
	return nil
}
