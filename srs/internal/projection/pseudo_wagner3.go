package projection

import "github.com/geoexport/geoexport/internal/portable"

var wagner3Projection = Descriptor{
	Name:       "Wagner III",
	Operations: []Operation{{Name: "wag3", Keys: []Key{latTS}, Sphere: true, Check: checkTrueScale}},
	Methods: []Method{{
		EPSG:       "Wagner III",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, latitudeOfTrueScale), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wag3 +lat_ts=30"},
	New:     pointwise(newWagner3),
}

// wagner3 is x = λ cos(2/3 φ), y = φ, with x stretched so that the parallel is as long as it is.
type wagner3 struct{ cx float64 }

func newWagner3(def *Projection) (wagner3, error) {
	ts := def.phi1()
	return wagner3{portable.Cos(ts) / portable.Cos(2*ts/3)}, nil
}

func (p wagner3) extent() Extent { return worldExtent(p) }

func (p wagner3) project(lam, phi float64) (x, y float64) {
	return p.cx * lam * portable.Cos(2*phi/3), phi
}

func (p wagner3) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y)
	return longitude(x, p.cx*portable.Cos(2*phi/3)), phi
}

var latitudeOfTrueScale = Parameter{Key: "lat_ts", Field: StandardParallel1, Unit: Degree, EPSG: "Latitude of true scale"}
