package mosaic

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/geoexport/geoexport/srs"
)

// First returns the n items with the lowest IDs of those that Select yields and keep accepts, all if there are fewer, in the
// order of their IDs; an n below 1 is none. It calls keep for more items than those, for some twice. An Index that is asked in the CRS of its
// footprints is not searched through as soon as the n are found, if most of its first items are among them. Errors are those
// of Select and of keep.
func (r Rule) First(ctx context.Context, c Catalog, v View, n int, keep func(*Item) (bool, error)) ([]*Item, error) {
	if n < 1 {
		return nil, nil
	}
	if x, ok := c.(*Index); ok {
		out, err := r.firstByID(ctx, x, v, n, keep)
		if !errors.Is(err, errMany) {
			return out, err
		}
	}
	first := lowest{most: n, limit: math.MaxInt64}
	for it, err := range r.Select(ctx, c, v) {
		if err != nil {
			return nil, err
		}
		if it.ID > first.limit {
			continue
		}
		ok, err := keep(it)
		if err != nil {
			return nil, err
		}
		if ok {
			first.add(it)
		}
	}
	slices.SortFunc(first.items, byID)
	return first.items[:min(n, len(first.items))], nil
}

// errMany is returned by firstByID if looking through the items by their IDs would take long.
var errMany = errors.New("mosaic: few items of many are chosen")

// The items are looked through for as long as more than one in sparse is chosen, but for the first patience items.
const (
	sparse   = 16
	patience = 1024
)

// firstByID is First of an index, by looking through its items in the order of their IDs. The error is errMany where Select
// would do better, or could yield others.
func (r Rule) firstByID(ctx context.Context, x *Index, v View, n int, keep func(*Item) (bool, error)) (out []*Item, err error) {
	r.Method, r.SortField, r.SortValue = None, "", nil
	f, err := r.filter(v)
	if err != nil {
		return nil, err
	}
	meets, err := x.meets(v)
	if err != nil {
		return nil, err
	}
	seen := 0
	for i := range x.items {
		switch {
		case i > patience+sparse*len(out):
			return nil, errMany
		case i%256 == 0 && ctx.Err() != nil:
			return nil, ctx.Err()
		}
		it := x.ascending(i)
		if ok, err := meets(it.Footprint); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		if err := checkItem(it); err != nil {
			return nil, err
		}
		seen++
		why, err := f.judge(it)
		if err != nil {
			return nil, err
		}
		if why != Chosen {
			continue
		}
		ok, err := keep(it)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, it)
		}
		if len(out) == n {
			break
		}
	}
	if seen > 0 {
		err = f.checkFields(ctx, x)
	}
	return out, err
}

// meets returns what reports whether a footprint meets a view, exactly as search does for footprints in the view's CRS. For
// others, and for views without a place on Earth, the error is errMany.
func (x *Index) meets(v View) (func(Footprint) (bool, error), error) {
	if v.Envelope == (srs.Envelope{}) {
		return func(Footprint) (bool, error) { return true, nil }, nil
	}
	q := Query(v)
	t, err := srs.NewTransformer(q.CRS, x.lonLat)
	if err != nil {
		return nil, err
	}
	if _, err := t.Envelope(q.Envelope); err != nil || q.Envelope.Empty() {
		return nil, errMany
	}
	m := newMatcher(q)
	return func(f Footprint) (bool, error) {
		if f.CRS != q.CRS {
			return false, errMany
		}
		return m.intersects(f)
	}, nil
}

// lowest keeps the items with the lowest IDs.
type lowest struct {
	most  int
	limit int64 // the highest ID that may still be one of them
	items []*Item
}

func (l *lowest) add(it *Item) {
	l.items = append(l.items, it)
	if len(l.items)/2 >= l.most { // so that a sort pays for as many items as it drops
		slices.SortFunc(l.items, byID)
		l.items = l.items[:l.most]
		l.limit = l.items[l.most-1].ID
	}
}

func byID(a, b *Item) int { return cmp.Compare(a.ID, b.ID) }
