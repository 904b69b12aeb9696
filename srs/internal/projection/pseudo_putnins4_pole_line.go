package projection

import "github.com/geoexport/geoexport/internal/portable"

var putnins4PoleLineProjection = Descriptor{
	Name:       "Putniņš P4'",
	Operations: []Operation{{Name: "putp4p", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ putp4p",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=putp4p"},
	New:         pointwise(newPutnins4PoleLine),
}

// thirdMeridians is an equal-area projection with parabolas as meridians and a line as pole: with sin θ = 0.88388 sin φ,
// x = cx λ cos θ / cos(θ/3), y = cy sin(θ/3).
type thirdMeridians struct{ cx, cy float64 }

const thirdSine = 0.883883476

func newPutnins4PoleLine(*Projection) (thirdMeridians, error) {
	return thirdMeridians{0.874038744, 3.883251825}, nil
}

func (p thirdMeridians) extent() Extent { return worldExtent(p) }

func (p thirdMeridians) project(lam, phi float64) (x, y float64) {
	theta := portable.Asin(thirdSine * portable.Sin(phi))
	sin, cos := portable.Sincos(theta / 3)
	return p.cx * lam * portable.Cos(theta) / cos, p.cy * sin
}

func (p thirdMeridians) unproject(x, y float64) (lam, phi float64) {
	theta := 3 * arcsine(y/p.cy)
	sin, cos := portable.Sincos(theta)
	return longitude(x, p.cx*cos/portable.Cos(theta/3)), arcsine(sin / thirdSine)
}
