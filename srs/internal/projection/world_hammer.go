package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var hammerProjection = Descriptor{
	Name:       "Hammer",
	Operations: []Operation{{Name: "hammer", Sphere: true}},
	Methods: []Method{{
		EPSG: "Hammer_Aitoff", Esri: "Hammer_Aitoff",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 232 to 241",
	Samples: []string{"+proj=hammer"},
	New:     pointwise(newHammer),
}

// hammer is the Hammer or Hammer–Aitoff projection: half the globe's longitudes by Lambert's azimuthal equal-area
// projection, stretched. wagner7 is the same with other weights, on parts of the globe: sin θ = m sin φ, longitudes
// over n.
type hammer struct{ cx, cy, m, n float64 }

func newHammer(*Projection) (hammer, error) { return hammer{2, 1, 1, 2}, nil }

func (p hammer) extent() Extent { return worldExtent(p) }

func (p hammer) project(lam, phi float64) (x, y float64) {
	sin := float64(p.m * portable.Sin(phi))
	cos := math.Sqrt((1 - sin) * (1 + sin))
	if p.m == 1 {
		cos = portable.Cos(phi)
	}
	sinLam, cosLam := portable.Sincos(lam / p.n)
	d := math.Sqrt(2 / (1 + float64(cos*cosLam)))
	return p.cx * d * cos * sinLam, p.cy * d * sin
}

func (p hammer) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.cx, y/p.cy
	s2 := float64(0.25 * (float64(x*x) + float64(y*y)))
	if !(s2 <= 0.5+planeSlack || p.m < 1 && s2 < 1) {
		return math.NaN(), math.NaN()
	}
	half := math.Sqrt(1 - s2)
	sin := y * half / p.m
	switch {
	case math.Abs(sin) < 0.9:
		phi = portable.Asin(sin)
	case p.m == 1:
		phi = portable.Atan2(sin, portable.Hypot(x*half, 1-float64(2*s2)))
	default:
		phi = arcsine(sin)
	}
	lam = float64(p.n * portable.Atan2(x*half, 1-float64(2*s2)))
	if !(math.Abs(lam) <= math.Pi+planeSlack) {
		// Next to a pole that is a point, rounding decides about the longitude.
		if p.m == 1 && math.Abs(math.Abs(phi)-math.Pi/2) < 1e-8 {
			return math.Copysign(math.Pi, lam), phi
		}
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
