package projection

import "github.com/geoexport/geoexport/internal/portable"

var vitkovskyProjection = Descriptor{
	Name:       "Vitkovsky I",
	Operations: []Operation{{Name: "vitk1", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ vitk1", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes on the near side of the cone's apex", Source: album + ", pages 229 to 231",
	Samples: []string{"+proj=vitk1 +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newVitkovsky),
}

// newVitkovsky makes V. V. Vitkovsky's first equidistant conic projection.
func newVitkovsky(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	tan := portable.Tan(half)
	return newSimpleConic(def, tan*sin/half, float64(half/tan*cos/sin)+mid), nil
}
