package projection

import "math"

var compactMillerProjection = Descriptor{
	Name:       "Compact Miller",
	Operations: []Operation{{Name: "comill", Sphere: true}},
	Methods: []Method{{
		EPSG: "Compact Miller", Esri: "Compact_Miller",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:   LacksEPSG | LacksGeoTIFF,
	Domain:  "all of the earth",
	Source:  "B. Jenny and others, International Journal of Geographical Information Science 29 (2015)",
	Samples: []string{"+proj=comill"},
	New:     pointwise(newCompactMiller),
}

// polynomialCylindrical is a cylindrical projection of the sphere whose y is φ(c0 + c1φ² + c2φ⁴ + c3φ⁶ + c4φ⁸), growing
// all the way to the poles. The domain is all of the earth.
type polynomialCylindrical struct{ c [5]float64 }

// The compact Miller projection: B. Jenny, B. Šavrič and T. Patterson, A compromise aspect-adaptive cylindrical
// projection for world maps, International Journal of Geographical Information Science 29 (2015).
func newCompactMiller(*Projection) (polynomialCylindrical, error) {
	return polynomialCylindrical{[5]float64{0.9902, 0.1604, -0.03054}}, nil
}

func (p polynomialCylindrical) extent() Extent { return cylinderExtent(p) }

func (p polynomialCylindrical) at(phi float64) (y, slope float64) {
	c, t := &p.c, phi*phi
	y = phi * (c[0] + float64(t*(c[1]+float64(t*(c[2]+float64(t*(c[3]+float64(t*c[4]))))))))
	slope = c[0] + float64(t*(float64(3*c[1])+
		float64(t*(float64(5*c[2])+float64(t*(float64(7*c[3])+float64(9*t*c[4])))))))
	return y, slope
}

func (p polynomialCylindrical) project(lam, phi float64) (x, y float64) {
	y, _ = p.at(phi)
	return lam, y
}

func (p polynomialCylindrical) unproject(x, y float64) (lam, phi float64) {
	top, _ := p.at(math.Pi / 2)
	if !(math.Abs(y) <= top+planeSlack) {
		return math.NaN(), math.NaN()
	}
	return x, solve(-math.Pi/2, math.Pi/2, y/top*math.Pi/2, func(phi float64) (float64, float64) {
		v, d := p.at(phi)
		return v - y, d
	})
}
