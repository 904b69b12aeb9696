package projection

var naturalEarth2Projection = Descriptor{
	Name:       "Natural Earth II",
	Operations: []Operation{{Name: "natearth2", Sphere: true}},
	Methods: []Method{{
		EPSG: "Natural Earth II", Esri: "Natural_Earth_II",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: "B. Šavrič and others, International Journal of Cartography 1 (2015)",
	Samples: []string{"+proj=natearth2"},
	New:     pointwise(newNaturalEarth2),
}

type naturalEarth2 struct{}

func newNaturalEarth2(*Projection) (naturalEarth2, error) { return naturalEarth2{}, nil }

func (p naturalEarth2) extent() Extent { return worldExtent(p) }

func (naturalEarth2) width(phi float64) float64 {
	t := phi * phi
	t6 := t * t * t
	t6 *= t6
	return 0.84719 - float64(0.13063*t) + float64(t6*(-0.04515+float64(t*(0.05494+float64(t*(-0.02326+float64(0.00331*t)))))))
}

func (naturalEarth2) height(phi float64) (y, slope float64) {
	t := phi * phi
	t4 := t * t * t * t
	y = phi * (1.01183 + float64(t4*(-0.02625+float64(t*(0.01926-float64(0.00396*t))))))
	slope = 1.01183 + float64(t4*(-9*0.02625+float64(t*(11*0.01926-float64(13*0.00396*t)))))
	return y, slope
}

func (p naturalEarth2) project(lam, phi float64) (x, y float64) {
	y, _ = p.height(phi)
	return lam * p.width(phi), y
}

func (p naturalEarth2) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, p.height)
	return longitude(x, p.width(phi)), phi
}
