package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var ellipsoidalGnomonicProjection = Descriptor{
	Name:       "Gnomonic on the ellipsoid",
	Operations: []Operation{{Name: "gnom_ellipsoid", Keys: []Key{lat0}}},
	Methods: []Method{{
		EPSG: "Gnomonic (Ellipsoidal)", Esri: "Gnomonic_Ellipsoidal",
		Parameters: of(atNaturalOrigin, orthographicLatitude, orthographicLongitude),
	}},
	Lacks:   LacksPROJ | LacksEPSG | LacksGeoTIFF,
	Domain:  "the points that geodesics from the centre reach before they are 89.9° of arc long",
	Source:  "C. F. F. Karney, Journal of Geodesy 87 (2013)",
	Samples: []string{"+proj=gnom_ellipsoid +lat_0=40", "+proj=gnom_ellipsoid +lat_0=-90"},
	New:     pointwise(newEllipsoidalGnomonic),
}

// ellipsoidalGnomonic shows geodesics that are close to the centre as nearly straight lines: a point is at the
// distance m/M in the direction of its geodesic, of which m is the reduced length and M the scale. It is what Esri's
// Gnomonic_Ellipsoidal and PROJ from 9.5 on mean. Source: Karney (2013), section 8.
type ellipsoidalGnomonic struct{ geodesics }

func newEllipsoidalGnomonic(def *Projection) (ellipsoidalGnomonic, error) {
	return ellipsoidalGnomonic{newGeodesics(def.Ellipsoid.f(), def.phi0())}, nil
}

// gnomonicReach bounds the plane.
const gnomonicReach = 500

func (ellipsoidalGnomonic) extent() Extent {
	return Extent{Top: math.Inf(1), Bounds: Box{-gnomonicReach, -gnomonicReach, gnomonicReach, gnomonicReach}}
}

func (p ellipsoidalGnomonic) project(lam, phi float64) (x, y float64) {
	s, sinA, cosA := p.toPoint(lam, phi)
	if s == 0 {
		return 0, 0
	}
	l := p.line(sinA, cosA)
	m, scale := p.reducedLength(&l, p.arcOf(&l, s))
	rho := m / scale
	if !(scale > 0 && rho < gnomonicReach) {
		return math.NaN(), math.NaN()
	}
	return rho * sinA, rho * cosA
}

func (p ellipsoidalGnomonic) unproject(x, y float64) (lam, phi float64) {
	rho := portable.Hypot(x, y)
	if !(rho < gnomonicReach) {
		return math.NaN(), math.NaN()
	}
	if rho == 0 {
		return p.along(0, 0, 1)
	}
	l := p.line(x/rho, y/rho)
	s := portable.Atan(rho)
	for range 20 { // the derivative of m/M by the length is 1/M²
		m, scale := p.reducedLength(&l, p.arcOf(&l, s))
		step := (m - float64(rho*scale)) * scale
		if rho > 1 {
			step = (m - float64(rho*scale)) * m / rho
		}
		s -= step
		if math.Abs(step) < 1e-15 {
			break
		}
	}
	return p.along(s, x/rho, y/rho)
}

// reducedLength returns reduced length and scale of a geodesic from the line's point, given its arc: Karney (2013),
// equations 38 to 43.
func (g *geodesics) reducedLength(l *line, sigma float64) (m, scale float64) {
	e, e2 := l.eps, float64(l.eps*l.eps)
	a2 := (1 - float64(e2*(192+float64(e2*(28+float64(11*e2))))/256)) / (1 + e)
	c2 := sineSeries{
		e * (float64(e2*(2+e2)) + 16) / 32, e2 * (float64(e2*(64+float64(35*e2))) + 384) / 2048,
		e * e2 * (80 + float64(15*e2)) / 768,
		e2 * e2 * (35 + float64(7*e2)) / 512, 63 * e2 * e2 * e / 1280, 77 * e2 * e2 * e2 / 2048,
	}
	k2 := 4 * e / ((1 - e) * (1 - e))
	end := l.sigma1 + sigma
	sin1, cos1 := portable.Sincos(l.sigma1)
	sin2, cos2 := portable.Sincos(end)
	j := float64((l.a1-a2)*sigma) +
		float64(l.a1*(l.c1.at(portable.Sincos(2*end))-l.c1.at(portable.Sincos(2*l.sigma1)))) -
		float64(a2*(c2.at(portable.Sincos(2*end))-c2.at(portable.Sincos(2*l.sigma1))))
	d1, d2 := math.Sqrt(1+float64(k2*sin1*sin1)), math.Sqrt(1+float64(k2*sin2*sin2))
	m = (1 - g.f) * (float64(d2*cos1*sin2) - float64(d1*sin1*cos2) - float64(cos1*cos2*j))
	return m, float64(cos1*cos2) + float64(d2/d1*sin1*sin2) - float64(sin1*cos2*j/d1)
}
