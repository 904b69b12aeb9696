package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var boggsProjection = Descriptor{
	Name:       "Boggs Eumorphic",
	Operations: []Operation{{Name: "boggs", Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ boggs",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	Samples: []string{"+proj=boggs"},
	New:     pointwise(newBoggs),
}

// boggs is S. W. Boggs's equal-area projection of 1929, a mean of the sinusoidal and Mollweide's: with 2θ + sin 2θ = π
// sin φ, x = 2.00276 λ/(1/cos φ + 1.11072/cos θ), y = 0.49931 (φ + √2 sin θ).
type boggs struct{}

const boggsX, boggsShare, boggsY = 2.00276, 1.11072, 0.49931

func newBoggs(*Projection) (boggs, error) { return boggs{}, nil }

func (p boggs) extent() Extent { return worldExtent(p) }

// parallel returns y of a parallel, its derivative, and the parallel's scale.
func (boggs) parallel(phi float64) (y, slope, scale float64) {
	theta := mollweideAngle(math.Pi, phi)
	sin, cos := portable.Sincos(theta)
	cosPhi := max(0, portable.Cos(phi))
	y = boggsY * (phi + float64(math.Sqrt2*sin))
	if !(cos > 1e-12) {
		return y, boggsY, 0
	}
	return y, boggsY * (1 + math.Pi*math.Sqrt2/4*cosPhi/cos), boggsX * cosPhi * cos / (cos + float64(boggsShare*cosPhi))
}

func (p boggs) project(lam, phi float64) (x, y float64) {
	y, _, scale := p.parallel(phi)
	return lam * scale, y
}

func (p boggs) unproject(x, y float64) (lam, phi float64) {
	phi = inverseHeight(y, func(phi float64) (float64, float64) {
		y, slope, _ := p.parallel(phi)
		return y, slope
	})
	_, _, scale := p.parallel(phi)
	return longitude(x, scale), phi
}
