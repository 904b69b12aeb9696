package mosaic_test

import (
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

var day = time.Date(2000, 3, 1, 12, 0, 0, 0, time.UTC)

func along(dimension string, v float64) raster.Coordinate {
	return raster.Coordinate{Dimension: dimension, Value: v}
}

func TestSliceOfAttributes(t *testing.T) {
	when := raster.Coordinate{Dimension: "StdTime", Unit: "ISO8601", Time: true, Value: 951912000000}
	deep := raster.Coordinate{Dimension: "StdZ", Unit: "m", Value: -50}
	for name, c := range map[string]struct {
		attrs map[string]any
		want  *raster.Slice
	}{
		"none":          {nil, nil},
		"no variable":   {map[string]any{"StdTime": day, "Dimensions": "StdTime"}, nil},
		"no text":       {map[string]any{"Variable": int64(3)}, nil},
		"blank":         {map[string]any{"Variable": " "}, nil},
		"no dimensions": {map[string]any{"Variable": "t"}, &raster.Slice{Variable: "t"}},
		"standard ones": {map[string]any{"VARIABLE": "t", "stdz": int64(-50), "StdTime": day},
			&raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{when, deep}}},
		"listed": {map[string]any{"Variable": "t", "StdZ": -50.0, "StdTime": day, "Dimensions": " StdZ, Year ,", "Year": int64(1961)},
			&raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{deep, along("Year", 1961)}}},
		"a range": {map[string]any{"Variable": "t", "Depth": 1.0, "Depth_Max": 5.0, "Dimensions": "Depth"},
			&raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{{Dimension: "Depth", Value: 1, Ranged: true, Upper: 5}}}},
		"a range that ends early": {map[string]any{"Variable": "t", "Depth": 1.0, "Depth_Max": 0.5, "Dimensions": "Depth"},
			&raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{along("Depth", 1)}}},
	} {
		got, err := (&mosaic.Item{Attrs: c.attrs}).Slice()
		require.NoError(t, err, name)
		assert.Equal(t, c.want, got, name)
	}
	for name, attrs := range map[string]map[string]any{
		"missing": {"Variable": "t", "Dimensions": "StdTime"}, "a text": {"Variable": "t", "Dimensions": "Year", "Year": "1961a"},
		"twice": {"Variable": "t", "Dimensions": "Year,year", "Year": 1.0},
	} {
		_, err := (&mosaic.Item{ID: 7, Attrs: attrs}).Slice()
		assert.True(t, errorsAs[*mosaic.ItemError](err), name)
	}
}

func errorsAs[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

func TestSliceConditions(t *testing.T) {
	surface := &raster.Slice{Variable: "Temp", Coordinates: []raster.Coordinate{
		{Dimension: "StdTime", Alias: "time", Time: true, Value: 1000}, along("StdZ", -0.1),
	}}
	layer := &raster.Slice{Variable: "Temp", Coordinates: []raster.Coordinate{{Dimension: "StdZ", Value: -10, Ranged: true, Upper: -5}}}
	value := func(v ...float64) (out []mosaic.Interval) {
		for _, v := range v {
			out = append(out, mosaic.Interval{From: v, To: v})
		}
		return out
	}
	span := func(from, to float64) []mosaic.Interval { return []mosaic.Interval{{From: from, To: to}} }
	type conditions = []mosaic.SliceCondition
	for name, c := range map[string]struct {
		conditions conditions
		slice      *raster.Slice
		want       bool
	}{
		"none":                          {nil, surface, true},
		"its variable":                  {conditions{{Variable: "TEMP"}}, surface, true},
		"another variable":              {conditions{{Variable: "salt"}}, surface, false},
		"one of two variables":          {conditions{{Variable: "salt"}, {Variable: "temp"}}, surface, true},
		"its time":                      {conditions{{Dimension: "stdtime", Values: value(1000)}}, surface, true},
		"by the source's name":          {conditions{{Dimension: "Time", Values: value(5, 1000)}}, surface, true},
		"a millisecond later":           {conditions{{Dimension: "StdTime", Values: value(1001)}}, surface, false},
		"a span":                        {conditions{{Dimension: "StdTime", Values: span(0, 1000)}}, surface, true},
		"a span before":                 {conditions{{Dimension: "StdTime", Values: span(0, 999)}}, surface, false},
		"a place as it was printed":     {conditions{{Dimension: "StdZ", Values: value(-0.10000000001)}}, surface, true},
		"a place that is another":       {conditions{{Dimension: "StdZ", Values: value(-0.1001)}}, surface, false},
		"all values":                    {conditions{{Dimension: "StdZ"}}, surface, true},
		"a dimension that it has not":   {conditions{{Dimension: "Year", Values: value(1)}}, surface, false},
		"for another variable":          {conditions{{Variable: "Temp"}, {Variable: "salt", Dimension: "StdZ", Values: value(7)}}, surface, true},
		"both":                          {conditions{{Dimension: "StdZ", Values: value(-0.1)}, {Dimension: "StdTime", Values: value(1000)}}, surface, true},
		"one of both":                   {conditions{{Dimension: "StdZ", Values: value(-0.1)}, {Dimension: "StdTime", Values: value(9)}}, surface, false},
		"inside a range":                {conditions{{Dimension: "StdZ", Values: value(-7), Exact: true}}, layer, true},
		"outside a range":               {conditions{{Dimension: "StdZ", Values: value(-4)}}, layer, false},
		"a span that meets a range":     {conditions{{Dimension: "StdZ", Values: span(-6, 0)}}, layer, true},
		"exactly another range":         {conditions{{Dimension: "StdZ", Values: span(-6, 0), Exact: true}}, layer, false},
		"exactly the range":             {conditions{{Dimension: "StdZ", Values: span(-10, -5), Exact: true}}, layer, true},
		"exactly a span of single ones": {conditions{{Dimension: "StdZ", Values: span(-1, 0), Exact: true}}, surface, true},
	} {
		assert.Equal(t, c.want, mosaic.MatchSlice(c.conditions, c.slice), name)
	}
	nan := value(0)[0].From / value(0)[0].To
	for name, c := range map[string]conditions{
		"no dimension": {{Values: value(1)}}, "not finite": {{Dimension: "z", Values: value(nan)}},
		"backwards": {{Dimension: "z", Values: span(2, 1)}}, "twice": {{Dimension: "z"}, {Variable: "t", Dimension: "Z"}},
	} {
		assert.True(t, errorsAs[*mosaic.RuleError]((mosaic.Rule{Slices: c}).Validate()), name)
	}
}

// TestRulesChooseSlices: a rule chooses by slices and by the time of slices, and leaves out what is no slice.
func TestRulesChooseSlices(t *testing.T) {
	crs, err := srs.FromWKID(4326)
	require.NoError(t, err)
	box := mosaic.Footprint{CRS: crs, Envelope: srs.Envelope{XMax: 1, YMax: 1}}
	view := mosaic.View{CRS: crs, Envelope: box.Envelope}
	items := mosaic.Slice{
		{ID: 1, Footprint: box},
		{ID: 2, Footprint: box, Attrs: map[string]any{"Variable": "t", "StdTime": day}},
		{ID: 3, Footprint: box, Attrs: map[string]any{"Variable": "t", "StdTime": day.AddDate(0, 1, 0)}},
		{ID: 4, Footprint: box, Part: &raster.Slice{Variable: "s"}},
	}
	chosen := func(r mosaic.Rule) (ids []int64) {
		got, err := r.Choose(t.Context(), items, view, nil)
		require.NoError(t, err)
		for _, it := range got {
			ids = append(ids, it.ID)
		}
		return ids
	}
	assert.Equal(t, []int64{1, 2, 3, 4}, chosen(mosaic.Rule{}))
	assert.Equal(t, []int64{2, 3}, chosen(mosaic.Rule{Slices: []mosaic.SliceCondition{{Variable: "T"}}}))
	assert.Equal(t, []int64{1, 3, 4}, chosen(mosaic.Rule{Time: mosaic.TimeExtent{From: day.AddDate(0, 0, 1)}}), "by StdTime")
	assert.Equal(t, []int64{2}, chosen(mosaic.Rule{
		Slices: []mosaic.SliceCondition{{Variable: "t"}}, Time: mosaic.TimeExtent{To: day},
	}))
	var why []mosaic.Reason
	_, err = mosaic.Rule{Slices: []mosaic.SliceCondition{{Variable: "s"}}}.Choose(t.Context(), items, view,
		&mosaic.ChooseOptions{Offered: func(_ *mosaic.Item, r mosaic.Reason) { why = append(why, r) }})
	require.NoError(t, err)
	assert.Equal(t, []mosaic.Reason{mosaic.OtherSlice, mosaic.OtherSlice, mosaic.OtherSlice, mosaic.Chosen}, why)
	items[0].Attrs = map[string]any{"Variable": "t", "Dimensions": "Year"}
	_, err = mosaic.Rule{Slices: []mosaic.SliceCondition{{Variable: "s"}}}.Choose(t.Context(), items, view, nil)
	assert.True(t, errorsAs[*mosaic.ItemError](err), "an item whose place is missing is not passed over")
}

// split returns a raster of bands that state slices, and its items.
func split(t *testing.T, slices ...*raster.Slice) (*rastertest.Memory, []*mosaic.Item) {
	crs, err := srs.FromWKID(4326)
	require.NoError(t, err)
	g := raster.NorthUp(crs, srs.Envelope{XMax: 4, YMax: 4}, image.Pt(4, 4))
	ds := rastertest.FromFunc(g, len(slices), func(b, x, y int) uint8 { return uint8(100*b + 10*y + x) })
	ds.Bands = make([]raster.Band, len(slices))
	for i, s := range slices {
		ds.Bands[i] = raster.Band{Slice: s}
	}
	it := &mosaic.Item{
		ID: 7, Name: "file", Attrs: map[string]any{"stdz": "no", "note": "kept"},
		Footprint: mosaic.Footprint{CRS: g.CRS, Envelope: g.Envelope()},
		Open:      func(context.Context) (raster.Dataset, error) { return ds, nil },
	}
	return ds, mosaic.SplitSlices([]*mosaic.Item{it}, []raster.Info{ds.Info()})
}

func TestSplitSlices(t *testing.T) {
	when := raster.Coordinate{Dimension: "StdTime", Alias: "time", Time: true, Value: 951912000000}
	a := &raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{when, along("StdZ", 0)}}
	b := &raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{when, {Dimension: "StdZ", Value: -9, Ranged: true, Upper: -5}}}
	again := &raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{when, along("StdZ", 0)}}
	ds, items := split(t, a, b, again)
	require.Len(t, items, 2)
	assert.Equal(t, []int64{7, 8}, []int64{items[0].ID, items[1].ID})
	assert.Equal(t, "file t StdTime=2000-03-01T12:00:00Z StdZ=0", items[0].Name)
	assert.Equal(t, "file t StdTime=2000-03-01T12:00:00Z StdZ=-9/-5", items[1].Name)
	assert.Equal(t, map[string]any{
		"note": "kept", "Variable": "t", "Dimensions": "StdTime,StdZ", "StdTime": day, "StdZ": -9.0, "StdZ_Max": -5.0,
	}, items[1].Attrs)
	assert.Equal(t, mosaic.TimeExtent{From: day, To: day}, items[1].Time)
	got, err := items[1].Slice()
	require.NoError(t, err)
	assert.Same(t, b, got)
	for i, bands := range [][]int{{0, 2}, {1}} {
		part, err := items[i].Open(t.Context())
		require.NoError(t, err)
		once, err := items[i].Open(t.Context())
		require.NoError(t, err)
		assert.True(t, part == once, "caches know a part again")
		rastertest.Test(t, part)
		want, err := ds.Read(t.Context(), nil, 0, image.Rect(1, 1, 3, 4), bands)
		require.NoError(t, err)
		have, err := part.Read(t.Context(), nil, 0, image.Rect(1, 1, 3, 4), nil)
		require.NoError(t, err)
		assert.Equal(t, want.Bands, have.Bands)
	}
}

func TestRastersThatAreNotSplit(t *testing.T) {
	level := &raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{along("level", 1)}}
	for name, slices := range map[string][]*raster.Slice{
		"nothing is stated": {nil, nil}, "a band states nothing": {level, nil}, "no dimension": {{Variable: "t"}, {Variable: "s"}},
	} {
		_, items := split(t, slices...)
		require.Len(t, items, 1, name)
		assert.Nil(t, items[0].Part)
	}
	ds, _ := split(t, level)
	it := &mosaic.Item{ID: 1, Attrs: map[string]any{"variable": "whole"}}
	assert.Equal(t, []*mosaic.Item{it}, mosaic.SplitSlices([]*mosaic.Item{it}, []raster.Info{ds.Info()}), "the table says otherwise")
}
