package mosaic_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/srs"
)

func crs(t *testing.T, wkid int) srs.CRS {
	c, err := srs.FromWKID(wkid)
	require.NoError(t, err)
	return c
}

// The image of half the world in a UTM zone ends at the limit of the projection, and its envelope does not hold these
// footprints, though the box does.
func TestHalfTheWorldHoldsFootprintsFarFromTheirZone(t *testing.T) {
	lonLat, utm33 := crs(t, 4326), crs(t, 32633)
	for _, c := range []struct {
		footprint, view srs.Envelope
	}{
		{box(1.068e7, -1.9e6, 1.078e7, -1.8e6), box(-30, -60, 150, 60)}, // around 83° east, 6° south
		{box(-9.78e6, 1.75e6, -9.68e6, 1.85e6), box(-90, 0, 0, 60)},     // around 53° west, 6° north
	} {
		it := &mosaic.Item{ID: 1, Footprint: mosaic.Footprint{CRS: utm33, Envelope: c.footprint}}
		index, err := mosaic.NewIndex([]*mosaic.Item{it})
		require.NoError(t, err)
		for _, catalog := range []mosaic.Catalog{mosaic.Slice{it}, index} {
			items, err := mosaic.Rule{}.Choose(t.Context(), catalog, mosaic.View{CRS: lonLat, Envelope: c.view}, nil)
			require.NoError(t, err)
			assert.Len(t, items, 1, "%T, %v", catalog, c.view)
		}
	}
}

func TestSliceYieldsWhatMeetsTheBox(t *testing.T) {
	wgs84, mercator, utm33 := crs(t, 4326), crs(t, 3857), crs(t, 32633)
	s := mosaic.Slice{
		{ID: 1, Footprint: mosaic.Footprint{CRS: wgs84, Envelope: srs.Envelope{XMin: 10, YMin: 40, XMax: 12, YMax: 42}}},
		{ID: 2, Footprint: mosaic.Footprint{CRS: utm33, Envelope: srs.Envelope{XMin: 4e5, YMin: 5e6, XMax: 5e5, YMax: 51e5}}},
		{ID: 3, Footprint: mosaic.Footprint{CRS: wgs84, Envelope: srs.Envelope{XMin: -180, YMin: -5, XMax: -175, YMax: 5}}},
		{ID: 4, Footprint: mosaic.Footprint{CRS: wgs84, Envelope: srs.Envelope{XMin: 720, YMin: 0, XMax: 730, YMax: 10}}},
	}
	for _, c := range []struct {
		name string
		crs  srs.CRS
		box  srs.Envelope
		want []int64
	}{
		{"all", srs.CRS{}, srs.Envelope{}, []int64{1, 2, 3, 4}},
		{"none", wgs84, srs.Envelope{XMin: 60, YMin: 60, XMax: 61, YMax: 61}, nil},
		{"touching is not meeting", wgs84, srs.Envelope{XMin: 12, YMin: 40, XMax: 13, YMax: 42}, nil},
		{"another CRS", mercator, srs.Envelope{XMin: 111e4, YMin: 48e5, XMax: 12e5, YMax: 49e5}, []int64{1}},
		{"T21: across the antimeridian, by 190", wgs84, srs.Envelope{XMin: 170, YMin: -1, XMax: 190, YMax: 1}, []int64{3}},
		{"across the antimeridian, by -190", wgs84, srs.Envelope{XMin: -190, YMin: -1, XMax: -170, YMax: 1}, []int64{3}},
		{"T24: two turns away", wgs84, srs.Envelope{XMin: 1, YMin: 1, XMax: 2, YMax: 2}, []int64{4}},
		{"world", wgs84, srs.Envelope{XMin: -180, YMin: -90, XMax: 180, YMax: 90}, []int64{1, 2, 3, 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []int64
			for it, err := range s.Items(context.Background(), mosaic.Query{CRS: c.crs, Envelope: c.box}) {
				require.NoError(t, err)
				got = append(got, it.ID)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestSliceStopsWhenCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for it, err := range (mosaic.Slice{{ID: 1}}).Items(ctx, mosaic.Query{}) {
		assert.Nil(t, it)
		assert.ErrorIs(t, err, context.Canceled)
	}
}

func TestOrderIsByID(t *testing.T) {
	items := []*mosaic.Item{{ID: 30}, {ID: -1}, {ID: 7}, {ID: 8}}
	mosaic.Rule{}.Order(items, mosaic.View{})
	assert.True(t, slices.IsSortedFunc(items, func(a, b *mosaic.Item) int { return int(a.ID - b.ID) }))
}
