package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var gaussSchreiberProjection = Descriptor{
	Name:       "Gauss-Schreiber Transverse Mercator",
	Operations: []Operation{{Name: "gstmerc", Keys: []Key{lat0, k0}}},
	Methods: []Method{{
		EPSG: "Gauss Schreiber Transverse Mercator", OGC: []string{"Gauss_Schreiber_Transverse_Mercator"},
		Parameters: of(atNaturalOrigin, projNamed("lat_0", LatitudeOfOrigin), longitudeOfNaturalOrigin,
			projNamed("k_0", ScaleFactor)),
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "all of the earth but 0.006° around the points 90° from the central meridian, and a stripe opposite it",
	Source:  "J. Laborde's double projection by the sphere of Gauss, as on Réunion",
	Samples: []string{"+proj=gstmerc +lat_0=-21.1 +lon_0=55.5 +x_0=160000 +y_0=50000", "+proj=gstmerc +k_0=0.9 +R=6371000"},
	New:     pointwise(newGaussSchreiber),
}

// gaussSchreiber is the transverse Mercator projection of the sphere of Gauss about a parallel. It differs from that
// of the ellipsoid, which has the central meridian true to scale.
type gaussSchreiber struct {
	gaussSphere
	k float64
}

func newGaussSchreiber(def *Projection) (gaussSchreiber, error) {
	p := gaussSchreiber{gaussSphere: newGaussSphere(def)}
	p.k = float64(def.k0() * p.radius)
	return p, nil
}

const gaussSchreiberReach = 10 // of x: 90° less 0.005°

func (p gaussSchreiber) extent() Extent {
	x, y := float64(gaussSchreiberReach*p.k), float64((math.Pi+planeSlack)*p.k)
	y0 := float64(p.k * p.chi0)
	return Extent{Top: math.Inf(1), Bounds: Box{-x, -y0 - y, x, y - y0}}
}

func (p gaussSchreiber) project(lam, phi float64) (x, y float64) {
	sin, cos := p.sincos(phi)
	sinLam, cosLam := portable.Sincos(p.longitude(lam))
	up := float64(cos * cosLam)
	// artanh of cos χ sin λ, without its cancellation
	x = portable.Asinh(cos * sinLam / portable.Hypot(sin, up))
	if !(math.Abs(x) < gaussSchreiberReach) {
		return math.NaN(), math.NaN()
	}
	return p.k * x, p.k * (portable.Atan2(sin, up) - p.chi0)
}

func (p gaussSchreiber) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.k, y/p.k+p.chi0
	if !(math.Abs(x) < gaussSchreiberReach && math.Abs(y) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	sinh := portable.Sinh(x)
	sin, cos := portable.Sincos(y)
	lam, phi = p.geodetic(portable.Atan2(sinh, cos), sin, portable.Hypot(sinh, cos))
	if !(math.Abs(lam) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}
