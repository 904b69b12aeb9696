package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var polyconicProjection = Descriptor{
	Name:       "American Polyconic",
	Operations: []Operation{{Name: "poly", Keys: []Key{lat0}}},
	Methods: []Method{{
		EPSG: "American Polyconic", Code: 9818, Esri: "Polyconic", GeoTIFF: 22,
		OGC:        []string{"Polyconic"},
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin),
	}},
	Domain: "all of the earth", Source: snyder + ", pages 128 to 131",
	Samples: []string{"+proj=poly +lon_0=-54"},
	New:     pointwise(newPolyconic),
}

// polyconic is the American polyconic projection, on the sphere or the ellipsoid: EPSG method 9818. Source: Snyder
// (1987), pages 128 to 131.
//
// The domain is all of the earth. Parallels are circles that do not meet, so that the inverse is one root between
// bounds.
type polyconic struct {
	meridian
	es, arc0 float64
}

func newPolyconic(def *Projection) (polyconic, error) {
	p := polyconic{meridian: newMeridian(def), es: def.Ellipsoid.es()}
	p.arc0 = p.arc(def.phi0())
	return p, nil
}

func (p polyconic) extent() Extent {
	const r = 4 // x reaches π on the equator, y 3.3
	return Extent{Top: math.Inf(1), Bounds: Box{-r, -p.arc0 - r, r, -p.arc0 + r}}
}

func (p polyconic) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(phi)
	if math.Abs(sin) < 1e-12 {
		return lam, p.arc(phi) - p.arc0
	}
	r := primeVertical(sin, p.es) * cos / sin
	// 1 − cos E without its cancellation
	h := portable.Sin(0.5 * lam * sin)
	return r * portable.Sin(lam*sin), p.arc(phi) - p.arc0 + float64(2*r*h*h)
}

func (p polyconic) unproject(x, y float64) (lam, phi float64) {
	y += p.arc0
	if !(math.Abs(x) <= 4 && math.Abs(y) <= 4) {
		return math.NaN(), math.NaN()
	}
	if math.Abs(y) < 1e-12 {
		return longitude(x, 1), 0
	}
	phi = p.parallel(x, y)
	sin, cos := portable.Sincos(phi)
	nu := primeVertical(sin, p.es)
	d := y - p.arcAt(phi, sin, cos)
	if math.Abs(sin) < 1e-9 {
		return longitude(x, 1), phi
	}
	e := portable.Atan2(float64(x*sin), float64(nu*cos)-float64(d*sin))
	if cos < 1e-9 {
		if math.Abs(x) > planeSlack || math.Abs(d) > planeSlack {
			return math.NaN(), math.NaN()
		}
		return 0, phi
	}
	if lam = e / sin; !(math.Abs(lam) <= math.Pi+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return lam, phi
}

// parallel returns the latitude whose parallel goes through a point, y counted from the equator.
func (p polyconic) parallel(x, y float64) float64 {
	if math.Abs(y) < 1e-12 {
		return 0
	}
	top := min(math.Pi/2, p.latitude(math.Abs(y))) // the parallel's lowest point is on the central meridian
	// Near the central meridian a parallel rises by x²/2 tan φ.
	start := top
	if rise := float64(0.5 * x * x * portable.Tan(top)); rise < 0.3*top {
		start -= rise
	} else {
		start *= 0.9
	}
	phi := solve(0, top, start, func(phi float64) (float64, float64) {
		sin, cos := portable.Sincos(phi)
		d := math.Abs(y) - p.arcAt(phi, sin, cos)
		nu := primeVertical(sin, p.es)
		v := float64(2*d*nu*cos) - float64((float64(x*x)+float64(d*d))*sin)
		slope := float64(-2*(1-p.es)*float64(nu*nu)*float64(nu*nu)*cos) - float64(2*d*nu*sin) -
			float64((float64(x*x)+float64(d*d))*cos) + float64(2*d*sin)
		return -v, -slope
	})
	return math.Copysign(phi, y)
}
