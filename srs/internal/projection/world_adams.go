package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var adamsProjection = Descriptor{
	Name:       "Adams World in a Square II",
	Operations: []Operation{{Name: "adams_ws2", Sphere: true}},
	// Esri's projection of the name is spilhaus.
	Methods: []Method{{EPSG: "Adams_Square_II", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "all of the earth", Source: "O. S. Adams, U.S. Coast and Geodetic Survey Special Publication 153 (1929)",
	Samples: []string{"+proj=adams_ws2"},
	New:     pointwise(newAdams),
}

// adams is one of the conformal projections of O. S. Adams and É. Guyou in squares with sides at ±K: of a hemisphere, or
// of all of the earth, which is first made a hemisphere conformally, by halving longitudes. Adams's second of the world, and
// his hemisphere, are turned by 45°, so that the poles lie in two corners.
type adams struct {
	jacobi
	hemisphere, turned bool
}

func newAdams(*Projection) (adams, error) { return adams{jacobi: newJacobi(), turned: true}, nil }

func (p adams) extent() Extent {
	r := quarterPeriod + planeSlack
	if p.turned {
		r = float64(math.Sqrt2*quarterPeriod) + planeSlack
	}
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p adams) project(lam, phi float64) (x, y float64) {
	var v, cos float64
	if p.hemisphere {
		if !(math.Abs(lam) <= math.Pi/2+planeSlack) {
			return math.NaN(), math.NaN()
		}
		v, cos = portable.Sincos(phi)
	} else {
		v = portable.Tan(0.5 * phi)
		cos = math.Sqrt(max(0, (1-v)*(1+v)))
		lam *= 0.5
	}
	sinLam, cosLam := portable.Sincos(lam)
	u, w := float64(cos*sinLam), max(0, cos*cosLam)
	if !p.turned {
		return inSquare(u, v, w)
	}
	m, n := inSquare((u+v)/math.Sqrt2, (v-u)/math.Sqrt2, w)
	return (m - n) / math.Sqrt2, (m + n) / math.Sqrt2
}

func (p adams) unproject(x, y float64) (lam, phi float64) {
	m, n := x, y
	if p.turned {
		m, n = (x+y)/math.Sqrt2, (y-x)/math.Sqrt2
	}
	if !(max(math.Abs(m), math.Abs(n)) <= quarterPeriod+planeSlack) {
		return math.NaN(), math.NaN()
	}
	u, v, w := p.vector(max(-quarterPeriod, min(quarterPeriod, m)), max(-quarterPeriod, min(quarterPeriod, n)))
	if p.turned {
		u, v = (u-v)/math.Sqrt2, (u+v)/math.Sqrt2
	}
	w = max(0, w)
	if p.hemisphere {
		return portable.Atan2(u, w), portable.Atan2(v, portable.Hypot(u, w))
	}
	return 2 * portable.Atan2(u, w), 2 * portable.Atan(max(-1, min(1, v)))
}
