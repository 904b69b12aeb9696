package mosaic

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/srs"
)

// The toy method puts items with short names on top. This is all that a file with a new method holds.

const toyMethod = Seamline + 1

var toy = method{
	name: "ShortName",
	help: "the raster with the shortest name is on top",
	check: func(r Rule) error {
		if r.SortField != "" {
			return &RuleError{"the method ShortName sorts by no field"}
		}
		return nil
	},
	keys: func(_ Rule, keys []orderKey, _ View) {
		for i := range keys {
			keys[i].own.num = float64(len(keys[i].item.Name))
		}
	},
}

// A line in the table makes the toy a method like the others.
func TestMethodIsOneFileAndOneLine(t *testing.T) {
	before := methods
	t.Cleanup(func() { methods = before })
	assert.EqualError(t, Rule{Method: toyMethod}.Validate(), "mosaic: there is no mosaic method 9")
	methods = append(methods, toy) // the line

	assert.Contains(t, Methods(), toyMethod)
	assert.Equal(t, "ShortName", toyMethod.String())
	assert.Equal(t, "the raster with the shortest name is on top", toyMethod.Help())
	r := Rule{Method: toyMethod}
	require.NoError(t, r.Validate())
	assert.EqualError(t, Rule{Method: toyMethod, SortField: "Month"}.Validate(), "mosaic: the method ShortName sorts by no field")
	lonLat, err := srs.FromWKID(4326)
	require.NoError(t, err)
	f := Footprint{CRS: lonLat, Envelope: srs.Envelope{XMax: 1, YMax: 1}}
	s := Slice{{ID: 1, Name: "long", Footprint: f}, {ID: 2, Name: "s", Footprint: f}, {ID: 3, Name: "mid", Footprint: f}}
	for _, c := range []struct {
		descending bool
		want       []int64
	}{{false, []int64{2, 3, 1}}, {true, []int64{1, 3, 2}}} {
		r.Descending = c.descending
		items, err := r.Choose(t.Context(), s, View{CRS: lonLat, Envelope: f.Envelope}, nil)
		require.NoError(t, err)
		var got []int64
		for _, it := range items {
			got = append(got, it.ID)
		}
		assert.Equal(t, c.want, got)
	}
}

func TestMethodsAndOperationsAreDescribed(t *testing.T) {
	names := map[string]bool{}
	require.Len(t, Methods(), int(Seamline))
	for _, m := range append(Methods(), DefaultMethod) {
		assert.NotEmpty(t, m.Help(), "%v", m)
		assert.True(t, m.info().keys != nil || m.info().byID, "%v", m)
		assert.False(t, names[m.String()], "two methods are called %v", m)
		names[m.String()] = true
	}
	names = map[string]bool{}
	require.Len(t, Operations(), int(Sum))
	for _, o := range append(Operations(), DefaultOperation) {
		assert.NotEmpty(t, o.Help(), "%v", o)
		assert.False(t, names[o.String()], "two operations are called %v", o)
		names[o.String()] = true
		assert.Equal(t, o <= Last, o.Copies(), "%v", o)
	}
	assert.Equal(t, []string{"200", "201", ""}, []string{Method(200).String(), Operation(201).String(), Method(200).Help()})
	assert.False(t, Operation(200).Copies())
}
