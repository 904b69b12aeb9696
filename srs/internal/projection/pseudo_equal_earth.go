package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var equalEarthProjection = Descriptor{
	Name:       "Equal Earth",
	Operations: []Operation{{Name: "eqearth"}},
	Methods: []Method{{
		EPSG: "Equal Earth", Code: 1078, Esri: "Equal_Earth",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin),
	}},
	Lacks:       LacksGeoTIFF,
	Domain:      "all of the earth",
	Source:      "B. Šavrič and others, International Journal of Geographical Information Science 33 (2019)",
	RimAccuracy: 0.2, // at the poles themselves, where areas and thus latitudes are ill-conditioned
	Samples:     []string{"+proj=eqearth"},
	New:         pointwise(newEqualEarth),
}

// equalEarth is the Equal Earth projection of the sphere or the ellipsoid: EPSG method 1078. Source: B. Šavrič, T.
// Patterson and B. Jenny, The Equal Earth map projection, International Journal of Geographical Information Science 33
// (2019).
type equalEarth struct{ authalic }

func newEqualEarth(def *Projection) (equalEarth, error) { return equalEarth{newAuthalic(def)}, nil }

func (p equalEarth) extent() Extent { return worldExtent(p) }

// polynomial returns y and dy/dθ on the sphere.
func (equalEarth) polynomial(theta float64) (y, slope float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	t := theta * theta
	t3 := t * t * t
	return float64(theta * (a1 + float64(a2*t) + float64(t3*(a3+float64(a4*t))))), a1 + float64(3*a2*t) +
		float64(t3*(7*a3+float64(9*a4*t)))
}

var sqrt3 = math.Sqrt(3)

func (p equalEarth) project(lam, phi float64) (x, y float64) {
	sin, _ := p.toAuthalic.sincos(portable.Sincos(phi))
	theta := portable.Asin(sqrt3 / 2 * sin)
	y, slope := p.polynomial(theta)
	return float64(p.radius*lam*portable.Cos(theta)) * 2 / sqrt3 / slope, p.radius * y
}

func (p equalEarth) unproject(x, y float64) (lam, phi float64) {
	y /= p.radius
	top, _ := p.polynomial(math.Pi / 3)
	if !(math.Abs(y) <= top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta := solve(-math.Pi/3, math.Pi/3, y/top*math.Pi/3, func(t float64) (float64, float64) {
		v, d := p.polynomial(t)
		return v - y, d
	})
	_, slope := p.polynomial(theta)
	sin := min(1, max(-1, portable.Sin(theta)*2/sqrt3))
	return longitude(x, float64(p.radius*portable.Cos(theta))*2/sqrt3/slope),
		p.toGeodetic.geodetic(sin, math.Sqrt((1-sin)*(1+sin)))
}
