package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var murdoch2Projection = Descriptor{
	Name:       "Murdoch II",
	Operations: []Operation{{Name: "murd2", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ murd2", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "latitudes within 89° of the middle one, on the near side of the cone's apex",
	Source:  album + ", pages 229 to 231",
	Samples: []string{"+proj=murd2 +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newMurdoch2),
}

// newMurdoch2 makes P. Murdoch's second projection, a perspective from the centre.
func newMurdoch2(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	root := math.Sqrt(portable.Cos(half))
	p := simpleConic{n: sin * root, mid: mid, scale: 1, rho1: root * cos / sin, perspective: true}
	return p.from(def.phi0())
}
