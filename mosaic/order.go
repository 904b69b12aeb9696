package mosaic

import (
	"cmp"
	"math"
	"slices"

	"github.com/geoexport/geoexport/srs"
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
	keys := make([]orderKey, len(items))
	zOrder := newFieldReader("ZOrder", "SOrder")
	for i, it := range items {
		keys[i] = orderKey{item: it}
		if r.Method != LockRaster {
			keys[i].z, keys[i].size = zOrder.number(it, 0), sizeClass(it)
		}
	}
	r.ownKeys(keys, zOrder, v)
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

// ownKeys finds the key of the rule's method for all items.
func (r Rule) ownKeys(keys []orderKey, orders *fieldReader, v View) {
	x, y := v.Envelope.Center()
	switch r.Method {
	case DefaultMethod, None:
		for i := range keys {
			keys[i].own.num = float64(keys[i].item.ID)
		}
	case Center:
		distances(keys, Point{v.CRS, x, y}, false)
	case Nadir:
		distances(keys, Point{v.CRS, x, y}, true)
	case Viewpoint:
		p := Point{v.CRS, x, y} // of a rule that Validate refuses
		if r.Viewpoint != nil {
			p.X, p.Y = r.Viewpoint.X, r.Viewpoint.Y
			p.CRS = cmp.Or(r.Viewpoint.CRS, v.CRS)
		}
		distances(keys, p, true)
	case Northwest:
		if r.Corner != nil {
			distances(keys, *r.Corner, false)
		} else {
			northwest(keys)
		}
	case Attribute:
		s := newAttributeSort(r)
		for i := range keys {
			keys[i].own, _ = s.key(keys[i].item)
		}
	case LockRaster:
		place := make(map[int64]int, len(r.LockIDs))
		for i, id := range r.LockIDs {
			if _, ok := place[id]; !ok {
				place[id] = i
			}
		}
		for i := range keys {
			p, ok := place[keys[i].item.ID]
			if !ok {
				p = len(r.LockIDs)
			}
			// Not the own key, which Descending would reverse.
			keys[i].z = float64(p)
		}
	case Seamline:
		for i := range keys {
			// ZOrder decides before SOrder, and pixel sizes between them as in all methods.
			keys[i].own.class = 0
			keys[i].own.num = orders.number(keys[i].item, 1)
			if r.Descending { // which reverses all keys but this
				keys[i].own.num = -keys[i].own.num
			}
		}
	}
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

// nearness is the distance from a point within which distances are the same, as a power of two below that of the
// coordinates.
const nearness = 40

// distances makes the distance from p, of items' middles or nadirs, their own key.
func distances(keys []orderKey, p Point, nadir bool) {
	to := places{crs: p.CRS, byCRS: map[srs.CRS]*srs.Transformer{}}
	period := p.CRS.Period()
	_, exponent := math.Frexp(math.Max(math.Abs(p.X), math.Abs(p.Y)))
	for i := range keys {
		x, y, ok := to.of(keys[i].item, nadir)
		if !ok {
			keys[i].own.class = lastClass
			continue
		}
		dx, dy := x-p.X, y-p.Y
		if period > 0 {
			dx -= period * math.Round(dx/period)
		}
		d := math.Hypot(dx, dy)
		_, e := math.Frexp(d)
		keys[i].own.num = toStep(d, max(e, exponent)-nearness)
	}
}

// toStep rounds v to a multiple of 2^e.
func toStep(v float64, e int) float64 { return math.Ldexp(math.Round(math.Ldexp(v, -e)), e) }

// northwest is by a point far off in the north-west, where only the direction counts.
func northwest(keys []orderKey) {
	lonLat, _ := srs.FromWKID(4326) // always known
	to := places{crs: lonLat, byCRS: map[srs.CRS]*srs.Transformer{}}
	for i := range keys {
		x, y, ok := to.of(keys[i].item, false)
		if !ok {
			keys[i].own.class = lastClass
			continue
		}
		x -= 360 * math.Floor((x+180)/360)
		keys[i].own.num = toStep(x-y, 9-nearness)
	}
}

// places finds where items are in one CRS.
type places struct {
	crs   srs.CRS
	byCRS map[srs.CRS]*srs.Transformer
}

// of is an item's middle or nadir. It reports false if that has no image.
func (p *places) of(it *Item, nadir bool) (x, y float64, ok bool) {
	from := it.Footprint.CRS
	if nadir && it.Nadir != nil {
		x, y = it.Nadir.X, it.Nadir.Y
		from = cmp.Or(it.Nadir.CRS, from)
	} else {
		x, y = it.Footprint.center()
	}
	t, known := p.byCRS[from]
	if !known {
		t, _ = srs.NewTransformer(from, p.crs) // nil where one of them is not stated
		p.byCRS[from] = t
	}
	if t == nil {
		return 0, 0, false
	}
	xs, ys := []float64{x}, []float64{y}
	t.Transform(xs, ys)
	return xs[0], ys[0], xs[0]-xs[0] == 0 && ys[0]-ys[0] == 0
}
