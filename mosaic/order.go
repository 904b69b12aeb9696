package mosaic

import (
	"cmp"
	"math"
	"slices"
)

// Order sorts items so that the first is on top. The order is total and depends neither on the order in which items come
// nor on anything but the items, the rule and, for Center and Nadir, the middle of the view:
//
//  1. the attribute ZOrder, the lowest first; 0 where it is missing;
//  2. PixelSize, the finest first; items without one come last (LockRaster leaves out these two);
//  3. the method's own key: see Method, and below; items without one, such as a missing attribute, come last;
//  4. the ID, the lowest first.
//
// Pixel sizes compare in metres, at 6371 km from the Earth's middle where a CRS counts degrees, to four digits: a size
// that was rounded in a file does not decide.
//
// Distances are straight lines in the CRS of the point from which they are measured: that of the view for Center and
// Nadir, that of the viewpoint for Viewpoint, that of the corner for Northwest. Where x repeats, the shorter way counts. An
// item's middle is its footprint's centre of area. Distances compare to 2^-40 of the coordinates' size, some micrometres.
//
// Attribute goes by |field − value|. Numbers are plain; a value that is not stated is 0. Dates go by how far they are from
// the value, which is a text such as "2010/12/31" or "2010", a year, or milliseconds since 1970; without one, or with 0,
// the earliest is first. Texts are in order of their letters without regard to case, whatever the value is. Should items
// disagree, numbers come before dates and dates before texts.
//
// None has the ID for its own key, so that descending order puts the highest ID on top.
//
// LockRaster puts items in the order of LockIDs; Items gives it no others.
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
	slices.SortFunc(keys, func(a, b orderKey) int { return a.compare(b, r.Descending) })
	for i, k := range keys {
		items[i] = k.item
	}
}

// An orderKey is all that the order of an item depends on.
type orderKey struct {
	item *Item
	z    float64
	size float64
	own  ownKey
}

// An ownKey is the key of a method: a number, and a text among those of equal numbers. Lower classes come first.
type ownKey struct {
	class uint8
	num   float64
	text  string
	exact string // decides between texts that differ in case
}

// lastClass is that of items without a key. They stay last in descending order.
const lastClass = 255

func (a orderKey) compare(b orderKey, descending bool) int {
	own := 0
	if a.own.class == b.own.class {
		own = cmp.Or(cmp.Compare(a.own.num, b.own.num), cmp.Compare(a.own.text, b.own.text), cmp.Compare(a.own.exact, b.own.exact))
		if descending {
			own = -own
		}
	}
	return cmp.Or(cmp.Compare(a.z, b.z), cmp.Compare(a.size, b.size), cmp.Compare(a.own.class, b.own.class), own,
		cmp.Compare(a.item.ID, b.item.ID))
}

// number gives field i of an item, and 0 if that is no number.
func (r *fieldReader) number(it *Item, i int) float64 {
	v, err := r.get(it, i)
	if err != nil || v.kind != number {
		return 0
	}
	return v.num
}

// earthRadius is the mean radius of the GRS 80 ellipsoid, in metres: (2a + b) / 3.
const earthRadius = 6371008.7714

// sizeClass is an item's pixel size in metres, to four digits.
func sizeClass(it *Item) float64 {
	m := it.PixelSize * it.Footprint.CRS.Unit()
	if it.Footprint.CRS.Geographic() {
		m *= earthRadius
	}
	if !(m > 0) || math.IsInf(m, 0) {
		return math.Inf(1)
	}
	unit := math.Pow(10, math.Floor(math.Log10(m))-3)
	return math.Round(m/unit) * unit
}

// toStep rounds v to a multiple of 2^e.
func toStep(v float64, e int) float64 { return math.Ldexp(math.Round(math.Ldexp(v, -e)), e) }
