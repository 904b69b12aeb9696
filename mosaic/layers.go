package mosaic

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/geoexport/geoexport/raster"
)

// Layers is one catalogue of several that may change, each with its own way to find items: folders that are watched, files,
// databases. Nothing is read of them but what a query needs. It lies as Join puts slices: the items of the first catalogue
// are above those of the second, but for what ZOrder and the method of a rule say, and inside each finer items are above
// coarser ones. Catalogues and their items do not change; the items of Layers have no PixelSize.
//
// Of n catalogues, the item with the ID x in the one at index i has the ID (x-1)·n + i + 1, which stays the same as long as
// the number of catalogues does. IDs below 1, and above MaxLayerID/n, are an *ItemError. Layers of a single catalogue
// yield its items as they are. The nil Layers is empty.
type Layers []Catalog

// MaxLayerID is the largest ID of an item of Layers: the largest integer that JavaScript's numbers hold with all below it.
const MaxLayerID = 1 << 53

var (
	_ Lookup     = Layers(nil)
	_ Schema     = Layers(nil)
	_ Versioned  = Layers(nil)
	_ Summarizer = Layers(nil)
)

// A rank takes the part of an ID in the order of items of Layers.
type rank struct {
	layer int
	size  float64 // as sizeClass returns it
	item  *Item   // of the catalogue
}

// compareIDs compares items by their IDs or, of Layers, by their places.
func compareIDs(a, b *Item) int {
	if a.rank == nil || b.rank == nil {
		return cmp.Compare(a.ID, b.ID)
	}
	return cmp.Or(cmp.Compare(a.rank.layer, b.rank.layer), cmp.Compare(a.rank.size, b.rank.size),
		compareIDs(a.rank.item, b.rank.item))
}

// item returns an item of catalogue i as one of the layers.
func (l Layers) item(i int, it *Item) (*Item, error) {
	if len(l) == 1 {
		return it, nil
	}
	n := int64(len(l))
	if it.ID < 1 || it.ID > MaxLayerID/n {
		return nil, &ItemError{it.ID, it.Name, fmt.Errorf("its ID is not from 1 to %d, as those of %d layers must be", MaxLayerID/n, n)}
	}
	out := *it
	out.ID, out.PixelSize = (it.ID-1)*n+int64(i)+1, 0
	out.rank = &rank{i, sizeClass(it), it}
	return &out, nil
}

// Items yields the items of all catalogues that intersect the query's box.
func (l Layers) Items(ctx context.Context, q Query) iter.Seq2[*Item, error] {
	return func(yield func(*Item, error) bool) {
		for i, c := range l {
			for it, err := range Items(ctx, c, q) {
				if err == nil {
					it, err = l.item(i, it)
				}
				if !yield(it, err) || err != nil {
					return
				}
			}
		}
	}
}

// Lookup returns the items with the given IDs.
func (l Layers) Lookup(ctx context.Context, ids []int64) ([]*Item, error) {
	of := make([][]int64, len(l))
	for _, id := range ids {
		if id >= 1 && len(l) > 0 {
			i := (id - 1) % int64(len(l))
			of[i] = append(of[i], (id-1)/int64(len(l))+1)
		}
	}
	if len(l) == 1 {
		of[0] = ids
	}
	var out []*Item
	for i, c := range l {
		if len(of[i]) == 0 {
			continue
		}
		found, err := itemsByID(ctx, c, of[i])
		if err != nil {
			return nil, err
		}
		for _, it := range found {
			if it == nil {
				continue
			}
			if it, err = l.item(i, it); err != nil {
				return nil, err
			}
			out = append(out, it)
		}
	}
	return out, nil
}

// HasField reports whether an item of any catalogue has an attribute with the given name, in any case.
func (l Layers) HasField(ctx context.Context, name string) (bool, error) {
	for _, c := range l {
		if has, err := hasField(ctx, c, name); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// Version returns the versions of all catalogues.
func (l Layers) Version(ctx context.Context) (string, error) {
	versions := make([]string, len(l))
	for i, c := range l {
		v, err := VersionOf(ctx, c)
		if err != nil {
			return "", err
		}
		versions[i] = strconv.Quote(v)
	}
	return strings.Join(versions, " "), nil
}

// Summary returns the summaries of all catalogues as one.
func (l Layers) Summary(ctx context.Context) (Summary, error) {
	all := Summary{}
	var fields []Field
	bound := int64(MaxLayerID) // up to which First lists the items of every catalogue
	for i, c := range l {
		s, err := Summarize(ctx, c)
		if err != nil {
			return Summary{}, err
		}
		all.Count += s.Count
		for _, it := range s.First {
			own, err := l.item(i, it)
			if err != nil {
				return Summary{}, err
			}
			all.First = append(all.First, own)
		}
		if n := len(s.First); n > 0 && n < s.Count {
			bound = min(bound, all.First[len(all.First)-1].ID)
		}
		all.Boxes = append(all.Boxes, s.Boxes...)
		for _, t := range s.Types {
			if t != raster.Unknown && !slices.Contains(all.Types, t) {
				all.Types = append(all.Types, t)
			}
		}
		all.Time = all.Time.with(s.Time.From).with(s.Time.To)
		fields = append(fields, s.Fields...)
	}
	slices.SortFunc(all.First, func(a, b *Item) int { return cmp.Compare(a.ID, b.ID) })
	all.First = slices.DeleteFunc(all.First, func(it *Item) bool { return it.ID > bound })
	all.Fields = CatalogFields(0, fields)
	return all, nil
}
