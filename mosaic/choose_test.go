package mosaic_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
)

func TestRuleChooses(t *testing.T) {
	lonLat := crs(t, 4326)
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	s := mosaic.Slice{
		{ID: 1, Footprint: square(lonLat, 0, 0), Attrs: map[string]any{"Month": int64(6), "Sensor": "OLI"}},
		{ID: 2, Footprint: square(lonLat, 0.5, 0), Attrs: map[string]any{"Month": int64(7)},
			Time: mosaic.TimeExtent{From: year(2010), To: year(2012)}},
		{ID: 3, Footprint: square(lonLat, 0.5, 0.5), MaxPS: 0.5, Time: mosaic.TimeExtent{From: year(2012)}},
		{ID: 4, Footprint: square(lonLat, 0, 0.5), MinPS: 0.5, Time: mosaic.TimeExtent{To: year(2005)}},
		{ID: 5, Footprint: square(lonLat, 50, 50), Attrs: map[string]any{"Month": int64(1), "Rare": 1.5}, MaxPS: 1e-9},
	}
	near := func(resolution float64) mosaic.View {
		return mosaic.View{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Resolution: resolution}
	}
	instant := func(y int) mosaic.TimeExtent { return mosaic.TimeExtent{From: year(y), To: year(y)} }
	for _, c := range []struct {
		name string
		rule mosaic.Rule
		view mosaic.View
		want []int64
	}{
		{"all in the box", mosaic.Rule{}, near(0), []int64{1, 2, 3, 4}},
		{"where", mosaic.Rule{Where: "Month >= 6"}, near(0), []int64{1, 2}},
		{"where, of missing values", mosaic.Rule{Where: "Month IS NULL"}, near(0), []int64{3, 4}},
		{"where a field is only elsewhere", mosaic.Rule{Where: "Rare > 1 OR Month = 6"}, near(0), []int64{1}},
		{"ids", mosaic.Rule{IDs: []int64{5, 4, 2, 77}}, near(0), []int64{2, 4}},
		{"no ids at all", mosaic.Rule{IDs: []int64{}}, near(0), []int64{}},
		{"ids and where", mosaic.Rule{IDs: []int64{1, 4}, Where: "Month = 6"}, near(0), []int64{1}},
		{"fine pixels", mosaic.Rule{}, near(0.1), []int64{1, 2, 3}},
		{"coarse pixels", mosaic.Rule{}, near(0.7), []int64{1, 2, 4}},
		{"limits are included", mosaic.Rule{}, near(0.5), []int64{1, 2, 3, 4}},
		{"limits are included, but for rounding", mosaic.Rule{}, near(0.5 * (1 + 1e-9)), []int64{1, 2, 3, 4}},
		{"an instant", mosaic.Rule{Time: instant(2011)}, near(0), []int64{1, 2}},
		{"the instant of an end", mosaic.Rule{Time: instant(2012)}, near(0), []int64{1, 2, 3}},
		{"an extent", mosaic.Rule{Time: mosaic.TimeExtent{From: year(2004), To: year(2011)}}, near(0), []int64{1, 2, 4}},
		{"an open end", mosaic.Rule{Time: mosaic.TimeExtent{From: year(2013)}}, near(0), []int64{1, 3}},
		{"an open beginning", mosaic.Rule{Time: mosaic.TimeExtent{To: year(2005)}}, near(0), []int64{1, 4}},
		{"the method Attribute", mosaic.Rule{Method: mosaic.Attribute, SortField: "month", SortValue: 7.0}, near(0), []int64{2, 1, 3, 4}},
		{"locked, wherever they are, at any scale", mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{5, 1, 4, 5}}, near(0.1), []int64{5, 1, 4}},
		{"locked and where", mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{5, 1, 4}, Where: "Month < 6"}, near(0.1), []int64{5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.rule.Validate())
			index, err := mosaic.NewIndex(s)
			require.NoError(t, err)
			for _, catalog := range []mosaic.Catalog{s, index} {
				got, err := c.rule.Choose(t.Context(), catalog, c.view, nil)
				require.NoError(t, err)
				assert.Equal(t, c.want, idsOf(got), "%T", catalog)
			}
		})
	}
}

// Every item that the catalogue offers is reported once, with the first reason for leaving it out.
func TestChooseReportsWhatItLeavesOut(t *testing.T) {
	lonLat := crs(t, 4326)
	old := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	ancient := mosaic.TimeExtent{From: old, To: old}
	cloudy, sunny := map[string]any{"Cloud": 9.0}, map[string]any{"Cloud": 0.0}
	place, elsewhere := square(lonLat, 0, 0), square(lonLat, 50, 50)
	s := mosaic.Slice{
		{ID: 1, Footprint: place, Attrs: sunny},
		{ID: 2, Footprint: place, Attrs: sunny, Time: ancient},
		{ID: 3, Footprint: place, Attrs: cloudy},
		{ID: 4, Footprint: place, Attrs: sunny, MinPS: 1},
		{ID: 5, Footprint: place, Attrs: cloudy, MinPS: 1, Time: ancient},
		{ID: 6, Footprint: elsewhere, Attrs: sunny},
		{ID: 7, Footprint: elsewhere, Attrs: cloudy},
	}
	view := mosaic.View{CRS: lonLat, Envelope: box(-1, -1, 1, 1), Resolution: 0.1}
	now := mosaic.TimeExtent{From: old.AddDate(20, 0, 0)}
	for _, c := range []struct {
		name   string
		rule   mosaic.Rule
		chosen []int64
		want   map[int64]mosaic.Reason
	}{
		{"no rule", mosaic.Rule{}, []int64{1, 2, 3}, map[int64]mosaic.Reason{
			1: mosaic.Chosen, 2: mosaic.Chosen, 3: mosaic.Chosen, 4: mosaic.OtherScale, 5: mosaic.OtherScale}},
		{"each reason", mosaic.Rule{Where: "Cloud < 5", Time: now}, []int64{1}, map[int64]mosaic.Reason{
			1: mosaic.Chosen, 2: mosaic.OtherTime, 3: mosaic.NotWhere, 4: mosaic.OtherScale, 5: mosaic.OtherTime}},
		{"IDs", mosaic.Rule{IDs: []int64{1, 3, 6}, Where: "Cloud < 5", Time: now}, []int64{1}, map[int64]mosaic.Reason{
			1: mosaic.Chosen, 2: mosaic.NotInIDs, 3: mosaic.NotWhere, 4: mosaic.NotInIDs, 5: mosaic.NotInIDs}},
		{"locked ones, at any scale", mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{4, 3, 6, 7}, Where: "Cloud < 5"},
			[]int64{4, 6}, map[int64]mosaic.Reason{
				1: mosaic.NotLocked, 2: mosaic.NotLocked, 3: mosaic.NotWhere, 4: mosaic.Chosen, 5: mosaic.NotLocked}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := map[int64]mosaic.Reason{}
			items, err := c.rule.Choose(t.Context(), s, view, &mosaic.ChooseOptions{Offered: func(it *mosaic.Item, why mosaic.Reason) {
				assert.NotContains(t, got, it.ID, "it is reported twice")
				got[it.ID] = why
			}})
			require.NoError(t, err)
			assert.Equal(t, c.chosen, idsOf(items))
			assert.Equal(t, c.want, got)
			silent, err := c.rule.Choose(t.Context(), s, view, nil)
			require.NoError(t, err)
			assert.Equal(t, items, silent)
		})
	}
	c := broken{mosaic.Slice{{ID: 1}}}
	lock := mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{1}}
	_, err := lock.Choose(t.Context(), c, view, &mosaic.ChooseOptions{Offered: func(*mosaic.Item, mosaic.Reason) {}})
	assert.ErrorIs(t, err, errBroken, "the catalogue fails in the view alone")
}

func TestChooseRefuses(t *testing.T) {
	lonLat := crs(t, 4326)
	s := mosaic.Slice{
		{ID: 1, Footprint: square(lonLat, 0, 0), Attrs: map[string]any{"Month": int64(6), "Date": time.Now()}},
		{ID: 2, Footprint: square(lonLat, 0, 0), Attrs: map[string]any{"Sensor": "OLI"}},
	}
	view := mosaic.View{CRS: lonLat, Envelope: box(-1, -1, 1, 1)}
	for _, c := range []struct {
		rule mosaic.Rule
		want string
		as   any
	}{
		{mosaic.Rule{Where: "Cloud < 1"}, `mosaic: condition: there is no field "Cloud"`, new(*mosaic.ConditionError)},
		{mosaic.Rule{Where: "Month = 6 OR Cloud IS NULL"}, `mosaic: condition: there is no field "Cloud"`, new(*mosaic.ConditionError)},
		{mosaic.Rule{Where: "Month = 'x'"}, "does not compare", new(*mosaic.ConditionError)},
		{mosaic.Rule{Where: "Month ="}, "it ends", new(*mosaic.ConditionError)},
		{mosaic.Rule{Method: mosaic.Attribute, SortField: "Cloud"}, `mosaic: there is no field "Cloud" to sort by`, new(*mosaic.RuleError)},
		{mosaic.Rule{Method: mosaic.Attribute, SortField: "Month", SortValue: "June"}, `mosaic: field "Month" is a number, and "June" is not`, new(*mosaic.RuleError)},
		{mosaic.Rule{Method: mosaic.Attribute, SortField: "Date", SortValue: "June"}, `mosaic: field "Date" is a date, and "June" is not`, new(*mosaic.RuleError)},
		{mosaic.Rule{Method: mosaic.Attribute, SortField: "Date", SortValue: 1e300}, `mosaic: field "Date" is a date, and "1e+300" is not`, new(*mosaic.RuleError)},
		{mosaic.Rule{Method: mosaic.LockRaster, LockIDs: []int64{1, 8, 8, 9}}, "mosaic: the catalogue has no rasters [8 9]", new(*mosaic.NotFoundError)},
	} {
		index, err := mosaic.NewIndex(s)
		require.NoError(t, err)
		for _, catalog := range []mosaic.Catalog{s, index} {
			_, err := c.rule.Choose(t.Context(), catalog, view, nil)
			require.ErrorContains(t, err, c.want)
			require.ErrorAs(t, err, c.as)
		}
	}
	_, err := mosaic.Rule{}.Choose(t.Context(), s, view, &mosaic.ChooseOptions{Limit: 1})
	assert.EqualError(t, err, "mosaic: the picture is made of more than 1 rasters")
	got, err := mosaic.Rule{}.Choose(t.Context(), s, view, &mosaic.ChooseOptions{Limit: 2})
	assert.NoError(t, err)
	assert.Len(t, got, 2)
}

// broken fails after its first item.
type broken struct{ mosaic.Slice }

var errBroken = errors.New("broken")

func (b broken) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		if yield(b.Slice[0], nil) {
			yield(nil, errBroken)
		}
	}
}

func TestChooseReportsTheCatalogue(t *testing.T) {
	c := broken{mosaic.Slice{{ID: 1}}}
	for _, r := range []mosaic.Rule{{}, {Method: mosaic.LockRaster, LockIDs: []int64{2}}, {Where: "Month = 1"}} {
		_, err := r.Choose(t.Context(), c, mosaic.View{}, nil)
		assert.ErrorIs(t, err, errBroken)
	}
}

// The size of a view's pixels is compared at the item's position, not at that of the view.
func TestPixelSizeInAnotherCRS(t *testing.T) {
	utm33, mercator := crs(t, 32633), crs(t, 3857)
	// At 60° north, two metres of web Mercator are one on the ground, within half a per cent.
	y := 6651411.19 // latitude 60° on the central meridian of UTM
	f := mosaic.Footprint{CRS: utm33, Envelope: box(5e5-1e4, y-1e4, 5e5+1e4, y+1e4)}
	s := mosaic.Slice{{ID: 1, Footprint: f, MinPS: 9.9, MaxPS: 10.1}}
	x0, y0 := 1669792.36, 8399737.89 // the same place
	for resolution, want := range map[float64]int{20: 1, 19.7: 0, 20.3: 0, 10: 0} {
		for _, e := range []float64{100, 9000, 1e6} {
			v := mosaic.View{CRS: mercator, Envelope: box(x0-e, y0-e, x0+e/3, y0+e/3), Resolution: resolution}
			got, err := mosaic.Rule{}.Choose(t.Context(), s, v, nil)
			require.NoError(t, err)
			assert.Len(t, got, want, "%v in %v", resolution, v.Envelope)
		}
	}
	// Pixels as large as the world are compared, too.
	v := mosaic.View{CRS: mercator, Envelope: box(-2e7, -2e7, 2e7, 2e7), Resolution: 4e7}
	got, err := mosaic.Rule{}.Choose(t.Context(), s, v, nil)
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestValidate(t *testing.T) {
	for _, r := range []mosaic.Rule{
		{}, {Method: mosaic.Seamline, Operation: mosaic.Blend}, {Method: mosaic.Center, SortValue: 7, Viewpoint: &mosaic.Point{}},
		{Method: mosaic.Attribute, SortField: "Month", SortValue: "2010/12/31"},
	} {
		assert.NoError(t, r.Validate())
	}
	for want, r := range map[string]mosaic.Rule{
		"there is no mosaic method 9":    {Method: 9},
		"there is no mosaic operation 8": {Operation: 8},
		"needs the field to sort by":     {Method: mosaic.Attribute},
		"is a int, neither":              {Method: mosaic.Attribute, SortField: "Month", SortValue: 7},
		"is not finite":                  {Method: mosaic.Attribute, SortField: "Month", SortValue: math.NaN()},
		"needs a viewpoint":              {Method: mosaic.Viewpoint},
		"viewpoint is not finite":        {Method: mosaic.Viewpoint, Viewpoint: &mosaic.Point{X: math.Inf(1)}},
		"needs the rasters":              {Method: mosaic.LockRaster},
		"it ends where":                  {Where: "Month ="},
		"ends before it begins":          {Time: mosaic.TimeExtent{From: time.Unix(2, 0), To: time.Unix(1, 0)}},
	} {
		assert.ErrorContains(t, r.Validate(), want)
	}
}
