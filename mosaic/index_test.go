package mosaic_test

import (
	"context"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// scattered returns footprints all over the world, in several systems, some across the antimeridian, some with rings.
func scattered(t testing.TB, n int) mosaic.Slice {
	t.Helper()
	var systems []srs.CRS
	for _, code := range []int{4326, 3857, 32633, 32760} {
		c, err := srs.FromWKID(code)
		require.NoError(t, err)
		systems = append(systems, c)
	}
	rng := rand.New(rand.NewPCG(9, uint64(n)))
	var s mosaic.Slice
	for i := range n {
		f := mosaic.Footprint{CRS: systems[i%len(systems)]}
		w, h := 0.1+2*rng.Float64(), 0.1+2*rng.Float64()
		x, y := rng.Float64()*358-179, rng.Float64()*160-80
		switch code, _ := f.CRS.WKID(); code {
		case 3857:
			x, y, w, h = x*111319, y*111319, w*111319, h*111319
		case 32633:
			x, y, w, h = 2e5+rng.Float64()*6e5, rng.Float64()*9e6, w*1e5, h*1e5
		case 32760:
			x, y, w, h = 2e5+rng.Float64()*6e5, 2e6+rng.Float64()*8e6, w*1e5, h*1e5
		default:
			x += float64(rng.IntN(3)-1) * 360
		}
		f.Envelope = box(x, y, x+w, y+h)
		if rng.IntN(3) == 0 {
			f.Ring = mosaic.Ring{{x, y}, {x + w, y + h/4}, {x + w*3/4, y + h}, {x + w/4, y + h*3/4}}
		}
		s = append(s, &mosaic.Item{
			ID: int64(i * 3), Footprint: f, PixelSize: w / 1000,
			Attrs: map[string]any{"Month": int64(rng.IntN(12) + 1), "CloudCover": rng.Float64(), "Sensor": "OLI", "AcqDate": time.Unix(int64(i)*86400, 0)},
		})
	}
	return s
}

func TestCataloguesKeepTheContract(t *testing.T) {
	t.Run("no items", func(t *testing.T) { mosaictest.Test(t, mosaic.Slice(nil)) })
	t.Run("slice", func(t *testing.T) { mosaictest.Test(t, scattered(t, 24)) })
	t.Run("zero index", func(t *testing.T) { mosaictest.Test(t, &mosaic.Index{}) })
	t.Run("index", func(t *testing.T) {
		index, err := mosaic.NewIndex(scattered(t, 500))
		require.NoError(t, err)
		assert.Equal(t, 500, index.Len())
		mosaictest.Test(t, index)
	})
	t.Run("folder", func(t *testing.T) {
		dir := fstest.MapFS{"catalog.csv": {Data: []byte("file,Month\nb.tif,6\n")}}
		for _, name := range []string{"a.tif", "b.tif", "c.tif"} {
			dir[name] = &fstest.MapFile{}
		}
		s, err := mosaic.Folder(t.Context(), dir, &mosaic.FolderOptions{Open: func(_ context.Context, name string) (raster.Dataset, error) {
			x := 178 + float64(name[0]-'a')
			g := raster.NorthUp(crs(t, 4326), box(x, 45, x+1.5, 46), image.Pt(3, 2))
			return rastertest.FromFunc(g, 1, func(int, int, int) uint8 { return 1 }), nil
		}})
		require.NoError(t, err)
		mosaictest.Test(t, s)
	})
}

// The index finds every item that a slice finds, and hardly any other.
func TestIndexAgreesWithSlice(t *testing.T) {
	s := scattered(t, 120)
	index, err := mosaic.NewIndex(s)
	require.NoError(t, err)
	var systems []srs.CRS
	for _, code := range []int{4326, 3857, 32633} {
		systems = append(systems, crs(t, code))
	}
	ids := func(t *rapid.T, c mosaic.Catalog, q mosaic.Query) []int64 {
		out := []int64{}
		for it, err := range c.Items(context.Background(), q) {
			require.NoError(t, err)
			out = append(out, it.ID)
		}
		slices.Sort(out)
		require.Equal(t, slices.Compact(slices.Clone(out)), out, "one comes twice")
		return out
	}
	more, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7))
		q := mosaic.Query{CRS: systems[rng.IntN(len(systems))]}
		size := math.Pow(10, rng.Float64()*3.5-1.5) // of degrees
		x, y := rng.Float64()*1000-500, rng.Float64()*150-75
		scale := 1.0
		switch code, _ := q.CRS.WKID(); code {
		case 3857:
			scale = 111319
		case 32633:
			x, scale = rng.Float64()*8, 111319
			size = min(size, 3)
		}
		q.Envelope = box(x*scale, y*scale, (x+size)*scale, (y+size)*scale)
		want, got := ids(t, s, q), ids(t, index, q)
		for _, id := range want {
			require.Contains(t, got, id, "%v in %v", q.Envelope, q.CRS)
		}
		more, all = more+len(got)-len(want), all+len(got)
	})
	assert.Less(t, more, max(3, all/50), "of %d", all)
}

// Items side by side only touch: neighbours are not found, in any combination of CRSs.
func TestIndexLeavesNeighboursOut(t *testing.T) {
	for _, code := range []int{4326, 3857, 32633} {
		c := crs(t, code)
		var s mosaic.Slice
		for i := range 100 {
			x, y := 5e5+float64(i%10)*1e4, 5e6+float64(i/10)*1e4
			if c.Geographic() {
				x, y = float64(i%10)*0.1, 48+float64(i/10)*0.1
			}
			side := 1e4
			if c.Geographic() {
				side = 0.1
			}
			s = append(s, &mosaic.Item{ID: int64(i), Footprint: mosaic.Footprint{CRS: c, Envelope: box(x, y, x+side, y+side)}})
		}
		index, err := mosaic.NewIndex(s)
		require.NoError(t, err)
		q := mosaic.Query{CRS: c, Envelope: s[44].Footprint.Envelope}
		got, err := mosaic.Rule{}.Choose(t.Context(), index, mosaic.View(q), nil)
		require.NoError(t, err)
		want, err := mosaic.Rule{}.Choose(t.Context(), s, mosaic.View(q), nil)
		require.NoError(t, err)
		assert.Equal(t, idsOf(want), idsOf(got))
		assert.Contains(t, idsOf(got), int64(44))
		if !c.Geographic() { // whose tenths overlap by rounding
			assert.Len(t, got, 1, "%v", c)
		}
	}
}

func TestIndexRefuses(t *testing.T) {
	lonLat := crs(t, 4326)
	for want, items := range map[string][]*mosaic.Item{
		`mosaic: item 7 "b": item "a" has the same ID`: {
			{ID: 7, Name: "a", Footprint: square(lonLat, 0, 0)}, {ID: 7, Name: "b", Footprint: square(lonLat, 0, 0)}},
		`mosaic: item 1 "a": srs: the spatial reference is not stated`: {{ID: 1, Name: "a", Footprint: mosaic.Footprint{Envelope: box(0, 0, 1, 1)}}},
		`its box has no area`:        {{ID: 1, Footprint: mosaic.Footprint{CRS: lonLat}}},
		`its box has no area: 0,0,N`: {{ID: 1, Footprint: mosaic.Footprint{CRS: lonLat, Envelope: box(0, 0, math.NaN(), 1)}}},
		`has no image`:               {{ID: 1, Footprint: mosaic.Footprint{CRS: crs(t, 32633), Envelope: box(1e9, 1e9, 2e9, 2e9)}}},
	} {
		_, err := mosaic.NewIndex(items)
		require.ErrorContains(t, err, want)
		var e *mosaic.ItemError
		require.ErrorAs(t, err, &e)
	}
}

// hundredThousand are scenes of 1.7° by 1.7°, five deep all over the land-sized part of the world.
func hundredThousand(tb testing.TB) []*mosaic.Item {
	lonLat, err := srs.FromWKID(4326)
	require.NoError(tb, err)
	rng := rand.New(rand.NewPCG(1, 1))
	items := make([]*mosaic.Item, 100_000)
	for i := range items {
		x, y := rng.Float64()*360-180, rng.Float64()*140-70
		items[i] = &mosaic.Item{
			ID: int64(i), Name: "LC08_L1TP_" + string(rune('A'+i%26)), PixelSize: 1.0 / 3600,
			Footprint: mosaic.Footprint{CRS: lonLat, Envelope: box(x, y, x+1.7, y+1.7)},
			Attrs: map[string]any{"Month": int64(i%12 + 1), "CloudCover": rng.Float64(), "Sensor": "OLI",
				"AcqDate": time.Unix(int64(i)*1000, 0), "Path": int64(i % 233)},
		}
	}
	return items
}

// T53: memory for 100 000 items with five attributes each, the index included.
func TestIndexIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("100 000 items")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index, err := mosaic.NewIndex(hundredThousand(t))
	require.NoError(t, err)
	runtime.GC()
	runtime.ReadMemStats(&after)
	size := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d MiB", size>>20)
	assert.Less(t, size, int64(150<<20))
	runtime.KeepAlive(index)
}

func BenchmarkChoose100000(b *testing.B) {
	index, err := mosaic.NewIndex(hundredThousand(b))
	require.NoError(b, err)
	mercator, err := srs.FromWKID(3857)
	require.NoError(b, err)
	v := mosaic.View{CRS: mercator, Envelope: box(1e6, 5e6, 1.01e6, 5.01e6), Resolution: 20}
	for name, r := range map[string]mosaic.Rule{
		"None": {}, "Center": {Method: mosaic.Center},
		"Attribute-where": {Method: mosaic.Attribute, SortField: "Month", SortValue: 6.0, Where: "CloudCover < 0.5 AND Sensor = 'OLI'"},
		"LockRaster":      {Method: mosaic.LockRaster, LockIDs: []int64{5, 99_999, 31_415}},
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				items, err := r.Choose(b.Context(), index, v, nil)
				if err != nil {
					b.Fatal(err)
				}
				n = len(items)
			}
			b.ReportMetric(float64(n), "items")
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	items := hundredThousand(b)
	for b.Loop() {
		if _, err := mosaic.NewIndex(items); err != nil {
			b.Fatal(err)
		}
	}
}

func TestRings(t *testing.T) {
	lonLat, utm1 := crs(t, 4326), crs(t, 32660)
	diamond := mosaic.Ring{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}
	turned := mosaic.Ring{{180, -1}, {-179, 0}, {180, 1}, {179, 0}, {180, -1}}
	for _, c := range []struct {
		name string
		f    mosaic.Footprint
		crs  srs.CRS
		box  srs.Envelope
		want bool
	}{
		{"in a corner of the box", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(0.6, 0.6, 1, 1), false},
		{"across an edge", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(0.4, 0.4, 1, 1), true},
		{"inside", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(-.1, -.1, .1, .1), true},
		{"around", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(-9, -9, 9, 9), true},
		{"a turn away", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(359.9, -.1, 360.1, .1), true},
		{"a corner, a turn away", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond}, lonLat, box(360.6, .6, 361, 1), false},
		{"across the antimeridian", mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1), Ring: turned}, lonLat, box(-179.9, -.1, -179.5, .1), true},
		{"across the antimeridian, its corner", mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1), Ring: turned}, lonLat, box(-179.4, .6, -179, 1), false},
		{"across the antimeridian, not all the rest", mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1), Ring: turned}, lonLat, box(0, -1, 1, 1), false},
		{"another CRS", mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1), Ring: turned}, utm1, box(8e5, 1e3, 8.5e5, 5e3), true},
		{"another CRS, its corner", mosaic.Footprint{CRS: lonLat, Envelope: box(179, -1, 181, 1), Ring: turned}, utm1, box(9e5, 1e5, 9.2e5, 1.1e5), false},
		{"two corners are no ring", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: diamond[:2]}, lonLat, box(0.6, 0.6, 1, 1), true},
		{"neither is NaN", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: mosaic.Ring{{0, 0}, {1, 0}, {math.NaN(), 1}}}, lonLat, box(0.6, 0.6, 1, 1), true},
		{"nor a line", mosaic.Footprint{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Ring: mosaic.Ring{{0, 0}, {1, 0}, {.5, 0}}}, lonLat, box(0.6, 0.6, 1, 1), true},
		{"nor what goes around the pole", mosaic.Footprint{CRS: lonLat, Envelope: box(-180, 60, 180, 90), Ring: mosaic.Ring{{-120, 60}, {0, 60}, {120, 60}}}, lonLat, box(0, 80, 1, 81), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mosaic.Slice{{ID: 1, Footprint: c.f}}
			index, err := mosaic.NewIndex(s)
			require.NoError(t, err)
			for _, catalog := range []mosaic.Catalog{s, index} {
				got := false
				for _, err := range catalog.Items(t.Context(), mosaic.Query{CRS: c.crs, Envelope: c.box}) {
					require.NoError(t, err)
					got = true
				}
				assert.Equal(t, c.want, got, "%T", catalog)
			}
		})
	}
}

func TestItemErrorsNameTheirItem(t *testing.T) {
	err := &mosaic.ItemError{ID: 4, Name: "x", Err: errBroken}
	assert.ErrorIs(t, err, errBroken)
	assert.True(t, strings.Contains(err.Error(), `item 4 "x"`))
}
