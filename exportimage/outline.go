package exportimage

import (
	"fmt"
	"math"
	"slices"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// An outliner brings shapes into one CRS, with points between their own where sides bend. It belongs to one goroutine,
// and keeps what shapes of one CRS have in common.
type outliner struct {
	s  *Service
	to srs.CRS
	// fine is how far the image of a side may be off, in units of to; 0 is 1/4096 of the shape's size.
	fine float64
	from map[srs.CRS]*srs.Transformer
}

func (s *Service) outliner(to srs.CRS, fine float64) *outliner {
	return &outliner{s: s, to: to, fine: fine, from: map[srs.CRS]*srs.Transformer{}}
}

// transformer returns the way from a CRS, nil if that is the outliner's own. The middle of the service chooses the
// operation between datums.
func (o *outliner) transformer(from srs.CRS, d *Description) (*srs.Transformer, error) {
	if from == o.to {
		return nil, nil
	}
	if t := o.from[from]; t != nil {
		return t, nil
	}
	area := d.Extent
	if from != d.CRS {
		if t, err := srs.NewTransformer(d.CRS, from); err == nil {
			if e, err := t.Envelope(d.Extent); err == nil {
				area = e
			}
		}
	}
	t, err := o.s.transformer(from, o.to, area)
	if err != nil {
		return nil, err
	}
	o.from[from] = t
	return t, nil
}

// footprint returns the outline of a raster: its ring, or else its box, or the box around its image where a corner has
// none, as the poles have none in Mercator. It runs with the clock, and ends where it begins.
func (o *outliner) footprint(f mosaic.Footprint, d *Description) ([][2]float64, error) {
	from := orCRS(f.CRS, o.to)
	t, err := o.transformer(from, d)
	if err != nil {
		return nil, err
	}
	ring := unwrapped(f.Ring, from.Period())
	if len(ring) < 4 {
		ring = boxRing(f.Envelope)
	}
	if t != nil {
		out, ok := o.bent([][][2]float64{ring}, t, maxBent)
		if !ok {
			e, err := t.Envelope(f.Envelope)
			if err != nil {
				return nil, err
			}
			out = [][][2]float64{boxRing(e)}
		}
		ring = out[0]
	}
	if ringArea(ring) > 0 {
		slices.Reverse(ring)
	}
	return ring, nil
}

func boxRing(e srs.Envelope) [][2]float64 {
	return [][2]float64{{e.XMin, e.YMin}, {e.XMin, e.YMax}, {e.XMax, e.YMax}, {e.XMax, e.YMin}, {e.XMin, e.YMin}}
}

// unwrapped returns a closed ring of finite corners in which an edge goes the short way round, nil if there is none.
func unwrapped(ring mosaic.Ring, period float64) [][2]float64 {
	var out [][2]float64
	for i, p := range ring {
		if !finite(p[:]...) {
			return nil
		}
		if i > 0 && period > 0 {
			p[0] -= float64(period * math.Round((p[0]-out[i-1][0])/period))
		}
		out = append(out, p)
	}
	if n := len(out); n > 0 && out[0] != out[n-1] {
		out = append(out, out[0])
	}
	return out
}

// bent returns the image of lines, whose sides get points between their ends where they bend by more than is
// allowed. It reports false if a point has no image, or if there are more points than most.
func (o *outliner) bent(parts [][][2]float64, t *srs.Transformer, most int) (out [][][2]float64, ok bool) {
	plain := make([][][2]float64, len(parts))
	for i, part := range parts {
		xs, ys := make([]float64, len(part)), make([]float64, len(part))
		for j, p := range part {
			xs[j], ys[j] = p[0], p[1]
		}
		if t.Transform(xs, ys) > 0 {
			return nil, false
		}
		for j := range part {
			plain[i] = append(plain[i], [2]float64{xs[j], ys[j]})
		}
		if most -= len(part); most < 0 {
			return nil, false
		}
	}
	e := boxOf(plain)
	off := o.fine
	if off == 0 {
		off = max(e.Width(), e.Height()) / 4096
	}
	_, exp := math.Frexp(off / bend)
	unit := math.Ldexp(1, exp-1) // a power of two, by which numbers are divided exactly
	onto := func(points []function.Point) []function.Point {
		xs, ys := make([]float64, len(points)), make([]float64, len(points))
		for i, p := range points {
			xs[i], ys[i] = p.X, p.Y
		}
		t.Transform(xs, ys)
		at := make([]function.Point, len(points))
		for i := range at {
			at[i] = function.Point{X: xs[i] / unit, Y: ys[i] / unit}
		}
		return at
	}
	for _, part := range parts {
		points := make([]function.Point, len(part))
		for i, p := range part {
			points[i] = function.Point{X: p[0], Y: p[1]}
		}
		var line [][2]float64
		for _, p := range bentLine(points, onto, bend) {
			if !finite(p.X, p.Y) {
				return nil, false
			}
			line = append(line, [2]float64{p.X * unit, p.Y * unit})
		}
		if most -= len(line); most < 0 {
			return nil, false
		}
		out = append(out, line)
	}
	return out, true
}

// geometry returns the image of a geometry's parts, those of an envelope being its ring. An envelope whose left side is
// right of its right one reaches across the antimeridian.
func (o *outliner) geometry(g Geometry, d *Description) ([][][2]float64, error) {
	from := orCRS(g.CRS, d.CRS)
	parts := g.Parts
	if g.Type == EnvelopeGeometry {
		e, err := g.box(from)
		if err != nil {
			return nil, err
		}
		parts = [][][2]float64{boxRing(e)}
	}
	for _, part := range parts {
		for _, p := range part {
			if !finite(p[:]...) {
				return nil, errNotFinite
			}
		}
	}
	if g.Type == PointGeometry || g.Type == MultipointGeometry { // between points there is nothing to bend
		parts = nil
		for _, part := range g.Parts {
			for i := range part {
				parts = append(parts, part[i:i+1])
			}
		}
	}
	t, err := o.transformer(from, d)
	if err != nil || t == nil {
		return parts, err
	}
	if out, ok := o.bent(parts, t, maxBent); ok {
		return out, nil
	}
	if g.Type == EnvelopeGeometry { // as whole worlds, whose corners have no image in some projections
		e, err := t.Envelope(boxOf(parts))
		return [][][2]float64{boxRing(e)}, err
	}
	return nil, fmt.Errorf("a part of it has no image in %v", o.to)
}

var errNotFinite = fmt.Errorf("the coordinates must be finite numbers")
