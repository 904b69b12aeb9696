package mosaic

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/tidwall/rtree"

	"github.com/geoexport/geoexport/srs"
)

// An Index is a catalogue of many items, held in memory in an R-tree of their boxes in longitude and latitude. Items
// yields them in no particular order. The zero Index is empty.
//
// An Index does not change once it is made, and is safe for concurrent use.
type Index struct {
	items  []*Item
	tree   rtree.RTreeGN[float64, int32] // of indices into items
	byID   map[int64]int32
	order  []int32         // of the items by their IDs; nil if they are in that order
	fields map[string]bool // in lower case
	lonLat srs.CRS
}

var (
	_ Catalog = (*Index)(nil)
	_ Lookup  = (*Index)(nil)
	_ Schema  = (*Index)(nil)
)

// An ItemError reports a mistake in an item of a catalogue.
type ItemError struct {
	ID   int64
	Name string
	Err  error
}

func (e *ItemError) Error() string {
	return fmt.Sprintf("mosaic: item %d %q: %v", e.ID, e.Name, e.Err)
}

// Unwrap returns the cause.
func (e *ItemError) Unwrap() error { return e.Err }

// NewIndex returns an index of items. It keeps the items, but not the slice. The error is an *ItemError if two items
// have the same ID, or if a footprint has no area or no place on Earth.
func NewIndex(items []*Item) (*Index, error) {
	lonLat, err := srs.FromWKID(4326)
	if err != nil {
		return nil, err
	}
	x := &Index{
		items: slices.Clone(items), byID: make(map[int64]int32, len(items)), fields: map[string]bool{}, lonLat: lonLat,
	}
	if len(items) > math.MaxInt32 {
		return nil, fmt.Errorf("mosaic: %d items are too many for an index", len(items))
	}
	to := map[srs.CRS]*srs.Transformer{}
	for i, it := range x.items {
		if other, twice := x.byID[it.ID]; twice {
			return nil, &ItemError{it.ID, it.Name, fmt.Errorf("item %q has the same ID", x.items[other].Name)}
		}
		x.byID[it.ID] = int32(i)
		for name := range it.Attrs {
			if !x.fields[name] {
				x.fields[name] = true
				x.fields[strings.ToLower(name)] = true
			}
		}
		box, err := lonLatBox(it.Footprint, to, lonLat)
		if err != nil {
			return nil, &ItemError{it.ID, it.Name, err}
		}
		x.tree.Insert([2]float64{box.XMin, box.YMin}, [2]float64{box.XMax, box.YMax}, int32(i))
	}
	if !slices.IsSortedFunc(x.items, byID) {
		x.order = make([]int32, len(x.items))
		for i := range x.order {
			x.order[i] = int32(i)
		}
		slices.SortFunc(x.order, func(a, b int32) int { return byID(x.items[a], x.items[b]) })
	}
	return x, nil
}

// ascending returns the item with the i-th lowest ID.
func (x *Index) ascending(i int) *Item {
	if x.order != nil {
		i = int(x.order[i])
	}
	return x.items[i]
}

// Boxes in degrees are widened by boxMargin, about a millimetre, so that the rounding of coordinates loses no item, and
// by relativeBoxMargin of their size, by which the envelope of an image may fall short.
const (
	boxMargin         = 1e-8
	relativeBoxMargin = 1e-6
)

func widened(e srs.Envelope) srs.Envelope {
	dx, dy := boxMargin+float64(e.Width()*relativeBoxMargin), boxMargin+float64(e.Height()*relativeBoxMargin)
	return srs.Envelope{XMin: e.XMin - dx, YMin: e.YMin - dy, XMax: e.XMax + dx, YMax: e.YMax + dy}
}

// lonLatBox returns a footprint's box in longitude and latitude, with its left side in [-180, 180).
func lonLatBox(f Footprint, to map[srs.CRS]*srs.Transformer, lonLat srs.CRS) (srs.Envelope, error) {
	if f.CRS.IsZero() {
		return srs.Envelope{}, srs.ErrNotStated
	}
	if f.Envelope.Empty() || !f.Envelope.Finite() {
		return srs.Envelope{}, fmt.Errorf("its box has no area: %v", f.Envelope)
	}
	t := to[f.CRS]
	if t == nil {
		var err error
		if t, err = srs.NewTransformer(f.CRS, lonLat); err != nil {
			return srs.Envelope{}, err
		}
		to[f.CRS] = t
	}
	e, err := t.Envelope(f.Envelope)
	if err != nil {
		return srs.Envelope{}, err
	}
	return normalized(widened(e)), nil
}

// overlapsClearly reports whether two boxes overlap by more than their margins.
func overlapsClearly(e srs.Envelope, low, high [2]float64) bool {
	by := func(least, most, low, high float64) bool {
		return min(most, high)-max(least, low) > 2*boxMargin+float64(2*relativeBoxMargin*(high-low))
	}
	return by(e.XMin, e.XMax, low[0], high[0]) && by(e.YMin, e.YMax, low[1], high[1])
}

// normalized moves a box by multiples of 360° until its left side is in [-180, 180). A box at least 360° wide becomes
// the whole world.
func normalized(e srs.Envelope) srs.Envelope {
	if e.Width() >= 360 {
		e.XMin, e.XMax = -180, 180
		return e
	}
	turns := float64(360 * math.Floor((e.XMin+180)/360))
	e.XMin, e.XMax = e.XMin-turns, e.XMax-turns
	return e
}

// Len returns the number of items.
func (x *Index) Len() int { return len(x.items) }

// Items yields the items that intersect the query's box. It looks at the context every few items.
func (x *Index) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		if len(x.items) == 0 {
			return
		}
		if q == (Query{}) {
			for i, it := range x.items {
				if i%1024 == 1023 && ctx.Err() != nil {
					yield(nil, ctx.Err())
					return
				}
				if !yield(it, nil) {
					return
				}
			}
			return
		}
		x.search(ctx, q, yield)
	}
}

func (x *Index) search(ctx context.Context, q Query, yield func(*Item, error) bool) {
	t, err := srs.NewTransformer(q.CRS, x.lonLat)
	if err != nil {
		yield(nil, err)
		return
	}
	box, err := t.Envelope(q.Envelope)
	if err != nil || q.Envelope.Empty() {
		return // no place on Earth is in the box
	}
	box = normalized(box)
	m := newMatcher(q)
	looked := 0
	// Boxes in the tree start in [-180, 180] and span at most 360°, and so does this box, but for margins. Searching it
	// at -360°, 0° and +360° therefore finds every match.
	for turn := -1; turn <= 1; turn++ {
		part, before := shifted(box, turn), shifted(box, turn-1)
		ended := false
		corner, opposite := [2]float64{part.XMin, part.YMin}, [2]float64{part.XMax, part.YMax}
		x.tree.Search(corner, opposite, func(low, high [2]float64, i int32) bool {
			it := x.items[i]
			if looked++; looked%256 == 0 && ctx.Err() != nil {
				ended = true
				yield(nil, ctx.Err())
				return false
			}
			// A wide box may overlap an item's box in several turns. The item is yielded in the first of them.
			if turn > -1 && before.XMax >= low[0] && before.XMin <= high[0] {
				return true
			}
			ok, err := m.intersectsNear(it.Footprint, overlapsClearly(part, low, high))
			if err != nil {
				ended = true
				yield(nil, err)
				return false
			}
			if !ok {
				return true
			}
			ended = !yield(it, nil)
			return !ended
		})
		if ended {
			return
		}
	}
}

// shifted moves a box by a number of turns of 360°.
func shifted(e srs.Envelope, turns int) srs.Envelope {
	e.XMin += float64(360 * float64(turns))
	e.XMax += float64(360 * float64(turns))
	return e
}

// Lookup returns the items with the given IDs, in the order of ids, without those that do not exist.
func (x *Index) Lookup(ctx context.Context, ids []int64) ([]*Item, error) {
	var out []*Item
	for _, id := range ids {
		if i, ok := x.byID[id]; ok {
			out = append(out, x.items[i])
		}
	}
	return out, ctx.Err()
}

// HasField reports whether any item has an attribute with the given name, in any case.
func (x *Index) HasField(_ context.Context, name string) (bool, error) {
	return x.fields[strings.ToLower(name)], nil
}
