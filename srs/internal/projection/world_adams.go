package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var adamsProjection = Descriptor{
	Name:       "Adams World in a Square II",
	Operations: []Operation{{Name: "adams_ws2", Sphere: true}},
	// Esri's projection of the name has a scale, an azimuth and a centre, too.
	Methods: []Method{{EPSG: "Adams_Square_II", Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "all of the earth", Source: "O. S. Adams, U.S. Coast and Geodetic Survey Special Publication 153 (1929)",
	Samples: []string{"+proj=adams_ws2"},
	New:     pointwise(newAdams),
}

// adams is O. S. Adams's second world in a square, with the poles in two corners: the sphere is first made a hemisphere
// conformally, by halving longitudes. Its domain is all of the earth.
type adams struct{ jacobi }

func newAdams(*Projection) (adams, error) { return adams{newJacobi()}, nil }

func (p adams) extent() Extent { return worldExtent(p) }

func (adams) project(lam, phi float64) (x, y float64) {
	v := portable.Tan(0.5 * phi)
	cos := math.Sqrt(max(0, (1-v)*(1+v)))
	sinLam, cosLam := portable.Sincos(0.5 * lam)
	u, w := float64(cos*sinLam), max(0, cos*cosLam)
	m, n := inSquare((u+v)/math.Sqrt2, (v-u)/math.Sqrt2, w)
	return (m - n) / math.Sqrt2, (m + n) / math.Sqrt2
}

func (p adams) unproject(x, y float64) (lam, phi float64) {
	m, n := (x+y)/math.Sqrt2, (y-x)/math.Sqrt2
	if !(max(math.Abs(m), math.Abs(n)) <= quarterPeriod+planeSlack) {
		return math.NaN(), math.NaN()
	}
	a, b, w := p.vector(max(-quarterPeriod, min(quarterPeriod, m)), max(-quarterPeriod, min(quarterPeriod, n)))
	u, v := (a-b)/math.Sqrt2, (a+b)/math.Sqrt2
	return 2 * portable.Atan2(u, max(0, w)), 2 * portable.Atan(max(-1, min(1, v)))
}
