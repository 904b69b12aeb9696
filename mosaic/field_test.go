package mosaic_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
)

func TestFieldsOf(t *testing.T) {
	at := time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	items := []*mosaic.Item{
		{ID: 1, Name: "ä", Attrs: map[string]any{"b": int64(1), "Mixed": "x", "D": at, "Number": int64(1), "ObjectID": "no", "None": nil}},
		{ID: 2, Name: "long", Attrs: map[string]any{"B": int64(1 << 40), "Mixed": 1, "Number": 0.5, "minps": int64(3), "Odd": []int{1}, "None": math.NaN()}},
	}
	assert.Equal(t, []mosaic.Field{
		{Name: "OBJECTID", Type: mosaic.IDField}, {Name: "Name", Length: 4}, {Name: "minps", Type: mosaic.IntegerField},
		{Name: "MaxPS", Type: mosaic.NumberField}, {Name: "B", Type: mosaic.IntegerField, Wide: true}, {Name: "D", Type: mosaic.DateField},
		{Name: "Mixed", Length: 1}, {Name: "None"}, {Name: "Number", Type: mosaic.NumberField}, {Name: "Odd", Length: 3},
	}, mosaic.FieldsOf(items))
	assert.Len(t, mosaic.FieldsOf(nil), 4)
	for name, want := range map[string]any{
		"objectid": int64(1), "NAME": "ä", "B": int64(1), "d": at, "none": nil, "missing": nil, "MaxPS": 0.0, "number": int64(1),
	} {
		assert.Equal(t, want, items[0].Attribute(name), name)
	}
	assert.Equal(t, "[1]", items[1].Attribute("odd"))
	assert.Equal(t, int64(3), items[1].Attribute("MinPS"))
	assert.Nil(t, items[1].Attribute("None"))
}

func TestSelectAndFind(t *testing.T) {
	lonLat := crs(t, 4326)
	noon := time.Date(2020, 1, 10, 12, 0, 0, 0, time.UTC)
	var items mosaic.Slice
	for i := range 4 {
		items = append(items, &mosaic.Item{ID: int64(i + 1), Footprint: square(lonLat, float64(10*i), 0), MaxPS: float64(i),
			Attrs: map[string]any{"Day": noon.AddDate(0, 0, -i)}})
	}
	index, err := mosaic.NewIndex(items)
	require.NoError(t, err)
	for _, c := range []mosaic.Catalog{items, index} {
		ids := func(r mosaic.Rule, v mosaic.View) (out []int64) {
			for it, err := range r.Select(t.Context(), c, v) {
				require.NoError(t, err)
				out = append(out, it.ID)
			}
			return out
		}
		assert.ElementsMatch(t, []int64{1, 2, 3, 4}, ids(mosaic.Rule{Method: mosaic.LockRaster}, mosaic.View{}))
		assert.ElementsMatch(t, []int64{1, 2}, ids(mosaic.Rule{}, mosaic.View{CRS: lonLat, Envelope: box(0, 0, 11, 1)}))
		assert.ElementsMatch(t, []int64{1, 3, 4}, ids(mosaic.Rule{}, mosaic.View{CRS: lonLat, Resolution: 2}), "everywhere, at a scale")
		recent := mosaic.Rule{Where: "Day > CURRENT_TIMESTAMP - 1.5", Now: noon}
		assert.ElementsMatch(t, []int64{1, 2}, ids(recent, mosaic.View{}))
		recent.Now = noon.AddDate(0, 0, -1)
		assert.ElementsMatch(t, []int64{1, 2, 3}, ids(recent, mosaic.View{}))
		for _, err := range (mosaic.Rule{Where: "Nothing = 1"}).Select(t.Context(), c, mosaic.View{}) {
			var e *mosaic.ConditionError
			require.ErrorAs(t, err, &e)
		}
		found, err := mosaic.Find(t.Context(), c, 3)
		require.NoError(t, err)
		require.Len(t, found, 1)
		assert.Equal(t, items[2], found[0])
		_, err = mosaic.Find(t.Context(), c, 3, 9)
		var none *mosaic.NotFoundError
		require.ErrorAs(t, err, &none)
		assert.Equal(t, []int64{9}, none.IDs)
	}
}
