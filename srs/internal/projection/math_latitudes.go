package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// isometric returns the isometric latitude ψ of an ellipsoid with eccentricity e: Snyder (1987), equation 15-9 without its
// exponent. At the poles it is about ±37 for want of a better number, so that exp −ψ is 0 within 1e-16.
func isometric(phi, e float64) float64 {
	// (1 + sin φ) / cos φ = tan(π/4 + φ/2), which keeps its precision near the pole if φ is positive.
	sin, cos := portable.Sincos(math.Abs(phi))
	psi := portable.Log((1 + sin) / cos)
	if e != 0 {
		es := float64(e * sin)
		psi -= float64(0.5 * e * portable.Log((1+es)/(1-es)))
	}
	return math.Copysign(psi, phi)
}

// latitudeOf inverts isometric, given the series from conformal to geodetic latitude.
func latitudeOf(psi float64, toGeodetic *sineSeries) float64 {
	// sech and tanh of ψ are the cosine and the sine of conformal latitude.
	exp := portable.Exp(-math.Abs(psi))
	inv := 1 / (1 + float64(exp*exp))
	sin, cos := float64((1-float64(exp*exp))*inv), float64(2*exp*inv)
	chi := math.Pi/2 - float64(2*portable.Atan(exp))
	return math.Copysign(chi+toGeodetic.at(2*sin*cos, float64(cos*cos)-float64(sin*sin)), psi)
}

// sincos returns sine and cosine of an auxiliary latitude, given those of the geodetic latitude and the series from one
// to the other. As the series' sum d is less than 7e-3, its sine and cosine are exact to 1e-17 with these terms.
func (c *sineSeries) sincos(sin, cos float64) (float64, float64) {
	d := c.at(2*sin*cos, float64(cos*cos)-float64(sin*sin))
	d2 := d * d
	sinD := d * (1 - float64(d2*(1./6-float64(d2*(1./120)))))
	cosD := 1 - float64(d2*(1./2-float64(d2*(1./24-float64(d2*(1./720))))))
	return float64(sin*cosD) + float64(cos*sinD), float64(cos*cosD) - float64(sin*sinD)
}

// shift adds the series' sum to an angle.
func (c *sineSeries) shift(phi float64) float64 {
	return phi + c.at(portable.Sincos(2*phi))
}

// geodetic returns an angle with the series' sum added, given its sine and cosine, or these times a common factor.
func (c *sineSeries) geodetic(sin, cos float64) float64 {
	inv := 1 / (float64(sin*sin) + float64(cos*cos))
	return portable.Atan2(sin, cos) + c.at(2*sin*cos*inv, (float64(cos*cos)-float64(sin*sin))*inv)
}

// authalic holds what equal-area projections need of an ellipsoid: q is Snyder's equation 3-12, at the pole, and radius
// that of the sphere with the same surface, on the unit ellipsoid.
type authalic struct {
	q, radius              float64
	toAuthalic, toGeodetic sineSeries
}

func newAuthalic(def *Projection) authalic {
	a := authalic{
		q:          2,
		toAuthalic: newSineSeries(&geodeticToAuthalic, def.Ellipsoid.n()),
		toGeodetic: newSineSeries(&authalicToGeodetic, def.Ellipsoid.n()),
	}
	if e := def.Ellipsoid.e(); e != 0 {
		a.q = 1 + float64((1-float64(e*e))/e*portable.Atanh(e))
	}
	a.radius = math.Sqrt(a.q / 2)
	return a
}

// meridian measures arcs of the meridian of the unit ellipsoid, by the series of rectifying latitude.
type meridian struct {
	radius                   float64 // quarter meridian over π/2
	toRectifying, toGeodetic sineSeries
}

func newMeridian(def *Projection) meridian {
	n := def.Ellipsoid.n()
	return meridian{
		radius:       rectifyingRadius(n),
		toRectifying: newSineSeries(&geodeticToRectifying, n),
		toGeodetic:   newSineSeries(&rectifyingToGeodetic, n),
	}
}

// rectifyingRadius returns the radius of the circle with the circumference of a meridian.
func rectifyingRadius(n float64) float64 {
	n2 := float64(n * n)
	return 1 / (1 + n) * (1 + float64(n2*(1./4+float64(n2*(1./64+n2/256)))))
}

// arc returns the length of the meridian from the equator.
func (m *meridian) arc(phi float64) float64 { return float64(m.radius * m.toRectifying.shift(phi)) }

// arcAt is arc, given the latitude's sine and cosine too.
func (m *meridian) arcAt(phi, sin, cos float64) float64 {
	return float64(m.radius * (phi + m.toRectifying.at(2*sin*cos, float64(cos*cos)-float64(sin*sin))))
}

// latitude inverts arc, also beyond the poles.
func (m *meridian) latitude(arc float64) float64 { return m.toGeodetic.shift(arc / m.radius) }

// primeVertical returns the radius of curvature across the meridian, ν, on the unit ellipsoid.
func primeVertical(sin, es float64) float64 { return 1 / math.Sqrt(1-float64(es*sin*sin)) }

// alongMeridian returns the radius of curvature along the meridian, ρ, on the unit ellipsoid.
func alongMeridian(sin, es float64) float64 {
	w := 1 - float64(es*sin*sin)
	return (1 - es) / (w * math.Sqrt(w))
}
