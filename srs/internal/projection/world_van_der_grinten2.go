package projection

import (
	"math"
)

var vanDerGrinten2Projection = Descriptor{
	Name:       "Van der Grinten II",
	Operations: []Operation{{Name: "vandg2", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ vandg2",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 239 to 242",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=vandg2"},
	New:         pointwise(newVanDerGrinten2),
}

// vanDerGrinten2 is A. J. van der Grinten's second projection, the globe in a circle whose parallels meet the
// meridians at right angles. In units of π, the meridians are circles through (0, ±1), and a parallel of sin θ = 2φ/π
// is the circle through (0, tan θ/2) that meets the outline at (±cos θ, sin θ).
type vanDerGrinten2 struct{}

func newVanDerGrinten2(*Projection) (vanDerGrinten2, error) { return vanDerGrinten2{}, nil }

func (vanDerGrinten2) extent() Extent { return circleExtent }

var circleExtent = Extent{
	Top: math.Inf(1), Bounds: Box{-math.Pi - planeSlack, -math.Pi - planeSlack, math.Pi + planeSlack,
		math.Pi + planeSlack},
}

// halfTan returns tan θ/2 of the parallel, and cos θ.
func grintenParallel(phi float64) (tan, cos float64) {
	b := min(1, math.Abs(2*phi/math.Pi))
	cos = math.Sqrt((1 - b) * (1 + b))
	return b / (1 + cos), cos
}

// grintenLatitude inverts grintenParallel.
func grintenLatitude(tan float64) float64 { return math.Pi * tan / (1 + float64(tan*tan)) }

// grintenMeridian returns a, of the circle x² + y² + 2 a x = 1 that a meridian is.
func grintenMeridian(lam float64) float64 {
	l := math.Abs(lam)
	return 0.5 * (math.Pi - l) * (math.Pi + l) / (l * math.Pi)
}

// grintenLongitude inverts grintenMeridian.
func grintenLongitude(a float64) float64 {
	if root := math.Sqrt(1 + float64(a*a)); a > 0 {
		return math.Pi / (root + a)
	} else {
		return math.Pi * (root - a)
	}
}

func (vanDerGrinten2) project(lam, phi float64) (x, y float64) {
	t, c := grintenParallel(phi)
	if math.Abs(lam) < 1e-20 || c == 0 {
		return 0, math.Copysign(math.Pi*t, phi)
	}
	// The two circles meet where x² + y² + 2 a x = 1 and x² + y² + 1 = 2 y/b with sin θ = b.
	a := grintenMeridian(lam)
	b := 2 * t / (1 + float64(t*t))
	u := c * c / (float64(c*math.Sqrt(1+float64(a*a))) + float64(a*c*c))
	v := b * (1 - float64(a*u))
	return math.Copysign(math.Pi*u, lam), math.Copysign(math.Pi*v, phi)
}

func (vanDerGrinten2) unproject(x, y float64) (lam, phi float64) {
	u, v := math.Abs(x)/math.Pi, math.Abs(y)/math.Pi
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	// The parallel meets the y axis at t: t + 1/t = (1 + r²)/y.
	d := float64((1 - r2) * (1 - r2))
	t := 2 * v / (1 + r2 + math.Sqrt(max(0, d+float64(4*u*u))))
	phi = math.Copysign(grintenLatitude(min(1, t)), y)
	if u < 1e-20 {
		return x, phi
	}
	return math.Copysign(grintenLongitude(max(0, 0.5*(1-r2)/u)), x), phi
}
