package mosaictest_test

import (
	"context"
	"fmt"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/mosaic/mosaictest"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
	"github.com/geoexport/geoexport/srs"
)

// wrongItems goes through a catalogue and reports the first thing that is wrong with it.
func wrongItems(ctx context.Context, c mosaic.Catalog) (what string) {
	defer func() {
		if v := recover(); v != nil {
			what = "panic"
		}
	}()
	for it, err := range c.Items(ctx, mosaic.Query{}) {
		if err != nil {
			return err.Error()
		}
		if it == nil || it.Open == nil {
			return "nil"
		}
		if ds, err := it.Open(ctx); err != nil || ds == nil {
			return fmt.Sprint("open: ", err)
		}
	}
	return ""
}

func TestFaulty(t *testing.T) {
	wgs84, err := srs.FromWKID(4326)
	require.NoError(t, err)
	grid := raster.NorthUp(wgs84, srs.Envelope{XMax: 1, YMax: 1}, image.Pt(4, 4))
	ds := rastertest.FromFunc(grid, 1, func(_, x, _ int) uint8 { return uint8(x) })
	var items mosaic.Slice
	for id := int64(1); id <= 4; id++ {
		items = append(items, &mosaic.Item{
			ID: id, Footprint: mosaic.Footprint{CRS: wgs84, Envelope: grid.Envelope()},
			Open: func(context.Context) (raster.Dataset, error) { return ds, nil },
		})
	}
	done, cancel := context.WithCancel(t.Context())
	cancel() // so that stalls end
	for _, kind := range []rastertest.Fault{
		rastertest.Fail, rastertest.Cancelled, rastertest.Panic, rastertest.NilItem, rastertest.OpenFail, rastertest.Stall,
	} {
		f := &rastertest.Faults{Seed: 1, Rate: 1, Kinds: []rastertest.Fault{kind}}
		c := mosaictest.Faulty(items, f)
		ctx := t.Context()
		if kind == rastertest.Stall {
			ctx = done
		}
		for range 40 {
			assert.NotEmpty(t, wrongItems(ctx, c), "%v", kind)
		}
		assert.Equal(t, 40, f.Count(kind), "%v", kind)
		f.Pause(true)
		assert.Empty(t, wrongItems(t.Context(), c))
	}
	mosaictest.Test(t, mosaictest.Faulty(items, nil))
}
