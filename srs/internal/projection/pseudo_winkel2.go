package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var winkel2Projection = Descriptor{
	Name:       "Winkel II",
	Operations: []Operation{{Name: "wink2", Keys: []Key{lat1}, Sphere: true}},
	Methods: []Method{{
		EPSG: "Winkel II", Esri: "Winkel_II",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, firstParallel), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=wink2 +lat_1=50.46"},
	New:     pointwise(newWinkel2),
}

// winkel2 is the mean of a plate carrée and an ellipse of Mollweide's angle.
type winkel2 struct{ cos float64 }

func newWinkel2(def *Projection) (winkel2, error) {
	return winkel2{portable.Cos(def.phi1())}, nil
}

func (p winkel2) extent() Extent { return worldExtent(p) }

func (p winkel2) project(lam, phi float64) (x, y float64) {
	sin, cos := portable.Sincos(mollweideAngle(math.Pi, phi))
	return 0.5 * lam * (cos + p.cos), math.Pi / 4 * (sin + float64(2/math.Pi*phi))
}

func (p winkel2) unproject(x, y float64) (lam, phi float64) {
	if !(math.Abs(y) <= math.Pi/2+planeSlack) {
		return math.NaN(), math.NaN()
	}
	phi = solve(-math.Pi/2, math.Pi/2, y, func(t float64) (float64, float64) {
		sin, cos := portable.Sincos(mollweideAngle(math.Pi, t))
		return float64(math.Pi/4*sin) + float64(0.5*t) - y, 0.5 + math.Pi*math.Pi/16*portable.Cos(t)/max(cos, 1e-12)
	})
	return longitude(x, 0.5*(portable.Cos(mollweideAngle(math.Pi, phi))+p.cos)), phi
}
