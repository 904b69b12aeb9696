package projection

var sinusoidalProjection = Descriptor{
	Name:       "Sinusoidal",
	Operations: []Operation{{Name: "sinu"}},
	Methods: []Method{{
		EPSG: "Sinusoidal", Esri: "Sinusoidal", GeoTIFF: 24,
		OGC:        []string{"Sinusoidal"},
		Parameters: of(atNaturalOrigin, longitudeOfAzimuthalCentre),
	}},
	Lacks:  LacksEPSG,
	Domain: "all of the earth", Source: snyder + ", pages 247 and 248",
	Samples: []string{
		"+proj=sinu",
		"+proj=sinu +R=6371007.181",
	},
	New: pointwise(newSinusoidal),
}

// The pseudocylindrical projections of this file draw parallels as straight lines, x = λ f(φ), y = g(φ), in closed form.
// All but sinusoidal and Equal Earth are of the sphere. The domain of each is all of the earth.
//
// Sources, unless another is given: J. P. Snyder and P. M. Voxland, An Album of Map Projections, USGS Professional Paper
// 1453 (1989), pages 219 to 226; Snyder (1987).

// sinusoidal is on the sphere or the ellipsoid: Snyder (1987), pages 247 and 248.
type sinusoidal struct {
	meridian
	es float64
}

func newSinusoidal(def *Projection) (sinusoidal, error) {
	return sinusoidal{newMeridian(def), def.Ellipsoid.es()}, nil
}

func (p sinusoidal) extent() Extent { return worldExtent(p) }

func (p sinusoidal) project(lam, phi float64) (x, y float64) {
	return lam * scaleAt(phi, p.es), p.arc(phi)
}

func (p sinusoidal) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(p.latitude(y))
	return longitude(x, scaleAt(phi, p.es)), phi
}
