package srs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-spatial/proj/support"

	"github.com/geoexport/geoexport/srs/internal/projection"
)

// descriptors are the projections by ID.
var descriptors = func() map[string]*projection.Descriptor {
	m := map[string]*projection.Descriptor{}
	for _, d := range projection.All {
		m[d.ID] = d
	}
	return m
}()

// A method is one of PROJ's operation names and what it is here.
type method struct {
	kernel string

	// keys are the parameters that the method takes besides lon_0, x_0, y_0 and axis. One that ends in "!" must be given.
	keys string

	// sphere says that the method is defined on the sphere only, and takes the semi-major axis as its radius.
	sphere bool

	// check completes and checks a projection. It may be nil.
	check func(p *projection.Projection, a arguments) error
}

// methods are PROJ's operation names (version 9), and some of ours for what it has no name for:
//
//   - eqc is the spherical form, whatever the ellipsoid, as in PROJ up to 9.7 and as Esri means it; eqc_ellipsoid is
//     EPSG's method 1028.
//   - lcc takes +belgium for EPSG's method 9803, and mod_krovak is 1042 and 1043, as in PROJ 9.4.
//   - lcc_near is EPSG's 9817, the Lambert conic near-conformal projection; tunisia_mining is 9816; tmerc_zoned is 9824.
//   - ortho takes +alpha and +k_0 for EPSG's 1130, local orthographic, as in PROJ 9.7.
var methods = map[string]method{
	"merc":    {kernel: "merc", keys: "k_0 lat_ts lat_0", check: checkMercator},
	"webmerc": {kernel: "merc", keys: "lat_0", sphere: true, check: checkMercator},

	"tmerc":       {kernel: "tmerc", keys: "lat_0 k_0 approx algo", check: checkTransverse},
	"etmerc":      {kernel: "tmerc", keys: "lat_0 k_0", check: checkTransverse},
	"utm":         {kernel: "tmerc", keys: "zone! south approx algo", check: checkUTM},
	"tmerc_zoned": {kernel: "tmerc_zoned", keys: "lat_0 k_0"},

	"omerc":      {kernel: "omerc", keys: "lat_0 lonc alpha gamma k_0 no_uoff lat_1 lon_1 lat_2 lon_2", check: checkOblique},
	"somerc":     {kernel: "somerc", keys: "lat_0 k_0"},
	"labrd":      {kernel: "labrd", keys: "lat_0! alpha k_0"},
	"krovak":     {kernel: "krovak", keys: "lat_0 alpha k_0 czech", check: checkKrovak},
	"mod_krovak": {kernel: "krovak", keys: "lat_0 alpha k_0 czech", check: checkKrovak},

	"lcc":      {kernel: "lcc", keys: "lat_0 lat_1! lat_2 k_0 belgium", check: checkLambert},
	"lcc_near": {kernel: "lcc_near", keys: "lat_0! k_0"},
	"aea":      {kernel: "aea", keys: "lat_0 lat_1! lat_2!"},
	"eqdc":     {kernel: "eqdc", keys: "lat_0 lat_1! lat_2!"},
	"bonne":    {kernel: "bonne", keys: "lat_1!"},
	"poly":     {kernel: "poly", keys: "lat_0"},

	"laea":   {kernel: "laea", keys: "lat_0"},
	"stere":  {kernel: "stere", keys: "lat_0 lat_ts k_0", check: checkStereographic},
	"ups":    {kernel: "stere", keys: "south", check: checkUPS},
	"sterea": {kernel: "sterea", keys: "lat_0 k_0"},
	"aeqd":   {kernel: "aeqd", keys: "lat_0 guam", check: checkFlag("guam")},
	"tpeqd":  {kernel: "tpeqd", keys: "lat_1 lon_1 lat_2 lon_2", sphere: true, check: checkTwoPoint},
	"ortho":  {kernel: "ortho", keys: "lat_0 alpha k_0"},
	"gnom":   {kernel: "gnom", keys: "lat_0", sphere: true},
	"nsper":  {kernel: "nsper", keys: "lat_0 h!", sphere: true},
	"geos":   {kernel: "geos", keys: "lat_0 h! sweep", check: checkGeostationary},

	"cass":           {kernel: "cass", keys: "lat_0 hyperbolic", check: checkFlag("hyperbolic")},
	"col_urban":      {kernel: "col_urban", keys: "lat_0 h_0!"},
	"nzmg":           {kernel: "nzmg", keys: "lat_0", check: checkNewZealand},
	"tunisia_mining": {kernel: "tunisia_mining", keys: "lat_0!"},

	"eqc":           {kernel: "eqc", keys: "lat_0 lat_ts", sphere: true, check: checkCylindrical},
	"eqc_ellipsoid": {kernel: "eqc_ellipsoid", keys: "lat_0 lat_ts", check: checkCylindrical},
	"cea":           {kernel: "cea", keys: "lat_ts k_0", check: checkCylindrical},

	"sinu":    {kernel: "sinu"},
	"eqearth": {kernel: "eqearth"},

	"mill":      {kernel: "mill", sphere: true},
	"comill":    {kernel: "comill", sphere: true},
	"patterson": {kernel: "patterson", sphere: true},
	"gall":      {kernel: "gall", sphere: true},
	"tobler1":   {kernel: "tobler1", sphere: true},
	"tobler2":   {kernel: "tobler2", sphere: true},
	"moll":      {kernel: "moll", sphere: true},
	"wag4":      {kernel: "wag4", sphere: true},
	"wag5":      {kernel: "wag5", sphere: true},
	"wag7":      {kernel: "wag7", sphere: true},
	"hammer":    {kernel: "hammer", sphere: true},
	"aitoff":    {kernel: "aitoff", sphere: true},
	"wintri":    {kernel: "wintri", keys: "lat_1", sphere: true, check: checkTripel},
	"wink1":     {kernel: "wink1", keys: "lat_ts", sphere: true, check: checkCylindrical},
	"wink2":     {kernel: "wink2", keys: "lat_1", sphere: true},
	"eck1":      {kernel: "eck1", sphere: true},
	"eck2":      {kernel: "eck2", sphere: true},
	"eck3":      {kernel: "eck3", sphere: true},
	"eck4":      {kernel: "eck4", sphere: true},
	"eck5":      {kernel: "eck5", sphere: true},
	"eck6":      {kernel: "eck6", sphere: true},
	"crast":     {kernel: "crast", sphere: true},
	"mbtfpq":    {kernel: "mbtfpq", sphere: true},
	"qua_aut":   {kernel: "qua_aut", sphere: true},
	"times":     {kernel: "times", sphere: true},
	"loxim":     {kernel: "loxim", keys: "lat_1!", sphere: true},
	"robin":     {kernel: "robin", sphere: true},
	"natearth":  {kernel: "natearth", sphere: true},
	"natearth2": {kernel: "natearth2", sphere: true},
	"vandg":     {kernel: "vandg", sphere: true},
	"adams_ws2": {kernel: "adams_ws2", sphere: true},
	"peirce_q":  {kernel: "peirce_q", keys: "lat_0 k_0 shape!", sphere: true, check: checkPeirce},
	"igh":       {kernel: "igh", sphere: true},
	"igh_o":     {kernel: "igh_o", sphere: true},
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
func parseProjection(name string, e ellipsoid, args arguments) (projection.Projection, error) {
	m, ok := methods[name]
	if !ok {
		return projection.Projection{}, &UnsupportedError{"projection", name}
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
			return projection.Projection{}, &UnsupportedError{"parameter of " + name, key}
		}
	}
	for key := range strings.FieldsSeq(m.keys) {
		if key, required := strings.CutSuffix(key, "!"); required && !a.has(key) {
			return projection.Projection{}, &UnsupportedError{"projection", name + " without " + key}
		}
	}

	p := projection.Projection{Descriptor: descriptors[m.kernel], Ellipsoid: e}
	p.ScaleFactor = 1
	for _, f := range []struct {
		key string
		to  *float64
	}{
		{"lon_0", &p.CentralMeridian}, {"lat_0", &p.LatitudeOfOrigin}, {"lat_1", &p.StandardParallel1}, {"lat_2", &p.StandardParallel2}, {"lon_1", &p.LongitudeOfPoint1}, {"lon_2", &p.LongitudeOfPoint2},
		{"k_0", &p.ScaleFactor}, {"x_0", &p.FalseEasting}, {"y_0", &p.FalseNorthing}, {"alpha", &p.Azimuth}, {"gamma", &p.RectifiedGridAngle}, {"h", &p.Height}, {"h_0", &p.Height},
		{"lat_ts", &p.StandardParallel1},
	} {
		if m.kernel == "tpeqd" || m.kernel == "omerc" {
			switch f.key {
			case "lat_1":
				f.to = &p.LatitudeOfPoint1
			case "lat_2":
				f.to = &p.LatitudeOfPoint2
			}
		}
		if err := a.number(name, f.key, f.to); err != nil {
			return projection.Projection{}, err
		}
	}
	for _, v := range []float64{p.LatitudeOfOrigin, p.StandardParallel1, p.StandardParallel2, p.LatitudeOfPoint1, p.LatitudeOfPoint2} {
		if !(math.Abs(v) <= 90) {
			return projection.Projection{}, &UnsupportedError{"latitude in a projection", fmt.Sprint(v)}
		}
	}
	for _, v := range []float64{p.CentralMeridian, p.LongitudeOfPoint1, p.LongitudeOfPoint2, p.Azimuth, p.RectifiedGridAngle} {
		if !(math.Abs(v) <= 360) {
			return projection.Projection{}, &UnsupportedError{"angle in a projection", fmt.Sprint(v)}
		}
	}
	if a.has("R_A") {
		p.Ellipsoid = e.AuthalicSphere()
	}
	if f, err := strconv.ParseFloat(a["f"], 64); m.sphere || err == nil && f == 0 {
		p.Ellipsoid = p.Ellipsoid.Sphere()
	}
	if m.check != nil {
		if err := m.check(&p, a); err != nil {
			return projection.Projection{}, err
		}
	}
	if !(p.ScaleFactor > 0) || math.IsInf(p.ScaleFactor, 0) {
		return projection.Projection{}, &UnsupportedError{"scale factor", fmt.Sprint(p.ScaleFactor)}
	}
	if s := a["axis"]; s != "" {
		turn, ok := projection.AxesByName[s]
		if !ok || p.Axes != projection.EastNorth {
			return projection.Projection{}, &UnsupportedError{"axis", s}
		}
		p.Axes = turn
		p.FalseEasting, p.FalseNorthing = turn.Orient(p.FalseEasting, p.FalseNorthing)
	}
	return p, nil
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

func checkMercator(p *projection.Projection, _ arguments) error {
	if p.LatitudeOfOrigin != 0 {
		return &UnsupportedError{"latitude of origin of a Mercator projection", fmt.Sprint(p.LatitudeOfOrigin)}
	}
	return checkCylindrical(p, nil)
}

// checkCylindrical makes the latitude of true scale positive, as north and south are the same here, so that there is
// one spelling of each system.
func checkCylindrical(p *projection.Projection, _ arguments) error {
	p.StandardParallel1 = math.Abs(p.StandardParallel1)
	if p.StandardParallel1 > 89.9 {
		return &UnsupportedError{"latitude of true scale", fmt.Sprint(p.StandardParallel1)}
	}
	return nil
}

// checkTransverse takes the minus sign of a scale factor for axes to the west and south, which is how Esri defines the
// South African grids.
func checkTransverse(p *projection.Projection, _ arguments) error {
	if p.ScaleFactor < 0 {
		p.ScaleFactor, p.Axes = -p.ScaleFactor, projection.WestSouth
	}
	return nil
}

func checkUTM(p *projection.Projection, a arguments) error {
	zone, err := strconv.Atoi(a["zone"])
	if err != nil || zone < 1 || zone > 60 {
		return &UnsupportedError{"zone of utm", a["zone"]}
	}
	p.CentralMeridian, p.ScaleFactor = float64(6*zone-183), 0.9996
	p.FalseEasting += 500_000
	if a.flag("south") {
		p.FalseNorthing += 10_000_000
	}
	return nil
}

// checkLambert sets what PROJ takes for the second standard parallel if only one is given, and for the latitude of
// origin if none is.
func checkLambert(p *projection.Projection, a arguments) error {
	if !a.has("lat_2") {
		p.StandardParallel2 = p.StandardParallel1
		if !a.has("lat_0") {
			p.LatitudeOfOrigin = p.StandardParallel1
		}
	}
	return checkFlag("belgium")(p, a)
}

// checkFlag takes a flag as the variant of its name.
func checkFlag(key string) func(*projection.Projection, arguments) error {
	return func(p *projection.Projection, a arguments) error {
		if a.flag(key) {
			p.Variant = key
		}
		return nil
	}
}

// checkStereographic sets the latitude of true scale of a polar form without one to the pole itself.
func checkStereographic(p *projection.Projection, a arguments) error {
	switch {
	case math.Abs(p.LatitudeOfOrigin) != 90:
		p.StandardParallel1 = 0
	case !a.has("lat_ts"):
		p.StandardParallel1 = p.LatitudeOfOrigin
	case p.StandardParallel1 == 0:
		p.Variant = "equator"
	default:
		p.StandardParallel1 = math.Copysign(p.StandardParallel1, p.LatitudeOfOrigin)
	}
	return nil
}

func checkUPS(p *projection.Projection, a arguments) error {
	p.LatitudeOfOrigin, p.ScaleFactor = 90, 0.994
	if a.flag("south") {
		p.LatitudeOfOrigin = -90
	}
	p.StandardParallel1 = p.LatitudeOfOrigin
	p.FalseEasting, p.FalseNorthing = p.FalseEasting+2_000_000, p.FalseNorthing+2_000_000
	return nil
}

// checkOblique reads the line of an oblique Mercator projection: two points, or a point and an azimuth.
func checkOblique(p *projection.Projection, a arguments) error {
	if a.flag("no_uoff") {
		p.Variant = "no_uoff"
	}
	alpha, gamma := a.has("alpha"), a.has("gamma")
	if !alpha && !gamma {
		if p.Variant != "" {
			return &UnsupportedError{"parameter of omerc through two points", p.Variant}
		}
		p.Variant = "two_point"
		return checkTwoPoint(p, a)
	}
	for _, key := range []string{"lat_1", "lon_1", "lat_2", "lon_2"} {
		if a.has(key) {
			return &UnsupportedError{"parameter of omerc with an azimuth", key}
		}
	}
	if err := a.number("omerc", "lonc", &p.CentralMeridian); err != nil {
		return err
	}
	if math.Abs(p.CentralMeridian) > 360 {
		return &UnsupportedError{"angle in a projection", fmt.Sprint(p.CentralMeridian)}
	}
	switch {
	case !gamma:
		p.RectifiedGridAngle = p.Azimuth
	case !alpha:
		return &UnsupportedError{"projection", "omerc with gamma but without alpha"}
	}
	return nil
}

// checkTwoPoint counts the points' longitudes from lon0: the first point's, or the middle of both for the two-point
// equidistant projection.
func checkTwoPoint(p *projection.Projection, a arguments) error {
	p.CentralMeridian = p.LongitudeOfPoint1
	if p.ID() == "tpeqd" {
		p.CentralMeridian = math.Remainder((p.LongitudeOfPoint1+p.LongitudeOfPoint2)/2, 360)
	}
	p.LongitudeOfPoint1, p.LongitudeOfPoint2 = math.Remainder(p.LongitudeOfPoint1-p.CentralMeridian, 360), math.Remainder(p.LongitudeOfPoint2-p.CentralMeridian, 360)
	return nil
}

// checkKrovak sets what is fixed in Krovak's projection of Czechoslovakia. Without +czech x is the country's y negated,
// false origin included.
func checkKrovak(p *projection.Projection, a arguments) error {
	for _, d := range []struct {
		key   string
		to    *float64
		value float64
	}{{"lat_0", &p.LatitudeOfOrigin, 49.5}, {"lon_0", &p.CentralMeridian, 24 + 50./60}, {"k_0", &p.ScaleFactor, 0.9999}, {"alpha", &p.Azimuth, 30 + 17./60 + 17.30311/3600}} {
		if !a.has(d.key) {
			*d.to = d.value
		}
	}
	if a["proj"] == "mod_krovak" {
		p.Variant = "modified"
		if !a.has("alpha") {
			p.Azimuth = 30 + 17./60 + 17.3030/3600
		}
	}
	if a.flag("czech") {
		p.Axes = projection.WestSouth
	} else {
		p.FalseEasting, p.FalseNorthing = -p.FalseEasting, -p.FalseNorthing
	}
	return nil
}

func checkGeostationary(p *projection.Projection, a arguments) error {
	switch s := a["sweep"]; {
	case p.LatitudeOfOrigin != 0:
		return &UnsupportedError{"latitude of origin of geos", fmt.Sprint(p.LatitudeOfOrigin)}
	case s == "x":
		p.Variant = "sweep_x"
	case s != "" && s != "y":
		return &UnsupportedError{"sweep of geos", s}
	}
	return nil
}

// checkTripel sets Winkel's own standard parallel, whose cosine is 2/π.
func checkTripel(p *projection.Projection, a arguments) error {
	if !a.has("lat_1") {
		p.StandardParallel1 = math.Acos(2/math.Pi) / degree
	}
	return nil
}

func checkPeirce(p *projection.Projection, a arguments) error {
	if a.has("lat_0") && p.LatitudeOfOrigin != 90 {
		return &UnsupportedError{"latitude of origin of peirce_q", a["lat_0"]}
	}
	p.LatitudeOfOrigin = 90
	switch p.Variant = a["shape"]; p.Variant {
	case "square", "diamond":
		return nil
	}
	return &UnsupportedError{"shape of peirce_q", a["shape"]}
}

// checkNewZealand sets what is fixed in the New Zealand Map Grid.
func checkNewZealand(p *projection.Projection, a arguments) error {
	for _, d := range []struct {
		key   string
		to    *float64
		value float64
	}{{"lat_0", &p.LatitudeOfOrigin, -41}, {"lon_0", &p.CentralMeridian, 173}, {"x_0", &p.FalseEasting, 2_510_000}, {"y_0", &p.FalseNorthing, 6_023_150}} {
		if !a.has(d.key) {
			*d.to = d.value
		}
	}
	return nil
}
