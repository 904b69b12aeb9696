package srs

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/go-spatial/proj/core"
	"github.com/go-spatial/proj/support"
)

// A kernel is a map projection of the unit ellipsoid: semi-major axis 1, no false origin, longitudes counted from the
// central meridian. It works on many points at a time, in place. Points outside its domain become NaN in x, y or both.
// Kernels are immutable.
type kernel interface {
	// forward takes longitudes in x and latitudes in y, in radians, to the plane. Longitudes lie within ±π unless the
	// kernel is cylindrical, and latitudes within ±π/2; either may be NaN.
	forward(x, y []float64)

	// inverse takes the plane back to longitudes and latitudes, which lie in the ranges that forward accepts.
	inverse(x, y []float64)

	extent() extent
}

// extent tells what a kernel's plane looks like.
type extent struct {
	// period is the width of the world if the projection is cylindrical in the normal aspect: x is then proportional to
	// longitude without end, and y depends on latitude alone. It is 0 for all others.
	period float64

	// top is where boxes end at the top, and its negative at the bottom, if latitude 90° has no image; else it is +Inf.
	top float64

	// bounds is a box around all of the plane that has an inverse image. It may be infinite.
	bounds Envelope
}

var everywhere = Envelope{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}

// maxLatitude is π/2 with room for the rounding of coordinates that lie on a pole: 1e-9°, which is 0.1 mm.
const maxLatitude = math.Pi/2 + 1e-9*degree

// kernels are registered with go-spatial under ids with a prefix, because registering an id twice panics and upstream
// may add plain ones.
var kernels = []struct {
	id, description string
	create          func(*core.System) (kernel, error)
}{
	{"x_tmerc", "Transverse Mercator (order 6)", newTransverseMercator},
	{"x_tmzone", "Transverse Mercator Zoned Grid System", pointwise(newZonedMercator)},
	{"x_merc", "Mercator", newMercator},
	{"x_lcc", "Lambert Conformal Conic", newLambertConic},
	{"x_aea", "Albers Equal Area", newAlbers},
	{"x_laea", "Lambert Azimuthal Equal Area", newLambertAzimuthal},
	{"x_stere", "Stereographic", newStereographic},
	{"x_sterea", "Oblique Stereographic", pointwise(newDoubleStereographic)},
	{"x_omerc", "Hotine Oblique Mercator", pointwise(newHotine)},
	{"x_somerc", "Swiss Oblique Mercator", pointwise(newSwissOblique)},
	{"x_labrd", "Laborde", pointwise(newLaborde)},
	{"x_krovak", "Krovak", pointwise(newKrovak)},
	{"x_cass", "Cassini-Soldner", newCassini},
	{"x_colurban", "Colombia Urban", pointwise(newColombiaUrban)},
	{"x_eqdc", "Equidistant Conic", pointwise(newEquidistantConic)},
	{"x_bonne", "Bonne", pointwise(newBonne)},
	{"x_lccnc", "Lambert Conic Near-Conformal", pointwise(newNearConformal)},
	{"x_poly", "American Polyconic", pointwise(newPolyconic)},
	{"x_nzmg", "New Zealand Map Grid", pointwise(newNewZealand)},
	{"x_tunisia", "Tunisia Mining Grid", pointwise(newTunisiaMining)},
	{"x_aeqd", "Azimuthal Equidistant", newAzimuthalEquidistant},
	{"x_tpeqd", "Two Point Equidistant", pointwise(newTwoPoint)},
	{"x_ortho", "Orthographic", pointwise(newOrthographic)},
	{"x_gnom", "Gnomonic, sphere", pointwise(newGnomonic)},
	{"x_nsper", "Vertical Near-Side Perspective, sphere", pointwise(newNearSide)},
	{"x_geos", "Geostationary Satellite View", pointwise(newGeostationary)},
	{"x_eqc", "Equidistant Cylindrical, sphere", newEquidistantCylindrical},
	{"x_eqce", "Equidistant Cylindrical", pointwise(newEllipsoidalCylindrical)},
	{"x_cea", "Equal Area Cylindrical", pointwise(newEqualAreaCylindrical)},
	{"x_mill", "Miller Cylindrical", pointwise(newMiller)},
	{"x_comill", "Compact Miller", pointwise(newCompactMiller)},
	{"x_patterson", "Patterson", pointwise(newPatterson)},
	{"x_gall", "Gall Stereographic", pointwise(newGall)},
	{"x_tobler1", "Tobler Cylindrical I", pointwise(newTobler1)},
	{"x_tobler2", "Tobler Cylindrical II", pointwise(newTobler2)},
	{"x_sinu", "Sinusoidal", pointwise(newSinusoidal)},
	{"x_eqearth", "Equal Earth", pointwise(newEqualEarth)},
	{"x_moll", "Mollweide", pointwise(newMollweide)},
	{"x_wag4", "Wagner IV", pointwise(newWagner4)},
	{"x_wag5", "Wagner V", pointwise(newWagner5)},
	{"x_wag7", "Wagner VII", pointwise(newWagner7)},
	{"x_hammer", "Hammer", pointwise(newHammer)},
	{"x_aitoff", "Aitoff", pointwise(newAitoff)},
	{"x_wintri", "Winkel Tripel", pointwise(newWinkelTripel)},
	{"x_wink1", "Winkel I", pointwise(newWinkel1)},
	{"x_wink2", "Winkel II", pointwise(newWinkel2)},
	{"x_eck1", "Eckert I", pointwise(newEckert1)},
	{"x_eck2", "Eckert II", pointwise(newEckert2)},
	{"x_eck3", "Eckert III", pointwise(newEckert3)},
	{"x_eck4", "Eckert IV", pointwise(newEckert4)},
	{"x_eck5", "Eckert V", pointwise(newEckert5)},
	{"x_eck6", "Eckert VI", pointwise(newEckert6)},
	{"x_crast", "Craster Parabolic", pointwise(newCraster)},
	{"x_mbtfpq", "McBryde-Thomas Flat-Polar Quartic", pointwise(newFlatPolarQuartic)},
	{"x_quaaut", "Quartic Authalic", pointwise(newQuarticAuthalic)},
	{"x_times", "Times", pointwise(newTimes)},
	{"x_loxim", "Loximuthal", pointwise(newLoximuthal)},
	{"x_robin", "Robinson", pointwise(newRobinson)},
	{"x_natearth", "Natural Earth", pointwise(newNaturalEarth)},
	{"x_natearth2", "Natural Earth II", pointwise(newNaturalEarth2)},
	{"x_vandg", "Van der Grinten I", pointwise(newVanDerGrinten)},
	{"x_peirce", "Peirce Quincuncial", pointwise(newPeirce)},
	{"x_adams2", "Adams World in a Square II", pointwise(newAdams)},
	{"x_igh", "Interrupted Goode Homolosine, land", pointwise(newHomolosineLand)},
	{"x_igho", "Interrupted Goode Homolosine, ocean", pointwise(newHomolosineOcean)},
}

func init() {
	for _, k := range kernels {
		register(k.id, k.description, k.create)
	}
}

func register(id, description string, create func(*core.System) (kernel, error)) {
	core.RegisterConvertLPToXY(id, description, "",
		func(sys *core.System, desc *core.OperationDescription) (core.IConvertLPToXY, error) {
			k, err := create(sys)
			if err != nil {
				return nil, err
			}
			return &operation{core.Operation{System: sys, Description: desc}, k}, nil
		})
}

// newKernel sets a kernel up through go-spatial.
func newKernel(p projection) (kernel, error) {
	ps := &support.ProjString{}
	add := func(key string, value float64) {
		if value != 0 {
			ps.Add(support.Pair{Key: key, Value: strconv.FormatFloat(value, 'g', -1, 64)})
		}
	}
	ps.Add(support.Pair{Key: "proj", Value: p.kernel})
	if p.ellipsoid.rf == 0 {
		add("R", p.ellipsoid.a)
	} else {
		add("a", p.ellipsoid.a)
		add("rf", p.ellipsoid.rf)
	}
	add("lat_0", p.lat0)
	add("lat_1", p.lat1)
	add("lat_ts", p.lat1)
	add("lat_2", p.lat2)
	add("lon_1", p.lon1)
	add("lon_2", p.lon2)
	add("k_0", p.k0)
	add("alpha", p.alpha)
	add("gamma", p.gamma)
	add("h", p.height)
	if p.variant != "" {
		ps.Add(support.Pair{Key: "variant", Value: p.variant})
	}

	_, op, err := core.NewSystem(ps)
	if err != nil {
		return nil, fmt.Errorf("srs: projection %s: %w", p.kernel, err)
	}
	return newOrientedKernel(op.(*core.ConvertLPToXY).Algorithm.(*operation).kernel, p.axes), nil
}

// parameter reads an angle of go-spatial's parameters, which is in degrees, in radians.
func parameter(sys *core.System, key string) float64 {
	v, _ := sys.ProjString.GetAsFloat(key)
	return v * degree
}

// variant reads which form of a method is asked for.
func variant(sys *core.System) string {
	v, _ := sys.ProjString.GetAsString("variant")
	return v
}

// scaleAt is the length of a parallel on the unit ellipsoid, in radians of longitude: cos φ / √(1 − e² sin² φ).
func scaleAt(phi, es float64) float64 {
	sin, cos := math.Sincos(phi)
	return cos / math.Sqrt(1-float64(es*sin*sin))
}

// operation lets go-spatial call a kernel.
type operation struct {
	core.Operation
	kernel kernel
}

var _ core.IConvertLPToXY = (*operation)(nil)

var errNoImage = errors.New("srs: point has no image")

// Forward takes a longitude from the central meridian and a latitude, in radians, to the unit ellipsoid's plane.
func (o *operation) Forward(lp *core.CoordLP) (*core.CoordXY, error) {
	x, y := []float64{lp.Lam}, []float64{lp.Phi}
	o.kernel.forward(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordXY{X: x[0], Y: y[0]}, nil
}

// Inverse undoes Forward.
func (o *operation) Inverse(xy *core.CoordXY) (*core.CoordLP, error) {
	x, y := []float64{xy.X}, []float64{xy.Y}
	o.kernel.inverse(x, y)
	if math.IsNaN(x[0]) || math.IsNaN(y[0]) {
		return nil, errNoImage
	}
	return &core.CoordLP{Lam: x[0], Phi: y[0]}, nil
}
