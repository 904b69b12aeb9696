package projection

import "github.com/geoexport/geoexport/internal/portable"

var perspectiveConicProjection = Descriptor{
	Name:       "Perspective Conic",
	Operations: []Operation{{Name: "pconic", Keys: []Key{lat0, lat1.must(), lat2.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG: "PROJ pconic", Parameters: simpleConicParameters, Surface: onSphere,
	}},
	Lacks:   LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain:  "latitudes within 89° of the middle one, on the near side of the cone's apex",
	Source:  album + ", pages 229 to 231",
	Samples: []string{"+proj=pconic +lat_0=30 +lat_1=20 +lat_2=60"},
	New:     pointwise(newPerspectiveConic),
}

// newPerspectiveConic makes the perspective from the centre on a cone that cuts the sphere along two parallels.
func newPerspectiveConic(def *Projection) (simpleConic, error) {
	mid, half, err := middleParallel(def)
	if err != nil {
		return simpleConic{}, err
	}
	sin, cos := portable.Sincos(mid)
	scale := portable.Cos(half)
	p := simpleConic{n: sin, mid: mid, scale: scale, rho1: scale * cos / sin, perspective: true}
	return p.from(def.phi0())
}
