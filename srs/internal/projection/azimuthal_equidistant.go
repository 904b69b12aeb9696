package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var azimuthalEquidistantProjection = Descriptor{
	Name:       "Azimuthal Equidistant",
	Operations: []Operation{{Name: "aeqd", Keys: []Key{lat0, word("guam")}, Check: checkVariant("guam")}},
	Methods: []Method{
		{
			EPSG: "Modified Azimuthal Equidistant", Code: 9832, Esri: "Azimuthal_Equidistant", GeoTIFF: 12,
			OGC:        []string{"Azimuthal_Equidistant"},
			Parameters: of(atNaturalOrigin, latitudeOfAzimuthalCentre, longitudeOfAzimuthalCentre),
		},
		{
			EPSG: "Guam Projection", Code: 9831, Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin),
			Variant: "guam", Sets: map[string]string{"guam": ""},
		},
	},
	Domain: "all of the earth but 1.5° around the point opposite the centre; for Guam's form 5° around the origin",
	Source: snyder + ", page 191; C. F. F. Karney, Journal of Geodesy 87 (2013)",
	Samples: []string{
		"+proj=aeqd +lat_0=50 +lon_0=20",
		"+proj=aeqd +lat_0=90",
		"+proj=aeqd +guam +lat_0=13.5 +lon_0=144.7",
	},
	New: newAzimuthalEquidistant,
}

// azimuthalEquidistant keeps azimuth and distance from its centre, on the sphere or the ellipsoid: EPSG method 1125, and
// 9832, whose formulas are an approximation of it to millimetres within 800 km. Sources: Snyder (1987), page 191; the
// geodesics of math_geodesics.go.
//
// The domain is all of the earth but 1.5° around the point opposite the centre; on the sphere, that point.
type azimuthalEquidistant struct{ geodesics }

// newAzimuthalEquidistant chooses between the forms by latitude, and Guam's by its variant, "guam".
func newAzimuthalEquidistant(def *Projection) (Kernel, error) {
	switch {
	case def.Variant == "guam":
		p := guam{meridian: newMeridian(def), es: def.Ellipsoid.es(), phi0: def.phi0()}
		p.arc0 = p.arc(def.phi0())
		return &pointKernel[guam]{p}, nil
	case math.Abs(def.phi0()) > math.Pi/2-polarCap:
		return &pointKernel[polarEquidistant]{polarEquidistant{newMeridian(def), math.Copysign(1, def.phi0())}}, nil
	default:
		return &pointKernel[azimuthalEquidistant]{azimuthalEquidistant{newGeodesics(def.Ellipsoid.f(), def.phi0())}}, nil
	}
}

func (p azimuthalEquidistant) extent() Extent {
	const r = math.Pi + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p azimuthalEquidistant) project(lam, phi float64) (x, y float64) {
	s, sinA, cosA := p.toPoint(lam, phi)
	return s * sinA, s * cosA
}

func (p azimuthalEquidistant) unproject(x, y float64) (lam, phi float64) {
	s := portable.Hypot(x, y)
	if s == 0 {
		return p.along(0, 0, 1)
	}
	if !(s <= math.Pi) {
		return math.NaN(), math.NaN()
	}
	return p.along(s, x/s, y/s)
}

// polarEquidistant is the azimuthal equidistant projection about a pole: Snyder (1987), page 199. Its domain is all of
// the earth.
type polarEquidistant struct {
	meridian
	sign float64
}

func (p polarEquidistant) extent() Extent {
	r := float64(2*p.arc(math.Pi/2)) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p polarEquidistant) project(lam, phi float64) (x, y float64) {
	rho := p.radius*math.Pi/2 - p.arc(p.sign*phi)
	sin, cos := portable.Sincos(lam)
	return rho * sin, -p.sign * rho * cos
}

func (p polarEquidistant) unproject(x, y float64) (lam, phi float64) {
	rho := portable.Hypot(x, y)
	return portable.Atan2(x, -p.sign*y), p.sign * latitude(p.latitude(p.radius*math.Pi/2-rho))
}

// guam is the simplified form of the azimuthal equidistant projection for Guam: EPSG method 9831. Sources: IOGP Guidance
// Note 7-2; Snyder (1987), page 201. The domain is 5° around the origin.
type guam struct {
	meridian
	es, phi0, arc0 float64
}

const guamReach = 5 * degree

func (p guam) extent() Extent {
	const r = guamReach * 1.1
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -r, r, r}}
}

func (p guam) project(lam, phi float64) (x, y float64) {
	if !(math.Abs(lam) <= guamReach && math.Abs(phi-p.phi0) <= guamReach) {
		return math.NaN(), math.NaN()
	}
	sin, cos := portable.Sincos(phi)
	x = float64(lam * cos * primeVertical(sin, p.es))
	return x, p.arc(phi) - p.arc0 + float64(0.5*x*lam*sin)
}

func (p guam) unproject(x, y float64) (lam, phi float64) {
	if b := p.extent().Bounds; !(math.Abs(x) <= b.XMax && math.Abs(y) <= b.YMax) {
		return math.NaN(), math.NaN()
	}
	phi = p.phi0
	for range 30 { // x²/2 is at most 4e-3: each step gains two digits
		sin, cos := portable.Sincos(phi)
		next := p.latitude(p.arc0 + y - 0.5*x*x*sin/(cos*primeVertical(sin, p.es)))
		done := math.Abs(next-phi) < 1e-15
		phi = next
		if done {
			break
		}
	}
	sin, cos := portable.Sincos(phi)
	lam = x / (cos * primeVertical(sin, p.es))
	if !(math.Abs(lam) <= guamReach+planeSlack && math.Abs(phi-p.phi0) <= guamReach+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
