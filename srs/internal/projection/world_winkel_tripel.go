package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var winkelTripelProjection = Descriptor{
	Name:       "Winkel Tripel",
	Operations: []Operation{{Name: "wintri", Keys: []Key{lat1.or(portable.Acos(2/math.Pi) / degree)}, Sphere: true}},
	Methods: []Method{{
		EPSG: "Winkel Tripel", Esri: "Winkel_Tripel",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, firstParallel), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 232 to 241",
	Samples: []string{"+proj=wintri"},
	New:     pointwise(newWinkelTripel),
}

func newWinkelTripel(def *Projection) (aitoff, error) {
	p := aitoff{tripel: true, cos: portable.Cos(def.phi1())}
	p.bounds = worldExtent(p).Bounds
	if p.cos < 1e-10 {
		return p, errors.New("the standard parallel of a Winkel projection is a pole")
	}
	return p, nil
}
