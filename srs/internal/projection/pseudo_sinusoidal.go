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

// sinusoidal is the sinusoidal projection of the sphere or the ellipsoid: Snyder (1987), pages 247 and 248.
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
