package srs

import (
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// Where the plane of a projection was cut open, neighbours of the globe lie far apart: on the two sides of the meridian
// opposite the central one, along the line that a pole may be, and around the circle that an azimuthal projection makes of
// the point opposite its centre. Extremes lie there, of the target's cuts as of the source's, whose domain ends at them, or
// on edges of the box. As these are known lines, they are followed exactly, in place of being looked for in a lattice.

const (
	cutSteps  = 720  // along each line
	cutHalves = 40   // of the step in which a line enters or leaves the box
	cutOffset = 1e-9 // degrees from a meridian or a pole: 0.1 mm
	opposite  = 1e-5 // degrees from the point opposite a centre: 1 m
)

// A curve is a line by its parameter from 0 to 1: on the globe, in degrees of longitude and latitude, or in the source.
type curve struct {
	at       func(u float64) (x, y float64)
	inSource bool
}

// isTorn reports whether images of neighbours in the lattice are much farther apart than those of most neighbours along
// the same axis.
func (s *survey) isTorn() bool {
	for _, step := range [...]int{1, samples} {
		var steps []float64
		for k := range s.images[0] {
			if step == 1 && k%samples == samples-1 || k+step >= samples*samples {
				continue
			}
			if d := portable.Hypot(s.images[0][k]-s.images[0][k+step], s.images[1][k]-s.images[1][k+step]); !math.IsNaN(d) {
				steps = append(steps, d)
			}
		}
		if len(steps) == 0 {
			continue
		}
		slices.Sort(steps)
		if steps[len(steps)-1] > 4*steps[len(steps)/2] {
			return true
		}
	}
	return false
}

// addCuts returns an envelope with the images of the box's edges, and of what of the two systems' cuts lies in the box.
func (s *survey) addCuts(e Envelope) Envelope {
	offset := cutOffset
	if !s.t.to.bounded() {
		offset = 0.1 // images grow without end towards a pole
	}
	for _, line := range append(slices.Concat(s.t.from.cuts(offset), s.t.to.cuts(offset)), s.edges()...) {
		e = e.Union(s.along(line, 0, 1, true))
	}
	return e
}

// edges returns those of the box.
func (s *survey) edges() []curve {
	b := s.box
	line := func(x0, y0, x1, y1 float64) curve {
		return curve{inSource: true, at: func(u float64) (x, y float64) {
			return max(b.XMin, min(b.XMax, x0+float64((x1-x0)*u))), max(b.YMin, min(b.YMax, y0+float64((y1-y0)*u)))
		}}
	}
	return []curve{
		line(b.XMin, b.YMin, b.XMax, b.YMin), line(b.XMin, b.YMax, b.XMax, b.YMax),
		line(b.XMin, b.YMin, b.XMin, b.YMax), line(b.XMax, b.YMin, b.XMax, b.YMax),
	}
}

// cuts returns the lines along which a system's plane may be cut open, up to an offset in degrees from the poles.
func (c *conversion) cuts(offset float64) []curve {
	meridian := func(lon float64) curve {
		return curve{at: func(u float64) (x, y float64) { return lon, (u - 0.5) * 2 * (90 - offset) }}
	}
	parallel := func(lat float64) curve {
		return curve{at: func(u float64) (x, y float64) { return c.lon0 + float64((u-0.5)*2*(180-cutOffset)), lat }}
	}
	out := []curve{
		meridian(c.lon0 - 180 + cutOffset), meridian(c.lon0 + 180 - cutOffset), parallel(90 - offset), parallel(offset - 90),
	}
	if c.kernel == nil || offset > cutOffset {
		return out
	}
	x, y := []float64{c.x0}, []float64{c.y0}
	toWorld := newTransformer(*c, newGeographicConversion(degree, 0))
	toWorld.changes = true
	if toWorld.Transform(x, y) > 0 {
		return out
	}
	return append(out, circleAround(x[0]+180, -y[0]))
}

// circleAround returns a small circle around a point, in degrees.
func circleAround(lon, lat float64) curve {
	sin0, cos0 := portable.Sincos(lat * degree)
	sinR, cosR := portable.Sincos(opposite * degree)
	return curve{at: func(u float64) (x, y float64) {
		sin, cos := portable.Sincos(2 * math.Pi * u)
		north, up := float64(sinR*cos), cosR
		z, r := float64(sin0*up)+float64(cos0*north), float64(cos0*up)-float64(sin0*north)
		return lon + portable.Atan2(float64(sinR*sin), r)/degree, portable.Atan2(z, portable.Hypot(r, sinR*sin)) / degree
	}}
}

// A tracing follows a line.
type tracing struct {
	line   curve
	t      *Transformer
	source *Transformer // from longitudes and latitudes
	target *Transformer
	box    Envelope
}

// along returns the box around the images of a line's part that lies in the box, between two of its parameters. Where
// the line enters and leaves is found by halving, and what lies between is followed once more in steps as fine.
func (s *survey) along(line curve, from, to float64, again bool) Envelope {
	world := newGeographicConversion(degree, 0)
	p := tracing{line: line, t: s.t, source: newTransformer(world, s.t.from), target: newTransformer(world, s.t.to), box: s.box}
	p.source.changes, p.target.changes = true, true
	at := make([]float64, cutSteps+1)
	for i := range at {
		at[i] = from + float64((to-from)*float64(i)/cutSteps)
	}
	out, in := p.evaluate(at)
	ends := p.ends(at, in)
	e, _ := p.evaluate(ends)
	out = out.Union(e)
	for i := 0; again && i+1 < len(ends); i += 2 {
		if ends[i+1]-ends[i] < (to-from)/4 {
			out = out.Union(s.along(line, ends[i], ends[i+1], false))
		}
	}
	return out
}

// evaluate returns which points of the line lie in the box and have an image, and the box around those.
func (p *tracing) evaluate(at []float64) (e Envelope, in []bool) {
	n := len(at)
	xs, ys := make([]float64, n), make([]float64, n)
	for i, u := range at {
		xs[i], ys[i] = p.line.at(u)
	}
	us, vs := slices.Clone(xs), slices.Clone(ys)
	if p.line.inSource {
		p.t.Transform(us, vs)
	} else {
		p.source.Transform(xs, ys)
		p.target.Transform(us, vs)
	}
	in = make([]bool, n)
	middle, _ := p.box.Center()
	e = nowhere
	for i, x := range xs {
		if p.t.from.period > 0 {
			x = near(x, middle, p.t.from.period)
		}
		in[i] = x >= p.box.XMin && x <= p.box.XMax && ys[i] >= p.box.YMin && ys[i] <= p.box.YMax && !math.IsNaN(us[i])
		if in[i] {
			e = e.Union(Envelope{us[i], vs[i], us[i], vs[i]})
		}
	}
	return e, in
}

// ends returns the parameters between which the line lies in the box, in pairs, given which of some lie there.
func (p *tracing) ends(at []float64, isIn []bool) []float64 {
	var in, out []float64
	for i := 1; i < len(at); i++ {
		a, b := at[i-1], at[i]
		switch {
		case isIn[i] == isIn[i-1]:
			continue
		case isIn[i]:
			a, b = b, a
		}
		in, out = append(in, a), append(out, b)
	}
	for range cutHalves {
		middle := make([]float64, len(in))
		for i := range in {
			middle[i] = (in[i] + out[i]) / 2
		}
		_, ok := p.evaluate(middle)
		for i := range in {
			if ok[i] {
				in[i] = middle[i]
			} else {
				out[i] = middle[i]
			}
		}
	}
	if isIn[0] {
		in = append([]float64{at[0]}, in...)
	}
	if last := len(at) - 1; isIn[last] {
		in = append(in, at[last])
	}
	return in
}
