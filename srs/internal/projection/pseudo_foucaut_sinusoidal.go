package projection

import (
	"errors"

	"github.com/geoexport/geoexport/internal/portable"
)

var foucautSinusoidalProjection = Descriptor{
	Name:       "Foucaut Sinusoidal",
	Operations: []Operation{{Name: "fouc_s", Keys: []Key{shapeN}, Sphere: true}},
	Methods: []Method{{
		EPSG:       "PROJ fouc_s",
		Parameters: of(atNaturalOrigin, longitudeOfNaturalOrigin, projNamed("n", ShapeN)), Surface: onSphere,
	}},
	Lacks:  LacksEPSG | LacksEsri | LacksGeoTIFF,
	Domain: "all of the earth", Source: album + ", pages 219 to 226",
	RimAccuracy: 0.2, // without n latitudes crowd at the poles
	Samples:     []string{"+proj=fouc_s +n=0.5", "+proj=fouc_s"},
	New:         pointwise(newFoucautSinusoidal),
}

// foucautSinusoidal is the mean of the cylindrical equal-area and the sinusoidal projection, weighted by n and of
// equal areas: y = n φ + (1 − n) sin φ, x = λ cos φ/(n + (1 − n) cos φ).
type foucautSinusoidal struct{ n, m float64 }

func newFoucautSinusoidal(def *Projection) (foucautSinusoidal, error) {
	if n := def.ShapeN; !(n >= 0 && n <= 1) {
		return foucautSinusoidal{}, errors.New("n is not between 0 and 1")
	}
	return foucautSinusoidal{def.ShapeN, 1 - def.ShapeN}, nil
}

func (p foucautSinusoidal) extent() Extent { return worldExtent(p) }

// scale is that of a parallel.
func (p foucautSinusoidal) scale(phi float64) float64 {
	cos := max(0, portable.Cos(phi))
	if p.n == 0 {
		return 1
	}
	return cos / (p.n + float64(p.m*cos))
}

func (p foucautSinusoidal) project(lam, phi float64) (x, y float64) {
	return lam * p.scale(phi), float64(p.n*phi) + float64(p.m*portable.Sin(phi))
}

func (p foucautSinusoidal) unproject(x, y float64) (lam, phi float64) {
	if p.n == 0 {
		phi = arcsine(y)
	} else {
		phi = inverseHeight(y, func(phi float64) (float64, float64) {
			sin, cos := portable.Sincos(phi)
			return float64(p.n*phi) + float64(p.m*sin), p.n + float64(p.m*cos)
		})
	}
	return longitude(x, p.scale(phi)), phi
}
