package mosaic

import (
	"context"
	"iter"
	"math"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// An Item is one raster of a catalogue. Items are shared and must not be changed once they are in a catalogue.
type Item struct {
	ID        int64 // unique in its catalogue; ties in any order go to the lower one
	Name      string
	Footprint Footprint
	Attrs     map[string]any // int64, float64, string or time.Time, by field name

	// Open gives the raster. It is called for every export that needs the item, from several goroutines, and the
	// catalogue stays the owner of what it returns: exports never close it.
	Open func(ctx context.Context) (raster.Dataset, error)
}

// A Footprint is where a raster lies: the box around it, in a CRS that is usually its own.
type Footprint struct {
	CRS      srs.CRS
	Envelope srs.Envelope
}

// A Query asks for the items that may show in a box. The zero Query asks for all.
type Query struct {
	CRS      srs.CRS
	Envelope srs.Envelope
}

// A Catalog knows a set of items. It is safe for concurrent use.
type Catalog interface {
	// Items yields the items whose footprint meets the query's box, in no particular order, each once. It may yield
	// more than those, never fewer. After an error it yields nothing more.
	Items(ctx context.Context, q Query) iter.Seq2[*Item, error]
}

// Slice is a catalogue of a few items, looked through one by one.
type Slice []*Item

var _ Catalog = Slice(nil)

// Items yields the items of s that meet q, in the order of the slice.
func (s Slice) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for _, it := range s {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			meets, err := it.Footprint.meets(q)
			if err != nil {
				yield(nil, err)
				return
			}
			if meets && !yield(it, nil) {
				return
			}
		}
	}
}

// meets says whether the footprint and the query's box overlap, both seen in the query's CRS, where x may repeat.
func (f Footprint) meets(q Query) (bool, error) {
	if q == (Query{}) {
		return true, nil
	}
	t, err := srs.NewTransformer(f.CRS, q.CRS)
	if err != nil {
		return false, err
	}
	e, err := t.Envelope(f.Envelope)
	if err != nil {
		return false, nil // the footprint has no image there, so no pixel of it has
	}
	period := q.CRS.Period()
	if period == 0 {
		return e.Intersects(q.Envelope), nil
	}
	// The fewest whole turns that put e's right side beyond the query's left one.
	turns := math.Floor((q.Envelope.XMin-e.XMax)/period) + 1
	e.XMin, e.XMax = e.XMin+turns*period, e.XMax+turns*period
	return e.Intersects(q.Envelope), nil
}
