package mosaic

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/raster"
)

// A Summary is what is known of all items of a catalogue together.
type Summary struct {
	Count int // of items
	// First are the items with the lowest IDs, in their order: SummaryItems of them, or all if there are fewer. There
	// may be more. What a service knows of its rasters' bands and samples comes from these. A catalogue that cannot ask
	// for the lowest, as that of an API, has any, the same for all who ask for one version; set Service.CRS and PixelType
	// over it if its rasters differ.
	First []*Item
	// Boxes are boxes that together cover all footprints and no more than that in each direction, such as one box for each
	// CRS. Those of longitudes are no wider than 180 degrees unless an item is, so that a catalogue on both sides of the
	// antimeridian is not one around the Earth. Only CRS and Envelope count.
	Boxes  []Footprint
	Types  []raster.PixelType // that items state, each once
	Time   TimeExtent         // from the first instant that items state to the last
	Fields []Field            // as FieldsOf returns them
}

// SummaryItems is the number of items that a Summary lists at least, if there are as many.
const SummaryItems = 16

// A Summarizer is a Catalog that knows its Summary without yielding all of its items, as a database may. A service over
// it starts in the time that the summary takes, whatever the number of items is.
type Summarizer interface {
	Catalog
	// Summary returns the summary of the catalogue's items.
	Summary(ctx context.Context) (Summary, error)
}

// Summarize returns the summary of a catalogue: its own if it is a Summarizer, or that of what Items yields for all of it,
// with all items in First and a box for each. A panic in the catalogue is an error.
func Summarize(ctx context.Context, c Catalog) (s Summary, err error) {
	if own, ok := c.(Summarizer); ok {
		err = guard.Call("the catalogue's Summary", func() error {
			s, err = own.Summary(ctx)
			return err
		})
		if err != nil {
			return Summary{}, err
		}
		for _, it := range s.First {
			if err := checkItem(it); err != nil {
				return Summary{}, err
			}
		}
		return s, nil
	}
	var items []*Item
	for it, err := range Items(ctx, c, Query{}) {
		if err != nil {
			return Summary{}, err
		}
		items = append(items, it)
	}
	return SummaryOf(items), nil
}

// SummaryOf returns the summary of items, with all of them in First and a box for each.
func SummaryOf(items []*Item) Summary {
	s := Summary{Count: len(items), First: slices.Clone(items), Fields: FieldsOf(items)}
	slices.SortStableFunc(s.First, func(a, b *Item) int { return cmp.Compare(a.ID, b.ID) })
	for _, it := range items {
		s.Boxes = append(s.Boxes, Footprint{CRS: it.Footprint.CRS, Envelope: it.Footprint.Envelope})
		if it.Type != raster.Unknown && !slices.Contains(s.Types, it.Type) {
			s.Types = append(s.Types, it.Type)
		}
		period := it.Period()
		for _, at := range []time.Time{period.From, period.To} {
			s.Time = s.Time.with(at)
		}
	}
	return s
}

// with returns the extent from t's first instant to its last, with another instant; the zero time changes nothing.
func (t TimeExtent) with(at time.Time) TimeExtent {
	if at.IsZero() {
		return t
	}
	if t.From.IsZero() || at.Before(t.From) {
		t.From = at
	}
	if t.To.IsZero() || at.After(t.To) {
		t.To = at
	}
	return t
}
