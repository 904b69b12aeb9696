package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var mollweideProjection = Descriptor{
	Name:       "Mollweide",
	Operations: []Operation{{Name: "moll", Sphere: true}},
	Methods: []Method{{
		EPSG: "Mollweide", Esri: "Mollweide",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", page 251",
	Samples: []string{"+proj=moll"},
	New:     pointwise(newMollweide),
}

// mollweide is Mollweide's projection of the sphere, and Wagner's that are parts of it, with parallels at the root of an
// equation in latitude: x = cx λ cos θ, y = cy sin θ with
// 2θ + sin 2θ = cp sin φ.
type mollweide struct{ cx, cy, cp float64 }

// newMollweideTo returns the form in which the poles are at θ = limit and areas are kept.
func newMollweideTo(limit float64) mollweide {
	cp := float64(2*limit) + portable.Sin(2*limit)
	r := math.Sqrt(2 * math.Pi * portable.Sin(limit) / cp)
	return mollweide{2 * r / math.Pi, r / portable.Sin(limit), cp}
}

func newMollweide(*Projection) (mollweide, error) { return newMollweideTo(math.Pi / 2), nil }

func (p mollweide) extent() Extent { return worldExtent(p) }

func (p mollweide) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(mollweideAngle(p.cp, phi))
	return p.cx * lam * cos, p.cy * sin
}

func (p mollweide) unproject(x, y float64) (lam, phi float64) {
	theta := arcsine(y / p.cy)
	sin, cos := portable.Sincos(theta)
	return longitude(x, p.cx*cos), arcsine((float64(2*theta) + float64(2*float64(sin*cos))) / p.cp)
}

// mollweideAngle solves 2θ + sin 2θ = cp sin φ. If cp is π, the root is triple at the poles, where the equation is
// solved for the distance δ from them.
func mollweideAngle(cp, phi float64) float64 {
	k := math.Abs(portable.Sin(phi)) * cp
	if math.IsNaN(k) {
		return k
	}
	var theta float64
	if k < 2.5 {
		theta = 0.5 * solve(0, math.Pi, 0.6*k, func(t float64) (float64, float64) {
			sin, cos := portable.Sincos(t)
			return t + sin - k, 1 + cos
		})
	} else {
		// δ − sin δ = π − cp + cp (1 − |sin φ|)
		half := portable.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
		r := math.Pi - cp + float64(2*cp*half*half)
		if r < 1e-60 {
			return math.Copysign(math.Pi/2, phi)
		}
		delta := solve(0, math.Pi, portable.Cbrt(6*r), func(t float64) (float64, float64) {
			if t > 0.5 {
				sin, cos := portable.Sincos(t)
				return t - sin - r, 1 - cos
			}
			t2 := t * t
			return float64(t*t2/6*(1-float64(t2/20*(1-float64(t2/42*(1-float64(t2/72*(1-float64(t2/110*(1-t2/156)))))))))) - r,
				t2 / 2 * (1 - float64(t2/12*(1-t2/30)))
		})
		theta = 0.5 * (math.Pi - delta)
	}
	return math.Copysign(theta, phi)
}
