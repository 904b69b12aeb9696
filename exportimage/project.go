package exportimage

import (
	"fmt"
	"math"

	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/raster/function"
	"github.com/geoexport/geoexport/srs"
)

// Sides of polygons are bent by transformations. They are parted near their middles until these are at most bend pixels
// away from where straight parts have them, at most maxHalvings times, unless there were more than maxBent points.
const (
	bend        = 1.0 / 16
	maxHalvings = 12
	maxBent     = 1 << 20
)

// project returns the rings of a geometry in absolute pixels of a plan's image.
func (s *Service) project(g *function.Geometry, p *plan, d *Description) ([][]function.Point, error) {
	from := d.CRS
	if g.Reference != "" {
		var err error
		if from, err = srs.Parse(g.Reference); err != nil {
			return nil, fmt.Errorf("spatialReference: %w", err)
		}
	}
	t, _, err := p.req.transformer(s, from, p.grid.CRS, areaOf(g), "a rule's geometry")
	if err != nil {
		return nil, unsupported("renderingRule", "%w", err)
	}
	to, ok := absolute(p.grid, p.rect.Min).Inverse()
	if !ok {
		return nil, fmt.Errorf("the image's pixels have no size")
	}
	onto := func(points []function.Point) []function.Point {
		xs, ys := make([]float64, len(points)), make([]float64, len(points))
		for i, q := range points {
			xs[i], ys[i] = q.X, q.Y
		}
		t.Transform(xs, ys)
		out := make([]function.Point, len(points))
		for i := range out {
			out[i].X, out[i].Y = to.Apply(xs[i], ys[i])
		}
		return out
	}
	rings := make([][]function.Point, len(g.Rings))
	total := 0
	for i, ring := range g.Rings {
		if t.Identity() {
			rings[i] = onto(ring)
			continue
		}
		if rings[i] = bent(ring, onto); total+len(rings[i]) > maxBent {
			return nil, fmt.Errorf("a polygon of more than %d points is too fine for this image", maxBent)
		}
		total += len(rings[i])
	}
	return rings, nil
}

// areaOf returns the box around a geometry.
func areaOf(g *function.Geometry) srs.Envelope {
	e := srs.Envelope{XMin: math.Inf(1), YMin: math.Inf(1), XMax: math.Inf(-1), YMax: math.Inf(-1)}
	for _, ring := range g.Rings {
		for _, p := range ring {
			e.XMin, e.XMax = min(e.XMin, p.X), max(e.XMax, p.X)
			e.YMin, e.YMax = min(e.YMin, p.Y), max(e.YMax, p.Y)
		}
	}
	if e.XMin > e.XMax {
		return srs.Envelope{}
	}
	return e
}

// bent returns a ring's places with points between its own where its sides bend.
func bent(ring []function.Point, onto func([]function.Point) []function.Point) []function.Point {
	if len(ring) == 0 {
		return nil
	}
	return bentLine(append(ring[:len(ring):len(ring)], ring[0]), onto, bend)
}

// bentLine returns the places of a line of at least one point, with points between its own where it bends by more than
// a number of pixels.
func bentLine(
	points []function.Point, onto func([]function.Point) []function.Point, bend float64,
) []function.Point {
	at := onto(points)
	if len(points) < 2 {
		return at
	}
	open := make([]bool, len(points)-1) // sides that may bend
	for i := range open {
		open[i] = true
	}
	for range maxHalvings {
		var middles []function.Point
		for i, is := range open {
			if is {
				middles = append(middles, inner(points[i], points[i+1], share(points[i], points[i+1])))
			}
		}
		if len(middles) == 0 || len(points)+len(middles) > maxBent {
			break
		}
		places := onto(middles)
		var nextPoints, nextAt []function.Point
		var nextOpen []bool
		n := 0
		for i, is := range open {
			nextPoints, nextAt = append(nextPoints, points[i]), append(nextAt, at[i])
			if !is {
				nextOpen = append(nextOpen, false)
				continue
			}
			straight := inner(at[i], at[i+1], share(points[i], points[i+1]))
			if portable.Hypot(places[n].X-straight.X, places[n].Y-straight.Y) > bend {
				nextPoints, nextAt = append(nextPoints, middles[n]), append(nextAt, places[n])
				nextOpen = append(nextOpen, true, true)
			} else {
				nextOpen = append(nextOpen, false)
			}
			n++
		}
		last := len(points) - 1
		points, at, open = append(nextPoints, points[last]), append(nextAt, at[last]), nextOpen
	}
	return at
}

// share returns where a side is looked at, as its second end's share: near its middle and not at it, where a side that
// bends one way and then the other may be as straight as one that does not bend. The place is the same for either
// direction.
func share(a, b function.Point) float64 {
	if a.X < b.X || a.X == b.X && a.Y < b.Y {
		return 7.0 / 16
	}
	return 9.0 / 16
}

func inner(a, b function.Point, share float64) function.Point {
	return function.Point{
		X: float64(a.X*(1-share)) + float64(b.X*share), Y: float64(a.Y*(1-share)) + float64(b.Y*share),
	}
}
