package mosaic

import (
	"cmp"
	"math"
	"slices"

	"github.com/geoexport/geoexport/internal/portable"
)

// Order sorts items so that the first is on top. The order is total. It depends on the items, the rule and, for Center
// and Nadir, the centre of the view, and not on the order in which items come. Items are compared by
//
//  1. the attribute ZOrder, the lowest first; a missing one is 0
//  2. PixelSize, the finest first; items without one come last
//  3. the method's own key, described below; items without one come last
//  4. the ID, the lowest first; of Layers, the catalogue, the PixelSize and the ID there
//
// LockRaster leaves out the first two.
//
// Pixel sizes are compared in metres, to four digits, so that sizes that a file rounded are equal; degrees are
// converted at 6371 km from the Earth's centre.
//
// Center, Nadir, Viewpoint and Northwest compare distances: straight lines in the CRS of the point from which they are
// measured, which is the view's for Center and Nadir, the viewpoint's for Viewpoint, and the corner's for Northwest.
// Where x repeats, the shorter way counts. An item's centre is its footprint's centre of area. Distances are compared
// to 2^-40 of the coordinates' size, some micrometres.
//
// Attribute compares |field − value|. Numbers are plain; without a value, it is 0. Dates are compared with the value's
// date, which is a text such as "2010/12/31" or "2010", a year, or milliseconds since 1970; without a value, or with 0,
// the earliest date is first. Texts are in the order of their lower-case forms, whatever the value is. If the
// items' types differ, numbers come before dates and dates before texts.
//
// None's own key is the ID, so that descending order puts the highest ID on top. LockRaster's is the place in LockIDs.
//
// With the operation Last the undermost item shows: a Merger for it takes items in this order, too.
func (r Rule) Order(items []*Item, v View) {
	m := r.Method.info()
	keys := make([]orderKey, len(items))
	zOrder := newFieldReader("ZOrder")
	for i, it := range items {
		keys[i] = orderKey{item: it}
		if !m.locks {
			keys[i].z, keys[i].size = zOrder.number(it, 0), sizeClass(it)
		}
	}
	if m.keys != nil {
		m.keys(r, keys, v)
	}
	slices.SortFunc(keys, func(a, b orderKey) int { return a.compare(b, r.Descending, m.byID) })
	for i, k := range keys {
		items[i] = k.item
	}
}

// An orderKey holds all values by which items are ordered.
type orderKey struct {
	item *Item
	z    float64
	size float64
	own  ownKey
}

// An ownKey is the key of a method: classes compare first, then numbers, then texts, the lowest first.
type ownKey struct {
	class uint8
	num   float64
	text  string
	exact string // decides between texts that differ in case
}

// lastClass is the class of items without a key. They come last in descending order, too.
const lastClass = 255

func (a orderKey) compare(b orderKey, descending, byID bool) int {
	own := 0
	if a.own.class == b.own.class {
		own = cmp.Or(cmp.Compare(a.own.num, b.own.num), cmp.Compare(a.own.text, b.own.text),
			cmp.Compare(a.own.exact, b.own.exact))
		if descending {
			own = -own
		}
	}
	id := compareIDs(a.item, b.item)
	if byID && descending {
		id = -id
	}
	return cmp.Or(cmp.Compare(a.z, b.z), cmp.Compare(a.size, b.size), cmp.Compare(a.own.class, b.own.class), own, id)
}

// number returns field i of an item, or 0 if that is no number.
func (r *fieldReader) number(it *Item, i int) float64 {
	v, err := r.get(it, i)
	if err != nil || v.kind != number {
		return 0
	}
	return v.num
}

// earthRadius is the mean radius of the GRS 80 ellipsoid, in metres: (2a + b) / 3.
const earthRadius = 6371008.7714

// sizeClass returns an item's pixel size in metres, to four digits; infinity if it has none.
func sizeClass(it *Item) float64 {
	m := it.PixelSize * it.Footprint.CRS.Unit()
	if it.Footprint.CRS.Geographic() {
		m *= earthRadius
	}
	if !(m > 0) || math.IsInf(m, 0) {
		return math.Inf(1)
	}
	unit := portable.Pow(10, math.Floor(portable.Log10(m))-3)
	return math.Round(m/unit) * unit
}

// toStep rounds v to a multiple of 2^e.
func toStep(v float64, e int) float64 { return math.Ldexp(math.Round(math.Ldexp(v, -e)), e) }
