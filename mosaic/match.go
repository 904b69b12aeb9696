package mosaic

import (
	"math"

	"github.com/geoexport/geoexport/srs"
)

// maxRefined is how wide a query's box may be, in degrees, for footprints' rings to be compared with it. The image of a
// larger one in a footprint's CRS may end at the limit of a projection, and its envelope miss what lies inside.
const maxRefined = 30

// A matcher tells which footprints meet a query's box. It belongs to one goroutine, and keeps what is the same for all
// footprints of one CRS.
type matcher struct {
	query Query
	all   bool
	byCRS map[srs.CRS]*crsMatcher
}

type crsMatcher struct {
	err    error // there is no way between the two systems
	t      *srs.Transformer
	box    srs.Envelope // the query's, in the footprint's CRS
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
	if !m.t.Identity() { // an image's envelope falls short by some 1e-8 of what it bulges
		dx, dy := e.Width()*1e-6, e.Height()*1e-6
		e = srs.Envelope{XMin: e.XMin - dx, YMin: e.YMin - dy, XMax: e.XMax + dx, YMax: e.YMax + dy}
	}
	m.box, m.refine = e, err == nil && (m.t.Identity() || small(q))
	return m
}

// small says whether a query's box is far from the limits of any projection.
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

// meets says whether a footprint and the query's box overlap: their boxes, both seen in the query's CRS, where x may
// repeat, and the footprint's ring, seen in its own.
func (m *matcher) meets(f Footprint) (bool, error) {
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
	if !meetsTurned(e, m.query.Envelope, m.query.CRS.Period()) {
		return false, nil
	}
	return c.ringMeets(f), nil
}

// meetsNear is meets for a footprint of which it is known that its box in longitude and latitude meets the query's; clear
// says that it does so by more than the rounding of coordinates. It is cheap, and may hold for a few footprints that
// meets does not hold for.
func (m *matcher) meetsNear(f Footprint, clear bool) (bool, error) {
	c := m.crs(f.CRS)
	switch {
	case c.err != nil:
		return false, c.err
	case c.t.Identity() || c.t.Separable() && !clear:
		return m.meets(f)
	}
	return !c.misses(f) && c.ringMeets(f), nil
}

// misses is true if the footprint's box misses the query's, seen in the footprint's CRS: where both ways of looking are
// right, this one costs next to nothing for all footprints but the first.
func (c *crsMatcher) misses(f Footprint) bool {
	return c.refine && !c.t.Separable() && !meetsTurned(f.Envelope, c.box, f.CRS.Period())
}

// ringMeets is false if the footprint's ring shows that it misses the query's box.
func (c *crsMatcher) ringMeets(f Footprint) bool {
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
		return r.meets(box)
	}
	first := math.Floor((e.XMin-box.XMax)/period) + 1
	last := math.Ceil((e.XMax-box.XMin)/period) - 1
	for k := first; k <= last; k++ {
		turned := box
		turned.XMin, turned.XMax = box.XMin+k*period, box.XMax+k*period
		if r.meets(turned) {
			return true
		}
	}
	return false
}

// meetsTurned says whether e, moved by any number of periods along x, intersects box.
func meetsTurned(e, box srs.Envelope, period float64) bool {
	if period == 0 {
		return e.Intersects(box)
	}
	// The fewest whole turns that put e's right side beyond the box's left one.
	turns := math.Floor((box.XMin-e.XMax)/period) + 1
	e.XMin, e.XMax = e.XMin+turns*period, e.XMax+turns*period
	return e.Intersects(box)
}
