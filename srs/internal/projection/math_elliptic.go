package projection

import (
	"math"

	"github.com/geoexport/geoexport/internal/portable"
)

// The elliptic functions of this file show a hemisphere of the sphere conformally in a square. They are of modulus
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

// inSquare returns a point of the square from a unit vector of the hemisphere.
func inSquare(u, v, w float64) (x, y float64) {
	p := float64(0.5 * (u - v) * (u + v))
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

// ellipticF returns the incomplete elliptic integral of the first kind, given the sine and the square of the cosine, by
// B. C. Carlson's form R_F (Numerical Algorithms 10, 1995). Each round makes the arguments four times as alike.
func ellipticF(sin, cos2 float64) float64 {
	x, y, z := cos2, 1-float64(0.5*float64(sin*sin)), 1.0
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
		phi = 0.5 * (phi + portable.Asin(j.c[i]/j.a[i]*portable.Sin(phi)))
	}
	sn, cn = portable.Sincos(phi)
	return sn, cn, math.Sqrt(1 - float64(0.5*float64(sn*sn)))
}

// vector inverts inSquare.
func (j *jacobi) vector(x, y float64) (u, v, w float64) {
	snx, cnx, dnx := j.at(x)
	sny, cny, dny := j.at(y)
	return snx * dny, sny * dnx, cnx * cny
}
