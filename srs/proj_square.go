package srs

import (
	"math"

	"github.com/go-spatial/proj/core"
)

// The projections of this file show a hemisphere of the sphere conformally in a square, by elliptic functions of modulus
// 1/√2, and from that all of the earth. With sides at ±K, the quarter period, a point of the square is the unit vector
//
//	(sn x dn y, sn y dn x, cn x cn y)
//
// whose third axis is through the square's centre. Sources: C. S. Peirce, A quincuncial projection of the sphere,
// American Journal of Mathematics 2 (1879); O. S. Adams, Conformal projection of the sphere within a square, U.S. Coast
// and Geodetic Survey Special Publication 153 (1929); L. P. Lee, Conformal Projections Based on Elliptic Functions
// (1976). Both directions are exact to some nanometres; PROJ's integral has seven digits, and its results are up to a
// metre off.

// quarterPeriod is the complete elliptic integral K(1/√2).
const quarterPeriod = 1.8540746773013719184338503471952600

// inSquare gives a point of the square from a unit vector of the hemisphere.
func inSquare(u, v, w float64) (x, y float64) {
	p := 0.5 * (u - v) * (u + v)
	s := math.Sqrt(float64(w*w) + float64(p*p))
	cnx2, cny2 := s-p, s+p
	if s > 0 { // the smaller one without its cancellation
		if p > 0 {
			cnx2 = w * w / cny2
		} else {
			cny2 = w * w / cnx2
		}
	}
	return ellipticF(math.Sqrt2*u/math.Sqrt(1+p+s), cnx2), ellipticF(math.Sqrt2*v/math.Sqrt(1-p+s), cny2)
}

// ellipticF is the incomplete elliptic integral of the first kind, given the sine and the square of the cosine, by B. C.
// Carlson's form R_F (Numerical Algorithms 10, 1995). Each round makes the arguments four times as alike.
func ellipticF(sin, cos2 float64) float64 {
	x, y, z := cos2, 1-0.5*float64(sin*sin), 1.0
	for range 9 {
		sx, sy, sz := math.Sqrt(x), math.Sqrt(y), math.Sqrt(z)
		l := float64(sx*sy) + float64(sx*sz) + float64(sy*sz)
		x, y, z = 0.25*(x+l), 0.25*(y+l), 0.25*(z+l)
	}
	a := (x + y + z) / 3
	dx, dy := 1-x/a, 1-y/a
	dz := -dx - dy
	e2, e3 := float64(dx*dy)-float64(dz*dz), dx*dy*dz
	return sin / math.Sqrt(a) * (1 - e2/10 + e3/14 + float64(e2*e2)/24 - float64(3*e2*e3)/44)
}

// jacobi holds the arithmetic-geometric means from 1 and 1/√2, which elliptic functions follow from: M. Abramowitz and I.
// A. Stegun, Handbook of Mathematical Functions, 16.4.
type jacobi struct{ a, c [6]float64 }

func newJacobi() jacobi {
	var j jacobi
	a, b := 1.0, 1/math.Sqrt2
	j.a[0], j.c[0] = a, b
	for i := 1; i < len(j.a); i++ {
		a, b, j.c[i] = 0.5*(a+b), math.Sqrt(a*b), 0.5*(a-b)
		j.a[i] = a
	}
	return j
}

func (j *jacobi) at(u float64) (sn, cn, dn float64) {
	const last = len(j.a) - 1
	phi := float64(int(1)<<last) * j.a[last] * u
	for i := last; i > 0; i-- {
		phi = 0.5 * (phi + math.Asin(j.c[i]/j.a[i]*math.Sin(phi)))
	}
	sn, cn = math.Sincos(phi)
	return sn, cn, math.Sqrt(1 - 0.5*float64(sn*sn))
}

// vector undoes inSquare.
func (j *jacobi) vector(x, y float64) (u, v, w float64) {
	snx, cnx, dnx := j.at(x)
	sny, cny, dny := j.at(y)
	return snx * dny, sny * dnx, cnx * cny
}

// peirce is the quincuncial projection about the north pole: the northern hemisphere in a square, and each quarter of the
// southern one reflected in a side of it. The world is a square that stands on a corner (variant "diamond"), or turned
// by 45° on a side ("square"). Its domain is all of the earth; the cuts are the southern meridians of the sides' ends.
type peirce struct {
	jacobi
	k0     float64
	turned bool
}

func newPeirce(sys *core.System) (peirce, error) {
	return peirce{newJacobi(), sys.K0, variant(sys) == "square"}, nil
}

func (p peirce) extent() extent {
	r := 2*quarterPeriod*p.k0 + planeSlack
	if p.turned {
		r /= math.Sqrt2
	}
	return extent{top: math.Inf(1), bounds: Envelope{-r, -r, r, r}}
}

func (p peirce) project(lam, phi float64) (x, y float64) {
	sin, cos := math.Sincos(phi)
	sinLam, cosLam := math.Sincos(lam)
	u, v := cos*sinLam, -cos*cosLam
	x, y = inSquare(u, v, sin)
	if phi < 0 {
		if math.Abs(u) > math.Abs(v) {
			x = math.Copysign(2*quarterPeriod, u) - x
		} else {
			y = math.Copysign(2*quarterPeriod, v) - y
		}
	}
	if p.turned {
		x, y = (x-y)/math.Sqrt2, (x+y)/math.Sqrt2
	}
	return p.k0 * x, p.k0 * y
}

func (p peirce) unproject(x, y float64) (lam, phi float64) {
	x, y = x/p.k0, y/p.k0
	if p.turned {
		x, y = (x+y)/math.Sqrt2, (y-x)/math.Sqrt2
	}
	if !(math.Abs(x)+math.Abs(y) <= 2*quarterPeriod+planeSlack) {
		return math.NaN(), math.NaN()
	}
	south := 1.0
	switch {
	case math.Abs(x) > quarterPeriod:
		x, south = math.Copysign(2*quarterPeriod, x)-x, -1
	case math.Abs(y) > quarterPeriod:
		y, south = math.Copysign(2*quarterPeriod, y)-y, -1
	}
	u, v, w := p.vector(x, y)
	return math.Atan2(u, -v), south * math.Atan2(max(0, w), math.Hypot(u, v))
}

// adams is O. S. Adams's second world in a square, with the poles in two corners: the sphere is first made a hemisphere
// conformally, by halving longitudes. Its domain is all of the earth.
type adams struct{ jacobi }

func newAdams(*core.System) (adams, error) { return adams{newJacobi()}, nil }

func (p adams) extent() extent { return worldExtent(p) }

func (adams) project(lam, phi float64) (x, y float64) {
	v := math.Tan(0.5 * phi)
	cos := math.Sqrt(max(0, (1-v)*(1+v)))
	sinLam, cosLam := math.Sincos(0.5 * lam)
	u, w := cos*sinLam, max(0, cos*cosLam)
	m, n := inSquare((u+v)/math.Sqrt2, (v-u)/math.Sqrt2, w)
	return (m - n) / math.Sqrt2, (m + n) / math.Sqrt2
}

func (p adams) unproject(x, y float64) (lam, phi float64) {
	m, n := (x+y)/math.Sqrt2, (y-x)/math.Sqrt2
	if !(max(math.Abs(m), math.Abs(n)) <= quarterPeriod+planeSlack) {
		return math.NaN(), math.NaN()
	}
	a, b, w := p.vector(max(-quarterPeriod, min(quarterPeriod, m)), max(-quarterPeriod, min(quarterPeriod, n)))
	u, v := (a-b)/math.Sqrt2, (a+b)/math.Sqrt2
	return 2 * math.Atan2(u, max(0, w)), 2 * math.Atan(max(-1, min(1, v)))
}
