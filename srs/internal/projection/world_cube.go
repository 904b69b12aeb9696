package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var quadrilateralizedProjection = Descriptor{
	Name:       "Quadrilateralized Spherical Cube",
	Operations: []Operation{{Name: "qsc", Keys: []Key{lat0}}},
	Methods: []Method{{
		EPSG: "Quadrilateralized Spherical Cube", OGC: []string{"Quadrilateralized_Spherical_Cube"},
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin),
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "the face of the cube about the origin, or about a pole if that is within 22.5° of it",
	Source:  "E. M. O'Neill and R. E. Laubscher, Extended Studies of a Quadrilateralized Spherical Cube Earth Data Base (1976)",
	Samples: []string{"+proj=qsc", "+proj=qsc +lat_0=90", "+proj=qsc +lat_0=-90 +R=6371000", "+proj=qsc +lon_0=90"},
	New:     pointwise(newCubeFace),
}

// cubeFace is one face of the equal-area quadrilateralized spherical cube. On an ellipsoid latitudes become
// geocentric, as M. Lambers and A. Kolb (2012) do. A face has four quarters about its centre, each of which is worked
// out as the one in the east.
type cubeFace struct {
	pole float64 // 1 or -1 for the faces of the poles, 0 for the others
	oneF float64 // (1 − f)²
	flat bool    // whether the ellipsoid is one
}

func newCubeFace(def *Projection) (cubeFace, error) {
	f := 1 - def.Ellipsoid.f()
	p := cubeFace{oneF: float64(f * f), flat: def.Ellipsoid.RF != 0}
	if math.Abs(def.LatitudeOfOrigin) >= 67.5 {
		p.pole = math.Copysign(1, def.LatitudeOfOrigin)
	}
	return p, nil
}

func (cubeFace) extent() Extent {
	const r = 1 + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

// cubeSlack is how far beyond a face's edges points may lie.
const cubeSlack = 1e-10

func (p cubeFace) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	if p.flat {
		sin *= p.oneF
		r := portable.Hypot(sin, cos)
		sin, cos = sin/r, cos/r
	}
	sinLam, cosLam := portable.Sincos(lam)
	// The unit vector along the face's normal, to its east, and to its north.
	n, u, v := float64(cos*cosLam), float64(cos*sinLam), sin
	if p.pole != 0 {
		n, v = p.pole*sin, -p.pole*n
	}
	if !(n > 0 && max(math.Abs(u), math.Abs(v)) <= n*(1+cubeSlack)) {
		return math.NaN(), math.NaN()
	}
	if math.Abs(v) > math.Abs(u) {
		y, x = cubeQuarter(n, v, u)
		return x, y
	}
	return cubeQuarter(n, u, v)
}

// cubeQuarter maps the quarter of a face with |v| ≤ |u|. With θ the angle from the u axis about the centre,
// tan μ = 12/π (θ − arcsin(sin θ/√2)), x² = (1 − n)/(1 − 1/√(1 + sec² θ)), y = x tan μ.
func cubeQuarter(n, u, v float64) (x, y float64) {
	s := portable.Hypot(u, v)
	if s == 0 {
		return 0, 0
	}
	cos, sin := math.Abs(u)/s, v/s
	tan := 12 / math.Pi * (portable.Atan2(sin, cos) - portable.Asin(sin/math.Sqrt2))
	x = s / math.Sqrt((1+n)*cubeWidth(cos))
	return math.Copysign(x, u), x * tan
}

// cubeWidth is 1 − cos θ'/√(1 + cos² θ').
func cubeWidth(cos float64) float64 { return 1 - cos/math.Sqrt(1+float64(cos*cos)) }

// fromCubeQuarter inverts cubeQuarter.
func fromCubeQuarter(x, y float64) (n, u, v float64) {
	if x == 0 {
		return 1, 0, 0
	}
	sinT, cosT := portable.Sincos(math.Pi / 12 * (y / math.Abs(x)))
	sin, cos := sinT, cosT-math.Sqrt(0.5)
	r := portable.Hypot(sin, cos)
	sin, cos = sin/r, cos/r
	rest := float64(x * x * cubeWidth(cos)) // 1 − n
	s := math.Sqrt(rest * (2 - rest))
	return 1 - rest, math.Copysign(s*cos, x), s * sin
}

func (p cubeFace) unproject(x, y float64) (lam, phi float64) {
	if !(max(math.Abs(x), math.Abs(y)) <= 1+planeSlack) {
		return math.NaN(), math.NaN()
	}
	var n, u, v float64
	if math.Abs(y) > math.Abs(x) {
		n, v, u = fromCubeQuarter(y, x)
	} else {
		n, u, v = fromCubeQuarter(x, y)
	}
	sin, along := v, n
	if p.pole != 0 {
		sin, along = p.pole*n, -p.pole*v
	}
	cos := portable.Hypot(u, along)
	if p.flat {
		cos *= p.oneF
	}
	return portable.Atan2(u, along), portable.Atan2(sin, cos)
}
