package projection

import "github.com/geoexport/geoexport/internal/portable"

var winkel1Projection = Descriptor{
	Name:       "Winkel I",
	Operations: []Operation{{Name: "wink1", Keys: []Key{latTS}, Sphere: true, Check: checkTrueScale}},
	Methods: []Method{{
		EPSG: "Winkel I", Esri: "Winkel_I",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, firstParallel), Surface: onSphere, Renames: trueScale,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wink1 +lat_ts=50.46"},
	New:     pointwise(newWinkel1),
}

// winkel1 is the mean of the sinusoidal projection and a plate carrée.
type winkel1 struct{ cos float64 }

func newWinkel1(def *Projection) (winkel1, error) {
	return winkel1{portable.Cos(def.phi1())}, nil
}

func (p winkel1) extent() Extent { return worldExtent(p) }

func (p winkel1) project(lam, phi float64) (x, y float64) {
	return 0.5 * lam * (p.cos + portable.Cos(phi)), phi
}

func (p winkel1) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y)
	return longitude(x, 0.5*(p.cos+portable.Cos(phi))), phi
}
