package projection

import "math"

var mercatorProjection = Descriptor{
	ID: "merc", Name: "Mercator",
	New: newMercator,
}

// mercator is the Mercator projection in the normal aspect, on the sphere or the ellipsoid. Source: J. P. Snyder, Map
// Projections: A Working Manual, USGS Professional Paper 1395 (1987), pages 41 and 44; the inverse by the series of
// math_series.go.
type mercator struct {
	k0         float64
	e          float64 // eccentricity
	toGeodetic sineSeries
}

// mercatorPole is the latitude from which on Mercator has no image, 0.6 mm short of the pole.
const mercatorPole = math.Pi/2 - 1e-10

func newMercator(def *Projection) (Kernel, error) {
	p := &mercator{k0: def.k0(), e: def.Ellipsoid.e()}
	if ts := def.phi1(); ts != 0 {
		p.k0 = scaleAt(ts, def.Ellipsoid.es())
	}
	p.toGeodetic = newSineSeries(&conformalToGeodetic, def.Ellipsoid.f()/(2-def.Ellipsoid.f()))
	return p, nil
}

// extent ends boxes where the world is a square, as ArcGIS and all web maps do: at 85.0511° on the sphere.
func (p *mercator) Extent() Extent {
	return Extent{Period: 2 * math.Pi * p.k0, Top: math.Pi * p.k0, Bounds: everywhere}
}

func (p *mercator) Forward(x, y []float64) {
	y = y[:len(x)]
	for i, lam := range x {
		x[i] = p.k0 * lam
	}
	for i, phi := range y {
		if !(math.Abs(phi) < mercatorPole) {
			y[i] = math.NaN()
			continue
		}
		// (1 + sin φ) / cos φ = tan(π/4 + φ/2), which keeps its precision near the pole if φ is positive.
		sin, cos := math.Sincos(math.Abs(phi))
		psi := math.Log((1 + sin) / cos)
		if p.e != 0 {
			es := float64(p.e * sin)
			psi -= float64(0.5 * p.e * math.Log((1+es)/(1-es)))
		}
		y[i] = math.Copysign(p.k0*psi, phi)
	}
}

func (p *mercator) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		x[i] /= p.k0
	}
	for i, v := range y {
		if math.IsInf(v, 0) {
			y[i] = math.NaN()
			continue
		}
		exp := math.Exp(-math.Abs(v) / p.k0)
		chi := math.Pi/2 - 2*math.Atan(exp)
		if p.e != 0 {
			// sech and tanh of ψ are the cosine and the sine of χ.
			inv := 1 / (1 + float64(exp*exp))
			sin, cos := (1-float64(exp*exp))*inv, 2*exp*inv
			chi += p.toGeodetic.at(2*sin*cos, float64(cos*cos)-float64(sin*sin))
		}
		y[i] = math.Copysign(chi, v)
	}
}
