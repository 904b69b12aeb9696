package projection

import "math"

var kavrayskiy7Projection = Descriptor{
	Name:       "Kavrayskiy VII",
	Operations: []Operation{{Name: "kav7", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ kav7",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=kav7"},
	New:     pointwise(newKavrayskiy7),
}

// ellipticMeridians is a projection whose meridians are arcs of ellipses, with parallels at equal distances:
// x = cx λ (a + √(1 − 3 (φ/π)²)), y = cy φ. It is Kavrayskiy's seventh, Wagner's sixth and Putniņš's first.
type ellipticMeridians struct{ cx, cy, a float64 }

func newKavrayskiy7(*Projection) (ellipticMeridians, error) {
	return ellipticMeridians{math.Sqrt(3) / 2, 1, 0}, nil
}

func (p ellipticMeridians) extent() Extent { return worldExtent(p) }

// scale returns x per radian of longitude.
func (p ellipticMeridians) scale(phi float64) float64 {
	t := phi / math.Pi
	return p.cx * max(0, p.a+math.Sqrt(1-float64(3*float64(t*t))))
}

func (p ellipticMeridians) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), p.cy * phi
}

func (p ellipticMeridians) unproject(x, y float64) (lam, phi float64) {
	phi = latitude(y / p.cy)
	return longitude(x, p.scale(phi)), phi
}
