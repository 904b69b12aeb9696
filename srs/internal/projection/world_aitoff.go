package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var aitoffProjection = Descriptor{
	Name:       "Aitoff",
	Operations: []Operation{{Name: "aitoff", Sphere: true}},
	Methods: []Method{{
		EPSG: "Aitoff", Esri: "Aitoff",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 232 to 241",
	Samples: []string{"+proj=aitoff"},
	New:     pointwise(newAitoff),
}

// aitoff is D. Aitoff's projection: half the globe's longitudes by the azimuthal equidistant projection, stretched; and
// with a share in it of a plate carrée, Winkel's third, tripel.
type aitoff struct {
	tripel bool
	cos    float64 // of Winkel's standard parallel
	bounds Box
}

func newAitoff(*Projection) (aitoff, error) {
	var p aitoff
	p.bounds = worldExtent(p).Bounds
	return p, nil
}

func (p aitoff) extent() Extent { return Extent{Top: math.Inf(1), Bounds: p.bounds} }

func (p aitoff) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(0.5 * lam)
	u, w := float64(cos*sinLam), float64(cos*cosLam)
	r := portable.Hypot(u, sin) // sine of the distance from the centre
	k := 1.0
	if r > 1e-9 {
		k = portable.Atan2(r, w) / r
	}
	x, y = float64(2*k*u), float64(k*sin)
	if p.tripel {
		return 0.5 * (x + float64(lam*p.cos)), 0.5 * (y + phi)
	}
	return x, y
}

// projectWithSlopes is for Winkel's tripel.
func (p aitoff) projectWithSlopes(lam, phi float64) (x, y float64, s slopes) {
	sin, cos := portable.Sincos(phi)
	sinLam, cosLam := portable.Sincos(0.5 * lam)
	u, w := float64(cos*sinLam), float64(cos*cosLam)
	r2 := float64(u*u) + float64(sin*sin)
	r := math.Sqrt(r2)
	k, dk := 1.0, -1./3 // and its derivative by w
	if r > 1e-9 {
		k = portable.Atan2(r, w) / r
	}
	if r > 1e-4 {
		dk = (float64(k*w) - 1) / r2
	}
	x, y = float64(k*u), float64(k*sin)
	dw := -sin * cosLam // by latitude
	return x + float64(0.5*lam*p.cos), 0.5 * (y + phi), slopes{
		xLam: 0.5 * (float64(k*w) - float64(dk*u*u) + p.cos),
		xPhi: float64(dk*dw*u) - float64(k*sin*sinLam),
		yLam: -0.25 * dk * u * sin,
		yPhi: 0.5 * (float64(dk*dw*sin) + float64(k*cos) + 1),
	}
}

func (p aitoff) unproject(x, y float64) (lam, phi float64) {
	if !p.tripel {
		r := portable.Hypot(0.5*x, y)
		if !(r <= math.Pi/2+planeSlack) {
			return math.NaN(), math.NaN()
		}
		sin, cos := portable.Sincos(min(r, math.Pi/2))
		if r > 1e-9 {
			sin /= r
		} else {
			sin = 1
		}
		u, v := 0.5*x*sin, y*sin
		return 2 * portable.Atan2(u, cos), portable.Atan2(v, portable.Hypot(u, cos))
	}
	if !(math.Abs(x) <= p.bounds.XMax && math.Abs(y) <= p.bounds.YMax) {
		return math.NaN(), math.NaN()
	}
	// Latitude within longitude: for each latitude x grows with longitude, and along that y grows with latitude.
	phi = max(-math.Pi/2, min(math.Pi/2, y))
	lam = max(-math.Pi, min(math.Pi, 2*x/(1+float64(p.cos*portable.Cos(phi))+1e-3)))
	if l, f := solvePair(p, x, y, lam, phi); !math.IsNaN(l) {
		return l, f
	}
	return p.search(x, y)
}

// search finds what Newton's method does not, next to the ends of the poles, by halving: y grows with latitude along a
// line of equal x.
func (p aitoff) search(x, y float64) (lam, phi float64) {
	alongX := func(phi float64) (float64, bool) {
		low, high := 0.0, math.Pi
		if u, _ := p.project(high, phi); u < math.Abs(x)-planeSlack {
			return high, false
		}
		for range 55 {
			mid := 0.5 * (low + high)
			if u, _ := p.project(mid, phi); u < math.Abs(x) {
				low = mid
			} else {
				high = mid
			}
		}
		return 0.5 * (low + high), true
	}
	low, high := 0.0, math.Pi/2
	for range 55 {
		mid := 0.5 * (low + high)
		l, ok := alongX(mid)
		if _, v := p.project(l, mid); ok && v < math.Abs(y) {
			low = mid
		} else {
			high = mid
		}
	}
	phi = 0.5 * (low + high)
	lam, _ = alongX(phi)
	u, v := p.project(lam, phi)
	if math.Abs(u-math.Abs(x)) > 1e-9 || math.Abs(v-math.Abs(y)) > 1e-9 {
		return math.NaN(), math.NaN()
	}
	return math.Copysign(lam, x), math.Copysign(phi, y)
}
