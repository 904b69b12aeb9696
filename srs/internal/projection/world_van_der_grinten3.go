package projection

import (
	"math"
)

var vanDerGrinten3Projection = Descriptor{
	Name:       "Van der Grinten III",
	Operations: []Operation{{Name: "vandg3", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ vandg3",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 239 to 242",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=vandg3"},
	New:         pointwise(newVanDerGrinten3),
}

// vanDerGrinten3 is A. J. van der Grinten's third projection: the second with straight parallels.
type vanDerGrinten3 struct{}

func newVanDerGrinten3(*Projection) (vanDerGrinten3, error) { return vanDerGrinten3{}, nil }

func (vanDerGrinten3) extent() Extent { return circleExtent }

func (vanDerGrinten3) project(lam, phi float64) (x, y float64) {
	t, _ := grintenParallel(phi)
	y = math.Copysign(math.Pi*t, phi)
	if math.Abs(lam) < 1e-20 {
		return 0, y
	}
	a, up := grintenMeridian(lam), float64((1-t)*(1+t))
	return math.Copysign(math.Pi*up/(math.Sqrt(float64(a*a)+up)+a), lam), y
}

func (vanDerGrinten3) unproject(x, y float64) (lam, phi float64) {
	u, v := math.Abs(x)/math.Pi, math.Abs(y)/math.Pi
	r2 := float64(u*u) + float64(v*v)
	if !(r2 <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	phi = math.Copysign(grintenLatitude(min(1, v)), y)
	if u < 1e-20 {
		return 0, phi
	}
	return math.Copysign(grintenLongitude(max(0, 0.5*(1-r2)/u)), x), phi
}
