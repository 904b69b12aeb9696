package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var nearConformalProjection = Descriptor{
	Name:       "Lambert Conic Near-Conformal",
	Operations: []Operation{{Name: "lcc_near", Keys: []Key{lat0.must(), k0}}},
	Methods: []Method{{
		EPSG: "Lambert Conic Near-Conformal", Code: 9817,
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin, scaleAtNaturalOrigin),
	}},
	Lacks:  LacksPROJ | LacksEsri | LacksGeoTIFF,
	Domain: "10° of latitude around the origin", Source: guidance,
	Samples: []string{"+proj=lcc_near +lat_0=34.65 +lon_0=37.35 +k_0=0.9996256"},
	New:     pointwise(newNearConformal),
}

// nearConformal is the Lambert conic near-conformal projection of the Levant: EPSG method 9817. Source: IOGP Guidance
// Note 7-2, but for the arc of the meridian, whose series there are the same within a micrometre.
//
// The domain is 10° of latitude around the origin, within which distances from it along the meridian map one to one.
type nearConformal struct {
	meridian
	arc0, r0, a, n, k0 float64
}

const nearConformalReach = 0.18

func newNearConformal(def *Projection) (nearConformal, error) {
	p := nearConformal{meridian: newMeridian(def), k0: def.k0()}
	sin, cos := portable.Sincos(def.phi0())
	if math.Abs(sin) < 1e-10 || cos < 1e-10 {
		return p, errors.New("the latitude of origin is the equator or a pole")
	}
	nu := primeVertical(sin, def.Ellipsoid.es())
	p.a = 1 / (6 * alongMeridian(sin, def.Ellipsoid.es()) * nu)
	p.r0 = p.k0 * nu * cos / sin
	p.n = sin
	p.arc0 = p.arc(def.phi0())
	return p, nil
}

func (p nearConformal) extent() Extent {
	r := math.Abs(p.r0) + 0.2
	return Extent{Top: math.Inf(1), Bounds: Box{-r, p.r0 - r, r, p.r0 + r}}
}

func (p nearConformal) project(lam, phi float64) (x, y float64) {
	m := p.arc(phi) - p.arc0
	if !(math.Abs(m) <= nearConformalReach) {
		return math.NaN(), math.NaN()
	}
	r := p.r0 - float64(p.k0*(m+float64(p.a*m*m*m)))
	sin, cos := portable.Sincos(p.n * lam)
	return r * sin, p.r0 - float64(r*cos)
}

func (p nearConformal) unproject(x, y float64) (lam, phi float64) {
	y = p.r0 - y
	r := math.Copysign(portable.Hypot(x, y), p.r0)
	if p.r0 < 0 {
		x, y = -x, -y
	}
	lam = portable.Atan2(x, y) / p.n
	want := (p.r0 - r) / p.k0
	m := solve(-0.2, 0.2, want, func(m float64) (float64, float64) {
		return m + float64(p.a*m*m*m) - want, 1 + float64(3*p.a*m*m)
	})
	if !(math.Abs(m) <= nearConformalReach+planeSlack && math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	return lam, p.latitude(p.arc0 + m)
}
