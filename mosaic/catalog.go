package mosaic

import (
	"context"
	"encoding/json"
	"errors"
	"iter"

	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// An Item is one raster of a catalogue. Items are shared and must not be changed once they are in a catalogue. Drawing
// an item needs only its ID, Footprint and Open.
type Item struct {
	ID        int64 // unique in its catalogue; ties in any order go to the lower one
	Name      string
	Footprint Footprint

	// Attrs are the attributes that conditions and the method Attribute read, by field name: int64, float64, string or
	// time.Time. Names must differ in more than case. All methods but LockRaster order items by ZOrder, a number,
	// before anything else, and Seamline by SOrder: the lowest is on top, and a missing one is 0.
	Attrs map[string]any

	// PixelSize is the size of the raster's pixels at full resolution, in units of the footprint's CRS; 0 if it is not
	// known. Finer items lie above coarser ones.
	PixelSize float64

	// Type is the raster's pixel type; Unknown if it is not known before the raster is opened. A mosaic of several
	// types has one that holds them all, which can be found without opening the rasters if Type is set.
	Type raster.PixelType

	// MinPS and MaxPS are the smallest and the largest size of a view's pixels at which the item is drawn, in units of
	// the footprint's CRS; zero is no limit. An overview of a whole mosaic has a MinPS, and the items that it replaces
	// have a MaxPS. The pixels of a view in another CRS are measured at the centre of the footprint.
	MinPS, MaxPS float64

	// Time is the time at which the raster was taken or for which it is valid; the zero extent is all of time.
	Time TimeExtent

	// Part is the slice of a multidimensional variable that the raster is; nil is the one that Attrs state, if any: see
	// Slice.
	Part *raster.Slice

	// Nadir is the point below the camera; nil is the centre of the footprint.
	Nadir *Point

	// Seamline is the outline, in the footprint's CRS, of the part of the raster that the method Seamline shows; nil is
	// all of it.
	Seamline Ring

	// Open returns the raster. It is called for every export that needs the item, from several goroutines. The
	// catalogue owns the dataset: exports never close it, and Release gets it when one is done with it. A dataset that is
	// raster.Versioned fails once its files have changed, so Open returns another one then, as the Open of a Pool or of
	// Folder's items does; one that always returns the dataset that was opened first fails from then on.
	Open func(ctx context.Context) (raster.Dataset, error)

	// Release, if it is set, is called once for each dataset that Open has returned, when the operation that opened it has
	// ended and reads no more of it: for datasets that are opened for one operation each, and have to be closed, or counted.
	// If the dataset is raster.Versioned, its version may still be asked whether it is current. Several goroutines may call
	// it. Nil is for datasets that stay open, such as those of a Pool.
	Release func(ds raster.Dataset)

	rank  *rank        // takes the part of the ID in the order of items; nil but for those of Layers
	close func() error // of items whose dataset Folder keeps open
}

// AttributeOf returns a value of a JSON document, decoded with json.Decoder.UseNumber, as an attribute: an int64 if it
// is one, or else a float64; a time.Time in UTC if it is a date or a time of RFC 3339 or nearly so, without a zone say,
// or else the string; 1 or 0 for a truth value. Other values, and numbers beyond the range of float64, are no attributes: nil.
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
		if t, ok := parseInstant(v); ok {
			return t
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
	// Resolution is the size of the view's pixels, in units of CRS; 0 if it is not known. Catalogues may leave out
	// items that are not drawn at it because of their MinPS and MaxPS.
	Resolution float64
}

// A Catalog holds a set of items. It is safe for concurrent use. Package mosaictest checks that an implementation keeps
// this contract.
type Catalog interface {
	// Items yields the items whose footprints intersect the query's box, in no particular order, each once. It may
	// yield more items than those, never fewer. After an error it yields nothing more.
	Items(ctx context.Context, q Query) iter.Seq2[*Item, error]
}

// A Lookup is a Catalog that finds items by their IDs faster than by looking through all of them. The method LockRaster
// uses it.
type Lookup interface {
	Catalog
	// Lookup returns the items with the given IDs, in any order, without those that do not exist.
	Lookup(ctx context.Context, ids []int64) ([]*Item, error)
}

// A Schema is a Catalog that knows the names of its items' attributes. If no item in a view has a field that a rule
// names, either the name is wrong or the values are missing; without a Schema, Choose looks through all items to find
// out.
type Schema interface {
	Catalog
	// HasField reports whether any item has, or could have, an attribute with the given name, in any case.
	HasField(ctx context.Context, name string) (bool, error)
}

// Slice is a catalogue of a few items, which it looks through one by one. The nil Slice is empty.
type Slice []*Item

var _ Catalog = Slice(nil)

// Close closes the rasters that Folder keeps open for items of s, once nobody reads them any more: those that are an io.Closer.
// They cannot be opened again. It does nothing to other items. The datasets of a Pool are closed with that.
func (s Slice) Close() error {
	var errs []error
	for _, it := range s {
		if it.close != nil {
			errs = append(errs, it.close())
		}
	}
	return errors.Join(errs...)
}

// Items yields the items of s that intersect the query's box, in the order of the slice.
func (s Slice) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		m := newMatcher(q)
		for _, it := range s {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			ok, err := m.intersects(it.Footprint)
			if err != nil {
				yield(nil, err)
				return
			}
			if ok && !yield(it, nil) {
				return
			}
		}
	}
}
