package mosaictest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/geoexport/geoexport/internal/guard"
	"github.com/geoexport/geoexport/internal/portable"
	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

const (
	// mostItems bounds the items that are tested one by one; of a larger catalogue, a sample is.
	mostItems = 200
	// mostOpened bounds the rasters that are opened.
	mostOpened = 5
	// codeLonLat is WGS 84.
	codeLonLat = 4326
)

// sample returns items from all over the catalogue.
func sample(all []*mosaic.Item) []*mosaic.Item {
	if len(all) <= mostItems {
		return all
	}
	rnd := rand.New(rand.NewPCG(1, uint64(len(all))))
	var out []*mosaic.Item
	for range mostItems {
		out = append(out, all[rnd.IntN(len(all))])
	}
	return out
}

// ids runs a query and returns the IDs of the items, sorted. Two items with the same ID are an error.
func ids(ctx context.Context, c mosaic.Catalog, q mosaic.Query) ([]int64, error) {
	var out []int64
	for it, err := range c.Items(ctx, q) {
		switch {
		case err != nil:
			return nil, err
		case it == nil:
			return nil, fmt.Errorf("neither an item nor an error")
		}
		out = append(out, it.ID)
	}
	slices.Sort(out)
	for i := range out {
		if i > 0 && out[i] == out[i-1] {
			return nil, fmt.Errorf("item %d comes twice", out[i])
		}
	}
	return out, nil
}

func mustIDs(t reporter, c mosaic.Catalog, q mosaic.Query) []int64 {
	t.Helper()
	out, err := ids(t.Context(), c, q)
	if err != nil {
		t.Fatalf("%v: %v", q, err)
	}
	return out
}

func testItems(t reporter, c mosaic.Catalog) []*mosaic.Item {
	var all []*mosaic.Item
	for it, err := range c.Items(t.Context(), mosaic.Query{}) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		if it == nil {
			t.Fatalf("neither an item nor an error")
		}
		all = append(all, it)
		f := it.Footprint
		if f.CRS.IsZero() || f.Envelope.Empty() || !f.Envelope.Finite() {
			t.Errorf("item %d: footprint %v in %v", it.ID, f.Envelope, f.CRS)
		}
		if !(it.PixelSize >= 0 && it.MinPS >= 0 && it.MaxPS >= 0) {
			t.Errorf("item %d: pixel size %v, for pixels from %v to %v", it.ID, it.PixelSize, it.MinPS, it.MaxPS)
		}
		for name, v := range it.Attrs {
			switch v.(type) {
			case int64, float64, string, time.Time:
			default:
				t.Errorf("item %d: attribute %q is a %T", it.ID, name, v)
			}
		}
	}
	if again := mustIDs(t, c, mosaic.Query{}); len(again) != len(all) {
		t.Errorf("%d items, and then %d", len(all), len(again))
	}
	return all
}

func lonLat(t reporter) srs.CRS {
	t.Helper()
	return wkid(t, codeLonLat)
}

func wkid(t reporter, code int) srs.CRS {
	t.Helper()
	c, err := srs.FromWKID(code)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// testBoxes queries small boxes inside footprints, in several CRSs: the items must be found.
func testBoxes(t reporter, c mosaic.Catalog, all, some []*mosaic.Item) {
	known := map[int64]bool{}
	for _, it := range all {
		known[it.ID] = true
	}
	rnd := rand.New(rand.NewPCG(2, 2))
	crss := []srs.CRS{{}, lonLat(t), wkid(t, 102100), wkid(t, 32633)}
	for _, it := range some {
		for _, crs := range crss {
			if crs.IsZero() {
				crs = it.Footprint.CRS
			}
			for _, part := range []float64{1e-3, 2} {
				if q, ok := boxInside(t, it, crs, part, rnd); ok {
					testBox(t, c, q, it, known)
				}
			}
		}
	}
}

// testBox queries a box: it holds the given item, and items of the catalogue alone.
func testBox(t reporter, c mosaic.Catalog, q mosaic.Query, it *mosaic.Item, known map[int64]bool) {
	t.Helper()
	got := mustIDs(t, c, q)
	if _, found := slices.BinarySearch(got, it.ID); !found {
		t.Errorf("item %d, %v in %v, is not among those of %v in %v",
			it.ID, it.Footprint.Envelope, it.Footprint.CRS, q.Envelope, q.CRS)
	}
	for _, id := range got {
		if !known[id] {
			t.Errorf("item %d of %v is not among all items", id, q)
		}
	}
}

// boxInside returns a box around a point of an item's footprint, whose size is the given part of the footprint's. It
// reports false if there is none in crs.
func boxInside(t reporter, it *mosaic.Item, crs srs.CRS, part float64, rnd *rand.Rand) (mosaic.Query, bool) {
	tr, err := srs.NewTransformer(it.Footprint.CRS, crs)
	if err != nil {
		t.Fatalf("%v", err)
	}
	x, y, ok := pointInside(it.Footprint, rnd)
	if !ok {
		return mosaic.Query{}, false
	}
	e := it.Footprint.Envelope
	h := 1e-4 * min(e.Width(), e.Height())
	xs, ys := []float64{x, x + h}, []float64{y, y + h}
	if tr.Transform(xs, ys) > 0 {
		return mosaic.Query{}, false
	}
	// The box is a multiple of a small step on the ground, so that it has about the size of that part of the footprint.
	size := portable.Hypot(xs[1]-xs[0], ys[1]-ys[0]) / 1e-4 * part / 2
	if p := crs.Period(); p > 0 {
		size = min(size, p/4)
	}
	box := srs.Envelope{XMin: xs[0] - size, YMin: ys[0] - size, XMax: xs[0] + size, YMax: ys[0] + size}
	return mosaic.Query{CRS: crs, Envelope: box}, box.Finite() && !box.Empty()
}

// pointInside returns a point well inside a footprint, and inside its ring if it has one.
func pointInside(f mosaic.Footprint, rnd *rand.Rand) (x, y float64, ok bool) {
	e := f.Envelope
	area := func(x, y float64) bool { return true }
	if len(f.Ring) > 0 {
		// The ring's corners are moved next to each other the short way round; inside is what the even-odd rule counts
		// so.
		area = func(x, y float64) bool { return inside(f.Ring, f.CRS.Period(), x, y) }
	}
	for range 100 {
		x = e.XMin + (0.01+0.98*rnd.Float64())*e.Width()
		y = e.YMin + (0.01+0.98*rnd.Float64())*e.Height()
		if area(x, y) {
			return x, y, true
		}
	}
	return 0, 0, false
}

func inside(ring mosaic.Ring, period, x, y float64) bool {
	odd := false
	last := ring[len(ring)-1]
	for _, p := range ring {
		a, b := last, p
		last = p
		if period > 0 {
			b[0] -= period * math.Round((b[0]-a[0])/period)
			shift := period * math.Round((x-(a[0]+b[0])/2)/period)
			a[0], b[0] = a[0]+shift, b[0]+shift
		}
		if (a[1] > y) != (b[1] > y) && x < a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]) {
			odd = !odd
		}
	}
	return odd
}

// testTurns moves boxes around the world: they hold the same items wherever x repeats.
func testTurns(t reporter, c mosaic.Catalog, all []*mosaic.Item) {
	crs := lonLat(t)
	for _, box := range []srs.Envelope{
		{XMin: 170, YMin: -80, XMax: 190, YMax: 80},
		{XMin: -1, YMin: -1, XMax: 1, YMax: 1},
		{XMin: 10, YMin: 40, XMax: 20, YMax: 60},
	} {
		want := mustIDs(t, c, mosaic.Query{CRS: crs, Envelope: box})
		for _, turns := range []float64{-3, -1, 1, 2} {
			moved := box
			moved.XMin, moved.XMax = box.XMin+360*turns, box.XMax+360*turns
			if got := mustIDs(t, c, mosaic.Query{CRS: crs, Envelope: moved}); !slices.Equal(got, want) {
				t.Errorf("%v holds items %v, and %v holds %v", box, want, moved, got)
			}
		}
	}
	for _, world := range []srs.Envelope{
		{XMin: -180, YMin: -90, XMax: 180, YMax: 90},
		{XMin: 0, YMin: -90, XMax: 360, YMax: 90},
		{XMin: -540, YMin: -90, XMax: 540, YMax: 90},
	} {
		if got := mustIDs(t, c, mosaic.Query{CRS: crs, Envelope: world}); len(got) != len(all) {
			t.Errorf("%v holds %d items of %d", world, len(got), len(all))
		}
	}
}

// testBreaks stops in the middle, after which nothing may be yielded.
func testBreaks(t reporter, c mosaic.Catalog, all []*mosaic.Item) {
	for _, n := range []int{1, 2, len(all)} {
		if n > len(all) {
			continue
		}
		seen := 0
		for _, err := range c.Items(t.Context(), mosaic.Query{}) {
			if err != nil {
				t.Fatalf("%v", err)
			}
			if seen++; seen == n {
				break
			}
		}
		if seen != n {
			t.Errorf("%d items, want %d", seen, n)
		}
	}
}

func testCancellation(t reporter, c mosaic.Catalog) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	world := mosaic.Query{CRS: lonLat(t), Envelope: srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}}
	for _, q := range []mosaic.Query{{}, world} {
		failed := false
		for it, err := range c.Items(ctx, q) {
			if failed {
				t.Errorf("%v: something comes after an error: %v, %v", q, it, err)
			}
			failed = err != nil
		}
		if !failed && len(mustIDs(t, c, q)) > 0 {
			t.Errorf("%v: no error although the context is over", q)
		}
	}
}

func testConcurrency(t reporter, c mosaic.Catalog, some []*mosaic.Item) {
	if len(some) == 0 {
		return
	}
	const readers = 4
	rnd := rand.New(rand.NewPCG(3, 3))
	var queries []mosaic.Query
	for range 20 {
		it := some[rnd.IntN(len(some))]
		if q, ok := boxInside(t, it, lonLat(t), 1, rnd); ok {
			queries = append(queries, q)
		}
	}
	want := make([][]int64, len(queries))
	for i, q := range queries {
		want[i] = mustIDs(t, c, q)
	}
	var running sync.WaitGroup
	for range readers {
		guard.Go(&running, "asking beside others", func() error {
			for i, q := range queries {
				if got, err := ids(t.Context(), c, q); err != nil || !slices.Equal(got, want[i]) {
					t.Errorf("%v holds %v, beside other queries %v, %v", q, want[i], got, err)
				}
			}
			return nil
		}, func(err error) {
			if err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	running.Wait()
}

// testRasters opens a few items: each raster must lie in its footprint, and opening it again must work.
func testRasters(t reporter, some []*mosaic.Item) {
	for i, it := range some {
		if i == mostOpened || it.Open == nil {
			return
		}
		for range 2 {
			ds, err := it.Open(t.Context())
			if err != nil {
				t.Errorf("item %d: %v", it.ID, err)
				break
			}
			g := ds.Info().Grid
			tr, err := srs.NewTransformer(g.CRS, it.Footprint.CRS)
			if err != nil {
				t.Fatalf("%v", err)
			}
			e, err := tr.Envelope(g.Envelope())
			if err != nil {
				t.Errorf("item %d: %v", it.ID, err)
				break
			}
			f := it.Footprint.Envelope
			if p := it.Footprint.CRS.Period(); p > 0 {
				turns := p * math.Round((f.XMin-e.XMin)/p)
				e.XMin, e.XMax = e.XMin+turns, e.XMax+turns
			}
			if !e.Intersects(f) {
				t.Errorf("item %d: its raster is at %v, its footprint %v", it.ID, e, f)
			}
		}
	}
}

func testLookup(t reporter, l mosaic.Lookup, all, some []*mosaic.Item) {
	known := map[int64]bool{}
	for _, it := range all {
		known[it.ID] = true
	}
	missing := int64(math.MinInt64)
	for known[missing] {
		missing++
	}
	want := map[int64]bool{}
	asked := []int64{missing}
	for _, it := range some {
		if !want[it.ID] {
			want[it.ID] = true
			asked = append(asked, it.ID)
		}
	}
	got, err := l.Lookup(t.Context(), asked)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, it := range got {
		if !want[it.ID] {
			t.Errorf("item %d was not asked for, or comes twice", it.ID)
		}
		delete(want, it.ID)
	}
	if len(want) > 0 {
		t.Errorf("%d items were not found", len(want))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Lookup(ctx, asked); err == nil {
		t.Errorf("no error although the context is over")
	}
}

func testSchema(t reporter, s mosaic.Schema, some []*mosaic.Item) {
	for _, it := range some {
		for name := range it.Attrs {
			if ok, err := s.HasField(t.Context(), name); !ok || err != nil {
				t.Errorf("attribute %q of item %d: %v, %v", name, it.ID, ok, err)
			}
		}
	}
	if ok, err := s.HasField(t.Context(), "no such field\x00"); ok || err != nil {
		t.Errorf("an attribute that no item has: %v, %v", ok, err)
	}
}
