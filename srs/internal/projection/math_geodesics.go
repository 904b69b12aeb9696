package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// geodesics measures shortest lines on the unit ellipsoid from one point. Source: C. F. F. Karney, Algorithms for
// geodesics, Journal of Geodesy 87 (2013), equations 7 to 25, with series to the sixth order: nanometres.
//
// The inverse problem is solved by repeating the longitude equation, as T. Vincenty does (Survey Review 23, 1975). That
// fails next to the point opposite, so lines are limited.
type geodesics struct {
	f, n       float64 // flattenings
	ep2        float64 // second eccentricity, squared
	sin1, cos1 float64 // of the point's reduced latitude
	limit      float64 // of the arc σ on the auxiliary sphere
	a3         [6]float64
	c3         [5][6]float64
}

// geodesicLimit keeps 1.5° from the point opposite, where the repetition still gains a digit in three steps.
const geodesicLimit = 178.5 * degree

func newGeodesics(f, phi1 float64) geodesics {
	n := f / (2 - f)
	g := geodesics{f: f, n: n, ep2: f * (2 - f) / ((1 - f) * (1 - f)), limit: geodesicLimit}
	if f == 0 {
		g.limit = math.Pi - 1e-7
	}
	g.sin1, g.cos1 = g.reduced(phi1)
	// Equations 24 and 25, by powers of ε.
	g.a3 = [6]float64{1, (n - 1) / 2, (float64(3*n*n) - n - 2) / 8, -(float64(n*n) + float64(3*n) + 1) / 16,
		-(float64(2*n) + 3) / 64, -3. / 128}
	g.c3 = [5][6]float64{
		{0, (1 - n) / 4, (1 - float64(n*n)) / 8, (3 + float64(3*n) - float64(n*n)) / 64, (5 + float64(2*n)) /
			128, 3. / 128},
		{0, 0, (2 - float64(3*n) + float64(n*n)) / 32, (3 - float64(2*n) - float64(3*n*n)) / 64, (3 + n) / 128,
			5. / 256},
		{0, 0, 0, (5 - float64(9*n) + float64(5*n*n)) / 192, (9 - float64(10*n)) / 384, 7. / 512},
		{0, 0, 0, 0, (7 - float64(14*n)) / 512, 7. / 512},
		{0, 0, 0, 0, 0, 21. / 2560},
	}
	return g
}

// reduced returns sine and cosine of the reduced latitude.
func (g *geodesics) reduced(phi float64) (sin, cos float64) {
	sin, cos = portable.Sincos(phi)
	sin *= 1 - g.f
	r := portable.Hypot(sin, cos)
	return sin / r, cos / r
}

// line is a geodesic through the point with azimuth α1.
type line struct {
	sin0, sigma1 float64 // of the azimuth at the equator; arc from there to the point
	eps          float64
	a1, a3       float64
	c1           sineSeries
	c3           sineSeries
}

func (g *geodesics) line(sinA, cosA float64) line {
	var l line
	l.sin0 = float64(sinA * g.cos1)
	cos0 := portable.Hypot(cosA, sinA*g.sin1)
	l.sigma1 = portable.Atan2(g.sin1, cosA*g.cos1)
	k2 := float64(g.ep2 * cos0 * cos0)
	e := k2 / (float64(2*(1+math.Sqrt(1+k2))) + k2)
	e2 := float64(e * e)
	l.eps = e
	l.a1 = (1 + e2*(64+float64(e2*(4+e2)))/256) / (1 - e)
	l.c1 = sineSeries{
		e * (float64(e2*(6-e2)) - 16) / 32, e2 * (float64(e2*(64-float64(9*e2))) - 128) / 2048,
		e * e2 * (float64(9*e2) - 16) / 768,
		e2 * e2 * (float64(3*e2) - 5) / 512, -7 * e2 * e2 * e / 1280, -7 * e2 * e2 * e2 / 2048,
	}
	for i := 5; i >= 0; i-- {
		l.a3 = float64(l.a3*e) + g.a3[i]
		for k := range g.c3 {
			l.c3[k] = float64(l.c3[k]*e) + g.c3[k][i]
		}
	}
	return l
}

// turn returns by how much longitude on the auxiliary sphere, ω, exceeds longitude, over an arc from the point.
func (g *geodesics) turn(l *line, sigma float64) float64 {
	d := l.c3.at(portable.Sincos(2*(l.sigma1+sigma))) - l.c3.at(portable.Sincos(2*l.sigma1))
	return g.f * l.sin0 * l.a3 * (sigma + d)
}

// toPoint solves the inverse problem: it returns length and azimuth of the line to a point at latitude phi and a
// longitude lam from the first. It is NaN beyond the limit.
func (g *geodesics) toPoint(lam, phi float64) (s, sinA, cosA float64) {
	sin2, cos2 := g.reduced(phi)
	omega := lam
	for range 100 {
		sinW, cosW := portable.Sincos(omega)
		u, v := cos2*sinW, float64(g.cos1*sin2)-float64(g.sin1*cos2*cosW)
		sinS := portable.Hypot(u, v)
		sigma := portable.Atan2(sinS, float64(g.sin1*sin2)+float64(g.cos1*cos2*cosW))
		if sinS < 1e-15 && sigma < 1 {
			return 0, 0, 1
		}
		if !(sigma <= g.limit+0.01) {
			break
		}
		sinA, cosA = u/sinS, v/sinS
		l := g.line(sinA, cosA)
		next := lam + g.turn(&l, sigma)
		if math.Abs(next-omega) < 1e-15*(1+math.Abs(lam)) {
			if !(sigma <= g.limit) {
				break
			}
			d := sigma + l.c1.at(portable.Sincos(2*(l.sigma1+sigma))) - l.c1.at(portable.Sincos(2*l.sigma1))
			return (1 - g.f) * l.a1 * d, sinA, cosA
		}
		omega = next
	}
	return math.NaN(), math.NaN(), math.NaN()
}

// along solves the direct problem: it returns the point at a distance s.
func (g *geodesics) along(s, sinA, cosA float64) (lam, phi float64) {
	l := g.line(sinA, cosA)
	sigma := g.arcOf(&l, s)
	if !(sigma <= g.limit) {
		return math.NaN(), math.NaN()
	}
	sinS, cosS := portable.Sincos(sigma)
	t := float64(g.cos1*cosS) - float64(g.sin1*sinS*cosA)
	u := sinS * sinA
	omega := portable.Atan2(u, t)
	sin2 := float64(g.sin1*cosS) + float64(g.cos1*sinS*cosA)
	lam = omega - g.turn(&l, sigma)
	if math.Abs(lam) > math.Pi {
		lam = math.Remainder(lam, 2*math.Pi)
	}
	return lam, portable.Atan2(sin2, (1-g.f)*portable.Hypot(t, u))
}

// fromLength returns the reverse of c1, from lengths to arcs: equation 21.
func (l *line) fromLength() sineSeries {
	e, e2 := l.eps, l.eps*l.eps
	return sineSeries{
		e * (float64(e2*(float64(205*e2)-432)) + 768) / 1536,
		e2 * (float64(e2*(float64(4005*e2)-4736)) + 3840) / 12288, e * e2 * (116 - float64(225*e2)) / 384,
		e2 * e2 * (2695 - float64(7173*e2)) / 7680, 3467 * e2 * e2 * e / 7680, 38081 * e2 * e2 * e2 / 61440,
	}
}

// arcOf returns the arc on the auxiliary sphere of a length from the line's point.
func (g *geodesics) arcOf(l *line, s float64) float64 {
	back := l.fromLength()
	return back.shift(l.c1.shift(l.sigma1)+s/((1-g.f)*l.a1)) - l.sigma1
}
