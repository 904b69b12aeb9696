package mosaic_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/srs"
)

// The zero value of every exported struct works, or is refused with an error. The exceptions are
//
//	FeatherPolygon  made by Footprint.FeatherPolygon and Item.SeamlinePolygon alone; nil is "no seamline" there
//	LiveFolder      made by WatchFolder alone, which needs a folder
//	Merger          made by NewMerger alone, which needs a type, bands and bounds
//	STACSearch      made by SearchSTAC alone, which needs an API
//	Pool            made by NewPool alone, which needs a function that opens rasters
func TestZeroValues(t *testing.T) {
	lonLat := crs(t, 4326)
	view := mosaic.View{CRS: lonLat, Envelope: box(0, 0, 1, 1)}
	some := mosaic.Slice{{ID: 1, Footprint: square(lonLat, 0, 0)}}
	cause := errors.New("cause")
	for name, test := range map[string]func(t *testing.T){
		"Rule and ChooseOptions: all items of the view, by ID": func(t *testing.T) {
			require.NoError(t, mosaic.Rule{}.Validate())
			got, err := mosaic.Rule{}.Choose(t.Context(), some, view, &mosaic.ChooseOptions{})
			require.NoError(t, err)
			assert.Equal(t, []*mosaic.Item(some), got)
			mosaic.Rule{}.Order(nil, mosaic.View{})
		},
		"Field: a text without a name": func(t *testing.T) {
			assert.Equal(t, mosaic.TextField, mosaic.Field{}.Type)
			assert.Nil(t, (&mosaic.Item{}).Attribute(""))
		},
		"Summary: of an empty catalogue, but for its fields": func(t *testing.T) {
			s, err := mosaic.Summarize(t.Context(), mosaic.Slice(nil))
			require.NoError(t, err)
			assert.Len(t, s.Fields, 4)
			s.Fields = nil
			assert.Equal(t, mosaic.Summary{}, s)
		},
		"Layers: empty": func(t *testing.T) {
			s, err := mosaic.Summarize(t.Context(), mosaic.Layers(nil))
			require.NoError(t, err)
			assert.Zero(t, s.Count)
			assert.Empty(t, all(t, mosaic.Layers(nil), mosaic.Query{}))
		},
		"Query and View: all items": func(t *testing.T) {
			assert.Equal(t, []*mosaic.Item(some), all(t, some, mosaic.Query{}))
			got, err := mosaic.Rule{}.Choose(t.Context(), some, mosaic.View{}, nil)
			require.NoError(t, err)
			assert.Equal(t, []*mosaic.Item(some), got)
		},
		"Index: empty": func(t *testing.T) {
			x := &mosaic.Index{}
			assert.Zero(t, x.Len())
			assert.Empty(t, all(t, x, mosaic.Query{}))
			assert.Empty(t, all(t, x, mosaic.Query(view)))
			items, err := x.Lookup(t.Context(), []int64{1})
			require.NoError(t, err)
			assert.Empty(t, items)
			ok, err := x.HasField(t.Context(), "a")
			require.NoError(t, err)
			assert.False(t, ok)
		},
		"Item and Footprint: nowhere, which an index refuses and a view does not hold": func(t *testing.T) {
			_, err := mosaic.NewIndex([]*mosaic.Item{{}})
			require.ErrorIs(t, err, srs.ErrNotStated)
			_, err = mosaic.Rule{}.Choose(t.Context(), mosaic.Slice{{}}, view, nil)
			require.ErrorIs(t, err, srs.ErrNotStated)
			_, err = mosaic.Footprint{}.FeatherPolygon(lonLat)
			require.ErrorIs(t, err, srs.ErrNotStated)
			polygon, err := (&mosaic.Item{}).SeamlinePolygon(lonLat)
			require.NoError(t, err)
			assert.Nil(t, polygon)
		},
		"Point: the origin of the view's CRS": func(t *testing.T) {
			r := mosaic.Rule{Method: mosaic.Viewpoint, Viewpoint: &mosaic.Point{}}
			require.NoError(t, r.Validate())
			items := mosaic.Slice{{ID: 1, Footprint: square(lonLat, 5, 5)}, {ID: 2, Footprint: square(lonLat, 0, 0)}}
			r.Order(items, mosaic.View{CRS: lonLat})
			assert.Equal(t, []int64{2, 1}, idsOf(items))
		},
		"TimeExtent: all of time": func(t *testing.T) {
			assert.True(t, mosaic.TimeExtent{}.IsZero())
			now := time.Now()
			assert.True(t, mosaic.TimeExtent{}.Intersects(mosaic.TimeExtent{From: now, To: now}))
		},
		"STACSearchOptions: Read or Open is missing": func(t *testing.T) {
			_, err := mosaic.SearchSTAC(t.Context(), "", &mosaic.STACSearchOptions{})
			require.ErrorContains(t, err, "STACSearchOptions.Read or Open is missing")
		},
		"STACOptions: Read is missing": func(t *testing.T) {
			_, err := mosaic.STAC(t.Context(), "", &mosaic.STACOptions{})
			require.EqualError(t, err, "mosaic: STACOptions.Read is missing")
		},
		"FeatureOptions and FolderOptions: Open is missing": func(t *testing.T) {
			_, err := mosaic.Features(nil, &mosaic.FeatureOptions{})
			require.EqualError(t, err, "mosaic: FeatureOptions.Open is missing")
			_, err = mosaic.TileIndex(t.Context(), nil, "", &mosaic.FeatureOptions{})
			require.EqualError(t, err, "mosaic: FeatureOptions.Open is missing")
			assert.Empty(t, mosaic.Scan{}.Items)
			assert.Contains(t, mosaic.PassedOver{}.String(), "is not read")
			_, err = mosaic.Folder(t.Context(), nil, &mosaic.FolderOptions{})
			require.EqualError(t, err, "mosaic: FolderOptions.Open is missing")
		},
		"errors have a text": func(t *testing.T) {
			for _, err := range []error{
				&mosaic.ConditionError{}, &mosaic.ItemError{Err: cause}, &mosaic.LinkError{}, &mosaic.LocationError{},
				&mosaic.MergeError{}, &mosaic.NotFoundError{}, &mosaic.RuleError{}, &mosaic.TableError{Err: cause}, &mosaic.TooManyError{}, &mosaic.UnsupportedError{},
			} {
				assert.Contains(t, err.Error(), "mosaic: ", "%T", err)
			}
			assert.ErrorIs(t, &mosaic.ItemError{Err: cause}, cause)
			assert.ErrorIs(t, &mosaic.TableError{Err: cause}, cause)
		},
	} {
		t.Run(name, test)
	}
}

func all(t *testing.T, c mosaic.Catalog, q mosaic.Query) []*mosaic.Item {
	var out []*mosaic.Item
	for it, err := range c.Items(t.Context(), q) {
		require.NoError(t, err)
		out = append(out, it)
	}
	return slices.Clip(out)
}

// TestZeroSliceCondition: the zero SliceCondition chooses every slice, and the zero Interval is the value 0.
func TestZeroSliceCondition(t *testing.T) {
	s := &raster.Slice{Variable: "t", Coordinates: []raster.Coordinate{{Dimension: "z"}}}
	assert.True(t, mosaic.MatchSlice([]mosaic.SliceCondition{{}}, s))
	assert.True(t, mosaic.MatchSlice([]mosaic.SliceCondition{{Dimension: "z", Values: []mosaic.Interval{{}}}}, s))
}
