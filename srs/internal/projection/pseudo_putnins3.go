package projection

var putnins3Projection = Descriptor{
	Name:       "Putniņš P3",
	Operations: []Operation{{Name: "putp3", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp3",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=putp3"},
	New:     pointwise(newPutnins3),
}

// parabolicMeridians has parallels at equal distances and parabolas as meridians: x = c λ (1 − a φ²), y = c φ.
type parabolicMeridians struct{ a float64 }

const parabolicScale = 0.79788456

func newPutnins3(*Projection) (parabolicMeridians, error) {
	return parabolicMeridians{4 * 0.1013211836}, nil
}

func (p parabolicMeridians) extent() Extent { return worldExtent(p) }

func (p parabolicMeridians) scale(phi float64) float64 {
	return parabolicScale * max(0, 1-float64(p.a*float64(phi*phi)))
}

func (p parabolicMeridians) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), parabolicScale * phi
}

func (p parabolicMeridians) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / parabolicScale)
	return longitude(x, p.scale(phi)), phi
}
