package projection

import "github.com/geoexport/geoexport/internal/portable"

var murdoch3Projection = Descriptor{
	Name:       "Murdoch III",
	Operations: []Operation{{Name: "murd3", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ murd3", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes on the near side of the cone's apex", Source: album + ", pages 229 to 231",
	Samples: []string{"+proj=murd3 +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newMurdoch3),
}

// newMurdoch3 makes P. Murdoch's third projection, with the least errors.
func newMurdoch3(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	tan := portable.Tan(half)
	n := sin * portable.Sin(half) * tan / (half * half)
	return newSimpleConic(def, n, float64(half/tan*cos/sin)+mid), nil
}
