package projection

import "github.com/geoexport/geoexport/internal/portable"

var eulerProjection = Descriptor{
	Name:       "Euler",
	Operations: []Operation{{Name: "euler", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ euler", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes on the near side of the cone's apex", Source: album + ", pages 229 to 231",
	Samples: []string{"+proj=euler +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newEuler),
}

// newEuler makes L. Euler's equidistant conic projection of 1777.
func newEuler(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	n := sin * portable.Sin(half) / half
	return newSimpleConic(def, n, float64(0.5*half/portable.Tan(0.5*half)*cos/sin)+mid), nil
}
