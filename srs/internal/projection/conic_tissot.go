package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var tissotProjection = Descriptor{
	Name:       "Tissot",
	Operations: []Operation{{Name: "tissot", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ tissot", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes on the near side of the cone's apex", Source: "PROJ's constants of A. Tissot's conic of 1881",
	Samples: []string{"+proj=tissot +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newTissot),
}

// newTissot makes the conic projection that PROJ calls Tissot's: equidistant along meridians, with the apex c = n/cos δ +
// cos δ/n above the equator, of n the sine of the middle parallel and δ half of what is between the standard ones. The
// origin of y is where Tissot's equal-area form, of radius √((c − 2 sin φ)/n), has the latitude of origin.
func newTissot(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	n, cos := portable.Sin(mid), portable.Cos(half)
	p := simpleConic{n: n, rho1: n/cos + cos/n}
	p.rho0 = math.Sqrt(max(0, (p.rho1-float64(2*portable.Sin(def.phi0())))/n))
	return p, nil
}
