package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var larriveeProjection = Descriptor{
	Name:       "Larrivée",
	Operations: []Operation{{Name: "larr", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ larr",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", page 247",
	Samples: []string{"+proj=larr"},
	New:     pointwise(newLarrivee),
}

// larrivee is L. Larrivée's projection of 1988: x = λ/2 (1 + √cos φ), y = φ / (cos φ/2 cos λ/6).
type larrivee struct{}

func newLarrivee(*Projection) (larrivee, error) { return larrivee{}, nil }

func (p larrivee) extent() Extent {
	x, _ := p.project(math.Pi, 0)
	_, y := p.project(math.Pi, math.Pi/2)
	x, y = x+planeSlack, y+planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y, x, y}}
}

func (larrivee) project(lam, phi float64) (x, y float64) {
	return 0.5 * lam * (1 + math.Sqrt(max(0, portable.Cos(phi)))), phi / (portable.Cos(0.5*phi) * portable.Cos(lam/6))
}

// unproject goes along a line of equal x, on which y grows with latitude, as longitude does.
func (p larrivee) unproject(x, y float64) (lam, phi float64) {
	u, v := math.Abs(x), math.Abs(y)
	if !(u <= math.Pi+planeSlack && v <= 4) {
		return math.NaN(), math.NaN()
	}
	at := func(phi float64) (lam, root float64) {
		root = math.Sqrt(max(0, portable.Cos(phi)))
		return 2 * u / (1 + root), root
	}
	lam, _ = at(math.Pi / 2)
	_, top := p.project(min(math.Pi, lam), math.Pi/2)
	phi = math.Pi / 2
	if v < top-1e-15 {
		phi = p.latitude(v, at)
	}
	lam, root := at(phi)
	// Next to the poles longitude is the less certain the steeper the edge is.
	if !(lam <= math.Pi+planeSlack+1e-14/max(root, 1e-8) && v <= top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return math.Copysign(min(lam, math.Pi), x), math.Copysign(phi, y)
}

// latitude returns where y reaches a height along a line of equal x, on which at gives longitude and √cos φ.
func (larrivee) latitude(v float64, at func(phi float64) (lam, root float64)) float64 {
	return solve(0, math.Pi/2, min(v, 1.5), func(phi float64) (float64, float64) {
		lam, root := at(phi)
		sin, cos := portable.Sincos(0.5 * phi)
		sinLam, cosLam := portable.Sincos(lam / 6)
		height := phi / (cos * cosLam)
		slope := 1/(cos*cosLam) + float64(0.5*height*sin/cos)
		if root > 0 { // dλ/dφ = λ sin φ / 2 root (1 + root)
			slope += float64(height * sinLam / cosLam / 6 * lam * sin * cos / (root * (1 + root)))
		}
		return height - v, slope
	})
}
