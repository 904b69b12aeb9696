package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var swissObliqueProjection = Descriptor{
	Name:       "Swiss Oblique Mercator",
	Operations: []Operation{{Name: "somerc", Keys: []Key{lat0, k0}}},
	Methods: []Method{
		// The name is hotine's, which reads it and makes this projection of an azimuth of 90°.
		{
			EPSG: "Hotine Oblique Mercator (variant B)", Code: 9815, Esri: "Hotine_Oblique_Mercator_Azimuth_Center", GeoTIFF: 9815,
			Parameters: of(atCentre, hotineParameters...), Form: azimuthEast, EsriForm: gridAlongLine,
		},
		{Aliases: []string{"Swiss_Oblique_Cylindrical", "Swiss_Oblique_Mercator"}},
	},
	Domain:  "all of the earth but 10 km about the cylinder's poles and a sliver opposite the central meridian",
	Source:  "Federal Office of Topography, Formulas and constants for … the Swiss conformal cylindrical projection (2016)",
	Samples: []string{"+proj=somerc +lat_0=46.95 +lon_0=7.44"},
	New:     pointwise(newSwissOblique),
}

// swissOblique is the Swiss oblique Mercator projection: the Mercator projection of a Gaussian sphere with its equator
// through the centre. It is EPSG's Hotine method 9815 with an azimuth of 90° to better than a millimetre in
// Switzerland. Source: Federal Office of Topography, Formulas and constants for the calculation of the Swiss conformal
// cylindrical projection (2016).
//
// The domain is all of the earth but 10 km around the two poles of the oblique cylinder and a sliver of some tenths of a
// degree opposite the central meridian.
type swissOblique struct {
	gaussSphere
	scale, sin0, cos0 float64
}

// obliquePole bounds the sine of latitude about an oblique cylinder: 10 km from its pole.
const obliquePole = 1 - 1e-6

func newSwissOblique(def *Projection) (swissOblique, error) {
	p := swissOblique{gaussSphere: newGaussSphere(def)}
	p.scale = def.k0() * p.radius
	p.sin0, p.cos0 = portable.Sincos(p.chi0)
	return p, nil
}

func (p swissOblique) extent() Extent {
	x, y := p.scale*math.Pi*(1+1e-9), p.scale*portable.Atanh(obliquePole)*(1+1e-9)
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (p swissOblique) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	sinLam, cosLam := portable.Sincos(p.longitude(lam))
	v := float64(p.cos0*sin) - float64(p.sin0*cos*cosLam) // sine of latitude about the cylinder
	if !(math.Abs(v) <= obliquePole) {
		return math.NaN(), math.NaN()
	}
	t := float64(p.sin0*sin) + float64(p.cos0*cos*cosLam)
	return p.scale * portable.Atan2(cos*sinLam, t), p.scale * 0.5 * portable.Log((1+v)/(1-v))
}

func (p swissOblique) unproject(x, y float64) (lam, phi float64) {
	u, v := x/p.scale, portable.Tanh(y/p.scale)
	if !(math.Abs(u) <= math.Pi*(1+coneSlack) && math.Abs(v) <= obliquePole*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	cos := math.Sqrt((1 - v) * (1 + v))
	sinU, cosU := portable.Sincos(u)
	a, b := cos*sinU, cos*cosU
	t := float64(p.cos0*b) - float64(p.sin0*v)
	return p.geodetic(portable.Atan2(a, t), float64(p.sin0*b)+float64(p.cos0*v), math.Sqrt(float64(t*t)+float64(a*a)))
}

// azimuthEast adds what EPSG's method has to say.
func azimuthEast(p *Projection) bool {
	p.Azimuth, p.RectifiedGridAngle = 90, 90
	return true
}
