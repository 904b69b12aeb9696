package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var healpixProjection = Descriptor{
	Name:       "HEALPix",
	Operations: []Operation{{Name: "healpix", Keys: []Key{{Name: "rot_xy", Field: RectifiedGridAngle}}}},
	Methods: []Method{{
		EPSG: "PROJ healpix",
		Parameters: []Parameter{
			projNamed("lon_0", CentralMeridian), projNamed("rot_xy", RectifiedGridAngle), projNamed("x_0", FalseEasting),
			projNamed("y_0", FalseNorthing),
		},
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: "M. R. Calabretta and B. F. Roukema, MNRAS 381 (2007), with H = 4 and K = 3",
	Samples: []string{"+proj=healpix", "+proj=healpix +R=6371000 +lon_0=30"},
	New:     pointwise(newHealpix),
}

// healpix is the equal-area projection behind the pixels of that name: a cylinder up to the latitude whose sine is 2/3, and
// four triangles about each pole. On an ellipsoid latitudes are authalic. Source: M. R. Calabretta and B. F. Roukema,
// Mapping on the HEALPix grid, MNRAS 381 (2007), with H = 4 and K = 3.
type healpix struct {
	authalic
	ellipsoid          bool
	sinTurn, cosTurn   float64
	corner, equatorial float64 // the polar triangles' half width, π/4, and the latitude where they begin
}

func newHealpix(def *Projection) (healpix, error) {
	p := healpix{authalic: newAuthalic(def), ellipsoid: def.Ellipsoid.RF != 0, corner: math.Pi / 4, equatorial: portable.Asin(2. / 3)}
	p.sinTurn, p.cosTurn = portable.Sincos(def.RectifiedGridAngle * degree)
	return p, nil
}

func (p healpix) extent() Extent {
	r := float64(portable.Hypot(math.Pi, math.Pi/2)*p.radius) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p healpix) project(lam, phi float64) (x, y float64) {
	x, y = p.plane(lam, phi)
	return p.radius * (float64(x*p.cosTurn) + float64(y*p.sinTurn)), p.radius * (float64(y*p.cosTurn) - float64(x*p.sinTurn))
}

func (p healpix) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.radius, y/p.radius
	return p.globe(float64(x*p.cosTurn)-float64(y*p.sinTurn), float64(y*p.cosTurn)+float64(x*p.sinTurn))
}

// plane maps to a plane of the authalic sphere's radius 1.
func (p healpix) plane(lam, phi float64) (x, y float64) {
	if p.ellipsoid {
		phi = p.toAuthalic.shift(phi)
	}
	sin := portable.Sin(phi)
	if math.Abs(phi) <= p.equatorial {
		return lam, float64(3 * math.Pi / 8 * sin)
	}
	// 1 − |sin φ|, which keeps its digits at the pole.
	s := portable.Sin(0.5 * (math.Pi/2 - math.Abs(phi)))
	sigma := float64(math.Sqrt(6) * math.Abs(s))
	middle := triangle(lam)
	return middle + float64((lam-middle)*sigma), math.Copysign(p.corner*(2-sigma), phi)
}

// globe inverts plane.
func (p healpix) globe(x, y float64) (lam, phi float64) {
	switch size := math.Abs(y); {
	case !(math.Abs(x) <= math.Pi+planeSlack && size <= math.Pi/2+planeSlack):
		return math.NaN(), math.NaN()
	case size <= p.corner:
		lam, phi = x, portable.Asin(float64(8*y/(3*math.Pi)))
	default:
		sigma := max(0, 2-size/p.corner)
		middle := triangle(x)
		if !(math.Abs(x-middle) <= float64(p.corner*sigma)+planeSlack) {
			return math.NaN(), math.NaN()
		}
		lam = middle
		if sigma > 1e-15 {
			lam += max(-p.corner, min(p.corner, (x-middle)/sigma))
		}
		phi = math.Copysign(math.Pi/2-float64(2*portable.Asin(sigma/math.Sqrt(6))), y)
	}
	if p.ellipsoid {
		phi = max(-math.Pi/2, min(math.Pi/2, p.toGeodetic.shift(phi)))
	}
	return max(-math.Pi, min(math.Pi, lam)), phi
}

// triangle returns the middle of the polar triangle at a longitude.
func triangle(lam float64) float64 {
	i := max(0, min(3, math.Floor(lam*2/math.Pi)+2))
	return float64(math.Pi/2*i) - 3*math.Pi/4
}
