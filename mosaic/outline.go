package mosaic

import (
	"errors"
	"math"

	"github.com/geoexport/geoexport/srs"
)

// outline returns the footprint of polygons with the given outer rings. The footprint of one polygon has its ring; that
// of several has only the box around them.
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

// boxed reports whether a ring is a box around the whole world, whose sides are not the short way round.
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
	// A box from -179 to 179 may be the world less a strip or a scene across the antimeridian, which is more common.
	return !e.Empty() && e.Finite() && e.Width() >= period*(1-1e-9)
}

// union returns the box around a and b, with b moved by whole periods next to a. A zero a is no box.
func union(a, b srs.Envelope, period float64) srs.Envelope {
	if a == (srs.Envelope{}) {
		return b
	}
	if period > 0 {
		ax, _ := a.Center()
		bx, _ := b.Center()
		turns := float64(period * math.Round((bx-ax)/period))
		b.XMin, b.XMax = b.XMin-turns, b.XMax-turns
	}
	return a.Union(b)
}
