package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var generalSinusoidalProjection = Descriptor{
	Name:       "General Sinusoidal Series",
	Operations: []Operation{{Name: "gn_sinu", Keys: []Key{shapeM.must(), shapeN.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ gn_sinu",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("m", ShapeM),
			projNamed("n", ShapeN)),
		Surface: onSphere,
	}},
	Lacks:       LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:      "all of the earth, or latitudes up to that whose parallel has no length",
	Source:      album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=gn_sinu +m=1 +n=2", "+proj=gn_sinu +m=0 +n=0.8"},
	New:         pointwise(newGeneralSinusoidal),
}

// generalSinusoidal is the family of equal-area projections with sine curves as meridians, such as Eckert VI (m = 1, n
// = 1 + π/2): with m θ + sin θ = n sin φ, x = cx λ (m + cos θ), y = cy θ.
type generalSinusoidal struct{ m, n, cx, cy, top float64 }

func newGeneralSinusoidal(def *Projection) (generalSinusoidal, error) {
	p := generalSinusoidal{m: def.ShapeM, n: def.ShapeN}
	if !(p.n > 0 && p.m >= 0) {
		return p, errors.New("m is negative, or n is not positive")
	}
	p.cy = math.Sqrt((p.m + 1) / p.n)
	p.cx = p.cy / (p.m + 1)
	p.top = portable.Acos(-min(1, p.m)) // up to which the left side grows
	return p, nil
}

func (p generalSinusoidal) extent() Extent {
	x, y := float64(p.cx*math.Pi*(p.m+1))+planeSlack, float64(p.cy*math.Pi)
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

// angle returns θ.
func (p generalSinusoidal) angle(phi float64) float64 {
	k := float64(p.n * portable.Sin(phi))
	if p.m == 0 {
		if p.n == 1 {
			return phi
		}
		return arcsine(k)
	}
	if !(math.Abs(k) <= float64(p.m*p.top)+portable.Sin(p.top)) {
		return math.NaN()
	}
	return solve(-p.top, p.top, k/(p.m+1), func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(t)
		return float64(p.m*t) + sin - k, p.m + cos
	})
}

func (p generalSinusoidal) project(lam, phi float64) (x, y float64) {
	theta := p.angle(phi)
	return p.cx * lam * (p.m + portable.Cos(theta)), p.cy * theta
}

func (p generalSinusoidal) unproject(x, y float64) (lam, phi float64) {
	theta := y / p.cy
	if !(math.Abs(theta) <= p.top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	theta = max(-p.top, min(p.top, theta))
	sin, cos := portable.Sincos(theta)
	if phi = theta; p.m != 0 || p.n != 1 {
		phi = arcsine((float64(p.m*theta) + sin) / p.n)
	}
	return longitude(x, p.cx*(p.m+cos)), phi
}
