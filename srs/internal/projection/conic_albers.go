package projection

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

var albersProjection = Descriptor{
	Name: "Albers Equal Area",
	Operations: []Operation{
		{Name: "aea", Keys: []Key{lat0, lat1.must(), lat2.must()}},
		{Name: "leac", Keys: []Key{lat0, lat1, word("south")}, Check: checkOnePole},
	},
	Methods: []Method{{
		EPSG: "Albers Equal Area", Code: 9822, Esri: "Albers", GeoTIFF: 11, OGC: []string{"Albers_Conic_Equal_Area"},
		Parameters: []Parameter{
			latitudeOfFalseOrigin.geoKeyAs(3081), longitudeOfFalseOrigin.geoKeyAs(3080),
			firstParallel.required(), secondParallel.required(),
			eastingAtFalseOrigin.geoKeyAs(3082), northingAtFalseOrigin.geoKeyAs(3083),
		},
		Read: readOneParallel,
	}},
	Domain: "all of the earth", Source: snyder + ", pages 100 and 101",
	RimAccuracy: 0.3, // the projection flattens the poles
	Samples: []string{
		"+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5",
		"+proj=aea +lat_0=-32 +lat_1=-5 +lat_2=-42",
		"+proj=leac +lat_1=40",
	},
	New: newAlbers,
}

// albers is the Albers equal-area conic projection, on the sphere or the ellipsoid. Source: Snyder (1987), pages 100
// and 101; the inverse by the series of authalic latitude in math_series.go.
//
// Next to the poles the inverse is ill-conditioned, because the projection flattens them: a rounding error in q is 1e-8
// in the latitude at the pole itself, 6 cm.
type albers struct {
	e, oneEs   float64
	qPole      float64
	n, c, rho0 float64
	toGeodetic sineSeries
}

// coneSlack is how far, relatively, rounding may take a point over the pole or the cut opposite the central meridian.
const coneSlack = 1e-12

func newAlbers(def *Projection) (Kernel, error) {
	p := &albers{e: def.Ellipsoid.e(), oneEs: 1 - def.Ellipsoid.es()}
	p.qPole = p.q(1)
	p.toGeodetic = newSineSeries(&authalicToGeodetic, def.Ellipsoid.f()/(2-def.Ellipsoid.f()))

	phi1, phi2 := def.phi1(), def.phi2()
	if !(math.Abs(phi1+phi2) > 1e-10) || !(math.Abs(phi1) <= math.Pi/2) || !(math.Abs(phi2) <= math.Pi/2) {
		return nil, errors.New("standard parallels are opposite each other, or beyond a pole")
	}
	m1, q1 := scaleAt(phi1, def.Ellipsoid.es()), p.q(portable.Sin(phi1))
	p.n = portable.Sin(phi1)
	if math.Abs(phi1-phi2) > 1e-10 {
		m2, q2 := scaleAt(phi2, def.Ellipsoid.es()), p.q(portable.Sin(phi2))
		p.n = (float64(m1*m1) - float64(m2*m2)) / (q2 - q1)
	}
	p.c = float64(m1*m1) + float64(p.n*q1)
	p.rho0 = p.rho(p.q(portable.Sin(def.phi0())))
	return p, nil
}

func (p *albers) Extent() Extent {
	r := float64(max(math.Abs(p.rho(p.qPole)), math.Abs(p.rho(-p.qPole))) * (1 + coneSlack))
	return Extent{Top: math.Inf(1), Bounds: Box{-r, p.rho0 - r, r, p.rho0 + r}}
}

// q returns Snyder's equation 3-12: twice the sine of authalic latitude, but for a factor.
func (p *albers) q(sin float64) float64 {
	if p.e == 0 {
		return 2 * sin
	}
	es := float64(p.e * sin)
	return p.oneEs * (sin/(1-float64(es*es)) + float64(0.5/p.e*portable.Log((1+es)/(1-es))))
}

// rho returns the radius of a parallel, with the sign of n.
func (p *albers) rho(q float64) float64 {
	return math.Sqrt(max(0, p.c-float64(p.n*q))) / p.n
}

func (p *albers) Forward(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		rho := p.rho(p.q(portable.Sin(y[i])))
		sin, cos := portable.Sincos(p.n * x[i])
		x[i] = rho * sin
		y[i] = p.rho0 - float64(rho*cos)
	}
}

func (p *albers) Inverse(x, y []float64) {
	y = y[:len(x)]
	for i := range x {
		u, v := x[i], p.rho0-y[i]
		if p.n < 0 {
			u, v = -u, -v
		}
		rho2 := float64(u*u) + float64(v*v)
		sin := (p.c - float64(rho2*p.n*p.n)) / (p.n * p.qPole) // of authalic latitude
		lam := portable.Atan2(u, v) / p.n
		if rho2 <= 1e-20 { // next to the apex, which is a pole, rounding decides about longitudes
			lam = max(-math.Pi, min(math.Pi, lam))
		}
		if !(math.Abs(sin) <= 1+coneSlack && math.Abs(lam) <= math.Pi*(1+coneSlack)) {
			x[i], y[i] = math.NaN(), math.NaN()
			continue
		}
		sin = max(-1, min(1, sin))
		cos := math.Sqrt((1 - sin) * (1 + sin))
		beta := portable.Atan2(sin, cos)
		x[i] = lam
		y[i] = beta + p.toGeodetic.at(2*sin*cos, float64(cos*cos)-float64(sin*sin))
	}
}

// readOneParallel takes one standard parallel for both.
func readOneParallel(r *reading) error {
	if r.has("lat_1") && !r.has("lat_2") {
		r.Values["lat_2"] = r.Values["lat_1"]
	}
	return nil
}

// checkOnePole makes Lambert's equal-area conic projection, whose other standard parallel is a pole.
func checkOnePole(p *Projection, a Arguments) error {
	p.StandardParallel2 = 90
	if a.Flag("south") {
		p.StandardParallel2 = -90
	}
	return nil
}
