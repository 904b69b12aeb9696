package mosaic

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/geoexport/geoexport/srs"
)

// stacBoxes returns the boxes of a query as the API takes them, in longitude and latitude, two if it crosses the
// antimeridian; one that is empty for the query of all, and none if no place on Earth is in its box.
func stacBoxes(q Query) ([]string, error) {
	if q == (Query{}) {
		return []string{""}, nil
	}
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		return nil, err
	}
	t, err := srs.NewTransformer(q.CRS, lonLat)
	if err != nil {
		return nil, err
	}
	e, err := t.Envelope(q.Envelope)
	if err != nil || q.Envelope.Empty() {
		return nil, nil
	}
	e = normalized(widened(e))
	parts := []srs.Envelope{e}
	if e.XMax > 180 {
		east := e
		parts[0].XMax, east.XMin, east.XMax = 180, -180, e.XMax-360
		parts = append(parts, east)
	}
	var out []string
	for _, p := range parts {
		number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
		out = append(out, strings.Join([]string{
			number(p.XMin), number(max(p.YMin, -90)), number(p.XMax), number(min(p.YMax, 90)),
		}, ","))
	}
	return out, nil
}

// Version returns a text that changes when the first page of what the API finds, the number of all items, or a
// collection's description has changed. It asks the API once in the time of Refresh.
func (s *STACSearch) Version(ctx context.Context) (string, error) {
	state, err := s.current(ctx)
	if err != nil {
		return "", err
	}
	return state.version, nil
}

// Summary returns what the collections state of all items, and the items that the API finds first.
func (s *STACSearch) Summary(ctx context.Context) (Summary, error) {
	state, err := s.current(ctx)
	if err != nil {
		return Summary{}, err
	}
	return state.summary, nil
}

// HasField reports whether one of the items that the API finds first has an attribute of that name, in any case, or a
// collection summarizes it.
func (s *STACSearch) HasField(ctx context.Context, name string) (bool, error) {
	state, err := s.current(ctx)
	if err != nil {
		return false, err
	}
	return state.fields[strings.ToLower(name)], nil
}

// current returns what is known of all items, anew after the time of Refresh.
func (s *STACSearch) current(ctx context.Context) (*stacState, error) {
	s.mu.Lock()
	state, now := s.state, s.now()
	fresh := state != nil && now.Sub(s.asked) < s.o.Refresh
	s.mu.Unlock()
	if fresh {
		return state, nil
	}
	found, err := s.look(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil || s.state.sum != found.sum {
		// Two that look at the same time may count twice, which costs one description.
		s.versions++
		found.version = fmt.Sprintf("%d-%x", s.versions, found.sum[:8])
		s.state, s.recent, s.kept = found, nil, 0
	}
	s.asked = now
	return s.state, nil
}

// look asks the API for its collections and the first page of all items.
func (s *STACSearch) look(ctx context.Context) (*stacState, error) {
	state := &stacState{fields: map[string]bool{}}
	sum := sha256.New()
	stated := json.NewEncoder(sum) // of what is stated alone, and no links, which may be signed anew each time
	for _, at := range s.collections {
		h, _, err := s.head(ctx, at)
		if err != nil {
			return nil, fmt.Errorf("mosaic: the collections: %w", err)
		}
		all := h.Collections
		if len(s.o.Collections) > 0 {
			all = []stacHead{h}
		}
		for i := range all {
			if err := stated.Encode([]any{all[i].ID, all[i].Extent}); err != nil {
				return nil, err
			}
			if err := state.add(&all[i]); err != nil {
				return nil, fmt.Errorf("mosaic: collection %q: %w", all[i].ID, err)
			}
		}
	}
	page, err := s.first(ctx)
	if err != nil {
		return nil, err
	}
	for _, it := range page.items {
		f := it.Footprint
		if err := stated.Encode([]any{it.ID, f.Envelope, f.Ring, it.Attrs["updated"], it.Time}); err != nil {
			return nil, err
		}
	}
	if err := stated.Encode(page.count); err != nil {
		return nil, err
	}
	state.summary.First, state.summary.Count = page.items, page.count
	slices.SortFunc(state.summary.First, func(a, b *Item) int { return int(a.ID - b.ID) })
	state.summary.Fields = FieldsOf(page.items)
	for _, f := range state.summary.Fields {
		state.fields[strings.ToLower(f.Name)] = true
	}
	if len(state.summary.Boxes) == 0 && len(page.items) > 0 {
		state.summary.Boxes = []Footprint{wholeWorld(page.items[0].Footprint.CRS)}
	}
	if state.open[0] {
		state.summary.Time.From = time.Time{}
	}
	if state.open[1] {
		state.summary.Time.To = time.Time{}
	}
	state.sum = [sha256.Size]byte(sum.Sum(nil))
	return state, nil
}

// A stacFirst is the first page of all items, and their number.
type stacFirst struct {
	items []*Item
	count int
}

// first returns the first page of all items. An API that does not state the number of items is asked for all.
func (s *STACSearch) first(ctx context.Context) (p stacFirst, err error) {
	at := s.query(url.Values{})
	h, data, err := s.head(ctx, at)
	if err != nil {
		return p, fmt.Errorf("mosaic: the search: %w", err)
	}
	f, err := newFeatureReader(&s.o.FeatureOptions)
	if err != nil {
		return p, err
	}
	if err := s.page(ctx, at, data, f); err != nil {
		return p, fmt.Errorf("mosaic: the search: %w", err)
	}
	p.items = f.items
	next := slices.ContainsFunc(h.Links, func(l stacLink) bool { return l.Rel == "next" })
	switch {
	case h.NumberMatched != nil:
		p.count = *h.NumberMatched
	case h.Context.Matched != nil:
		p.count = *h.Context.Matched
	case !next:
		p.count = len(p.items)
	default:
		all, err := s.found(ctx, at)
		if err != nil {
			return p, err
		}
		p.count = len(all)
	}
	p.count = max(p.count, len(p.items))
	return p, nil
}

// page reads the items of one page.
func (s *STACSearch) page(ctx context.Context, at string, data []byte, into *featureReader) error {
	w, err := s.walk()
	if err != nil {
		return err
	}
	w.read = func(context.Context, string, int64) ([]byte, error) { return data, nil }
	d := &stacDocument{location: at}
	if _, err := w.document(ctx, d); err != nil {
		return err
	}
	if d.own == nil {
		return errNoPage
	}
	w.gather(d, into)
	return s.identify(into)
}

// add adds what a collection states of its items.
func (state *stacState) add(h *stacHead) error {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		return err
	}
	boxes := h.Extent.Spatial.BBox
	if len(boxes) > 1 {
		boxes = boxes[1:] // the first is around the others
	}
	for _, b := range boxes {
		if len(b) == 6 {
			b = []float64{b[0], b[1], b[3], b[4]} // without heights
		}
		if len(b) != 4 || !(b[1] <= b[3]) || slices.ContainsFunc(b, func(v float64) bool { return math.Abs(v) > 540 }) {
			return fmt.Errorf("its box %v is none", b)
		}
		e := srs.Envelope{XMin: b[0], YMin: b[1], XMax: b[2], YMax: b[3]}
		if e.XMin > e.XMax { // across the antimeridian
			e.XMax += 360
		}
		state.summary.Boxes = append(state.summary.Boxes, Footprint{CRS: lonLat, Envelope: e})
	}
	for _, i := range h.Extent.Temporal.Interval {
		for end, text := range i {
			if text == nil {
				state.open[min(end, 1)] = true
				continue
			}
			at, ok := parseInstant(*text)
			if !ok {
				return fmt.Errorf("its interval %.40q is no time", *text)
			}
			state.summary.Time = state.summary.Time.with(at)
		}
	}
	for name := range maps.Keys(h.Summaries) {
		state.fields[strings.ToLower(name)] = true
	}
	return nil
}

// wholeWorld is the box of collections that state none.
func wholeWorld(crs srs.CRS) Footprint {
	return Footprint{CRS: crs, Envelope: srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}}
}
