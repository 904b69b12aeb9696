package projection

import "github.com/geoexport/geoexport/internal/portable"

var murdoch1Projection = Descriptor{
	Name:       "Murdoch I",
	Operations: []Operation{{Name: "murd1", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ murd1", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "latitudes on the near side of the cone's apex", Source: album + ", pages 229 to 231",
	Samples: []string{"+proj=murd1 +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newMurdoch1),
}

// newMurdoch1 makes P. Murdoch's first equidistant conic projection of 1758.
func newMurdoch1(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	return newSimpleConic(def, sin, float64(portable.Sin(half)/half*cos/sin)+mid), nil
}
