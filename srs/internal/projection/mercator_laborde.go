package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var labordeProjection = Descriptor{
	Name:       "Laborde Oblique Mercator",
	Operations: []Operation{{Name: "labrd", Keys: []Key{lat0.must(), alpha, k0}}},
	Methods: []Method{{
		EPSG: "Laborde Oblique Mercator", Code: 9813, Esri: "Laborde_Oblique_Mercator", GeoTIFF: 4,
		OGC:        []string{"Laborde_Oblique_Mercator"},
		Parameters: of(atNaturalOrigin, latitudeOfCentre, longitudeOfCentre, azimuthOfInitialLine, scaleOnInitialLine),
	}},
	Domain: "what the second of its three steps puts within a radius of the origin, 6400 km", Source: guidance,
	Samples: []string{"+proj=labrd +lat_0=-18.9 +lon_0=46.44 +alpha=18.9 +k_0=0.9995"},
	New:     pointwise(newLaborde),
}

// laborde is J. Laborde's projection of Madagascar of 1928, an oblique Mercator projection in three steps: a Gaussian
// sphere, its transverse Mercator projection, and a polynomial of the third degree that turns the line of true scale by
// an azimuth. EPSG method 9813. Source: IOGP Guidance Note 7-2.
//
// The domain is what the second step puts within a radius of the origin, 6400 km. Within 10° of it results agree with
// the usual series, which stop at the fifth power of longitude, to a millimetre.
type laborde struct {
	gaussSphere
	scale  float64
	cr, ci float64 // the polynomial is z + c z³
}

func newLaborde(def *Projection) (laborde, error) {
	p := laborde{gaussSphere: newGaussSphere(def)}
	p.scale = def.k0() * p.radius
	sin, cos := portable.Sincos(2 * def.Azimuth * degree)
	p.cr, p.ci = (1-cos)/12, sin/12
	return p, nil
}

func (p laborde) extent() Extent {
	r := p.scale * 1.2 // |c| is at most 1/6
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

// bend returns the polynomial of z = x + iy, x north and y east, and its derivative.
func (p *laborde) bend(x, y float64) (u, v, du, dv float64) {
	x2, y2 := float64(x*x)-float64(y*y), 2*x*y
	tr, ti := float64(p.cr*x2)-float64(p.ci*y2), float64(p.cr*y2)+float64(p.ci*x2) // c z²
	return x + float64(tr*x) - float64(ti*y), y + float64(tr*y) + float64(ti*x), 1 + float64(3*tr), 3 * ti
}

func (p laborde) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	sinLam, cosLam := portable.Sincos(p.longitude(lam))
	e := float64(cos * sinLam)
	north := portable.Atan2(sin, cos*cosLam) - p.chi0
	east := float64(0.5 * portable.Log((1+e)/(1-e)))
	if !(portable.Hypot(north, east) <= 1) {
		return math.NaN(), math.NaN()
	}
	north, east, _, _ = p.bend(north, east)
	return p.scale * east, p.scale * north
}

func (p laborde) unproject(x, y float64) (lam, phi float64) {
	n0, e0 := y/p.scale, x/p.scale
	if !(portable.Hypot(n0, e0) <= 1.2) {
		return math.NaN(), math.NaN()
	}
	north, east := n0, e0
	for range 8 { // Newton's method; the derivative is within 1/2 of 1
		u, v, dr, di := p.bend(north, east)
		u, v = u-n0, v-e0
		inv := 1 / (float64(dr*dr) + float64(di*di))
		north -= float64((float64(u*dr) + float64(v*di)) * inv)
		east -= float64((float64(v*dr) - float64(u*di)) * inv)
		if math.Abs(u)+math.Abs(v) < 1e-12 {
			break
		}
	}
	if !(portable.Hypot(north, east) <= 1+1e-9) {
		return math.NaN(), math.NaN()
	}
	sinN, cosN := portable.Sincos(north + p.chi0)
	sinh := portable.Sinh(east)
	return p.geodetic(portable.Atan2(sinh, cosN), sinN, portable.Hypot(sinh, cosN))
}
