package mosaic

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// outline is the footprint of polygons, of which outer are the outer rings. That of one polygon keeps its ring; around
// more than one there is but the box.
func outline(crs srs.CRS, outer []Ring) (Footprint, error) {
	out := Footprint{CRS: crs}
	period := crs.Period()
	for _, r := range outer {
		if period > 0 && boxed(r, period) {
			out.Envelope = union(out.Envelope, r.envelope(), 0)
			continue
		}
		if r = r.unwrapped(period); r == nil {
			return out, errors.New("its polygon has no area, or goes around a pole")
		}
		out.Ring = r
		out.Envelope = union(out.Envelope, r.envelope(), period)
	}
	if out.Envelope == (srs.Envelope{}) {
		return out, errors.New("its polygon has no area")
	}
	if len(outer) > 1 {
		out.Ring = nil
	}
	return out, nil
}

// boxed says whether a ring is a box of more than half the world, whose sides are not the short way round.
func boxed(r Ring, period float64) bool {
	if len(r) < 4 || len(r) > 5 {
		return false
	}
	e := r.envelope()
	for _, p := range r {
		if p[0] != e.XMin && p[0] != e.XMax || p[1] != e.YMin && p[1] != e.YMax {
			return false
		}
	}
	// What a box of -179 to 179 means is open, and the world less a strip is rarer than a scene across the antimeridian.
	return !e.Empty() && e.Finite() && e.Width() >= period*(1-1e-9)
}

// union is the box around two, the second moved by whole turns next to the first.
func union(a, b srs.Envelope, period float64) srs.Envelope {
	if a == (srs.Envelope{}) {
		return b
	}
	if period > 0 {
		ax, _ := a.Center()
		bx, _ := b.Center()
		turns := period * math.Round((bx-ax)/period)
		b.XMin, b.XMax = b.XMin-turns, b.XMax-turns
	}
	return a.Union(b)
}
