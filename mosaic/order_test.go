package mosaic_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

func box(xmin, ymin, xmax, ymax float64) srs.Envelope {
	return srs.Envelope{XMin: xmin, YMin: ymin, XMax: xmax, YMax: ymax}
}

// square is a footprint of two units by two around a point.
func square(crs srs.CRS, x, y float64) mosaic.Footprint {
	return mosaic.Footprint{CRS: crs, Envelope: box(x-1, y-1, x+1, y+1)}
}

func attr(id int64, name string, v any) *mosaic.Item {
	it := &mosaic.Item{ID: id, Attrs: map[string]any{}}
	if v != nil {
		it.Attrs[name] = v
	}
	return it
}

func idsOf(items []*mosaic.Item) []int64 {
	ids := []int64{}
	for _, it := range items {
		ids = append(ids, it.ID)
	}
	return ids
}

// order returns the IDs in the rule's order, and checks that it does not depend on the order before.
func order(t *testing.T, r mosaic.Rule, v mosaic.View, items ...*mosaic.Item) []int64 {
	t.Helper()
	r.Order(items, v)
	want := idsOf(items)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		r.Order(items, v)
		require.Equal(t, want, idsOf(items))
	}
	return want
}

// The documented example of the operation: ByAttribute, Month, 6.
func TestMonthsAroundJune(t *testing.T) {
	months := func() []*mosaic.Item {
		return []*mosaic.Item{
			attr(1, "Month", int64(1)), attr(2, "Month", int64(6)), attr(3, "Month", int64(9)), attr(4, "Month", int64(12)),
		}
	}
	for _, base := range []any{6.0, "6", " 6 "} {
		r := mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: base}
		assert.Equal(t, []int64{2, 3, 1, 4}, order(t, r, mosaic.View{}, months()...), "months 6, 9, 1, 12")
		r.Descending = true
		assert.Equal(t, []int64{4, 1, 3, 2}, order(t, r, mosaic.View{}, months()...))
	}
}

func TestOrderByAttribute(t *testing.T) {
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	dates := []any{day(2014, 10, 20), day(2015, 1, 1), day(2014, 1, 1), day(1969, 7, 20)}
	for _, c := range []struct {
		name       string
		values     []any // of items 1, 2, …
		base       any
		descending bool
		want       []int64
	}{
		{"base 0 unless stated", []any{-3.0, 2.0, int64(1)}, nil, false, []int64{3, 2, 1}},
		{"ties by ID", []any{7.0, 5.0, 5.0, 7.0}, 6.0, false, []int64{1, 2, 3, 4}},
		{"ties by ID, descending", []any{7.0, 5.0, 5.0, 7.0}, 6.0, true, []int64{1, 2, 3, 4}},
		{"missing last", []any{nil, 5.0, nil, 1.0}, 1.0, false, []int64{4, 2, 1, 3}},
		{"missing last, descending", []any{nil, 5.0, nil, 1.0}, 1.0, true, []int64{2, 4, 1, 3}},
		{"dates, the earliest first", dates, nil, false, []int64{4, 3, 1, 2}},
		{"dates, base 0", dates, 0.0, false, []int64{4, 3, 1, 2}},
		{"dates, the latest first", dates, "", true, []int64{2, 1, 3, 4}},
		{"dates around one", dates, "2014/11/01", false, []int64{1, 2, 3, 4}},
		{"dates around one with hyphens and time", dates, "2014-01-02 12:30:01.5", false, []int64{3, 1, 2, 4}},
		{"dates around a year", dates, "2015", false, []int64{2, 1, 3, 4}},
		{"dates around a year as a number", dates, 2015.0, false, []int64{2, 1, 3, 4}},
		{"dates around a month", dates, "2014/10", false, []int64{1, 2, 3, 4}},
		{"dates around milliseconds", dates, float64(day(2014, 2, 1).UnixMilli()), false, []int64{3, 1, 2, 4}},
		{"texts regardless of case", []any{"b", "A", "C", "a"}, nil, false, []int64{2, 4, 1, 3}},
		{"texts, whatever the base", []any{"b", "A", "c"}, "c", false, []int64{2, 1, 3}},
		{"numbers, dates, texts", []any{"a", day(2000, 1, 1), 5.0, nil}, nil, false, []int64{3, 2, 1, 4}},
		{"whole numbers and others", []any{int64(3), 2.5, int64(2)}, 2.4, false, []int64{2, 3, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var items []*mosaic.Item
			for i, v := range c.values {
				items = append(items, attr(int64(i+1), "A", v))
			}
			r := mosaic.Rule{Method: mosaic.Attribute, SortField: "a", SortValue: c.base, Descending: c.descending}
			assert.Equal(t, c.want, order(t, r, mosaic.View{}, items...))
		})
	}
}

// at makes items of footprints around points.
func at(crs srs.CRS, points ...[2]float64) (items []*mosaic.Item) {
	for i, p := range points {
		items = append(items, &mosaic.Item{ID: int64(i + 1), Footprint: square(crs, p[0], p[1])})
	}
	return items
}

func TestOrderByPlace(t *testing.T) {
	lonLat, mercator, utm33 := crs(t, 4326), crs(t, 3857), crs(t, 32633)
	view := func(crs srs.CRS, x, y float64) mosaic.View {
		return mosaic.View{CRS: crs, Envelope: box(x-5, y-5, x+5, y+5)}
	}
	row := at(lonLat, [2]float64{0, 0}, [2]float64{10, 0}, [2]float64{20, 0})
	for _, c := range []struct {
		name  string
		rule  mosaic.Rule
		view  mosaic.View
		items []*mosaic.Item
		want  []int64
	}{
		{"centre", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 12, 0), row, []int64{2, 3, 1}},
		{"centre, panned", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 2, 0), row, []int64{1, 2, 3}},
		{"farthest first", mosaic.Rule{Method: mosaic.Center, Descending: true}, view(lonLat, 12, 0), row, []int64{1, 3, 2}},
		{"as near to one as to the other", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 5, 0), row, []int64{1, 2, 3}},
		{"as near but for rounding", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 0.2, 0),
			at(lonLat, [2]float64{0.3, 0}, [2]float64{0.1, 0}), []int64{1, 2}},
		{"the shorter way round", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 179, 0),
			at(lonLat, [2]float64{175, 0}, [2]float64{-179, 0}), []int64{2, 1}},
		{"the shorter way round, turns away", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 179+720, 0),
			at(lonLat, [2]float64{175, 0}, [2]float64{-179, 0}), []int64{2, 1}},
		{"another CRS", mosaic.Rule{Method: mosaic.Center}, view(mercator, 12*111319, 0), row, []int64{2, 3, 1}},
		{"no image in the view's CRS", mosaic.Rule{Method: mosaic.Center}, view(utm33, 5e5, 0),
			at(lonLat, [2]float64{170, 0}, [2]float64{14, 1}), []int64{2, 1}},
		{"no CRS at all", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 0, 0),
			append(at(srs.CRS{}, [2]float64{0, 0}), &mosaic.Item{ID: 2, Footprint: square(lonLat, 9, 9)}), []int64{2, 1}},
		{"nadir", mosaic.Rule{Method: mosaic.Nadir}, view(lonLat, 12, 0), []*mosaic.Item{
			{ID: 1, Footprint: square(lonLat, 12, 0), Nadir: &mosaic.Point{X: 30, Y: 0}},
			{ID: 2, Footprint: square(lonLat, 15, 0)},
			{ID: 3, Footprint: square(lonLat, 50, 0), Nadir: &mosaic.Point{CRS: mercator, X: 1335833, Y: 0}},
		}, []int64{3, 2, 1}},
		{"centre pays no regard to nadirs", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 12, 0), []*mosaic.Item{
			{ID: 1, Footprint: square(lonLat, 12, 0), Nadir: &mosaic.Point{X: 30, Y: 0}},
			{ID: 2, Footprint: square(lonLat, 15, 0)},
		}, []int64{1, 2}},
		{"viewpoint", mosaic.Rule{Method: mosaic.Viewpoint, Viewpoint: &mosaic.Point{X: 19, Y: 3}}, view(lonLat, 0, 0), row, []int64{3, 2, 1}},
		{"viewpoint in its own CRS", mosaic.Rule{Method: mosaic.Viewpoint, Viewpoint: &mosaic.Point{CRS: mercator, X: 2e6}},
			view(lonLat, 0, 0), row, []int64{3, 2, 1}},
		{"north-west", mosaic.Rule{Method: mosaic.Northwest}, view(lonLat, 20, 0),
			at(lonLat, [2]float64{10, 40}, [2]float64{0, 40}, [2]float64{0, 50}, [2]float64{-180, -90}, [2]float64{179, 0}), []int64{4, 3, 2, 1, 5}},
		{"north-west, by the corner", mosaic.Rule{Method: mosaic.Northwest, Corner: &mosaic.Point{CRS: lonLat, X: 0, Y: 50}}, view(lonLat, 20, 0),
			at(lonLat, [2]float64{10, 40}, [2]float64{0, 40}, [2]float64{0, 50}, [2]float64{-180, -90}, [2]float64{179, 0}), []int64{3, 2, 1, 5, 4}},
		{"seamline", mosaic.Rule{Method: mosaic.Seamline, Descending: true}, view(lonLat, 0, 0), []*mosaic.Item{
			attr(1, "SOrder", 2.0), attr(2, "SOrder", nil), attr(3, "sorder", int64(-1)), attr(4, "SOrder", "x"),
		}, []int64{3, 2, 4, 1}},
		{"a ring's centre", mosaic.Rule{Method: mosaic.Center}, view(lonLat, 1, 1), []*mosaic.Item{
			{ID: 1, Footprint: mosaic.Footprint{CRS: lonLat, Envelope: box(0, 0, 20, 20)}},
			{ID: 2, Footprint: mosaic.Footprint{CRS: lonLat, Envelope: box(0, 0, 20, 20), Ring: mosaic.Ring{{0, 0}, {6, 0}, {0, 6}}}},
		}, []int64{2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, order(t, c.rule, c.view, slices.Clone(c.items)...))
		})
	}
}

// The order of Northwest is the same in all views, so that pictures side by side agree.
func TestNorthwestDoesNotLookAtTheView(t *testing.T) {
	lonLat := crs(t, 4326)
	rng := rand.New(rand.NewPCG(5, 5))
	var items []*mosaic.Item
	for i := range 50 {
		items = append(items, &mosaic.Item{ID: int64(i), Footprint: square(lonLat, rng.Float64()*300, rng.Float64()*80)})
	}
	for _, corner := range []*mosaic.Point{nil, {CRS: lonLat, X: 0, Y: 80}} {
		r := mosaic.Rule{Method: mosaic.Northwest, Corner: corner}
		want := order(t, r, mosaic.View{CRS: lonLat, Envelope: box(0, 0, 1, 1)}, items...)
		assert.Equal(t, want, order(t, r, mosaic.View{CRS: crs(t, 3857), Envelope: box(1e6, 1e6, 2e6, 2e6)}, items...))
	}
}

// ZOrder and pixel size come before every method's own key, but for LockRaster's.
func TestZOrderAndPixelSizeComeFirst(t *testing.T) {
	lonLat, utm := crs(t, 4326), crs(t, 32633)
	view := mosaic.View{CRS: lonLat, Envelope: box(-1, -1, 1, 1)}
	items := func() []*mosaic.Item {
		in := func(id int64, crs srs.CRS, size float64, z any) *mosaic.Item {
			it := attr(id, "ZOrder", z)
			it.Footprint, it.PixelSize = square(crs, float64(id), 0), size
			it.Attrs["A"] = float64(id)
			return it
		}
		return []*mosaic.Item{
			in(1, lonLat, 1, int64(3)),
			in(2, lonLat, 0, nil), // size not known
			in(3, lonLat, 1.0/3600, nil),
			in(4, utm, 30, nil), // finer than a second of arc, 30.9 m
			in(5, utm, 30.0001, nil),
			in(6, lonLat, 1, -0.5),
			in(7, utm, 30.1, 0.0),
		}
	}
	for method := mosaic.DefaultMethod; method <= mosaic.Seamline; method++ {
		r := mosaic.Rule{Method: method, SortField: "A", Viewpoint: &mosaic.Point{CRS: lonLat}, LockIDs: []int64{2, 7, 1, 4, 4, 2}}
		got := order(t, r, view, items()...)
		if method == mosaic.LockRaster {
			assert.Equal(t, []int64{2, 7, 1, 4, 3, 5, 6}, got, "as listed, and the others by ID")
			r.Descending = true
			assert.Equal(t, got, order(t, r, view, items()...))
			continue
		}
		assert.Equal(t, []int64{6, 4, 5, 7, 3, 2, 1}, got, "%v", method)
		r.Descending = true
		got = order(t, r, view, items()...)
		slices.Sort(got[1:3]) // of equal size to four digits
		assert.Equal(t, []int64{6, 4, 5, 7, 3, 2, 1}, got, "%v, descending", method)
	}
}

// T50: the order is total for any attributes.
func TestOrderIsTotal(t *testing.T) {
	lonLat, mercator := crs(t, 4326), crs(t, 3857)
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		var items []*mosaic.Item
		for i := range rapid.IntRange(0, 30).Draw(t, "items") {
			it := &mosaic.Item{ID: int64(i), Attrs: map[string]any{}, Footprint: square(lonLat, float64(rng.IntN(4)), 0)}
			it.PixelSize = []float64{0, 1, 1, 2}[rng.IntN(4)]
			for _, name := range []string{"A", "ZOrder", "SOrder"} {
				if v := []any{nil, int64(1), 1.0, -1.0, "x", "X", time.Unix(0, 0), time.Unix(1, 0)}[rng.IntN(8)]; v != nil {
					it.Attrs[name] = v
				}
			}
			if rng.IntN(2) == 0 {
				it.Nadir = &mosaic.Point{CRS: mercator, X: float64(rng.IntN(3))}
			}
			items = append(items, it)
		}
		r := mosaic.Rule{
			Method: mosaic.Method(rng.IntN(int(mosaic.Seamline) + 1)), SortField: "A", SortValue: []any{nil, 0.5, "1970/01/01"}[rng.IntN(3)],
			Descending: rng.IntN(2) == 0, Viewpoint: &mosaic.Point{CRS: lonLat, X: 1}, LockIDs: []int64{5, 3, 3, 99},
		}
		v := mosaic.View{CRS: lonLat, Envelope: box(0, 0, 2, 2)}
		r.Order(items, v)
		want := idsOf(items)
		for range 5 {
			rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			r.Order(items, v)
			require.Equal(t, want, idsOf(items))
		}
		// The order of some is that of all, without the others.
		some := slices.DeleteFunc(slices.Clone(items), func(it *mosaic.Item) bool { return it.ID%2 == 0 })
		r.Order(some, v)
		require.Equal(t, slices.DeleteFunc(want, func(id int64) bool { return id%2 == 0 }), idsOf(some))
	})
}

func BenchmarkOrder(b *testing.B) {
	lonLat, err := srs.FromWKID(4326)
	require.NoError(b, err)
	rng := rand.New(rand.NewPCG(1, 1))
	var items []*mosaic.Item
	for i := range 1000 {
		items = append(items, &mosaic.Item{ID: int64(i), Footprint: square(lonLat, rng.Float64()*100, rng.Float64()*80),
			Attrs: map[string]any{"Month": int64(rng.IntN(12)), "CloudCover": rng.Float64(), "Sensor": "OLI"}})
	}
	mercator, err := srs.FromWKID(3857)
	require.NoError(b, err)
	v := mosaic.View{CRS: mercator, Envelope: box(0, 0, 1e6, 1e6)}
	for _, r := range []mosaic.Rule{
		{Method: mosaic.None}, {Method: mosaic.Center}, {Method: mosaic.Northwest},
		{Method: mosaic.Attribute, SortField: "month", SortValue: 6.0},
	} {
		b.Run(fmt.Sprint(r.Method), func(b *testing.B) {
			work := slices.Clone(items)
			for b.Loop() {
				copy(work, items)
				r.Order(work, v)
			}
		})
	}
}
