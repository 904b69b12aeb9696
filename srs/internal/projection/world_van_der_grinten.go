package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var vanDerGrintenProjection = Descriptor{
	Name:       "Van der Grinten I",
	Operations: []Operation{{Name: "vandg", Authalic: true}},
	Methods: []Method{{
		EPSG: "Van Der Grinten", Esri: "Van_der_Grinten_I", GeoTIFF: 25,
		OGC:        []string{"VanDerGrinten"},
		Parameters: of(atNaturalOrigin, longitudeOfAzimuthalCentre), Surface: onAuthalic,
	}},
	Lacks:  LacksEPSG,
	Domain: "all of the earth", Source: snyder + ", pages 239 to 242",
	Samples: []string{"+proj=vandg"},
	New:     pointwise(newVanDerGrinten),
}

// vanDerGrinten is A. J. van der Grinten's first projection, the globe in a circle. Source: Snyder (1987), pages 239 to
// 242; the inverse from the circles that he describes.
type vanDerGrinten struct{}

func newVanDerGrinten(*Projection) (vanDerGrinten, error) { return vanDerGrinten{}, nil }

func (p vanDerGrinten) extent() Extent { return worldExtent(p) }

// project has Snyder's equations 29-1 to 29-6 with all differences of like numbers worked out, so that nothing is lost
// next to the axes.
func (vanDerGrinten) project(lam, phi float64) (x, y float64) {
	if math.Abs(phi) < 1e-20 {
		return lam, phi
	}
	s := min(1, math.Abs(2*phi/math.Pi)) // sine of Snyder's θ
	c := math.Sqrt((1 - s) * (1 + s))
	if math.Abs(lam) < 1e-20 || c == 0 {
		return 0, math.Copysign(math.Pi*s/(1+c), phi)
	}
	w := float64(s * (1 - s/(1+c))) // s + c − 1
	l := math.Abs(lam)
	a := 0.5 * (math.Pi - l) * (math.Pi + l) / (l * math.Pi)
	g := c / w
	m := g * (2 - s) / s
	mg := 2 * g * (1 - s) / s // m − G
	a2, m2 := float64(a*a), float64(m*m)
	t := float64((m2 - g) * a)
	x = math.Pi * mg * (m + g) / (t + math.Sqrt(float64(t*t)+float64((m2+a2)*mg*(m+g))))
	m1 := mg + (1-s)/w // m − 1
	d := float64(a2*(float64(m1*m1)+float64(2*mg))) + float64(mg*(m+g))
	y = math.Pi * (float64(g*g) + a2*(c+1-s)/w) / (float64(m*(a2+g)) + float64(a*math.Sqrt(d)))
	return math.Copysign(x, lam), math.Copysign(y, phi)
}

// unproject finds latitude by the circles that are the parallels, through (0, v0) and where y is yb on the outline, the
// unit circle; longitude follows in closed form.
func (p vanDerGrinten) unproject(x, y float64) (lam, phi float64) {
	u, v := x/math.Pi, math.Abs(y)/math.Pi
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta := solve(0, math.Pi/2, 2*portable.Atan(v), func(t float64) (float64, float64) {
		s, c := portable.Sincos(t)
		v0 := portable.Tan(0.5 * t)
		k := s * s * (1 - s/(1+c)) / ((2 - s) * (1 + c)) // yb − v0
		dv := float64(0.5 * (1 + float64(v0*v0)))
		dk := 2*c/((2-s)*(2-s)) - dv
		return float64((r2-float64(v0*v0))*k) - float64((1-float64(v0*v0))*(v-v0)),
			float64((r2-float64(v0*v0))*dk) - float64(2*v0*dv*k) + float64(2*v0*dv*(v-v0)) + float64((1-float64(v0*v0))*dv)
	})
	phi = math.Copysign(math.Pi/2*portable.Sin(theta), y)
	d := max(0, 1-r2)
	d += math.Sqrt(float64(d*d) + float64(4*float64(u*u)))
	if d == 0 {
		return 0, phi
	}
	return max(-math.Pi, min(math.Pi, 2*math.Pi*u/d)), phi
}
