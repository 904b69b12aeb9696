package mosaic

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/srs"
)

// A NotFoundError lists the IDs of items that a rule locks and the catalogue does not have.
type NotFoundError struct{ IDs []int64 }

func (e *NotFoundError) Error() string {
	const most = 10
	if len(e.IDs) > most {
		return fmt.Sprintf("mosaic: the catalogue has no rasters %v and %d more", e.IDs[:most], len(e.IDs)-most)
	}
	return fmt.Sprintf("mosaic: the catalogue has no rasters %v", e.IDs)
}

// items yields the items that Choose returns, in no particular order, each once. offered is ChooseOptions.Offered and
// may be nil. After an error it yields nothing more. Errors may come after items, so the caller must see the end of the
// sequence before it uses any item.
func (r Rule) items(ctx context.Context, c Catalog, v View, offered func(*Item, Reason)) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		f, err := r.filter(v)
		if err != nil {
			yield(nil, err)
			return
		}
		locks := r.Method.info().locks
		if locks && offered != nil {
			if err := f.offerLocked(ctx, c, v, offered); err != nil {
				yield(nil, err)
				return
			}
		}
		seen := 0
		for it, err := range r.candidates(ctx, c, v) {
			why := Chosen
			if err == nil {
				seen++
				why, err = f.judge(it)
			}
			if err == nil && offered != nil && !locks {
				err = offer(offered, it, why)
			}
			if err == nil && why != Chosen {
				continue
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
		if seen == 0 {
			return
		}
		if err := f.checkFields(ctx, c); err != nil {
			yield(nil, err)
		}
	}
}

// offerLocked calls offered with the items in the view, for a rule that draws the locked ones.
func (f *filter) offerLocked(ctx context.Context, c Catalog, v View, offered func(*Item, Reason)) error {
	locked := idSet(f.rule.LockIDs)
	for it, err := range Items(ctx, c, Query(v)) {
		if err != nil {
			return err
		}
		why := NotLocked
		if locked[it.ID] {
			if why, err = f.judge(it); err != nil {
				return err
			}
		}
		if err := offer(offered, it, why); err != nil {
			return err
		}
	}
	return nil
}

// offer calls ChooseOptions.Offered. A panic in it is an error.
func offer(offered func(*Item, Reason), it *Item, why Reason) error {
	return guard.Call("ChooseOptions.Offered", func() error {
		offered(it, why)
		return nil
	})
}

// candidates yields the items that the catalogue has for the view, or those that LockIDs lists.
func (r Rule) candidates(ctx context.Context, c Catalog, v View) iter.Seq2[*Item, error] {
	if !r.Method.info().locks {
		if v.Envelope == (srs.Envelope{}) {
			return Items(ctx, c, Query{}) // everywhere, as in Select
		}
		return Items(ctx, c, Query(v))
	}
	return func(yield func(*Item, error) bool) {
		items, err := lookup(ctx, c, r.LockIDs)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, it := range items {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// lookup returns the items with the given IDs, each once.
func lookup(ctx context.Context, c Catalog, ids []int64) ([]*Item, error) {
	missing := idSet(ids)
	var out []*Item
	take := func(it *Item) {
		if missing[it.ID] {
			delete(missing, it.ID)
			out = append(out, it)
		}
	}
	if l, ok := c.(Lookup); ok {
		var items []*Item
		err := guard.Call("the catalogue's Lookup", func() (err error) {
			items, err = l.Lookup(ctx, ids)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if err := checkItem(it); err != nil {
				return nil, err
			}
			take(it)
		}
	} else {
		for it, err := range Items(ctx, c, Query{}) {
			if err != nil {
				return nil, err
			}
			if take(it); len(missing) == 0 {
				break
			}
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	e := &NotFoundError{}
	for _, id := range ids {
		if missing[id] {
			delete(missing, id)
			e.IDs = append(e.IDs, id)
		}
	}
	return nil, e
}

func idSet(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// A filter holds a rule's tests of single items. It belongs to one goroutine.
type filter struct {
	rule      Rule
	ids       map[int64]bool // nil is all
	condition *condition     // nil is true
	fields    *fieldReader   // of the condition
	sort      *attributeSort // nil if the method sorts by no attribute that the rule names
	scales    *scales        // nil allows all
}

func (r Rule) filter(v View) (*filter, error) {
	f := &filter{rule: r}
	if r.IDs != nil {
		f.ids = idSet(r.IDs)
	}
	if r.Where != "" {
		c, err := parseConditionAt(r.Where, r.now())
		if err != nil {
			return nil, err
		}
		f.condition, f.fields = c, c.reader()
	}
	m := r.Method.info()
	if m.sort != nil {
		f.sort = m.sort(r)
	}
	if v.Resolution > 0 && !m.locks {
		f.scales = &scales{view: v, byCRS: map[srs.CRS]*scale{}}
	}
	return f, nil
}

// judge returns Chosen, or the first reason to leave the item out, in the order of the constants. Where is evaluated
// before the others so that it finds a mistake in the rule even if another reason comes first.
func (f *filter) judge(it *Item) (Reason, error) {
	if f.sort != nil {
		if err := f.sort.check(it); err != nil {
			return Chosen, err
		}
	}
	period := it.Time
	if !f.rule.Time.IsZero() {
		period = it.Period()
	}
	where := true
	if f.condition != nil {
		var err error
		if where, err = f.fields.match(f.condition, it); err != nil {
			return Chosen, err
		}
	}
	switch {
	case f.ids != nil && !f.ids[it.ID]:
		return NotInIDs, nil
	case !f.rule.Time.Intersects(period):
		return OtherTime, nil
	}
	if len(f.rule.Slices) > 0 {
		if s, err := it.Slice(); err != nil || s == nil || !MatchSlice(f.rule.Slices, s) {
			return OtherSlice, err
		}
	}
	switch {
	case !where:
		return NotWhere, nil
	case f.scales != nil:
		if ok, err := f.scales.allow(it); err != nil || !ok {
			return OtherScale, err
		}
	}
	return Chosen, nil
}

// checkFields returns an error if no item has a field that the rule names. Items that were judged have shown most
// fields; the catalogue is asked for the others.
func (f *filter) checkFields(ctx context.Context, c Catalog) error {
	if f.fields != nil {
		for i := range f.fields.fields {
			field := &f.fields.fields[i]
			if field.known {
				continue
			}
			// AND and OR may have kept the field from being read at all.
			if _, ok := builtin(&Item{}, field.name); ok {
				continue
			}
			if ok, err := hasField(ctx, c, field.name); err != nil {
				return err
			} else if !ok {
				return &ConditionError{-1, fmt.Sprintf("there is no field %q", field.name)}
			}
		}
	}
	if f.sort != nil && !f.sort.reader.fields[0].known {
		if ok, err := hasField(ctx, c, f.rule.SortField); err != nil {
			return err
		} else if !ok {
			return &RuleError{fmt.Sprintf("there is no field %q to sort by", f.rule.SortField)}
		}
	}
	return nil
}

func hasField(ctx context.Context, c Catalog, name string) (has bool, err error) {
	if s, ok := c.(Schema); ok {
		defer guard.Catch("the catalogue's HasField", &err)
		return s.HasField(ctx, name)
	}
	for it, err := range Items(ctx, c, Query{}) {
		if err != nil {
			return false, err
		}
		for attr := range it.Attrs {
			if strings.EqualFold(attr, name) {
				return true, nil
			}
		}
	}
	return false, nil
}

// scaleTolerance is the relative amount by which a pixel size may be outside MinPS and MaxPS: pixel sizes are computed
// from boxes, and rounding must not decide. The choice of overviews has the same tolerance.
const scaleTolerance = 1e-6

// scales compares the size of a view's pixels with items' limits.
type scales struct {
	view  View
	byCRS map[srs.CRS]*scale
}

type scale struct {
	fromView *srs.Transformer // nil if err is not
	err      error
}

func (s *scales) allow(it *Item) (bool, error) {
	if it.MinPS == 0 && it.MaxPS == 0 {
		return true, nil
	}
	to := s.byCRS[it.Footprint.CRS]
	if to == nil {
		to = &scale{}
		var toView *srs.Transformer
		if toView, to.err = srs.NewTransformer(it.Footprint.CRS, s.view.CRS); to.err == nil {
			to.fromView = toView.Inverse()
		}
		s.byCRS[it.Footprint.CRS] = to
	}
	if to.err != nil {
		return false, to.err
	}
	size := to.size(it, s.view.Resolution)
	if math.IsNaN(size) {
		return true, nil // the centre has no image in the view, but another part of the item may have one
	}
	return size >= it.MinPS*(1-scaleTolerance) && (it.MaxPS == 0 || size <= it.MaxPS*(1+scaleTolerance)), nil
}

// size returns the side of a square in the footprint's CRS that is as large as one pixel of the view, or NaN. It is
// measured at the centre of the footprint, whatever part of it the view shows, so that views of one scale choose the
// same items.
func (s *scale) size(it *Item, resolution float64) float64 {
	if s.fromView.Identity() {
		return resolution
	}
	x, y := it.Footprint.center()
	alongX, alongY, ok := s.fromView.Steps(x, y, resolution, resolution)
	if !ok {
		return math.NaN()
	}
	return math.Sqrt(math.Abs(float64(alongX[0]*alongY[1]) - float64(alongY[0]*alongX[1])))
}

// ChooseOptions are options of Choose. Nil options and zero fields are the defaults.
type ChooseOptions struct {
	// Limit is the largest number of items that Choose may return; more are a *TooManyError. Zero is no limit.
	Limit int

	// Offered, if not nil, is called with each item that the catalogue yields for the view, in no particular order, and
	// with the reason for which the rule leaves it out, or Chosen. LockRaster does not ask the catalogue for the view
	// unless Offered is set; the locked items outside the view are then chosen without being offered.
	Offered func(it *Item, why Reason)
}

// Choose returns the items of c that the rule draws in a view, in the order of Order, the topmost first: those that
// intersect the view's box, whose MinPS and MaxPS allow its resolution, and that Where, IDs and Time choose. The method
// LockRaster draws the items that it lists without regard to box and resolution; Where, IDs and Time apply to them,
// too. o may be nil.
//
// The error is a *ConditionError if Where is malformed, names a field that no item of the catalogue has, or compares
// values that cannot be compared; a *RuleError if no item has the field to sort by, or if the value to sort by does not
// suit it; a *NotFoundError if a locked raster does not exist; a *TooManyError if there are more than o.Limit items; or
// the catalogue's own.
func (r Rule) Choose(ctx context.Context, c Catalog, v View, o *ChooseOptions) ([]*Item, error) {
	var options ChooseOptions
	if o != nil {
		options = *o
	}
	limit := options.Limit
	var out []*Item
	for it, err := range r.items(ctx, c, v, options.Offered) {
		if err != nil {
			return nil, err
		}
		if limit > 0 && len(out) == limit {
			return nil, &TooManyError{limit}
		}
		out = append(out, it)
	}
	r.Order(out, v)
	return slices.Clip(out), nil
}

// A TooManyError reports that a rule chooses more items than its caller allows.
type TooManyError struct{ Limit int }

func (e *TooManyError) Error() string {
	return fmt.Sprintf("mosaic: the picture is made of more than %d rasters", e.Limit)
}
