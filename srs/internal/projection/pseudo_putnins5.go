package projection

import "math"

var putnins5Projection = Descriptor{
	Name:       "Putniņš P5",
	Operations: []Operation{{Name: "putp5", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp5",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=putp5"},
	New:     pointwise(newPutnins5),
}

// hyperbolicMeridians has parallels at equal distances and hyperbolas as meridians: x = c λ (a − b √(1 + d φ²)), y = c φ.
type hyperbolicMeridians struct{ a, b float64 }

const hyperbolicScale, hyperbolicBend = 1.01346, 1.2158542

func newPutnins5(*Projection) (hyperbolicMeridians, error) { return hyperbolicMeridians{2, 1}, nil }

func (p hyperbolicMeridians) extent() Extent { return worldExtent(p) }

func (p hyperbolicMeridians) scale(phi float64) float64 {
	return hyperbolicScale * max(0, p.a-float64(p.b*math.Sqrt(1+float64(hyperbolicBend*float64(phi*phi)))))
}

func (p hyperbolicMeridians) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), hyperbolicScale * phi
}

func (p hyperbolicMeridians) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / hyperbolicScale)
	return longitude(x, p.scale(phi)), phi
}
