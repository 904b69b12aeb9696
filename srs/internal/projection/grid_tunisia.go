package projection

import "math"

var tunisiaMiningProjection = Descriptor{
	Name:       "Tunisia Mining Grid",
	Operations: []Operation{{Name: "tunisia_mining", Keys: []Key{lat0.must()}}},
	Methods: []Method{{
		EPSG: "Tunisia Mining Grid", Code: 9816, Parameters: of(atFalseOrigin, latitudeOfFalseOrigin, longitudeOfFalseOrigin),
	}},
	Lacks:  LacksPROJ | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: guidance,
	Samples: []string{"+proj=tunisia_mining +lat_0=32.94 +lon_0=7.05"},
	New:     pointwise(newTunisiaMining),
}

// tunisiaMining is the grid of Tunisia's mining district: EPSG method 9816. It is a linear function of latitude and
// longitude with a break at the origin. Source: IOGP Guidance Note 7-2. The Note's coefficients are in grads a kilometre.
//
// The domain is all of the earth.
type tunisiaMining struct{ phi0, perRadian float64 }

const tunisiaEast, tunisiaNorth, tunisiaSouth = 0.012185, 0.010015, 0.01002

func newTunisiaMining(def *Projection) (tunisiaMining, error) {
	return tunisiaMining{def.phi0(), 200 / math.Pi * 1000 / def.Ellipsoid.A}, nil
}

func (p tunisiaMining) extent() Extent {
	const x = math.Pi
	w, _ := p.project(x, 0)
	_, s := p.project(0, -math.Pi/2)
	_, n := p.project(0, math.Pi/2)
	return Extent{Top: math.Inf(1), Bounds: Box{-w - planeSlack, s - planeSlack, w + planeSlack, n + planeSlack}}
}

func (p tunisiaMining) project(lam, phi float64) (x, y float64) {
	d := (phi - p.phi0) * p.perRadian
	if d > 0 {
		return lam * p.perRadian / tunisiaEast, d / tunisiaNorth
	}
	return lam * p.perRadian / tunisiaEast, d / tunisiaSouth
}

func (p tunisiaMining) unproject(x, y float64) (lam, phi float64) {
	k := tunisiaSouth
	if y > 0 {
		k = tunisiaNorth
	}
	return longitude(x*tunisiaEast, p.perRadian), latitude(p.phi0 + y*k/p.perRadian)
}
