package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var bonneProjection = Descriptor{
	Name:       "Bonne",
	Operations: []Operation{{Name: "bonne", Keys: []Key{lat1.must()}}},
	Methods: []Method{
		{
			EPSG: "Bonne", Code: 9827, Esri: "Bonne", Renames: originIsParallel,
			Parameters: of(atNaturalOrigin, originAsOnlyParallel, firstParallel.onlyEsri(), longitudeOfNaturalOrigin),
		},
		{
			EPSG: "Bonne (South Orientated)", Code: 9828, Renames: originIsParallel,
			Parameters: of(atNaturalOrigin, originAsOnlyParallel, firstParallel.onlyEsri(), longitudeOfNaturalOrigin),
			Axes:       WestSouth, Sets: map[string]string{"axis": "wsu"},
		},
	},
	Lacks:  LacksGeoTIFF,
	Domain: "all of the earth", Source: snyder + ", pages 138 to 140",
	Samples: []string{
		"+proj=bonne +lat_1=60",
		"+proj=bonne +axis=wsu +lat_1=-30",
	},
	New: pointwise(newBonne),
}

// bonne is Bonne's pseudoconic equal-area projection, on the sphere or the ellipsoid: EPSG methods 9827 and, with axes,
// 9828. Source: Snyder (1987), pages 138 to 140.
//
// The domain is all of the earth.
type bonne struct {
	meridian
	es, arc1, rho1 float64
}

func newBonne(def *Projection) (bonne, error) {
	p := bonne{meridian: newMeridian(def), es: def.Ellipsoid.es()}
	phi1 := def.phi1()
	if !(math.Abs(phi1) > 1e-10) || !(math.Abs(phi1) <= math.Pi/2) {
		return p, errors.New("the standard parallel of a Bonne projection is the equator, or beyond a pole")
	}
	p.arc1 = p.arc(phi1)
	p.rho1 = scaleAt(phi1, p.es) / portable.Sin(phi1)
	if math.Abs(phi1) > math.Pi/2-polarCap {
		p.rho1 = 0
	}
	return p, nil
}

func (p bonne) extent() Extent {
	r := math.Abs(p.rho1+p.arc1) + math.Pi/2 + planeSlack
	return Extent{Top: math.Inf(1), Bounds: Box{-r, p.rho1 - r, r, p.rho1 + r}}
}

func (p bonne) project(lam, phi float64) (x, y float64) {
	rho := p.rho1 + p.arc1 - p.arc(phi)
	if math.Abs(rho) < polarCap { // the pole is the centre of the parallels
		return 0, p.rho1
	}
	sin, cos := portable.Sincos(lam * scaleAt(phi, p.es) / rho)
	return rho * sin, p.rho1 - float64(rho*cos)
}

func (p bonne) unproject(x, y float64) (lam, phi float64) {
	y = p.rho1 - y
	rho := portable.Hypot(x, y)
	if p.rho1 < 0 || p.rho1 == 0 && p.arc1 < 0 {
		rho, x, y = -rho, -x, -y
	}
	phi = latitude(p.latitude(p.rho1 + p.arc1 - rho))
	return longitude(rho*portable.Atan2(x, y), scaleAt(phi, p.es)), phi
}

// EPSG has the latitude of origin where PROJ and Esri have the standard parallel.
var (
	originAsOnlyParallel = latitudeOfNaturalOrigin.inField(StandardParallel1).notEsri()
	originIsParallel     = []rename{{"lat_0", []string{"lat_1"}}}
)
