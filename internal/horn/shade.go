package horn

import "math"

// A Light is a direction from which a surface is lit: the components of a vector to it, whose length is how bright it is.
type Light struct{ Up, East, North float64 }

// Lights are what Shades computes with: up to five lights, and one from above. The zero value has none, and all is dark.
type Lights struct {
	many  bool
	above float64
	parts [5]Light
	twice [5][3][2]float64 // up, east and north of the parts, twice each, as assembly takes them
}

// NewLights returns lights, of which at most five do not come from straight above. Together they must not be brighter than
// 255.
func NewLights(lights ...Light) *Lights {
	l := &Lights{many: len(lights) > 1}
	n := 0
	for _, p := range lights {
		if l.many && p.East == 0 && p.North == 0 {
			l.above += max(p.Up, 0)
			continue
		}
		l.parts[n] = p
		l.twice[n] = [3][2]float64{{p.Up, p.Up}, {p.East, p.East}, {p.North, p.North}}
		n++
	}
	return l
}

// Shades computes how much light falls on pixels, without its fraction. Each light's share is at least 0. Pixels of which none
// can be computed become 0, also in valid.
func (r Rows) Shades(dst, valid []uint8, l *Lights) {
	r.runs(len(dst), func(from, to int, part Rows) {
		done := assembledShades(dst[from:to], part, l)
		part.part(done, to-from-done).shades(dst[from+done:to], valid[from+done:to], l)
	})
}

func (r Rows) shades(dst, valid []uint8, l *Lights) {
	if len(dst) == 0 {
		return
	}
	w := newWalk(r.Above, r.At, r.Below, r.FX, r.FY)
	n := len(dst)
	valid, above, at, below := valid[:n], r.Above[2:n+2], r.At[2:n+2], r.Below[2:n+2]
	if l.many {
		one, two, three, four, five := &l.parts[0], &l.parts[1], &l.parts[2], &l.parts[3], &l.parts[4]
		for x := range dst {
			p, q := w.next(float64(above[x]), float64(at[x]), float64(below[x]))
			sum := l.above + one.share(p, q) + two.share(p, q) + three.share(p, q) + four.share(p, q) + five.share(p, q)
			dst[x], valid[x] = whole(sum/normal(p, q)+(p-p)+(q-q), valid[x])
		}
		return
	}
	one := &l.parts[0]
	for x := range dst {
		p, q := w.next(float64(above[x]), float64(at[x]), float64(below[x]))
		dst[x], valid[x] = whole(one.lit(p, q)/normal(p, q), valid[x])
	}
}

// ShadesOf does what Shades does, from gradients.
func ShadesOf(dst, valid []uint8, east, south []float64, l *Lights) {
	east, south, valid = east[:len(dst)], south[:len(dst)], valid[:len(dst)]
	for x := range dst {
		p, q := east[x], south[x]
		if l.many {
			dst[x], valid[x] = whole(many(&l.parts, l.above, p, q), valid[x])
		} else {
			one := &l.parts[0]
			dst[x], valid[x] = whole(one.lit(p, q)/normal(p, q), valid[x])
		}
	}
}

// normal returns the length of the normal (p, q, 1) of a surface.
func normal(p, q float64) float64 { return math.Sqrt(1 + float64(p*p) + float64(q*q)) }

// lit returns the product of a light and a normal.
func (l *Light) lit(p, q float64) float64 { return l.Up + float64(l.North*q) - float64(l.East*p) }

// many returns the shade by several lights.
func many(l *[5]Light, above, p, q float64) float64 {
	sum := above + l[0].share(p, q) + l[1].share(p, q) + l[2].share(p, q) + l[3].share(p, q) + l[4].share(p, q)
	return sum/normal(p, q) + (p - p) + (q - q) // no number if a gradient is infinite, which shares may not show
}

// share returns the product of a light and a normal, not below 0.
func (l *Light) share(p, q float64) float64 {
	b := math.Float64bits(l.lit(p, q))
	return math.Float64frombits(b &^ uint64(int64(b)>>63)) // faster than max, which looks for NaN
}

// whole returns a shade without its fraction, and its validity: that of the pixel, or 0 if it is infinite or no number.
func whole(v float64, valid uint8) (shade, validity uint8) {
	if v-v != 0 {
		return 0, 0
	}
	i := int32(v)
	i &^= i >> 31 // not below 0
	return uint8(min(i, math.MaxUint8)), valid
}
