package srs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/internal/portable"
)

// A shift takes longitudes and latitudes from Greenwich, in radians, from one datum to another.
//
// A transformation of geocentric coordinates starts from points on the ellipsoid, and drops the height above the other
// ellipsoid. As it is linear, any number of them in a row is one step.
type shift []shiftStep

// A shiftStep is a linear map of geocentric coordinates, an offset, or Molodensky's formulas.
type shiftStep struct {
	offset   bool
	lon, lat float64 // the offset in radians

	molodensky *molodensky // nil if it is none

	from, to ellipsoid
	linear   linear
}

// linear is X' = M·X + T, in metres.
type linear struct {
	m [3][3]float64
	t [3]float64
}

var unmoved = linear{m: [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}

// after returns the map that applies l first and then m.
func (m linear) after(l linear) linear {
	var out linear
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out.m[i][j] += float64(m.m[i][k] * l.m[k][j])
			}
		}
		out.t[i] = m.t[i]
		for k := range 3 {
			out.t[i] += float64(m.m[i][k] * l.t[k])
		}
	}
	return out
}

// helmert is a similarity transformation of geocentric coordinates: translations in metres, rotations in seconds with
// the signs of the position vector convention, a scale in parts per million, and a pivot in metres.
//
// Forward it is X' = T + P + (1+s)·R·(X − P) with the matrix of small angles, as in EPSG methods 1033 and 1061 (IOGP
// Guidance Note 7-2). Its inverse is P + Rᵀ·(X' − T − P)/(1+s), as in PROJ. That is not the exact inverse, for the
// small angles' matrix is no rotation, but off by the square of the angles: 0.15 mm per square second. Operations with
// rotations of minutes are exact: R is then the product of the rotations about the three axes, that about x first.
type helmert struct {
	t, r  [3]float64
	s     float64
	pivot [3]float64
	exact bool
}

// newHelmert takes three, seven or ten numbers.
func newHelmert(numbers []float64) helmert {
	h := helmert{t: [3]float64(numbers)}
	if len(numbers) > 3 {
		h.r, h.s = [3]float64(numbers[3:]), numbers[6]
	}
	if len(numbers) > 7 {
		h.pivot = [3]float64(numbers[7:])
	}
	return h
}

// linear returns the transformation, or its inverse, as a linear map.
func (h helmert) linear(inverse bool) linear {
	const second = degree / 3600
	x, y, z := h.r[0]*second, h.r[1]*second, h.r[2]*second
	rotation := [3][3]float64{{1, -z, y}, {z, 1, -x}, {-y, x, 1}}
	if h.exact {
		rotation = rotationAbout(x, y, z)
	}
	scale := 1 + float64(h.s*1e-6)
	out := linear{}
	for i := range 3 {
		for j := range 3 {
			if inverse {
				out.m[i][j] = rotation[j][i] / scale
			} else {
				out.m[i][j] = rotation[i][j] * scale
			}
		}
	}
	from, to := h.pivot, [3]float64{}
	for i := range 3 {
		to[i] = h.pivot[i] + h.t[i]
	}
	if inverse {
		from, to = to, from
	}
	for i := range 3 {
		out.t[i] = to[i]
		for j := range 3 {
			out.t[i] -= float64(out.m[i][j] * from[j])
		}
	}
	return out
}

// unshifted is the spelling of an operation that leaves latitudes and longitudes as they are.
const unshifted = "n0"

// rotationAbout returns the matrix of rotations in radians about the axes, that about x first, with the signs of the
// position vector convention. It is the transposed product of EPSG's method 1132, whose angles have the other sign.
func rotationAbout(x, y, z float64) [3][3]float64 {
	sx, cx := portable.Sincos(x)
	sy, cy := portable.Sincos(y)
	sz, cz := portable.Sincos(z)
	return [3][3]float64{
		{cy * cz, float64(sx*sy*cz) - float64(cx*sz), float64(sx*sz) + float64(cx*sy*cz)},
		{cy * sz, float64(cx*cz) + float64(sx*sy*sz), float64(cx*sy*sz) - float64(sx*cz)},
		{-sy, sx * cy, cx * cy},
	}
}

// parseShift reads the registry's spelling of a shift from WGS 84 to another datum, or of its inverse. It is a series
// of words, each an operation and its numbers:
//
//	c0            to geocentric coordinates, from the ellipsoid with that number in the registry
//	g0            back from them
//	t1,2,3        a Helmert transformation: three translations, or seven parameters
//	e1,…,7        the same with the exact matrix of the rotations
//	b1,…,10       the same with a pivot (Molodensky-Badekas)
//	o1,2          an offset of latitude and longitude in degrees
//	m1,…,7        Molodensky's formulas: two ellipsoids, each as a,rf, and three translations
//	a1,…,7        the same, abridged
//	n0            nothing
//
// -t, -e and -b are the inverses. In texts from elsewhere an ellipsoid is a,rf in place of its number.
func parseShift(text string, inverse bool) (shift, error) {
	p := shiftParser{inverse: inverse}
	for word := range strings.FieldsSeq(text) {
		if !p.read(word) {
			return nil, fmt.Errorf("srs: shift %.40q", text)
		}
	}
	if inverse {
		slices.Reverse(p.steps)
	}
	return p.steps, nil
}

// A shiftParser puts the words of a shift together, or of its inverse, but for the order of the steps.
type shiftParser struct {
	inverse bool
	steps   shift
	current shiftStep // from the last c on
}

// read adds a word, and reports whether it is one of a shift.
func (p *shiftParser) read(word string) bool {
	word, minus := strings.CutPrefix(word, "-")
	if word == "" {
		return false
	}
	numbers, err := parseNumbers(word[1:])
	if err != nil {
		return false
	}
	switch op, n := word[0], len(numbers); {
	case word == unshifted:
	case op == 'c' && (n == 1 || n == 2):
		p.current = shiftStep{from: shiftEllipsoid(numbers), linear: unmoved}
	case op == 'g' && (n == 1 || n == 2):
		p.current.to = shiftEllipsoid(numbers)
		if p.inverse {
			p.current.from, p.current.to = p.current.to, p.current.from
		}
		p.steps = append(p.steps, p.current)
	case op == 't' && (n == 3 || n == 7), op == 'e' && n == 7, op == 'b' && n == 10:
		h := newHelmert(numbers)
		h.exact = op == 'e'
		if p.inverse {
			p.current.linear = p.current.linear.after(h.linear(!minus))
		} else {
			p.current.linear = h.linear(minus).after(p.current.linear)
		}
	case op == 'o' && n == 2:
		s := shiftStep{offset: true, lat: numbers[0] * degree, lon: numbers[1] * degree}
		if p.inverse {
			s.lat, s.lon = -s.lat, -s.lon
		}
		p.steps = append(p.steps, s)
	case (op == 'm' || op == 'a') && n == 7:
		m := molodensky{t: [3]float64(numbers[4:]), abridged: op == 'a'}
		m.from, m.to = shiftEllipsoid(numbers[:2]), shiftEllipsoid(numbers[2:4])
		if p.inverse {
			m = m.inverse()
		}
		p.steps = append(p.steps, shiftStep{molodensky: &m})
	default:
		return false
	}
	return true
}

// shiftEllipsoid returns the ellipsoid with a number in the registry, or with a semi-major axis and an inverse
// flattening.
func shiftEllipsoid(numbers []float64) ellipsoid {
	if len(numbers) == 2 {
		return ellipsoid{A: numbers[0], RF: numbers[1]}
	}
	return openRegistry().ellipsoid(int(numbers[0]))
}

// parseNumbers reads numbers with commas between them.
func parseNumbers(text string) ([]float64, error) {
	var out []float64
	for s := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// ellipsoid returns the i-th ellipsoid of the registry.
func (r *registry) ellipsoid(i int) ellipsoid {
	f := split(r.ellipsoids[i])
	return ellipsoid{A: f.float(0), RF: f.float(1)}
}

// apply moves points. Longitudes are not wrapped: one near 190° stays near 190°.
func (s shift) apply(lon, lat []float64) {
	for i := range s {
		s[i].apply(lon, lat)
	}
}

// apply moves points by one step.
func (s *shiftStep) apply(lon, lat []float64) {
	lat = lat[:len(lon)]
	switch {
	case s.offset:
		for i := range lon {
			lon[i] += s.lon
			lat[i] += s.lat
		}
		return
	case s.molodensky != nil:
		s.molodensky.apply(lon, lat)
		return
	}
	a := s.from.A
	_, es, _ := squares(s.from)
	b2, es2, e2s2 := squares(s.to)
	a2 := s.to.A
	m, t := s.linear.m, s.linear.t
	for i := range lon {
		// Points of the ellipsoid in geocentric coordinates.
		sinPhi, cosPhi := portable.Sincos(lat[i])
		sinLam, cosLam := portable.Sincos(lon[i])
		n := a / math.Sqrt(1-float64(es*sinPhi*sinPhi))
		x0, y0, z0 := n*cosPhi*cosLam, n*cosPhi*sinLam, n*(1-es)*sinPhi

		x := float64(m[0][0]*x0) + float64(m[0][1]*y0) + float64(m[0][2]*z0) + t[0]
		y := float64(m[1][0]*x0) + float64(m[1][1]*y0) + float64(m[1][2]*z0) + t[1]
		z := float64(m[2][0]*x0) + float64(m[2][1]*y0) + float64(m[2][2]*z0) + t[2]

		// Bowring's formula, without iteration: up to 10 km from the ellipsoid it is exact to 1e-11 radians (Bowring,
		// Survey Review 181, 1976; Hofmann-Wellenhof and Moritz, Physical Geodesy, 5-37).
		p := portable.Hypot(x, y)
		c, d := float64(p*b2), float64(z*a2)
		r := portable.Hypot(c, d)
		c, d = c/r, d/r
		lat[i] = portable.Atan2(z+float64(e2s2*b2*d*d*d), p-float64(es2*a2*c*c*c))

		// The longitude changes by the angle between the point's own meridian and where it comes to lie.
		lon[i] += portable.Atan2(float64(y*cosLam)-float64(x*sinLam), float64(x*cosLam)+float64(y*sinLam))
	}
}
