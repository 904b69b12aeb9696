package mosaictest

import (
	"context"
	"iter"
	"time"

	"github.com/geoexport/geoexport/mosaic"
	"github.com/geoexport/geoexport/raster"
	"github.com/geoexport/geoexport/raster/rastertest"
)

// Faulty returns a catalogue with the items of c and with faults. In the sequences of Items that f picks, one step fails, is
// cancelled, delayed or stalled, panics, or yields a nil item, one without Open, or one whose Open fails, panics or
// returns nothing. It knows no more than Items, also if c is a mosaic.Lookup or a mosaic.Schema. It is safe for
// concurrent use.
func Faulty(c mosaic.Catalog, f *rastertest.Faults) mosaic.Catalog { return &faulty{c, f} }

type faulty struct {
	catalog mosaic.Catalog
	faults  *rastertest.Faults
}

func (c *faulty) Items(ctx context.Context, q mosaic.Query) iter.Seq2[*mosaic.Item, error] {
	return func(yield func(*mosaic.Item, error) bool) {
		kind, r, bad := c.faults.Next(rastertest.Fail, rastertest.Cancelled, rastertest.Delay, rastertest.Stall,
			rastertest.Panic, rastertest.NilItem, rastertest.OpenFail)
		at := 0 // the step that goes wrong
		if bad {
			at = r.IntN(3)
		}
		n := 0
		for it, err := range c.catalog.Items(ctx, q) {
			if bad && err == nil && n == at {
				it, err = c.spoil(ctx, it, kind, r.IntN(3))
			}
			n++
			if !yield(it, err) || err != nil {
				return
			}
		}
		if bad && n <= at && kind == rastertest.Fail {
			yield(nil, rastertest.ErrFault)
		}
	}
}

// spoil returns what takes the place of an item.
func (c *faulty) spoil(ctx context.Context, it *mosaic.Item, kind rastertest.Fault, way int) (*mosaic.Item, error) {
	switch kind {
	case rastertest.Fail:
		return nil, rastertest.ErrFault
	case rastertest.Cancelled:
		return nil, context.Canceled
	case rastertest.Delay:
		timer := time.NewTimer(c.faults.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			return it, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case rastertest.Stall:
		<-ctx.Done()
		return nil, ctx.Err()
	case rastertest.Panic:
		panic("injected fault: Items")
	case rastertest.NilItem:
		if way == 0 {
			return nil, nil
		}
		other := *it
		other.Open = nil
		return &other, nil
	}
	other := *it
	other.Open = func(context.Context) (raster.Dataset, error) {
		switch way {
		case 0:
			return nil, rastertest.ErrFault
		case 1:
			return nil, nil
		}
		panic("injected fault: Open")
	}
	return &other, nil
}
