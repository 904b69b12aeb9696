package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var lambertAlternativeProjection = Descriptor{
	Name:       "Lambert Conformal Conic Alternative",
	Operations: []Operation{{Name: "lcca", Keys: []Key{lat0.must(), k0}}},
	Methods: []Method{{
		EPSG: "PROJ lcca",
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
			projNamed("k_0", ScaleFactor)),
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "latitudes on the near side of the cone's apex",
	Source:  "C. J. Mugnier's account of the truncated cubic Lambert projection",
	Samples: []string{"+proj=lcca +lat_0=35 +k_0=0.9996", "+proj=lcca +lat_0=-50"},
	New:     pointwise(newLambertAlternative),
}

// lambertAlternative is the French army's truncated cubic form of Lambert's conformal conic projection with one parallel:
// distances from it along the meridian are s + s³/(6 ρν).
type lambertAlternative struct {
	meridian
	n, arc0, rho0, cube, k float64
}

func newLambertAlternative(def *Projection) (lambertAlternative, error) {
	es := def.Ellipsoid.es()
	sin, cos := portable.Sincos(def.phi0())
	p := lambertAlternative{meridian: newMeridian(def), n: sin, k: def.k0()}
	if math.Abs(sin) < 1e-10 || math.Abs(cos) < 1e-10 {
		return p, errors.New("the parallel of origin is the equator or a pole")
	}
	p.arc0 = p.arc(def.phi0())
	nu := primeVertical(sin, es)
	p.rho0 = nu * cos / sin
	p.cube = 1 / (6 * alongMeridian(sin, es) * nu)
	return p, nil
}

func (p lambertAlternative) extent() Extent {
	r := float64(p.k * 2 * (math.Abs(p.rho0) + 9))
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p lambertAlternative) project(lam, phi float64) (x, y float64) {
	s := p.arc(phi) - p.arc0
	rho := p.rho0 - float64(s*(1+float64(p.cube*s*s)))
	if !(float64(rho*p.n) > 0) {
		return math.NaN(), math.NaN()
	}
	// ρ0 − ρ cos nλ, without the cancellation next to the origin
	sin, half := portable.Sin(p.n*lam), portable.Sin(0.5*p.n*lam)
	return p.k * rho * sin, p.k * (p.rho0 - rho + float64(2*rho*half*half))
}

func (p lambertAlternative) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.k, p.rho0-y/p.k
	rho := math.Copysign(portable.Hypot(x, y), p.n)
	if p.n < 0 {
		x, y = -x, -y
	}
	lam = portable.Atan2(x, y) / p.n
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	d := p.rho0 - rho
	if !(math.Abs(d) < 40) {
		return math.NaN(), math.NaN()
	}
	s := solve(-4, 4, max(-4, min(4, d)), func(s float64) (float64, float64) {
		return float64(s*(1+float64(p.cube*s*s))) - d, 1 + float64(3*p.cube*s*s)
	})
	return lam, latitude(p.latitude(s + p.arc0))
}
