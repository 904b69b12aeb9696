package mosaic_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

// First returns the beginning of what Select yields, by IDs, of an index in any order as of a catalogue that is looked through:
// where most items are chosen, where few are, and where those are the last.
func TestFirst(t *testing.T) {
	mercator, err := srs.FromWKID(3857)
	require.NoError(t, err)
	lonLat, err := srs.FromWKID(4326)
	require.NoError(t, err)
	var items []*mosaic.Item
	for i := range 4000 {
		x, y := float64(i%80)*1000, float64(i/80)*1000
		items = append(items, &mosaic.Item{
			ID: int64(3*i - 500), Name: fmt.Sprint(i), Attrs: map[string]any{"Month": int64(i % 12)},
			Footprint: mosaic.Footprint{CRS: mercator, Envelope: srs.Envelope{XMin: x, YMin: y, XMax: x + 1000, YMax: y + 1000}},
		})
	}
	shuffled := slices.Clone(items)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	sorted, err := mosaic.NewIndex(items)
	require.NoError(t, err)
	mixed, err := mosaic.NewIndex(shuffled)
	require.NoError(t, err)
	box := func(crs srs.CRS, x0, y0, x1, y1 float64) mosaic.View {
		return mosaic.View{CRS: crs, Envelope: srs.Envelope{XMin: x0, YMin: y0, XMax: x1, YMax: y1}}
	}
	even := func(it *mosaic.Item) (bool, error) { return it.ID%2 == 0, nil }
	for name, c := range map[string]struct {
		rule mosaic.Rule
		view mosaic.View
	}{
		"all": {}, "a condition": {rule: mosaic.Rule{Where: "Month = 3"}}, "few": {rule: mosaic.Rule{Where: "Name = '3999'"}},
		"IDs":               {rule: mosaic.Rule{IDs: []int64{-500, 11491, 5, 7}}},
		"most of the place": {view: box(mercator, 500, 500, 70_500, 48_500)}, "a corner": {view: box(mercator, 70_500, 40_500, 71_500, 48_500)},
		"edges": {view: box(mercator, 1000, 1000, 2000, 2000)}, "nothing": {view: box(mercator, -5e6, 0, -4e6, 1)},
		"beyond Earth": {view: box(mercator, -1e9, -1e9, 1e9, 1e9)}, "degrees": {view: box(lonLat, 0, 0, 0.3, 0.2)},
		"the world in degrees": {view: box(lonLat, -180, -90, 180, 90)},
	} {
		var all []*mosaic.Item
		for it, err := range c.rule.Select(t.Context(), sorted, c.view) {
			require.NoError(t, err)
			if ok, _ := even(it); ok {
				all = append(all, it)
			}
		}
		slices.SortFunc(all, func(a, b *mosaic.Item) int { return int(a.ID - b.ID) })
		for _, n := range []int{0, 1, 7, 100, 1000, math.MaxInt} {
			want := all[:min(n, len(all))]
			for _, catalog := range []mosaic.Catalog{sorted, mixed, mosaic.Slice(shuffled)} {
				got, err := c.rule.First(t.Context(), catalog, c.view, n, even)
				require.NoError(t, err, name)
				assert.True(t, slices.Equal(want, got), "%s: %d of %T: %d, not %d", name, n, catalog, len(got), len(want))
			}
		}
	}
	fault := errors.New("it is broken")
	for _, catalog := range []mosaic.Catalog{sorted, mosaic.Slice(shuffled)} {
		_, err := mosaic.Rule{}.First(t.Context(), catalog, mosaic.View{}, 5, func(*mosaic.Item) (bool, error) { return false, fault })
		assert.ErrorIs(t, err, fault)
		_, err = mosaic.Rule{Where: "1=1 OR Moon = 3"}.First(t.Context(), catalog, mosaic.View{}, 5, even)
		var wrong *mosaic.ConditionError
		assert.ErrorAs(t, err, &wrong, "a field that no item has")
	}
}
