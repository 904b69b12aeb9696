package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var homolosineLandProjection = Descriptor{
	Name:       "Interrupted Goode Homolosine, land",
	Operations: []Operation{{Name: "igh", Sphere: true}},
	Methods: []Method{
		{EPSG: "Interrupted Goode Homolosine", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere},
		{
			Esri:       "Goode_Homolosine",
			Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, option.fixedAt(1)), Surface: onSphere,
			Read: readHomolosine,
		},
	},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 67",
	Samples: []string{"+proj=igh"},
	New:     pointwise(newHomolosineLand),
}

// homolosine is J. P. Goode's projection of the sphere in lobes: sinusoidal up to 40°44'11.8", where the parallel is as
// long as Mollweide's, and Mollweide's beyond, moved to meet it. Source: Snyder & Voxland (1989), page 67. The lobes are
// PROJ's, as on the maps of the U.S. Geological Survey.
//
// The domain is all of the earth. What lies on a cut belongs to the lobe west of it, but in the oceans' form on eastern
// longitudes. Parts that maps show twice, such as Greenland's east, are shown once.
type homolosine struct {
	north, south []lobe
	polar        mollweide
	shift        float64 // by which Mollweide's parallels are moved from the equator
	eastward     bool    // what lies on a cut of eastern longitude belongs to the lobe east of it
}

// lobe is what is between two meridians, sinusoidal or not about a third.
type lobe struct{ west, east, center float64 }

const homolosineLatitude = (40 + 44/60. + 11.8/3600) * degree

func newHomolosine(north, south []lobe) homolosine {
	p := homolosine{polar: newMollweideTo(math.Pi / 2)}
	for _, l := range north {
		p.north = append(p.north, lobe{l.west * degree, l.east * degree, l.center * degree})
	}
	for _, l := range south {
		p.south = append(p.south, lobe{l.west * degree, l.east * degree, l.center * degree})
	}
	_, y := p.polar.project(0, homolosineLatitude)
	p.shift = homolosineLatitude - y
	return p
}

// newHomolosineLand cuts the oceans.
func newHomolosineLand(*Projection) (homolosine, error) {
	return newHomolosine(
		[]lobe{{-180, -40, -100}, {-40, 180, 30}},
		[]lobe{{-180, -100, -160}, {-100, -20, -60}, {-20, 80, 20}, {80, 180, 140}},
	), nil
}

func (p homolosine) extent() Extent {
	const x = math.Pi + planeSlack
	y := p.polar.cy + p.shift + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

// lobeAt finds the lobe by longitude, or by x, which is the same on the equator, where lobes are widest.
func (p homolosine) lobeAt(x, y float64) lobe {
	lobes := p.south
	if y >= 0 {
		lobes = p.north
	}
	i := 0
	for i < len(lobes)-1 && (x > lobes[i].east || x == lobes[i].east && x > 0 && p.eastward) {
		i++
	}
	return lobes[i]
}

func (p homolosine) project(lam, phi float64) (x, y float64) {
	l := p.lobeAt(lam, phi)
	if math.Abs(phi) < homolosineLatitude {
		return l.center + float64((lam-l.center)*portable.Cos(phi)), phi
	}
	x, y = p.polar.project(lam-l.center, phi)
	return l.center + x, y + float64(p.shift*math.Copysign(1, phi))
}

func (p homolosine) unproject(x, y float64) (lam, phi float64) {
	l := p.lobeAt(x, y)
	if math.Abs(y) < homolosineLatitude {
		phi = y
		lam = longitude(x-l.center, portable.Cos(phi)) + l.center
	} else {
		lam, phi = p.polar.unproject(x-l.center, y-float64(p.shift*math.Copysign(1, y)))
		lam += l.center
	}
	if !(lam >= l.west-planeSlack && lam <= l.east+planeSlack) {
		if math.Abs(phi) > math.Pi/2-1e-6 && math.Abs(x-l.center) < 1e-6 { // the pole
			return l.center, phi
		}
		return math.NaN(), math.NaN()
	}
	return max(l.west, min(l.east, lam)), phi
}

// readHomolosine finds which of the three forms a text means: Esri has one name for all, and an option. Without it the map
// has no interruptions, as in GDAL.
func readHomolosine(r *reading) error {
	switch r.Values["option"] {
	case 1:
		r.Operation = "igh"
	case 2:
		r.Operation = "igh_o"
	}
	return r.drop("option", 0, 1, 2)
}
