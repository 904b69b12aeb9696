package projection

var naturalEarthProjection = Descriptor{
	Name:       "Natural Earth",
	Operations: []Operation{{Name: "natearth", Sphere: true}},
	Methods: []Method{{
		EPSG: "Natural Earth", Esri: "Natural_Earth",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "B. Šavrič and others, Cartography and Geographic Information Science 38 (2011)",
	Samples: []string{"+proj=natearth"},
	New:     pointwise(newNaturalEarth),
}

// naturalEarth and naturalEarth2 are T. Patterson's projections of the sphere. The domain is all of the earth.
//
// Sources: B. Šavrič, B. Jenny, T. Patterson, D. Petrovič and L. Hurni, A polynomial equation for the Natural Earth
// projection, Cartography and Geographic Information Science 38 (2011); B. Šavrič, T. Patterson and B. Jenny, The
// Natural Earth II world map projection, International Journal of Cartography 1 (2015).
type naturalEarth struct{}

func newNaturalEarth(*Projection) (naturalEarth, error) { return naturalEarth{}, nil }

func (p naturalEarth) extent() Extent { return worldExtent(p) }

func (naturalEarth) width(phi float64) float64 {
	t := phi * phi
	return 0.8707 + float64(t*(-0.131979+float64(t*(-0.013791+float64(t*t*t*(0.003971-float64(0.001529*t)))))))
}

func (naturalEarth) height(phi float64) (y, slope float64) {
	t := phi * phi
	y = phi * (1.007226 + float64(t*(0.015085+float64(t*t*(-0.044475+float64(0.028874*t)-float64(0.005916*t*t))))))
	slope = 1.007226 + float64(t*(3*0.015085+float64(t*t*(-7*0.044475+float64(9*0.028874*t)-float64(11*0.005916*t*t)))))
	return y, slope
}

func (p naturalEarth) project(lam, phi float64) (x, y float64) {
	y, _ = p.height(phi)
	return lam * p.width(phi), y
}

func (p naturalEarth) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, p.height)
	return longitude(x, p.width(phi)), phi
}
