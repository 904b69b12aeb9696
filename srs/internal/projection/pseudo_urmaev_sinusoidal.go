package projection

import (
	"errors"

	"github.com/geoexport/geoexport/internal/portable"
)

var urmaevSinusoidalProjection = Descriptor{
	Name:       "Urmaev Flat-Polar Sinusoidal",
	Operations: []Operation{{Name: "urmfps", Keys: []Key{shapeN.must()}, Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ urmfps",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("n", ShapeN)), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // latitudes crowd at the poles
	Samples:     []string{"+proj=urmfps +n=0.8"},
	New:         pointwise(newUrmaevSinusoidal),
}

// urmaevSinusoidal is N. A. Urmaev's family of which Wagner's first projection is one: with sin θ = n sin φ,
// x = cx λ cos θ, y = cy θ/n.
type urmaevSinusoidal struct{ n float64 }

func newUrmaevSinusoidal(def *Projection) (urmaevSinusoidal, error) {
	if n := def.ShapeN; !(n > 0 && n <= 1) {
		return urmaevSinusoidal{}, errors.New("n is not between 0 and 1")
	}
	return urmaevSinusoidal{def.ShapeN}, nil
}

func (p urmaevSinusoidal) extent() Extent { return worldExtent(p) }

// angle returns θ, which is the latitude itself if n is 1.
func (p urmaevSinusoidal) angle(phi float64) float64 {
	if p.n == 1 {
		return phi
	}
	return portable.Asin(p.n * portable.Sin(phi))
}

func (p urmaevSinusoidal) project(lam, phi float64) (x, y float64) {
	theta := p.angle(phi)
	return wagner1X * lam * portable.Cos(theta), wagner1Y / p.n * theta
}

func (p urmaevSinusoidal) unproject(x, y float64) (lam, phi float64) {
	theta := latitude(y * p.n / wagner1Y)
	sin, cos := portable.Sincos(theta)
	if phi = theta; p.n < 1 {
		phi = arcsine(sin / p.n)
	}
	return longitude(x, wagner1X*cos), phi
}
