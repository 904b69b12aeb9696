package mosaic

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// An Item is one raster of a catalogue. Items are shared and must not be changed once they are in a catalogue. Of all
// fields, only ID, Footprint and Open are needed to draw it.
type Item struct {
	ID        int64 // unique in its catalogue; ties in any order go to the lower one
	Name      string
	Footprint Footprint

	// Attrs are what conditions and the method Attribute look at: int64, float64, string or time.Time, by field name.
	// Names differ in more than case. Two fields matter to all orders: ZOrder, a number, puts items with lower ones
	// higher, and SOrder does so among the items of a Seamline mosaic; both are 0 where they are missing.
	Attrs map[string]any

	// PixelSize is the size of the raster's pixels at full resolution, in units of the footprint's CRS; 0 if it is not
	// known. Finer items lie higher.
	PixelSize float64

	// Type is the raster's pixel type, Unknown if that is not known before it is opened. A mosaic of several types is of
	// one that holds them all, for which it helps to know them.
	Type raster.PixelType

	// MinPS and MaxPS are the least and the largest size of a picture's pixels with which the item is drawn, in units of
	// the footprint's CRS: an overview of a whole mosaic has a MinPS, and items that it stands for have a MaxPS. Zero is no
	// limit. A picture in another CRS is compared by the size of its pixels at the middle of the footprint.
	MinPS, MaxPS float64

	// Time is when the raster was taken, or for when it holds; the zero extent holds for all of time.
	Time TimeExtent

	// Nadir is the point that was below the camera; the middle of the footprint if nil.
	Nadir *Point

	// Seamline bounds, in the footprint's CRS, the part of the raster that a Seamline mosaic shows: all if nil.
	Seamline Ring

	// Open gives the raster. It is called for every export that needs the item, from several goroutines, and the
	// catalogue stays the owner of what it returns: exports never close it.
	Open func(ctx context.Context) (raster.Dataset, error)
}

// AttributeOf returns a value of a JSON document, decoded with json.Decoder.UseNumber, as an attribute: an int64 if it is
// one, or else a float64; a time.Time in UTC if it is an RFC 3339 time, or else the string; 1 or 0 for a truth value. Other
// values, and numbers beyond the range of float64, are no attributes: nil.
func AttributeOf(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return i
		}
		if n, err := v.Float64(); err == nil {
			return n
		}
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return t.UTC()
		}
		return v
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return nil
}

// A Query asks for the items that may show in a box. The zero Query asks for all.
type Query struct {
	CRS      srs.CRS
	Envelope srs.Envelope
	// Resolution is the size of the picture's pixels, in units of CRS; 0 if it is not known. Catalogues may leave out
	// items that MinPS and MaxPS rule out for it.
	Resolution float64
}

// A Catalog knows a set of items. It is safe for concurrent use. Package mosaictest checks that it keeps what is said
// here.
type Catalog interface {
	// Items yields the items whose footprint meets the query's box, in no particular order, each once. It may yield
	// more than those, never fewer. After an error it yields nothing more.
	Items(ctx context.Context, q Query) iter.Seq2[*Item, error]
}

// A Lookup is a Catalog that finds items by their IDs, faster than by looking through all of them. It is for the method
// LockRaster.
type Lookup interface {
	Catalog
	// Lookup gives the items with the given IDs, in any order, and leaves out those that do not exist.
	Lookup(ctx context.Context, ids []int64) ([]*Item, error)
}

// A Schema is a Catalog that knows the names of its items' attributes. Without it, all items are looked through where no
// item in a picture's box has a field that a rule names, to tell a wrong name from missing values.
type Schema interface {
	Catalog
	// HasField says whether any item has an attribute of that name, in any case, or could have one.
	HasField(ctx context.Context, name string) (bool, error)
}

// Slice is a catalogue of a few items, looked through one by one.
type Slice []*Item

var _ Catalog = Slice(nil)

// Items yields the items of s that meet q, in the order of the slice.
func (s Slice) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		m := newMatcher(q)
		for _, it := range s {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			meets, err := m.meets(it.Footprint)
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
