package mosaic_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/srs"
)

// large is a catalogue that knows its summary, and counts how often all of its items are asked for.
type large struct {
	mosaic.Slice
	version string
	whole   int
}

func (l *large) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	if q == (mosaic.Query{}) {
		l.whole++
	}
	return l.Slice.Items(ctx, q)
}

func (l *large) Version(context.Context) (string, error) {
	if l.version == "lost" {
		return "", errors.New("the database is away")
	}
	return l.version, nil
}

func (l *large) Summary(context.Context) (mosaic.Summary, error) {
	s := mosaic.SummaryOf(l.Slice)
	s.First = s.First[:min(len(s.First), mosaic.SummaryItems)]
	return s, nil
}

func (l *large) Lookup(_ context.Context, ids []int64) (out []*mosaic.Item, err error) {
	for _, it := range l.Slice {
		if slices.Contains(ids, it.ID) {
			out = append(out, it)
		}
	}
	return out, nil
}

func (l *large) HasField(_ context.Context, name string) (bool, error) { return name == "Cloud", nil }

func row(crs srs.CRS, n int, attrs map[string]any) (s mosaic.Slice) {
	for i := range n {
		s = append(s, &mosaic.Item{
			ID: int64(i + 1), Name: string(rune('a' + i)), Footprint: square(crs, float64(2*i), 0), PixelSize: float64(n - i), Attrs: attrs,
		})
	}
	return s
}

func TestLayers(t *testing.T) {
	lonLat := crs(t, 4326)
	a, b := &large{Slice: row(lonLat, 20, map[string]any{"Cloud": int64(3)}), version: "1"}, row(lonLat, 100, map[string]any{"cloud": "none"})
	l := mosaic.Layers{a, b}
	mosaictest.Test(t, l)
	mosaictest.Test(t, mosaic.Layers{b})
	a.whole = 0

	s, err := mosaic.Summarize(t.Context(), l)
	require.NoError(t, err)
	assert.Equal(t, 120, s.Count)
	assert.Equal(t, int64(1), s.First[0].ID)
	for i, it := range s.First {
		require.EqualValues(t, i+1, it.ID, "none is left out between the lowest IDs")
	}
	assert.GreaterOrEqual(t, len(s.First), mosaic.SummaryItems)
	all, err := mosaic.Summarize(t.Context(), mosaic.Join(a.Slice, b))
	require.NoError(t, err)
	assert.Equal(t, all.Fields, s.Fields)

	items, err := l.Lookup(t.Context(), []int64{2, 3, 5, 1000, 0, -7})
	require.NoError(t, err)
	assert.ElementsMatch(t, []int64{2, 3, 5}, idsOf(items))
	assert.Zero(t, a.whole, "the large catalogue was not read whole")

	v, err := l.Version(t.Context())
	require.NoError(t, err)
	pinned := mosaic.At(l, v)
	a.version = "2"
	err = nil
	for _, e := range pinned.Items(t.Context(), mosaic.Query{CRS: lonLat, Envelope: box(0, 0, 1, 1)}) {
		err = e
	}
	require.ErrorContains(t, err, "added, changed or withdrawn")
	a.version = "lost"
	_, err = l.Version(t.Context())
	require.ErrorContains(t, err, "away")
	has, err := l.HasField(t.Context(), "CLOUD")
	require.NoError(t, err)
	assert.True(t, has)
}

// Items without room for their IDs are errors, and never get those of others.
func TestLayersIDs(t *testing.T) {
	lonLat := crs(t, 4326)
	for _, id := range []int64{0, -1, mosaic.MaxLayerID/2 + 1} {
		l := mosaic.Layers{mosaic.Slice{{ID: id, Name: "odd", Footprint: square(lonLat, 0, 0)}}, mosaic.Slice(nil)}
		var err error
		for _, e := range l.Items(t.Context(), mosaic.Query{}) {
			err = e
		}
		require.ErrorAs(t, err, new(*mosaic.ItemError))
		require.ErrorContains(t, err, "odd")
		_, err = l.Summary(t.Context())
		require.ErrorAs(t, err, new(*mosaic.ItemError))
	}
}

// Whatever the rule, layers lie as a Join of the same slices does.
func TestLayersLieAsJoined(t *testing.T) {
	lonLat := crs(t, 4326)
	rapid.Check(t, func(t *rapid.T) {
		var slices []mosaic.Slice
		var layers mosaic.Layers
		n := 0
		for range rapid.IntRange(2, 3).Draw(t, "layers") {
			var s mosaic.Slice
			for i := range rapid.IntRange(0, 5).Draw(t, "items") {
				it := &mosaic.Item{
					ID: int64(i + 1), Name: string(rune('a' + n)), Footprint: square(lonLat, rapid.Float64Range(-2, 2).Draw(t, "x"), 0),
					PixelSize: rapid.SampledFrom([]float64{0, 1, 2}).Draw(t, "size"), Attrs: map[string]any{},
				}
				if z := rapid.IntRange(-1, 1).Draw(t, "z"); z != 0 {
					it.Attrs["ZOrder"] = int64(z)
				}
				n++
				s = append(s, it)
			}
			slices, layers = append(slices, s), append(layers, s)
		}
		r := mosaic.Rule{
			Method:     rapid.SampledFrom([]mosaic.Method{mosaic.DefaultMethod, mosaic.None, mosaic.Center, mosaic.Northwest}).Draw(t, "method"),
			Descending: rapid.Bool().Draw(t, "descending"),
		}
		view := mosaic.View{CRS: lonLat, Envelope: box(-3, -1, 3, 1)}
		names := func(c mosaic.Catalog) (out string) {
			items, err := r.Choose(context.Background(), c, view, nil)
			require.NoError(t, err)
			for _, it := range items {
				out += it.Name
			}
			return out
		}
		require.Equal(t, names(mosaic.Join(slices...)), names(layers))
	})
}
