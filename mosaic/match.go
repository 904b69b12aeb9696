package mosaic

import (
	"math"

	"github.com/geoexport/geoexport/srs"
)

// maxRefined is the width, in degrees, below which a query's box is compared with footprints in their own CRSs. The
// image of a wider box may end at the limit of a footprint's projection, and its envelope miss what lies inside.
const maxRefined = 30

// A matcher finds out which footprints intersect a query's box. It belongs to one goroutine, and keeps what footprints
// of one CRS have in common.
type matcher struct {
	query Query
	all   bool
	byCRS map[srs.CRS]*crsMatcher
}

type crsMatcher struct {
	err    error // not nil if no operation leads from one CRS to the other
	t      *srs.Transformer
	box    srs.Envelope // the query's box in the footprint's CRS
	refine bool         // box holds the image of all of the query's box
}

func newMatcher(q Query) *matcher {
	return &matcher{query: q, all: q == (Query{}), byCRS: map[srs.CRS]*crsMatcher{}}
}

func (m *matcher) crs(c srs.CRS) *crsMatcher {
	out := m.byCRS[c]
	if out == nil {
		out = newCRSMatcher(m.query, c)
		m.byCRS[c] = out
	}
	return out
}

func newCRSMatcher(q Query, c srs.CRS) *crsMatcher {
	m := &crsMatcher{}
	if m.t, m.err = srs.NewTransformer(c, q.CRS); m.err != nil {
		return m
	}
	e, err := m.t.Inverse().Envelope(q.Envelope)
	if !m.t.Identity() { // edges bulge: the envelope of an image is too small by some 1e-8 of the bulge
		dx, dy := float64(e.Width()*1e-6), float64(e.Height()*1e-6)
		e = srs.Envelope{XMin: e.XMin - dx, YMin: e.YMin - dy, XMax: e.XMax + dx, YMax: e.YMax + dy}
	}
	m.box, m.refine = e, err == nil && (m.t.Identity() || small(q))
	return m
}

// small reports whether a query's box is far from the limits of any projection.
func small(q Query) bool {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		return false
	}
	t, err := srs.NewTransformer(q.CRS, lonLat)
	if err != nil {
		return false
	}
	e, err := t.Envelope(q.Envelope)
	return err == nil && e.Width() < maxRefined && e.Height() < maxRefined && e.YMin > -80 && e.YMax < 80
}

// intersects reports whether a footprint and the query's box overlap: their boxes in the query's CRS, where x may
// repeat, and the footprint's ring in its own CRS.
func (m *matcher) intersects(f Footprint) (bool, error) {
	if m.all {
		return true, nil
	}
	c := m.crs(f.CRS)
	if c.err != nil {
		return false, c.err
	}
	if c.misses(f) {
		return false, nil
	}
	e, err := c.t.Envelope(f.Envelope)
	if err != nil {
		return false, nil // the footprint has no image there, so no pixel of it has
	}
	if !intersectsShifted(e, m.query.Envelope, m.query.CRS.Period()) {
		return false, nil
	}
	return c.ringIntersects(f), nil
}

// intersectsNear is a cheap intersects for footprints whose boxes in longitude and latitude overlap the query's;
// clearly reports whether they do so by more than rounding error. It may return true where intersects returns false.
func (m *matcher) intersectsNear(f Footprint, clearly bool) (bool, error) {
	c := m.crs(f.CRS)
	switch {
	case c.err != nil:
		return false, c.err
	case c.t.Identity() || c.t.Separable() && !clearly:
		return m.intersects(f)
	}
	return !c.misses(f) && c.ringIntersects(f), nil
}

// misses reports whether the footprint's box misses the query's in the footprint's CRS; it returns false if that is
// uncertain. It transforms only the query's box, once for all footprints of a CRS.
func (c *crsMatcher) misses(f Footprint) bool {
	return c.refine && !c.t.Separable() && !intersectsShifted(f.Envelope, c.box, f.CRS.Period())
}

// ringIntersects returns false if the footprint's ring misses the query's box.
func (c *crsMatcher) ringIntersects(f Footprint) bool {
	if len(f.Ring) == 0 || !c.refine {
		return true
	}
	period := f.CRS.Period()
	r := f.Ring.unwrapped(period)
	if r == nil {
		return true
	}
	box, e := c.box, r.envelope()
	if period == 0 {
		return r.intersects(box)
	}
	first := math.Floor((e.XMin-box.XMax)/period) + 1
	last := math.Ceil((e.XMax-box.XMin)/period) - 1
	for k := first; k <= last; k++ {
		moved := box
		moved.XMin, moved.XMax = box.XMin+float64(k*period), box.XMax+float64(k*period)
		if r.intersects(moved) {
			return true
		}
	}
	return false
}

// intersectsShifted reports whether e, moved along x by any number of periods, intersects box.
func intersectsShifted(e, box srs.Envelope, period float64) bool {
	if period == 0 {
		return e.Intersects(box)
	}
	// The smallest number of periods that puts e's right side beyond the box's left one.
	turns := math.Floor((box.XMin-e.XMax)/period) + 1
	e.XMin, e.XMax = e.XMin+float64(turns*period), e.XMax+float64(turns*period)
	return e.Intersects(box)
}
