package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var equidistantConicProjection = Descriptor{
	Name:       "Equidistant Conic",
	Operations: []Operation{{Name: "eqdc", Keys: []Key{lat0, lat1.must(), lat2.must()}}},
	Methods: []Method{{
		EPSG: "Equidistant Conic", Esri: "Equidistant_Conic", GeoTIFF: 13,
		OGC: []string{"Equidistant_Conic"},
		Parameters: of(atNaturalOrigin, latitudeOfNaturalOrigin, longitudeOfNaturalOrigin,
			firstParallel.required(), secondParallel.required()),
		Read: readOneParallel,
	}},
	Lacks:  LacksEPSG, // in the edition of 2022; later 1119
	Domain: "all of the earth", Source: snyder + ", pages 111 to 115",
	Samples: []string{"+proj=eqdc +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60"},
	New:     pointwise(newEquidistantConic),
}

// equidistantConic is the equidistant conic projection, on the sphere or the ellipsoid: EPSG method 1119. Source:
// Snyder (1987), pages 111 to 115.
//
// The domain is all of the earth. The pole at the apex is an arc, not a point.
type equidistantConic struct {
	meridian
	n, g, rho0 float64
}

func newEquidistantConic(def *Projection) (equidistantConic, error) {
	p := equidistantConic{meridian: newMeridian(def)}
	phi1, phi2 := def.phi1(), def.phi2()
	if !(math.Abs(phi1+phi2) > 1e-10) || !(max(math.Abs(phi1), math.Abs(phi2)) < mercatorPole) {
		return p, errors.New("standard parallels are opposite each other, or at a pole")
	}
	m1 := scaleAt(phi1, def.Ellipsoid.es())
	p.n = portable.Sin(phi1)
	if math.Abs(phi1-phi2) > 1e-10 {
		p.n = (m1 - scaleAt(phi2, def.Ellipsoid.es())) / (p.arc(phi2) - p.arc(phi1))
	}
	p.g = p.arc(phi1) + m1/p.n
	p.rho0 = p.g - p.arc(def.phi0())
	return p, nil
}

func (p equidistantConic) extent() Extent {
	r := math.Abs(p.g) + p.arc(math.Pi/2) + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, p.rho0 - r, r, p.rho0 + r}}
}

func (p equidistantConic) project(lam, phi float64) (x, y float64) {
	rho := p.g - p.arc(phi)
	sin, cos := portable.Sincos(p.n * lam)
	return rho * sin, p.rho0 - float64(rho*cos)
}

func (p equidistantConic) unproject(x, y float64) (lam, phi float64) {
	y = p.rho0 - y
	rho := math.Copysign(portable.Hypot(x, y), p.n)
	if p.n < 0 {
		x, y = -x, -y
	}
	lam = portable.Atan2(x, y) / p.n
	if !(math.Abs(lam) <= math.Pi*(1+coneSlack)) {
		return math.NaN(), math.NaN()
	}
	return lam, latitude(p.latitude(p.g - rho))
}
